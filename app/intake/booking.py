"""Opening a store for a recorded past, and building a history again from its own journal."""

from collections.abc import Callable

from app.domain.ids import SessionId, StationId
from app.domain.records import SessionRecord
from app.intake.book import Book
from app.intake.decide import Policy
from app.intake.ids import Numbers
from app.intake.memory import load_books, look_up
from app.intake.replay import HearsFaults, Replay
from app.sessions import Lookup
from app.store import journal
from app.store.inline import InlineWriter
from app.store.open import Reading, Store
from app.store.readers.sessions import one_session


def replay_into(
    store: Store,
    policy: Policy | None = None,
    *,
    every: int = 2_000,
    faults: Callable[[InlineWriter], HearsFaults] | None = None,
) -> Replay:
    """A replay that books into `store`; call `finish()` in the end.

    Args:
        store: open, and served by nobody else.
        policy: the operator's choices.
        every: messages a commit.
        faults: makes what finds faults, of the writer that keeps them; None finds none.
    """
    writer = store.inline_writer(every=every)
    books, numbers = store.read(load_books)

    def find(lookup: Lookup) -> SessionRecord | None:
        writer.flush()
        return store.read(look_up, lookup)

    def find_session(number: SessionId) -> SessionRecord | None:
        writer.flush()
        return store.read(one_session, number)

    def reload() -> tuple[dict[StationId, Book], Numbers]:
        writer.flush()
        return store.read(load_books)

    heard = None if faults is None else faults(writer)
    return Replay(writer, books, numbers, policy or Policy(), find, find_session, reload, heard)


def rebuild(
    source: Reading,
    target: Store,
    policy: Policy | None = None,
    progress: Callable[[int], None] = lambda rows: None,
    faults: Callable[[InlineWriter], HearsFaults] | None = None,
) -> int:
    """Book the kept journal of `source` into the empty `target` (verify); how many rows there were.

    Args:
        source: the history in question.
        target: an empty store of its own.
        policy: the choices that held.
        progress: told now and then how many rows are done.
        faults: makes what finds faults; None finds none.
    """
    replay = replay_into(target, policy, faults=faults)
    done = 0
    with source.connect() as connection:
        for row in journal.rows(connection):
            replay.journal(row)
            done += 1
            if done % 5_000 == 0:
                progress(done)
    replay.finish()
    return done
