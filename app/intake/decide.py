"""From what a station said to what history keeps: one message, decided without I/O.

Pure but for the ids it draws: the same book, message and ids give the same verdict, so replaying
the journal gives the same history.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from app.domain.events import (
    Booted,
    Event,
    HeartbeatSeen,
    MeterSampled,
    Noticed,
    StatusReported,
    TokenShown,
    TransactionReported,
)
from app.domain.fact import Fact, changed
from app.domain.ids import TransactionId
from app.domain.reception import Decided, Reception, TokenStatus
from app.domain.records import Flag, NoticeRecord, Record, SessionRecord, StationRecord, StatusRecord
from app.domain.status import Registration
from app.intake.book import BOOT_LOOP, BOOTS_KEPT, Book
from app.intake.links import counted
from app.sessions import Decision, Issue, StationSessions, decide, flagged


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator chose (CONTRACTS, settings keys)."""

    accept_unknown_tags: bool = True
    heartbeat_s: int = 300
    pending_s: int = 60


class Verdict(Fact, frozen=True):
    """What follows from one message: the answer's payload and the records to commit with it."""

    answer: Mapping[str, Any]
    records: tuple[Record, ...]
    registration: Registration | None = None


def verdict_on(
    book: Book,
    reception: Reception,
    received_ms: int,
    quirks: tuple[str, ...],
    issue: Issue,
    policy: Policy,
    found: SessionRecord | None = None,
) -> Verdict:
    """Decide one message of an accepted station.

    Args:
        book: the station's memory; not changed.
        reception: the message, understood.
        received_ms: our time of receipt.
        quirks: what was repaired on the way in.
        issue: where new ids come from; on replay, the recorded ones.
        policy: the operator's choices.
        found: what the store knows of the session concerned, where memory did not.
    """
    draft = _Draft(book.record, book.sessions, quirks + reception.quirks)
    draft.loops = len(book.boots) >= BOOTS_KEPT - 1 and book.loops(received_ms)
    events = reception.events
    if len(events) > 1 and any(isinstance(e, _OF_SESSIONS) for e in events):
        # Several at once build on each other, and nothing may be applied before the commit.
        draft.sessions = book.sessions.copy()
    for event in events:
        _take(draft, event, issue, policy, found)
        if draft.sessions is not book.sessions:
            for record in draft.records:
                draft.sessions.apply(record)
    station = draft.station
    if draft.quirks and station is not None:
        station = changed(station, quirks=counted(station.quirks, draft.quirks))
    if station is not None and station is not book.record:
        draft.records.append(changed(station, last_seen_ms=max(station.last_seen_ms, received_ms)))
    answer = reception.answer(
        Decided(
            now_ms=received_ms,
            registration=draft.registration or Registration.ACCEPTED,
            interval_s=policy.heartbeat_s,
            transaction=draft.transaction,
            token_status=draft.token_status,
        )
    )
    return Verdict(answer, tuple(draft.records), draft.registration)


class _Draft:
    """A verdict in the making."""

    __slots__ = (
        "loops",
        "quirks",
        "records",
        "registration",
        "sessions",
        "station",
        "token_status",
        "transaction",
    )

    def __init__(
        self, station: StationRecord | None, sessions: StationSessions, quirks: tuple[str, ...]
    ) -> None:
        self.station = station
        self.sessions = sessions
        self.quirks = quirks
        self.loops = False
        self.records: list[Record] = []
        self.transaction: TransactionId | None = None
        self.token_status: TokenStatus | None = None
        self.registration: Registration | None = None


def _take(draft: _Draft, event: Event, issue: Issue, policy: Policy, found: SessionRecord | None) -> None:
    """Add what follows from one event."""
    records = draft.records
    refused = False
    if isinstance(event, MeterSampled):
        _carry_out(draft, decide(event, draft.sessions, issue, found))
        return
    if isinstance(event, HeartbeatSeen):
        return
    if isinstance(event, TokenShown):
        draft.token_status = _token_status(event.token.kind, policy)
        records.append(_token_notice(event, draft.token_status))
        return
    if isinstance(event, Noticed):
        records.append(_notice(event))
        return
    if isinstance(event, Booted):
        assert draft.station is not None
        if _another_serial(draft.station, event):
            records.append(_used_twice(draft.station, event))
        draft.station = _booted(draft.station, event)
        draft.registration = Registration.ACCEPTED
        records.append(_boot_notice(event))
        if draft.loops:
            draft.quirks += ("Q14",)
            records.append(_boot_loop(event))
    elif isinstance(event, StatusReported):
        records.append(_status(event))
    elif isinstance(event, TransactionReported) and event.token is not None:
        draft.token_status = _token_status(event.token.kind, policy)
        refused = draft.token_status is not TokenStatus.ACCEPTED
    decision = decide(event, draft.sessions, issue, found)
    if refused:
        decision = _with_refusal(decision)
    _carry_out(draft, decision)


