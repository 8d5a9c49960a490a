"""The kept message log as lines: a call and its answer part again."""

from collections.abc import Iterator

from sqlalchemy import Connection

from app.analytics.results import MessageFilter, MessagesPage
from app.domain.records import JournalKind, JournalRow
from app.fleet.views import MessageView
from app.store.journal import Wanted, newest

_KINDS = {
    "in": (JournalKind.IN,),
    "out": (JournalKind.IN, JournalKind.OUT),
    "link": (JournalKind.CONNECTED, JournalKind.DISCONNECTED, JournalKind.SYSTEM, JournalKind.ACTION),
}
_BY_TYPE = {"2": "call", "3": "result", "4": "error", "5": "result-error", "6": "send"}
_WORDS = {
    JournalKind.CONNECTED: "connected",
    JournalKind.DISCONNECTED: "disconnected",
    JournalKind.SYSTEM: "noted by Forecourt",
    JournalKind.ACTION: "operator",
}


def messages_page(
    connection: Connection, filter: MessageFilter, before: int | None = None, limit: int = 200
) -> MessagesPage:
    """A page of the kept log, newest first. `limit` counts journal rows; a row has one or two lines.

    A page may be short, or empty, with `before` set: a search goes on from there.
    """
    kinds = {kind for direction in filter.directions for kind in _KINDS[direction]}
    wanted = Wanted(filter.station, filter.from_ms, filter.to_ms, kinds, filter.text)
    rows, older = newest(connection, wanted, before, limit)
    lines = [line for row in rows for line in reversed(list(lines_of(row)))]
    if filter.directions:
        lines = [line for line in lines if line.direction in filter.directions]
    return MessagesPage(tuple(lines), older)


def lines_of(row: JournalRow) -> Iterator[MessageView]:
    """The lines of a journal row, in order of time."""
    if row.kind in (JournalKind.IN, JournalKind.OUT):
        first, second = ("in", "out") if row.kind is JournalKind.IN else ("out", "in")
        yield _line(row, first, row.frame)
        if row.answer:
            yield _line(row, second, row.answer)
    else:
        yield MessageView(
            row.at_ms, row.station, "link", row.action, row.message_id, "note", row.frame,
            note=_WORDS[row.kind], held=row.held,
        )  # fmt: skip


def _line(row: JournalRow, direction: str, frame: str) -> MessageView:
    kind = _BY_TYPE.get(frame.lstrip()[1:].lstrip()[:1], "note") if frame.lstrip().startswith("[") else "note"
    return MessageView(
        row.at_ms, row.station, direction, row.action, row.message_id, kind, frame, held=row.held
    )
