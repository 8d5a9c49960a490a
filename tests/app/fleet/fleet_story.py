"""A fleet to tell tests with: stations that are registered, linked, and say things."""

from typing import Any
from zoneinfo import ZoneInfo

from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.meter import Reading
from app.domain.records import (
    Flag,
    LinkRecord,
    NoticeRecord,
    ReadingRecord,
    SessionRecord,
    SessionState,
    StationRecord,
    StatusRecord,
)
from app.domain.status import Admission, ConnectorStatus, LinkState
from app.fleet import Fleet
from app.fleet.views import ConnectorView, StationView

T0 = 1_767_610_800_000
"""2026-01-05T11:00:00Z, noon in Berlin."""
MINUTE, HOUR = 60_000, 3_600_000
BERLIN = ZoneInfo("Europe/Berlin")


class FleetStory:
    """A fleet whose clock the test moves."""

    def __init__(self, now_ms: int = T0, zone: ZoneInfo = BERLIN) -> None:
        self.now = now_ms
        self.fleet = Fleet(zone, now_ms)

    def station(self, name: str = "S1", *, online: bool = True, **fields: Any) -> None:
        self.fleet.apply(
            StationRecord(StationId(name), **{"first_seen_ms": self.now - HOUR, **fields}), self.now
        )
        if online:
            self.link(LinkState.ONLINE, name=name)

    def link(self, state: LinkState, *, name: str = "S1", reason: str = "") -> None:
        self.fleet.apply(LinkRecord(StationId(name), self.now, state, reason), self.now)

    def status(
        self, status: ConnectorStatus, *, name: str = "S1", evse: int = 1, error: str = "",
        at_ms: int | None = None, live: bool = True, vendor_error: str = "",
    ) -> None:  # fmt: skip
        at = self.now if at_ms is None else at_ms
        record = StatusRecord(
            StationId(name), evse, min(evse, 1), at, self.now, status, error, vendor_error, "", live
        )
        self.fleet.apply(record, self.now)

    def session(
        self, number: int = 1, *, name: str = "S1", evse: int | None = 1, connector: int | None = 1,
        started_ms: int | None = None, state: SessionState = SessionState.OPEN, energy: int | None = None,
        sample_ms: int | None = None, ended_ms: int | None = None, charging: str = "", token: str = "TAG",
        flags: tuple[Flag, ...] = (), power: int | None = None,
    ) -> None:  # fmt: skip
        self.fleet.apply(
            SessionRecord(
                SessionId(number), StationId(name), evse, connector, TransactionId(str(number)), token=token,
                started_ms=self.now if started_ms is None else started_ms, state=state, energy_wh=energy,
                last_sample_ms=sample_ms, ended_ms=ended_ms, charging=charging, flags=flags, power_w=power,
            ),
            self.now,
        )  # fmt: skip

    def reading(self, power: int | None, *, name: str = "S1", session: int = 1, evse: int = 1) -> None:
        record = ReadingRecord(
            StationId(name), evse, 1, self.now, SessionId(session), Reading(self.now, power_w=power)
        )
        self.fleet.apply(record, self.now)

    def register(self, energy: int, *, name: str = "S1", session: int = 1, evse: int = 1) -> None:
        reading = Reading(self.now, energy_wh=energy)
        self.fleet.apply(
            ReadingRecord(StationId(name), evse, 1, self.now, SessionId(session), reading), self.now
        )

    def notice(self, what: str, *, name: str = "S1", critical: bool = True) -> None:
        self.fleet.apply(
            NoticeRecord(StationId(name), self.now, self.now, "security", what, critical=critical), self.now
        )

    def see(self, name: str = "S1") -> StationView:
        return self.fleet.snapshot(self.now).stations[name]

    def plug(self, name: str = "S1", evse: int = 1) -> ConnectorView:
        return next(c for c in self.see(name).connectors if c.evse == evse)

    def troubles(self) -> list[str]:
        return [t.text for t in self.fleet.snapshot(self.now).troubles]


WAITING = Admission.WAITING
