"""The one thread that writes. What has gathered is committed together and then acknowledged.

Commits are paced, not delayed: one that comes after a pause is made at once, the next waits until
`group_ms` after it, so at any load there is one fsync per `group_ms` and one wake-up of the loop.
While a stream of messages goes on the pace is `STREAM_MS`: half the commits cost half as much, and
a station that empties its queue alone, one message after the other, is not slowed down by it.

When the disk is full, read-only or fails, nothing is acknowledged: everything handed in fails
with `CannotRecord`, the state is told to `on_recording`, and once a second the writer tries
whether it can write again. The span is kept as blind time afterwards.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Dialect

from app.domain.errors import CannotRecord
from app.domain.records import JournalRow, Record
from app.store.groups import Done, GroupWriter, Item, cannot_write
from app.store.runs import add_blind

log = logging.getLogger("forecourt.store")

Deliver = Callable[[list[tuple[Done, Exception | None]]], None]
Job = Callable[[GroupWriter], Any]

MOST_ITEMS = 500
STREAM = 4
STREAM_MS = 20
"""With groups of at least so many items, commits come so far apart (budget: grouped over ≤ 20 ms)."""
PROBE_S = 1.0
_PROBE_BYTES = 256 * 1024


class Writer:
    """Owns the writing connection. `submit` may be called from any thread and never blocks.

    Args:
        connection: a driver connection in autocommit mode, used by this thread only.
        deliver: called from the writer's thread with all outcomes of one commit, e.g. a
            `loop.call_soon_threadsafe`.
        on_recording: called from the writer's thread when recording stops (False, cause) or
            works again (True, "").
        now_ms: wall clock, for blind spans.
    """

    def __init__(
        self,
        connection: Any,
        dialect: Dialect,
        deliver: Deliver,
        *,
        now_ms: Callable[[], int],
        group_ms: int = 10,
        on_recording: Callable[[bool, str], None] = lambda recording, cause: None,
        probe_s: float = PROBE_S,
    ) -> None:
        self._deliver = deliver
        self._now_ms = now_ms
        self._group_s = group_ms / 1000
        self._stream_s = stream_ms(group_ms) / 1000
        self._on_recording = on_recording
        self._probe_s = probe_s
        self._items: deque[Item] = deque()
        self._jobs: deque[tuple[Job, Callable[[Any, Exception | None], None]]] = deque()
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._idle = False
        self._held = False
        self._stopping = False
        self._ended = False
        self._alone = ""
        """The station of the last commit, where it held one message alone."""
        self._busy = 0
        self._blind_since: int | None = None
        self._tried = 0.0
        self.recording = True
        self.cause = ""
        self.commits = 0
        self.committed = 0
        self.failed = 0
        self._group = GroupWriter(connection, dialect)
        self._thread = threading.Thread(target=self._run, name="forecourt-writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    @property
    def depth(self) -> int:
        """Messages handed in and not yet committed; the measure for back-pressure."""
        return len(self._items) + self._busy

    def submit(
        self, journal: Sequence[JournalRow], records: Sequence[Record] = (), done: Done | None = None
    ) -> None:
        """Hand in one message: its journal rows and its records, kept together or not at all.

        `done(None)` once it is on disk; `done(error)` if it never will be: `CannotRecord` where
        nothing can be kept, the database's own error where this message alone cannot.
        """
        items = self._items
        items.append((journal, records, done))
        if len(items) >= MOST_ITEMS:
            self._hurry.set()
        if self._idle and not self._held:
            self._idle = False
            self._wake.set()

    @contextmanager
    def together(self) -> Iterator[None]:
        """What the caller hands in meanwhile wakes the writer at the end: woken by the first of it, the two
        threads only take the interpreter from each other."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
            if self._idle and self._items:
                self._idle = False
                self._wake.set()

    def run(self, job: Job, done: Callable[[Any, Exception | None], None]) -> None:
        """Run `job(group)` in the writer's thread between two groups; for upkeep and backups.

        `done(result, error)` comes in any case; `CannotRecord` once the writer has stopped.
        """
        self._jobs.append((job, done))
        if self._ended:
            self._turn_away()
            return
        self._idle = False
        self._hurry.set()
        self._wake.set()

    def call(self, job: Job, timeout_s: float = 600) -> Any:
        """Like `run`, waiting for the result. Not for the loop's thread."""
        finished = threading.Event()
        outcome: list[tuple[Any, Exception | None]] = []

        def done(result: Any, error: Exception | None) -> None:
            outcome.append((result, error))
            finished.set()

        self.run(job, done)
        if not finished.wait(timeout_s):
            raise CannotRecord("The database did not answer in time; try again when it is less busy.")
        result, error = outcome[0]
        if error is not None:
            raise error
        return result

    def flush(self, timeout_s: float = 60) -> None:
        """Wait until all that was handed in before is committed (or has failed)."""
        self.call(lambda group: None, timeout_s)

    def stop(self, timeout_s: float = 30) -> None:
        """Commit what waits and end the thread. The connection stays open."""
        self._stopping = True
        self._hurry.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        last, pace_s = 0.0, self._group_s
        while True:
            if not self._items and not self._jobs:
                if self._stopping:
                    self._ended = True
                    self._turn_away()
                    return
                self._sleep()
                continue
            pause = last + pace_s - time.monotonic()
            if (
                pause > 0
                and self._alone
                and len(self._items) == 1
                and _station(self._items[0]) == self._alone
            ):
                # A queue that one station empties: it waits for this very answer, nothing else comes.
                pause = 0
            if pause > 0 and not self._jobs and len(self._items) < MOST_ITEMS and not self._stopping:
                self._hurry.wait(pause)
            self._hurry.clear()
            pace_s = self._stream_s if pause > 0 and len(self._items) >= STREAM else self._group_s
            last = time.monotonic()
            jobs = len(self._jobs)
            self._write_waiting()
            for _ in range(jobs):
                self._do_job(*self._jobs.popleft())

    def _turn_away(self) -> None:
        """Tell jobs that came too late that nobody will do them, so that none waits in vain."""
        while self._jobs:
            try:
                _, done = self._jobs.popleft()
            except IndexError:  # the other thread has just told it
                return
            done(None, CannotRecord("Forecourt is stopping, so this was not done."))

    def _sleep(self) -> None:
        self._wake.clear()
        self._idle = True
        if not self._items and not self._jobs and not self._stopping:
            self._wake.wait(None if self.recording else self._probe_s)
        self._idle = False
        if not self.recording:
            self._probe_due()

    def _write_waiting(self) -> None:
        left = len(self._items)
        while left > 0:
            size = min(left, MOST_ITEMS)
            group = [self._items.popleft() for _ in range(size)]
            left -= size
            self._busy = size
            self._alone = _station(group[0]) if size == 1 else ""
            self._write(group)
            self._busy = 0

    def _write(self, group: list[Item]) -> None:
        if not self.recording and not self._probe_due():
            self._refuse(group)
            return
        try:
            errors = self._group.write(group)
        except Exception as error:
            self._lost(error)
            self._refuse(group)
            return
        self.commits += 1
        self.committed += len(group)
        for poison in errors:
            if poison is not None:
                self.failed += 1
                self.committed -= 1
                log.error("one message could not be kept: %s: %s", type(poison).__name__, poison)
        self._tell([(item[2], error) for item, error in zip(group, errors, strict=True)])

    def _refuse(self, group: list[Item]) -> None:
        self.failed += len(group)
        error = CannotRecord(self.cause)
        self._tell([(item[2], error) for item in group])

    def _tell(self, outcomes: list[tuple[Done | None, Exception | None]]) -> None:
        wanted = [(done, error) for done, error in outcomes if done is not None]
        if wanted:
            try:
                self._deliver(wanted)
            except RuntimeError:
                # The loop that asked is closed: there is nobody left to tell.
                log.warning("%d outcomes had nobody to go to", len(wanted))
            except Exception:
                # What is committed stays committed; the thread that writes must not end over it.
                log.exception("%d outcomes could not be delivered", len(wanted))

    def _do_job(self, job: Job, done: Callable[[Any, Exception | None], None]) -> None:
        try:
            result = job(self._group)
        except Exception as error:
            self._group.rollback()
            if cannot_write(error):
                self._lost(error)
            done(None, error)
        else:
            done(result, None)

    def _lost(self, error: Exception) -> None:
        if self.recording:
            self.recording = False
            self.cause = _sentence(error)
            self._blind_since = self._now_ms()
            log.error("cannot record: %s", error)
            self._on_recording(False, self.cause)
        self._tried = time.monotonic()

    def _probe_due(self) -> bool:
        """Whether writing works again; tried at most once per `probe_s`."""
        return time.monotonic() - self._tried >= self._probe_s and self._probe()

    def _probe(self) -> bool:
        group = self._group
        try:
            group.begin()
            if group.sqlite:
                # Room is proved by asking for some, not by a row that fits into a page at hand.
                group.cursor.execute("INSERT INTO meta VALUES ('probe', zeroblob(?))", (_PROBE_BYTES,))
                group.cursor.execute("DELETE FROM meta WHERE key = 'probe'")
            if self._blind_since is not None:
                add_blind(group, self._blind_since, self._now_ms(), self.cause)
            group.commit()
        except Exception as error:
            group.rollback()
            self._lost(error)
            return False
        self._blind_since = None
        self.recording, self.cause = True, ""
        log.warning("recording again")
        self._on_recording(True, "")
        return True


def stream_ms(group_ms: int) -> int:
    """How far apart commits are while a stream of messages goes on."""
    return max(group_ms, min(2 * group_ms, STREAM_MS))


def _station(item: Item) -> str:
    """Whose message it is; "" where it names none."""
    journal = item[0]
    return journal[0].station if journal else ""


def _sentence(error: Exception) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL") or "No space left" in str(error):
        return "The disk is full, so nothing is recorded and stations get no answer; free some space."
    if name.startswith("SQLITE_READONLY"):
        return "The database cannot be written (read-only), so nothing is recorded; check its permissions."
    return f"Nothing can be recorded: the database says “{error}”; check the disk."
