"""Monitors set on a 2.x station whose limit was crossed, until the station says that it is over."""

import msgspec

from app.domain.records import NoticeRecord, Record
from app.faults.limits import Limits
from app.faults.rule import Scene
from app.faults.rules.station_event import is_problem
from app.faults.said import detail_of, event_of, is_status
from app.faults.standing import NONE, Place, Resumes, Standing, Told


class MonitorLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """severity_at_most: OCPP's severity down to which a monitor calls somebody."""

    severity_at_most: int


class Monitor(Resumes):
    """Alerts of monitored variables; periodic and delta reports are no alerts."""

    name = "monitor"
    hears: tuple[type, ...] = (NoticeRecord,)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, MonitorLimits)
        self._standing = Standing(self.name)

    def hear(self, record: Record, scene: Scene) -> Told:
        """A monitor reported."""
        assert isinstance(record, NoticeRecord)
        event = event_of(record)
        if event is None or not event.monitored or is_status(event):
            return NONE
        place = Place(record.station, event.evse, event.connector)
        if event.over:
            return self._standing.end(place, record.at_ms, lambda f: f.mark == event.key)
        detail = detail_of(record)
        quiet = event.severity is not None and event.severity > self._limits.severity_at_most
        if detail.get("trigger") != "Alerting" or quiet or is_problem(event):
            return NONE
        evidence = {
            "value": event.value,
            "severity": event.severity,
            "monitor": detail.get("variableMonitoringId"),
            "tech_info": event.tech_info,
        }
        title = f"{event.component}: {event.variable} is {event.value}"
        return self._standing.begin(
            scene, place, "Monitor", record.at_ms, title, evidence, raw=event.key, mark=event.key
        )
