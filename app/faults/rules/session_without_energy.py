"""A session that says Charging and takes nothing (Q45, Q61)."""

from collections.abc import Hashable

import msgspec

from app.domain.records import ReadingRecord, Record, SessionRecord, SessionState, StatusRecord
from app.domain.status import ConnectorStatus
from app.faults.limits import Limits
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told

MINUTE_MS = 60_000


class SessionWithoutEnergyLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """still_min: from one reading to another so much later no power and no rise of step_wh, while it
    says Charging. What no reading tells is not known.
    """

    still_min: float
    step_wh: int


class SessionWithoutEnergy(Resumes):
    """Follows the power and register of running sessions."""

    name = "session_without_energy"
    hears: tuple[type, ...] = (ReadingRecord, StatusRecord, SessionRecord)
    samples = True

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, SessionWithoutEnergyLimits)
        self._standing = Standing(self.name)
        self._still: dict[Place, tuple[int, int, int | None]] = {}
        """In which session and since when nothing flows, and the register then."""

    def hear(self, record: Record, scene: Scene) -> Told:
        """A reading, a status, or a session's row."""
        if isinstance(record, ReadingRecord):
            return self._reading(record, scene) if record.session is not None else NONE
        if isinstance(record, StatusRecord):
            if not record.live or record.status in (ConnectorStatus.CHARGING, ConnectorStatus.PREPARING):
                return NONE
            return self._flows(Place(record.station, record.evse), record.at_ms, scene)
        assert isinstance(record, SessionRecord)
        if not self._still or (record.state is SessionState.OPEN and record.charging in ("", "Charging")):
            return NONE
        return self._flows(Place(record.station, record.evse or 0), record.ended_ms or scene.now_ms, scene)

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """Nothing is waited for: only a reading can tell that nothing flows."""
        return NONE

    def _reading(self, record: ReadingRecord, scene: Scene) -> Told:
        place, reading = Place(record.station, record.evse), record.reading
        power_w = reading.power_w
        if power_w is None and reading.energy_wh is None:
            return NONE
        if power_w is not None and power_w > 0 and place not in self._still:
            return NONE
        number = record.session or 0
        of, since, base = self._still.get(place, (number, reading.at_ms, reading.energy_wh))
        if of != number:
            since, base = reading.at_ms, reading.energy_wh
        rises = (
            base is not None
            and reading.energy_wh is not None
            and reading.energy_wh - base >= self._limits.step_wh
        )
        flows = reading.power_w > 0 if reading.power_w is not None else rises
        if flows or rises:
            return self._flows(place, reading.at_ms, scene)
        self._still[place] = (number, since, base if base is not None else reading.energy_wh)
        session = scene.session(record.station, record.evse)
        still_min = (reading.at_ms - since) / MINUTE_MS
        if still_min < self._limits.still_min or session is None or session.session != record.session:
            return NONE
        if not self._charging(place, session, scene):
            return NONE
        evidence = {
            "session": session.session,
            "still_since_ms": since,
            "threshold_min": self._limits.still_min,
            "energy_wh": session.energy_wh,
        }
        title = "Says Charging, but nothing flows"
        return self._standing.begin(scene, place, "SessionWithoutEnergy", since, title, evidence)

    def _flows(self, place: Place, at_ms: int, scene: Scene) -> Told:
        if self._still.pop(place, None) is None:
            return NONE
        return self._standing.end(place, at_ms)

    def _charging(self, place: Place, session: SessionRecord, scene: Scene) -> bool:
        status = scene.status(session.station, place.evse, session.connector or 1)
        told = status is None or status.status in (ConnectorStatus.CHARGING, ConnectorStatus.PREPARING)
        return told and session.charging in ("", "Charging")
