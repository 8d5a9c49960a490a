"""Tells a session test as a story: one station, its words in order, what history then holds."""

import itertools
from collections.abc import Iterable
from dataclasses import replace

from app.domain.events import (
    Booted,
    Event,
    MeterSampled,
    Phase,
    StatusReported,
    Token,
    TransactionReported,
)
from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.meter import Reading
from app.domain.records import (
    ConnectorPlan,
    ReadingRecord,
    Record,
    SessionRecord,
    StationRecord,
    StatusRecord,
)
from app.domain.status import ConnectorStatus
from app.sessions import Decision, Lookup, StationSessions, close_by_hand, close_ghosts, decide, needed

T0 = 1_767_600_000_000
"""2026-01-05T08:00:00Z."""
SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
STATION = StationId("S1")


class Ids:
    """Ids that a test can foresee: sessions 1, 2, …; transactions 1001, 1002, …"""

    def __init__(self) -> None:
        self._sessions = itertools.count(1)
        self._transactions = itertools.count(1001)

    def session_id(self) -> SessionId:
        return SessionId(next(self._sessions))

    def transaction_id(self) -> TransactionId:
        return TransactionId(str(next(self._transactions)))


class Story:
    """A station that speaks. Times are minutes after T0; every word is committed at once."""

    def __init__(self, *plan: ConnectorPlan, station: StationId = STATION, ids: Ids | None = None) -> None:
        self.station = station
        self.ids = ids or Ids()
        self.state = StationSessions(station)
        self.records: list[Record] = []
        self.sessions: dict[int, SessionRecord] = {}
        self.events: list[Event] = []
        self.quirks: list[str] = []
        self.decisions: list[Decision] = []
        if plan:
            self.commit([StationRecord(station, plan=plan)])

    def commit(self, records: Iterable[Record]) -> None:
        for record in records:
            self.records.append(record)
            if isinstance(record, SessionRecord):
                self.sessions[record.session] = record
            self.state.apply(record)

    def tell(self, event: Event) -> Decision:
        self.events.append(event)
        lookup = needed(event, self.state)
        found = None if lookup is None else self.look_up(lookup)
        decision = decide(event, self.state, self.ids, found)
        self.quirks += decision.quirks
        self.decisions.append(decision)
        self.commit(decision.records)
        if isinstance(event, StatusReported):
            self.commit([status_record(event)])
        return decision

    def look_up(self, lookup: Lookup) -> SessionRecord | None:
        for key, told in (
            ("start_key", lookup.start_key),
            ("stop_key", lookup.stop_key),
            ("transaction", lookup.transaction),
        ):
            fitting = [s for s in self.sessions.values() if told and getattr(s, key) == told]
            if fitting:
                return fitting[-1]
        return None

    def restart(self) -> None:
        """The program ends and begins again: memory is what the store gives back."""
        statuses: dict[tuple[int, int], StatusRecord] = {}
        stations = []
        for record in self.records:
            if isinstance(record, StatusRecord) and record.live:
                statuses[record.evse, record.connector] = record
            elif isinstance(record, StationRecord):
                stations = [record]
        kept = [s for s in self.sessions.values() if s.state.value in ("open", "interrupted")]
        self.state = StationSessions.from_records(self.station, [*stations, *statuses.values(), *kept])

    # 1.6

    def start(
        self, minute: float = 0, meter: int | None = 1000, *, tag: str | None = "TAG1", connector: int = 1,
        received: float | None = None, live: bool = True, trusted: bool = True, said: int | None = None,
    ) -> Decision:  # fmt: skip
        at = at_ms(minute)
        return self.tell(
            TransactionReported(
                self.station, at, at if received is None else at_ms(received), Phase.STARTED, None,
                evse=connector, connector=1, token=Token(tag) if tag else None, meter_wh=meter,
                said_ms=at if said is None else said, live=live, time_trusted=trusted,
            )
        )  # fmt: skip

    def stop(
        self, minute: float, meter: int | None, transaction: str = "1001", *, tag: str | None = "TAG1",
        received: float | None = None, reason: str = "Local", readings: tuple[Reading, ...] = (),
        live: bool = True,
    ) -> Decision:  # fmt: skip
        at = at_ms(minute)
        return self.tell(
            TransactionReported(
                self.station, at, at if received is None else at_ms(received), Phase.ENDED,
                TransactionId(transaction), token=Token(tag) if tag else None, meter_wh=meter,
                said_ms=at, reason=reason, readings=readings, live=live,
            )
        )  # fmt: skip

    def meter(
        self, minute: float, energy: int | None = None, power: int | None = None, *,
        transaction: str | None = "1001", connector: int = 1, soc: float | None = None,
        received: float | None = None, live: bool = True,
    ) -> Decision:  # fmt: skip
        at = at_ms(minute)
        return self.tell(
            MeterSampled(
                self.station, at, at if received is None else at_ms(received), connector, min(connector, 1),
                None if transaction is None else TransactionId(transaction),
                (reading(minute, energy, power, soc),), live=live,
            )
        )  # fmt: skip

    def status(
        self, minute: float, status: ConnectorStatus, *, connector: int = 1, live: bool = True
    ) -> Decision:
        at = at_ms(minute)
        return self.tell(
            StatusReported(self.station, at, at, connector, min(connector, 1), status, live=live)
        )

    def boot(self, minute: float) -> Decision:
        return self.tell(Booted(self.station, at_ms(minute), at_ms(minute)))

    # 2.x

    def event(
        self, phase: Phase, seq: int, minute: float, *readings: Reading, transaction: str = "tx-a",
        evse: int | None = None, connector: int | None = None, tag: str | None = None, state: str = "",
        trigger: str = "", received: float | None = None, offline: bool = False, live: bool = True,
        reason: str = "",
    ) -> Decision:  # fmt: skip
        at = at_ms(minute)
        return self.tell(
            TransactionReported(
                self.station, at, at if received is None else at_ms(received), phase,
                TransactionId(transaction), evse=evse, connector=connector,
                token=Token(tag, "ISO14443") if tag else None, said_ms=at, seq_no=seq,
                charging_state=state, trigger=trigger, offline=offline, live=live, reason=reason,
                readings=readings,
            )
        )  # fmt: skip

    # the operator and the clock

    def by_hand(self, session: int, minute: float, why: str = "the car left") -> None:
        held = self.state.by_number(SessionId(session)) or self.sessions[session]
        closed = close_by_hand(held, self.state, "anna", why, at_ms(minute))
        if closed is not None:
            self.commit([closed])

    def sweep(self, minute: float) -> None:
        self.commit(close_ghosts(self.state, at_ms(minute)).records)

    # what came of it

    def only(self) -> SessionRecord:
        (session,) = self.sessions.values()
        return session

    def readings(self, session: int | None) -> list[ReadingRecord]:
        return [r for r in self.records if isinstance(r, ReadingRecord) and r.session == session]

    def flags(self, session: int = 1) -> set[str]:
        return {flag.value for flag in self.sessions[session].flags}


def status_record(event: StatusReported) -> StatusRecord:
    return StatusRecord(
        event.station, event.evse, event.connector, event.at_ms, event.received_ms, event.status,
        event.error, event.vendor_error, event.info, event.live,
    )  # fmt: skip


def at_ms(minute: float) -> int:
    return T0 + round(minute * MINUTE)


def reading(
    minute: float, energy: int | None = None, power: int | None = None, soc: float | None = None
) -> Reading:
    return replace(Reading(at_ms(minute)), energy_wh=energy, power_w=power, soc_percent=soc)
