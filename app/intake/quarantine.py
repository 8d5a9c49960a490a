"""Booking what a station told while it waited to be let in (CONTRACTS decision 4)."""

from collections.abc import Iterable

from app.domain.records import JournalRow, Record, StationRecord
from app.intake.book import Book
from app.intake.decide import Policy, verdict_on
from app.intake.ids import Numbers
from app.intake.wire import answered_transaction
from app.protocol.core import Inbound, LinkCore
from app.protocol.frames import OcppError
from app.protocol.routing import understand
from app.protocol.stamps import learn
from app.protocol.versions import VERSION_OF


def book_quarantine(
    book: Book, record: StationRecord, rows: Iterable[JournalRow], numbers: Numbers, policy: Policy
) -> list[Record]:
    """The records that follow from quarantined rows, as if they had come in now, in their order.

    Decided on a copy of the book, so that all of them and the admission are one commit.

    Args:
        book: the station's memory; not changed.
        record: its row with the admission in it.
        rows: its quarantined journal rows, oldest first.
        numbers: new ids; transaction ids are those that were answered.
        policy: the operator's choices.
    """
    scratch = Book(book.station, record)
    scratch.sessions = book.sessions.copy()
    scratch.last_live_ms = book.last_live_ms
    kept: list[Record] = []
    for row in rows:
        version = VERSION_OF.get(row.subprotocol, "1.6")
        out = LinkCore(version).receive(row.frame, row.at_ms)
        if type(out) is not Inbound:
            continue
        try:
            reception = understand(version, out.action, out.payload, scratch.context(row.at_ms))
        except OcppError:
            continue
        numbers.recorded = answered_transaction(row.answer)
        verdict = verdict_on(scratch, reception, row.at_ms, out.quirks, numbers, policy)
        numbers.recorded = None
        for made in verdict.records:
            scratch.apply(made)
        kept.extend(verdict.records)
        if reception.said_ms is not None:
            scratch.watch = learn(scratch.watch, reception.said_ms, row.at_ms)
    return kept
