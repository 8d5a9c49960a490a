"""What the core remembers at start: the stations, their last statuses, and sessions that may grow."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.ids import StationId
from app.domain.records import JournalKind, JournalRow, Record, SessionRecord
from app.domain.status import Admission, LinkState
from app.intake.book import Book
from app.intake.ids import Numbers
from app.intake.recent import WINDOW_MS
from app.sessions import Lookup
from app.store import journal
from app.store.readers.links import last_links, last_mark_ms
from app.store.readers.others import critical_notices, next_command, refusals
from app.store.readers.sessions import (
    Sought,
    find_session,
    next_session,
    open_sessions,
    review_sessions,
    sessions_before,
)
from app.store.readers.stations import all_stations
from app.store.readers.statuses import last_statuses
from app.store.tables import journal as table

DAY_MS = 86_400_000

Find = Callable[[Lookup, Callable[[SessionRecord | None, Exception | None], None]], None]
"""Looks a session up and tells what was found."""


def live_records(connection: Connection) -> list[Record]:
    """The records from which memory and the live picture are built, in an order that fits both."""
    records: list[Record] = []
    records += all_stations(connection)
    records += last_statuses(connection)
    records += open_sessions(connection)
    return records


def worries(connection: Connection, now_ms: int) -> list[Record]:
    """What the list of what is wrong needs beside `live_records`: sessions in review, critical notices
    of the last day, and who was turned away at the door."""
    found: list[Record] = []
    found += review_sessions(connection)
    found += critical_notices(connection, now_ms - DAY_MS)
    found += reversed(refusals(connection))
    return found


def sessions_since(connection: Connection, from_ms: int, most: int = 20_000) -> list[SessionRecord]:
    """Sessions that began at or after `from_ms`, oldest first: today's energy is counted from them."""
    found = sessions_before(connection, Sought(from_ms=from_ms), None, most)
    return [session for session, _, _ in reversed(found)]


def load_books(connection: Connection) -> tuple[dict[StationId, Book], Numbers]:
    """Books of all known stations, and the counters where history left them."""
    books = books_of(live_records(connection))
    recall(books, lately_answered(connection))
    return books, numbers_of(connection)


def lately_answered(connection: Connection) -> list[JournalRow]:
    """What stations may repeat because the answer never reached them (CONTRACTS decision 3)."""
    return journal.recent_answers(connection, WINDOW_MS)


def recall(books: Mapping[StationId, Book], answered: Iterable[JournalRow]) -> None:
    """Let the books remember what was answered before this start."""
    for row in answered:
        book = books.get(StationId(row.station))
        if book is not None:
            book.recent.recall(row)


def numbers_of(connection: Connection) -> Numbers:
    """The counters where history left them."""
    return Numbers(next_session=next_session(connection), next_command=next_command(connection))


def books_of(records: Iterable[Record]) -> dict[StationId, Book]:
    """Books built from `live_records`."""
    books: dict[StationId, Book] = {}
    for record in records:
        station = getattr(record, "station", None)
        if station is None:
            continue
        book = books.get(station)
        if book is None:
            book = books[station] = Book(station)
            # What the store holds of its past sessions is asked for when a message concerns it.
            book.sessions.newest_start_ms = None
        book.apply(record)
    for book in books.values():
        if book.record is not None and book.record.last_seen_ms:
            book.last_heard_ms = book.record.last_seen_ms
    return books


def look_up(connection: Connection, lookup: Lookup) -> SessionRecord | None:
    """The session that a decision needs."""
    return find_session(
        connection,
        lookup.station,
        start_key=lookup.start_key,
        transaction=lookup.transaction or "",
        stop_key=lookup.stop_key,
    )


def finder(ask: Callable[..., Awaitable[Any]]) -> Find:
    """Looks a session up in the store without waiting: `find(lookup, done)`.

    Args:
        ask: runs `fn(connection, *args)` in a reader thread.
    """

    def find(lookup: Lookup, done: Callable[[SessionRecord | None, Exception | None], None]) -> None:
        future = asyncio.ensure_future(ask(look_up, lookup))

        def found(ready: "asyncio.Future[SessionRecord | None]") -> None:
            error = ready.exception()
            done(
                ready.result() if error is None else None,
                error if isinstance(error, Exception) else None,
            )

        future.add_done_callback(found)

    return find


def held_counts(connection: Connection) -> dict[str, int]:
    """How many messages of each waiting station are in quarantine."""
    waiting = [s.station for s in all_stations(connection) if s.admission is Admission.WAITING]
    return {station: len(unbooked(connection, station)) for station in waiting}


_ADMISSIONS = ("AdmitStation", "AddStation")


def unbooked(connection: Connection, station: str) -> list[JournalRow]:
    """Quarantined rows of a station that no admission has booked yet, oldest first."""
    held: list[JournalRow] = []
    wanted = journal.Wanted(station=station, effect_only=True)
    for row in journal.rows(connection, wanted):
        if row.held:
            held.append(row)
        elif row.kind is JournalKind.ACTION and row.action in _ADMISSIONS:
            held.clear()
    return held


def last_words(connection: Connection) -> dict[str, int]:
    """When each station that was online last gave a sign of life that was kept, ms.

    For links that nobody saw end: the process was killed, or a log stops in the middle. That is its
    last journal row or, later than that, the last mark of the run in which the link was open.
    """
    c = table.c
    marked = last_mark_ms(connection)
    words: dict[str, int] = {}
    for station, point in last_links(connection).items():
        if point.state is LinkState.OFFLINE:
            continue
        told = connection.execute(select(func.max(c.at_ms)).where(c.station == station)).scalar()
        words[station] = max(point.at_ms, told or 0, marked or 0)
    return words
