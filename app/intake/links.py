"""What the coming and going of links does to the books; the same live and on replay."""

from collections import Counter
from dataclasses import replace
from typing import Any

import msgspec

from app.domain.ids import StationId
from app.domain.records import JournalKind, JournalRow, LinkRecord, NoticeRecord, Record, StationRecord
from app.domain.status import Admission, LinkState
from app.intake.book import Book


def come(
    book: Book,
    subprotocol: str,
    peer: str,
    now_ms: int,
    new: Admission,
    *,
    tls: bool = False,
    quirks: tuple[str, ...] = (),
    fresh: bool = False,
) -> tuple[JournalRow, tuple[Record, ...]]:
    """A link is made: the journal row, the station's row as it now is, and a point of its timeline.

    Args:
        book: the station's memory; `last_live_ms` is set for this link already.
        subprotocol: what both speak.
        peer: the address that calls.
        now_ms: when.
        new: what an unknown station becomes.
        tls: whether the link is encrypted.
        quirks: oddities of the handshake.
        fresh: it is the first link since the program started.
    """
    record = book.record
    if record is None:
        record = StationRecord(station=book.station, admission=new, first_seen_ms=now_ms)
    elif record.admission is Admission.LAPSED:
        record = replace(record, admission=Admission.WAITING)
    record = replace(
        record,
        protocol=subprotocol,
        peer=peer,
        first_seen_ms=record.first_seen_ms or now_ms,
        last_seen_ms=max(record.last_seen_ms, now_ms),
        quirks=counted(record.quirks, quirks) if quirks else record.quirks,
    )
    facts: dict[str, Any] = {
        "peer": peer, "tls": tls, "last_live_ms": book.last_live_ms, "admission": record.admission.value,
    }  # fmt: skip
    if quirks:
        facts["quirks"] = quirks
    if fresh:
        facts["fresh"] = True
    row = JournalRow(now_ms, book.station, JournalKind.CONNECTED, text_of(facts), subprotocol=subprotocol)
    return row, (record, LinkRecord(book.station, now_ms, LinkState.ONLINE))


def go(book: Book, reason: str, since_ms: int, now_ms: int) -> tuple[JournalRow, tuple[Record, ...]]:
    """A link is lost: offline begins with the last that was heard, not with its detection."""
    facts = {"reason": reason, "since_ms": since_ms}
    row = JournalRow(now_ms, book.station, JournalKind.DISCONNECTED, text_of(facts))
    records: list[Record] = [LinkRecord(book.station, since_ms, LinkState.OFFLINE, reason)]
    if book.record is not None and since_ms > book.record.last_seen_ms:
        records.insert(0, replace(book.record, last_seen_ms=since_ms))
    return row, tuple(records)


def judged(
    station: StationId, state: LinkState, reason: str, now_ms: int
) -> tuple[JournalRow, tuple[Record, ...]]:
    """Our own clock's verdict on a link that is open."""
    facts = {"link": state.value, "reason": reason}
    row = JournalRow(now_ms, station, JournalKind.SYSTEM, text_of(facts), action="link")
    return row, (LinkRecord(station, now_ms, state, reason),)


def contested(station: StationId, why: str, now_ms: int) -> tuple[JournalRow, tuple[Record, ...]]:
    """Two stations use one identity (CONTRACTS decision 6)."""
    row = JournalRow(now_ms, station, JournalKind.SYSTEM, text_of({"why": why}), action="identity")
    detail = text_of({"why": why})
    notice = NoticeRecord(station, now_ms, now_ms, "security", "identity used twice", detail, critical=True)
    return row, (notice,)


def lapsed(record: StationRecord, now_ms: int) -> tuple[JournalRow, tuple[Record, ...]]:
    """A silent station that waits makes room for another (CONTRACTS decision 4).

    What it told stays in quarantine: it waits again when it calls again, and may still be accepted.
    """
    row = JournalRow(now_ms, record.station, JournalKind.SYSTEM, "{}", action="lapsed")
    return row, (replace(record, admission=Admission.LAPSED),)


def shows(book: Book, quirk: str, why: str, now_ms: int) -> tuple[JournalRow, tuple[Record, ...]]:
    """Our own clock's verdict that a station shows an oddity: counted, and told as a notice."""
    row = JournalRow(
        now_ms, book.station, JournalKind.SYSTEM, text_of({"quirk": quirk, "why": why}), action="quirk"
    )
    return row, (*marked(book, (quirk,)), shown(book.station, quirk, why, now_ms))


def shown(station: StationId, quirk: str, why: str, now_ms: int) -> NoticeRecord:
    """The notice of an oddity that no single message shows."""
    return NoticeRecord(station, now_ms, now_ms, "quirk", quirk, text_of({"why": why}))


def marked(book: Book, quirks: tuple[str, ...]) -> tuple[Record, ...]:
    """The station's row with these quirks counted; nothing for one that is not known yet."""
    if book.record is None:
        return ()
    return (replace(book.record, quirks=counted(book.record.quirks, quirks)),)


def counted(before: tuple[tuple[str, int], ...], seen: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Quirks counted once more, each once a message, in the order of their ids."""
    counts = Counter(dict(before))
    counts.update(set(seen))
    return tuple(sorted(counts.items()))


def text_of(facts: dict[str, Any]) -> str:
    """Facts as the journal keeps them."""
    return msgspec.json.encode(facts).decode()
