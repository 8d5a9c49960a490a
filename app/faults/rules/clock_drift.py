"""A station whose clock differs from ours: told by the oddities its times are counted under (Q64, Q65)."""

from collections.abc import Hashable

import msgspec

from app.domain.records import Record, StationRecord
from app.faults.limits import Limits
from app.faults.rule import Finding, Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told

HOUR_MS = 3_600_000


class ClockDriftLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """times: messages with a wrong time until it is told; it ends after calm_h without one.

    quirks: the oddities that mean a wrong clock.
    """

    times: int
    calm_h: float
    quirks: tuple[str, ...]


class ClockDrift(Resumes):
    """The reception measures the skew and corrects it; this tells a person to have it mended."""

    name = "clock_drift"
    hears: tuple[type, ...] = (StationRecord,)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, ClockDriftLimits)
        self._standing = Standing(self.name)
        self._before: dict[str, int] = {}
        self._since: dict[str, tuple[int, int]] = {}
        """By station: when the first of the run came, and how many were counted before it."""

    def hear(self, record: Record, scene: Scene) -> Told:
        """A station's row: its counts may have risen."""
        assert isinstance(record, StationRecord)
        name = record.station
        count = sum(times for quirk, times in record.quirks if quirk in self._limits.quirks)
        before = self._before.get(name)
        self._before[name] = count
        if before is None or count <= before:
            # Seen for the first time, as after a restart: what was counted before is no news.
            return NONE
        since, base = self._since.setdefault(name, (scene.now_ms, before))
        scene.wake(self.name, name, scene.now_ms + round(self._limits.calm_h * HOUR_MS))
        if count - base < self._limits.times:
            return NONE
        if self._standing.holds(Place(name)):
            return NONE
        evidence = {
            "messages_with_a_wrong_time": count - base,
            "threshold": self._limits.times,
            "skew_over_s": 60,
        }
        return self._standing.begin(scene, Place(name), "ClockDrift", since, "Wrong clock", evidence)

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """Its times have been right for long enough."""
        assert isinstance(key, str)
        self._since.pop(key, None)
        return self._standing.end(Place(key), scene.now_ms)

    def _calms(self, finding: Finding) -> Hashable | None:
        return finding.subject.station
