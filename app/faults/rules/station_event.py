"""What components of a 2.x station report: problems, trips, codes and failures, until they are cleared."""

from app.domain.records import NoticeRecord, Record
from app.faults.codes import Codes, Named
from app.faults.rule import Scene
from app.faults.said import EventSaid, event_of, is_boot, is_status, words_of
from app.faults.standing import NONE, Place, Resumes, Standing, Told

GRAVE = 3
"""OCPP 2.1's severities 0 danger, 1 hardware failure, 2 system failure, 3 critical."""


def is_problem(event: EventSaid) -> bool:
    """Whether an event tells of a problem by itself: a flag, a code, or a grave severity without a limit."""
    grave = event.severity is not None and event.severity <= GRAVE and not event.monitored
    return event.flag or bool(event.tech_code) or grave


class StationEvent(Resumes):
    """NotifyEvent's problems. One that is a connector's status is told by that (`connector_fault`)."""

    name = "station_event"
    hears: tuple[type, ...] = (NoticeRecord,)

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._standing = Standing(self.name)

    def hear(self, record: Record, scene: Scene) -> Told:
        """An event began or ended; a boot ends what was told before it, for it is told again after."""
        assert isinstance(record, NoticeRecord)
        if is_boot(record):
            return self._standing.end_station(record.station, record.at_ms, ended="the station restarted")
        event = event_of(record)
        if event is None or is_status(event):
            return NONE
        place = Place(record.station, event.evse, event.connector)
        if event.over:
            return self._standing.end(place, record.at_ms, lambda f: f.evidence.get("event") == event.key)
        if not is_problem(event):
            return NONE
        named = self._named(event, record, scene)
        evidence = {
            "event": event.key,
            "value": event.value,
            "tech_code": event.tech_code,
            "tech_info": event.tech_info,
            "severity": event.severity,
            "mapped_by": named.how,
            "mapping": self._codes.version,
        }
        return self._standing.begin(
            scene, place, named.code, record.at_ms, named.title, evidence, raw=named.raw, mark=event.key
        )

    def _named(self, event: EventSaid, record: NoticeRecord, scene: Scene) -> Named:
        words = words_of(scene.station(record.station), "", event.tech_code, event.tech_info)
        return self._codes.of_event(event.component, event.variable, words)