def _carry_out(draft: _Draft, decision: Decision) -> None:
    if decision.transaction is not None:
        draft.transaction = decision.transaction
    if decision.quirks:
        draft.quirks += decision.quirks
    draft.records.extend(decision.records)


_OF_SESSIONS = (TransactionReported, MeterSampled, StatusReported, Booted)


def introduced(station: StationRecord, events: tuple[Event, ...]) -> StationRecord:
    """A waiting station's row after it introduced itself; nothing else of it is booked yet."""
    for event in events:
        if isinstance(event, Booted):
            station = _booted(station, event)
    return station


def provisional(
    reception: Reception, received_ms: int, draw: Callable[[], TransactionId], policy: Policy
) -> Verdict:
    """The answer to a station that is not let in yet; its message goes to quarantine unbooked."""
    registration: Registration | None = None
    transaction: TransactionId | None = None
    token_status: TokenStatus | None = None
    for event in reception.events:
        if isinstance(event, Booted):
            registration = Registration.PENDING
        elif isinstance(event, TransactionReported):
            if event.transaction is None:
                transaction = draw()
            token_status = TokenStatus.ACCEPTED
        elif isinstance(event, TokenShown):
            token_status = TokenStatus.INVALID
    answer = reception.answer(
        Decided(
            now_ms=received_ms,
            registration=registration or Registration.PENDING,
            interval_s=policy.pending_s,
            transaction=transaction,
            token_status=token_status,
        )
    )
    return Verdict(answer, (), registration)


def _token_status(kind: str, policy: Policy) -> TokenStatus:
    if policy.accept_unknown_tags or kind == "NoAuthorization":
        return TokenStatus.ACCEPTED
    return TokenStatus.INVALID


def _with_refusal(decision: Decision) -> Decision:
    """Energy is recorded whatever the verdict on its token (Q46); the session tells of the refusal."""
    records = tuple(
        changed(r, flags=flagged(r.flags, Flag.TOKEN_REFUSED)) if isinstance(r, SessionRecord) else r
        for r in decision.records
    )
    return changed(decision, records=records)


def _booted(station: StationRecord, event: Booted) -> StationRecord:
    return changed(
        station,
        vendor=event.vendor or station.vendor,
        model=event.model or station.model,
        serial=event.serial or station.serial,
        firmware=event.firmware or station.firmware,
        iccid=event.iccid,
        imsi=event.imsi,
        meter_serial=event.meter_serial,
        meter_type=event.meter_type,
        boot_at_ms=event.received_ms,
        boot_reason=event.reason,
        booted=True,
    )


def _another_serial(station: StationRecord, event: Booted) -> bool:
    """Whether a boot shows other hardware than the last one did (CONTRACTS decision 6)."""
    return bool(station.serial and event.serial) and station.serial != event.serial


def _used_twice(station: StationRecord, event: Booted) -> NoticeRecord:
    detail = {"serial_before": station.serial, "serial_now": event.serial, "peer": station.peer}
    return NoticeRecord(
        event.station, event.at_ms, event.received_ms, "security", "identity used twice", _json(detail),
        critical=True,
    )  # fmt: skip


def _boot_notice(event: Booted) -> NoticeRecord:
    detail = {
        "vendor": event.vendor,
        "model": event.model,
        "serial": event.serial,
        "firmware": event.firmware,
    }
    return NoticeRecord(
        event.station, event.at_ms, event.received_ms, "boot", event.reason or "Boot", _json(detail)
    )


def _boot_loop(event: Booted) -> NoticeRecord:
    """Over three boots in five minutes, told once (Q14)."""
    detail = _json({"reason": event.reason})
    return NoticeRecord(
        event.station, event.received_ms, event.received_ms, "boot", BOOT_LOOP, detail, critical=True
    )


def _token_notice(event: TokenShown, status: TokenStatus) -> NoticeRecord:
    detail = {"token": event.token.value, "kind": event.token.kind}
    return NoticeRecord(event.station, event.at_ms, event.received_ms, "token", status.value, _json(detail))


def _notice(event: Noticed) -> NoticeRecord:
    return NoticeRecord(
        event.station,
        event.at_ms,
        event.received_ms,
        event.subject,
        event.name,
        _json(event.detail),
        event.evse,
        event.connector,
        event.critical,
    )


CODE_SETS = frozenset({"com.evgo.mrec"})
"""vendorIds without which a vendorErrorCode means nothing: kept at the end of `info`, in brackets."""


def _status(event: StatusReported) -> StatusRecord:
    info = event.info
    if event.vendor in CODE_SETS and event.vendor_error:
        info = f"{info} [{event.vendor}]".lstrip()
    return StatusRecord(
        event.station,
        event.evse,
        event.connector,
        event.at_ms,
        event.received_ms,
        event.status,
        event.error,
        event.vendor_error,
        info,
        event.live,
    )


def _json(detail: Mapping[str, Any]) -> str:
    return msgspec.json.encode(detail).decode()
