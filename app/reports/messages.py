"""The kept messages as a log: what `replay` takes, here or in another system."""

import heapq
from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import Connection

from app.domain.records import JournalKind, JournalRow
from app.domain.status import Admission
from app.log_form import log_lines
from app.reports.cells import Column, Kind, Row
from app.reports.exports import Asked
from app.store import journal
from app.store.readers.stations import all_stations

COLUMNS = (
    Column("at", Kind.TIME),
    Column("station", Kind.TEXT),
    Column("event", Kind.TEXT),
    Column("frame", Kind.TEXT),
    Column("subprotocol", Kind.TEXT),
)
_OUTSIDE = (Admission.WAITING, Admission.LAPSED, Admission.REFUSED)
_TRAFFIC = (JournalKind.CONNECTED, JournalKind.DISCONNECTED, JournalKind.IN, JournalKind.OUT)


def rows(connection: Connection, asked: Asked) -> Iterator[JournalRow]:
    """
    The traffic of the period, in order of time; what came at the same time in the order it was kept.

    What a station said that is not let in (yet) is left out: nothing of it is in the books, and a log that is
    replayed books all it holds.
    """
    outside = {s.station for s in all_stations(connection) if s.admission in _OUTSIDE}
    wanted = journal.Wanted(station=asked.station, from_ms=asked.from_ms, to_ms=asked.to_ms, kinds=_TRAFFIC)
    kept = (row for row in journal.rows(connection, wanted) if not (row.held and row.station in outside))
    yield from in_order(kept)


def in_order(kept: Iterable[JournalRow], window: int = 1_000) -> Iterator[JournalRow]:
    """Rows in order of time: stations do not wait for each other, so the journal is a little out of it."""
    waiting: list[tuple[int, int, JournalRow]] = []
    for number, row in enumerate(kept):
        if len(waiting) < window:
            heapq.heappush(waiting, (row.at_ms, number, row))
        else:
            yield heapq.heappushpop(waiting, (row.at_ms, number, row))[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


def table(connection: Connection, asked: Asked, mask: Callable[[str], str] | None = None) -> Iterator[Row]:
    """The same as rows of COLUMNS, for a spreadsheet."""
    for row in rows(connection, asked):
        if row.kind in (JournalKind.CONNECTED, JournalKind.DISCONNECTED):
            yield row.at_ms, row.station, row.kind.value, None, row.subprotocol or None
            continue
        there, back = ("in", "out") if row.kind is JournalKind.IN else ("out", "in")
        for event, frame in ((there, row.frame), (back, row.answer)):
            if frame:
                yield row.at_ms, row.station, event, mask(frame) if mask is not None else frame, None


def lines(connection: Connection, asked: Asked, mask: Callable[[str], str] | None = None) -> Iterator[bytes]:
    """The log's lines, with tokens masked by `mask` where one is given."""
    for row in rows(connection, asked):
        yield from log_lines(row, mask)
