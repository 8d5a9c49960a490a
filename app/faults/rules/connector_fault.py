"""What a connector's status says is wrong: 1.6's errors, and Faulted in every version (B.2, Q62).

An error beside a usable status is a warning, NoError with a healthy status ends it. A 2.x status
names no cause: the event of a component does, and then that event is the fault, not this.
"""

from collections.abc import Hashable

import msgspec

from app.domain.ids import StationId
from app.domain.records import NoticeRecord, Record, StatusRecord
from app.domain.status import ConnectorStatus
from app.faults.codes import FAULTED, Codes, Named
from app.faults.limits import Limits
from app.faults.rule import Scene
from app.faults.said import event_of, is_2x, is_boot, is_status, words_of
from app.faults.standing import NONE, Place, Resumes, Standing, Told


class ConnectorFaultLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """cause_s: how long a 2.x status without a cause waits for the event that tells it."""

    cause_s: float


class ConnectorFault(Resumes):
    """Errors and Faulted of connectors, EVSEs (connector 0) and stations (evse 0)."""

    name = "connector_fault"
    hears: tuple[type, ...] = (StatusRecord, NoticeRecord)

    def __init__(self, codes: Codes, limits: Limits) -> None:
        self._codes = codes
        self._limits = limits.of(self.name, ConnectorFaultLimits)
        self._standing = Standing(self.name)
        self._told: dict[tuple[str, int], set[str]] = {}
        """Events that stand, by station and EVSE: the causes of a 2.x status."""

    def hear(self, record: Record, scene: Scene) -> Told:
        """A status, or an event that tells its cause."""
        if isinstance(record, NoticeRecord):
            return self._event(record, scene)
        assert isinstance(record, StatusRecord)
        if not record.live:
            return NONE
        place = Place(record.station, record.evse, record.connector)
        found = self._named(record, scene)
        if not found and record.status is ConnectorStatus.FAULTED:
            if not self._standing.holds(place):
                scene.wake(self.name, place, record.received_ms + round(self._limits.cause_s * 1000))
            return self._standing.end(place, record.at_ms, lambda f: f.code != FAULTED)
        scene.sleep(self.name, place)
        return self._become(place, record, found, scene)

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """A 2.x connector is Faulted and still no event told why."""
        assert isinstance(key, Place)
        status = scene.status(StationId(key.station), key.evse, key.connector)
        if status is None or status.status is not ConnectorStatus.FAULTED or self._cause(key):
            return NONE
        evidence = {"status": status.status.value}
        return self._standing.begin(
            scene, key, FAULTED, status.at_ms, self._codes[FAULTED].title, evidence, raw=status.status.value
        )

    def _named(self, record: StatusRecord, scene: Scene) -> tuple[Named, ...]:
        station = scene.station(record.station)
        faulted = record.status is ConnectorStatus.FAULTED
        if not record.error and not record.vendor_error:
            return self._codes.name(words_of(station)) if faulted and not is_2x(station) else ()
        found = self._codes.name(words_of(station, record.error, record.vendor_error, record.info))
        if record.error or faulted:
            return found
        # Beside NoError a maker's own code is talk, unless somebody knows what it means.
        return tuple(named for named in found if named.how in ("mrec", "set", "operator"))

    def _become(self, place: Place, record: StatusRecord, found: tuple[Named, ...], scene: Scene) -> Told:
        now = {(named.code, named.mark) for named in found}
        told = list(self._standing.end(place, record.at_ms, lambda f: (f.code, f.mark) not in now))
        for named in found:
            evidence = {
                "status": record.status.value,
                "error": record.error,
                "vendor_error": record.vendor_error,
                "info": record.info,
                "reading": named.reading,
                "mapped_by": named.how,
                "mapping": self._codes.version,
            }
            told += self._standing.begin(
                scene, place, named.code, record.at_ms, named.title, evidence, raw=named.raw, mark=named.mark
            )
        return tuple(told)

    def _event(self, record: NoticeRecord, scene: Scene) -> Told:
        if is_boot(record):
            for key in [key for key in self._told if key[0] == record.station]:
                del self._told[key]
            return NONE
        event = event_of(record)
        if event is None or is_status(event):
            return NONE
        key = (record.station, event.evse)
        if event.over:
            self._told.get(key, set()).discard(event.key)
            if not self._told.get(key):
                self._told.pop(key, None)
                self._wait_again(record, scene)
            return NONE
        if not (event.flag or event.tech_code):
            return NONE
        self._told.setdefault(key, set()).add(event.key)
        places = [p for p in self._standing if p.station == record.station and event.evse in (0, p.evse)]
        return tuple(
            told
            for place in places
            for told in self._standing.end(
                place, record.at_ms, lambda f: f.code == FAULTED, ended="its cause was told", cause=event.key
            )
        )

    def _cause(self, place: Place) -> bool:
        return bool(self._told.get((place.station, place.evse)) or self._told.get((place.station, 0)))

    def _wait_again(self, record: NoticeRecord, scene: Scene) -> None:
        """The cause is over; a status that goes on being Faulted is a fault of its own."""
        for evse, connector in ((0, 0), *scene.connectors(record.station)):
            status = scene.status(record.station, evse, connector)
            if status is not None and status.status is ConnectorStatus.FAULTED and not status.error:
                due = record.received_ms + round(self._limits.cause_s * 1000)
                scene.wake(self.name, Place(record.station, evse, connector), due)
