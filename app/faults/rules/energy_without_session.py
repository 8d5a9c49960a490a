"""Energy that flows though no session runs: given away, or a session whose start was lost."""

from collections.abc import Hashable

import msgspec

from app.domain.ids import StationId
from app.domain.records import ReadingRecord, Record, SessionRecord
from app.faults.limits import Limits
from app.faults.rule import Finding, Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told

MINUTE_MS = 60_000


class EnergyWithoutSessionLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """at_least_wh: so much outside any session is a fault; it ends after calm_min without more, or
    where a session that is told late explains it.
    """

    at_least_wh: int
    calm_min: float


class EnergyWithoutSession(Resumes):
    """Follows the register of connectors that have no session."""

    name = "energy_without_session"
    hears: tuple[type, ...] = (ReadingRecord, SessionRecord)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, EnergyWithoutSessionLimits)
        self._calm_ms = round(self._limits.calm_min * MINUTE_MS)
        self._standing = Standing(self.name)
        self._base: dict[Place, tuple[int, int]] = {}
        """The register after the last session, and when it was first seen."""
        self._last: dict[Place, int] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A reading outside sessions, or a session."""
        if isinstance(record, SessionRecord):
            return self._session(record, scene)
        assert isinstance(record, ReadingRecord)
        register = record.reading.energy_wh
        if record.session is not None or register is None or not record.evse or not record.trusted:
            return NONE
        place = Place(record.station, record.evse)
        if scene.session(record.station, record.evse) is not None:
            return NONE
        base, since = self._base.setdefault(place, (register, record.reading.at_ms))
        before = self._last.get(place, register)
        self._last[place] = register
        if register < before:
            # A reset is no energy.
            self._base[place] = (register, record.reading.at_ms)
            return NONE
        if register > before:
            scene.wake(self.name, place, record.received_ms + self._calm_ms)
        if register - base < self._limits.at_least_wh:
            return NONE
        evidence = {
            "energy_wh": register - base,
            "from_register_wh": base,
            "threshold_wh": self._limits.at_least_wh,
            "power_w": record.reading.power_w,
        }
        return self._standing.begin(
            scene, place, "EnergyWithoutSession", since, "Energy flows without a session", evidence
        )

    def _session(self, record: SessionRecord, scene: Scene) -> Told:
        """A session explains what flowed in it. What flowed before may go on unseen, so it ends nothing."""
        place = Place(record.station, record.evse or 0)
        self._base.pop(place, None)
        self._last.pop(place, None)
        if self._standing.holds(place):
            scene.wake(self.name, place, scene.now_ms + self._calm_ms)
        over_ms = scene.now_ms if record.ended_ms is None else record.ended_ms
        return self._standing.end(
            place, record.started_ms, lambda found: record.started_ms <= found.at_ms <= over_ms,
            ended="it flowed in a session",
        )  # fmt: skip

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """The register has stood still for long enough, outside of any session."""
        assert isinstance(key, Place)
        if scene.session(StationId(key.station), key.evse) is not None:
            scene.wake(self.name, key, scene.now_ms + self._calm_ms)
            return NONE
        self._base.pop(key, None)
        self._last.pop(key, None)
        return self._standing.end(key, scene.now_ms, ended="no more energy flows")

    def _calms(self, finding: Finding) -> Hashable | None:
        return Place(*finding.subject[1:])
