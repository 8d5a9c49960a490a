"""A small world for rules: records are heard in order, timers run as time passes, findings pile up."""

import json
from collections.abc import Hashable, Iterable
from itertools import count

from app.domain.fact import changed
from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.meter import Reading, Sample
from app.domain.records import (
    CommandRecord,
    ConnectorPlan,
    LinkRecord,
    NoticeRecord,
    ReadingRecord,
    Record,
    SessionRecord,
    SessionState,
    StationRecord,
    StatusRecord,
)
from app.domain.status import ConnectorStatus, LinkState
from app.faults.rule import Finding, Rule, Subject

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 1_767_571_200_000
"""2026-01-05 00:00 UTC, a Monday."""
GROWING = (SessionState.OPEN, SessionState.INTERRUPTED)


class Stage:
    """The scene that rules see, and the ways a test tells them things."""

    def __init__(self, *rules: Rule, start: int = START) -> None:
        self.now_ms = start
        self.blind_ms = 0
        self.learning = False
        self.rules = rules
        self.findings: list[Finding] = []
        self.normals: set[tuple[str, str]] = set()
        self._stations: dict[str, StationRecord] = {}
        self._links: dict[str, tuple[LinkState, int]] = {}
        self._statuses: dict[tuple[str, int, int], StatusRecord] = {}
        self._sessions: dict[tuple[str, int], SessionRecord] = {}
        self._timers: dict[tuple[str, Hashable], int] = {}
        self._numbers = count(1)

    # -- what rules may ask ----------------------------------------------------------------

    def station(self, station: StationId) -> StationRecord | None:
        return self._stations.get(station)

    def stations_of(self, site: str) -> Iterable[StationRecord]:
        return [r for _, r in sorted(self._stations.items()) if r.site == site]

    def link(self, station: StationId) -> tuple[LinkState, int]:
        return self._links.get(station, (LinkState.NEVER, 0))

    def status(self, station: StationId, evse: int, connector: int) -> StatusRecord | None:
        return self._statuses.get((station, evse, connector))

    def connectors(self, station: StationId) -> Iterable[tuple[int, int]]:
        told = {(e, c) for s, e, c in self._statuses if s == station and e and c}
        record = self._stations.get(station)
        planned = {(p.evse, p.connector) for p in record.plan} if record else set()
        return sorted(told | planned)

    def session(self, station: StationId, evse: int) -> SessionRecord | None:
        return self._sessions.get((station, evse))

    def normal(self, rule: str, subject: Subject) -> bool:
        return (rule, subject.station) in self.normals

    def wake(self, rule: str, key: Hashable, at_ms: int) -> None:
        self._timers[rule, key] = at_ms

    def sleep(self, rule: str, key: Hashable) -> None:
        self._timers.pop((rule, key), None)

    # -- what tests do ---------------------------------------------------------------------

    def tell(self, record: Record) -> list[Finding]:
        """A record was committed; what the rules find of it."""
        if isinstance(record, StationRecord):
            self._stations[record.station] = record
        elif isinstance(record, LinkRecord):
            self._links[record.station] = (record.state, record.at_ms)
        elif isinstance(record, StatusRecord) and record.live:
            self._statuses[record.station, record.evse, record.connector] = record
        elif isinstance(record, SessionRecord) and record.evse is not None:
            if record.state in GROWING:
                self._sessions[record.station, record.evse] = record
            elif (now := self._sessions.get((record.station, record.evse))) and now.session == record.session:
                del self._sessions[record.station, record.evse]
        found = [f for rule in self.rules if type(record) in rule.hears for f in rule.hear(record, self)]
        self.findings += found
        return found

    def pass_time(self, ms: int) -> list[Finding]:
        """Let time pass; timers run in order."""
        until, before = self.now_ms + ms, len(self.findings)
        while due := sorted((at, n) for n, (_, at) in enumerate(self._timers.items()) if at <= until):
            rule_key = list(self._timers)[due[0][1]]
            self.now_ms = max(self.now_ms, self._timers.pop(rule_key))
            rule = next(r for r in self.rules if r.name == rule_key[0])
            self.findings += rule.wake(rule_key[1], self)
        self.now_ms = until
        return self.findings[before:]

    @property
    def open(self) -> list[Finding]:
        """What holds now, by the findings so far."""
        held: dict[tuple, Finding] = {}
        for f in self.findings:
            key = (f.rule, f.code, f.subject, f.mark)
            if f.held:
                held[key] = f
            else:
                del held[key]
        return list(held.values())

    def codes(self) -> list[str]:
        """The codes of what holds now."""
        return sorted(f.code for f in self.open)

    def add(self, name: str = "A", connectors: int = 1, **more) -> StationRecord:
        """A station of the network with some connectors."""
        plan = more.pop("plan", None) or tuple(
            ConnectorPlan(n, 1, "CCS", 50_000, "0.49") for n in range(1, connectors + 1)
        )
        facts = {"site": "Depot", "vendor": "Axle", "model": "Q50", "firmware": "1.0", "protocol": "ocpp1.6"}
        record = StationRecord(StationId(name), plan=plan, booted=True, **{**facts, **more})
        self.tell(record)
        return record

    def link_is(self, state: str, name: str = "A", reason: str = "") -> list[Finding]:
        return self.tell(LinkRecord(StationId(name), self.now_ms, LinkState(state), reason))

    def status_is(
        self, status: str, error: str = "", name: str = "A", evse: int = 1, **more
    ) -> list[Finding]:
        connector = more.pop("connector", 1 if evse else 0)
        at = more.pop("at_ms", self.now_ms)
        record = StatusRecord(
            StationId(name), evse, connector, at, self.now_ms, ConnectorStatus(status), error, **more
        )
        return self.tell(record)

    def notice(
        self, subject: str, what: str, detail: dict | None = None, name: str = "A", **more
    ) -> list[Finding]:
        return self.tell(
            NoticeRecord(
                StationId(name), self.now_ms, self.now_ms, subject, what, json.dumps(detail or {}), **more
            )
        )

    def event(
        self, component: str, variable: str, value: str = "true", name: str = "A", evse: int = 1, **more
    ) -> list[Finding]:
        """An event of a 2.x component."""
        detail = {
            "trigger": "Alerting", "actualValue": value, "eventNotificationType": "HardWiredNotification",
            "component": {"name": component}, "variable": {"name": variable}, **more,
        }  # fmt: skip
        return self.notice("event", f"{component}.{variable}", detail, name, evse=evse, connector=1)

    def boot(self, name: str = "A", reason: str = "PowerUp", **facts) -> list[Finding]:
        record = changed(self._stations[name], boot_at_ms=self.now_ms, boot_reason=reason, **facts)
        detail = {"vendor": record.vendor, "model": record.model, "firmware": record.firmware}
        return [*self.tell(record), *self.notice("boot", reason, detail, name)]

    def start(self, name: str = "A", evse: int = 1, token: str = "T1", **more) -> SessionRecord:
        """A session starts."""
        number = next(self._numbers)
        record = SessionRecord(
            SessionId(number), StationId(name), evse, 1, TransactionId(str(number)), token,
            started_ms=self.now_ms, received_start_ms=self.now_ms, **more,
        )  # fmt: skip
        self.tell(record)
        return record

    def stop(self, session: SessionRecord, energy_wh: int | None = 12_000, **more) -> list[Finding]:
        """A session ends."""
        facts = {"stop_reason": "Local", "state": SessionState.CLOSED, "meter_start_wh": 0, **more}
        return self.tell(
            changed(session, ended_ms=self.now_ms, received_end_ms=self.now_ms, energy_wh=energy_wh, **facts)
        )

    def visit(
        self, minutes: float = 30, energy_wh: int | None = 12_000, name: str = "A", evse: int = 1, **more
    ):
        """A whole session, with the statuses around it."""
        stop = {k: more.pop(k) for k in ("stop_reason", "flags", "peak_power_w") if k in more}
        self.status_is("Preparing", name=name, evse=evse)
        session = self.start(name, evse, **more)
        self.status_is("Charging", name=name, evse=evse)
        self.pass_time(round(minutes * MINUTE))
        found = self.stop(session, energy_wh, **stop)
        self.status_is("Available", name=name, evse=evse)
        return found

    def read(
        self, session: SessionRecord | None = None, energy_wh: int | None = None, power_w: int | None = None,
        name: str = "A", evse: int = 1, samples: tuple = (), **more,
    ) -> list[Finding]:  # fmt: skip
        """A meter reading; `samples` as (measurand, number, phase)."""
        told = tuple(
            Sample(measurand, str(number), number, "", phase, "Outlet", "Sample.Periodic")
            for measurand, number, phase in samples
        )
        at = more.pop("at_ms", self.now_ms)
        reading = Reading(at, told, energy_wh, power_w)
        number = None if session is None else session.session
        return self.tell(ReadingRecord(StationId(name), evse, 1, self.now_ms, number, reading, **more))

    def command(self, action: str, name: str = "A", answer: str = "Accepted", payload: str = "{}", **more):
        """A command of ours, answered."""
        return self.tell(
            CommandRecord(
                next(self._numbers), StationId(name), action, "operator", "", self.now_ms, payload,
                self.now_ms, self.now_ms, answer, "done", **more,
            )
        )  # fmt: skip
