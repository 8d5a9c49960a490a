"""A link that comes and goes: many short losses, each too short to matter, together a fault."""

from collections import deque
from collections.abc import Hashable

import msgspec

from app.domain.records import LinkRecord, Record
from app.domain.status import LinkState
from app.faults.limits import Limits
from app.faults.rule import Finding, Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told

MINUTE_MS = 60_000


class FlappingLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """losses: as many within window_min are flapping; it ends after calm_min without one."""

    losses: int
    window_min: float
    calm_min: float


class FlappingLink(Resumes):
    """Counts losses of a link by the station's own timeline."""

    name = "flapping_link"
    hears: tuple[type, ...] = (LinkRecord,)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, FlappingLimits)
        self._standing = Standing(self.name)
        self._losses: dict[str, deque[int]] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A link was lost, or came back."""
        assert isinstance(record, LinkRecord)
        if record.state is not LinkState.OFFLINE:
            return NONE
        losses = self._losses.setdefault(record.station, deque())
        losses.append(record.at_ms)
        while losses[0] <= record.at_ms - self._limits.window_min * MINUTE_MS:
            losses.popleft()
        place = Place(record.station)
        if len(losses) < self._limits.losses and not self._standing.holds(place):
            return NONE
        scene.wake(self.name, record.station, record.at_ms + round(self._limits.calm_min * MINUTE_MS))
        evidence = {
            "losses": len(losses),
            "window_min": self._limits.window_min,
            "threshold": self._limits.losses,
            "last_reason": record.reason,
        }
        return self._standing.begin(
            scene, place, "FlappingLink", losses[0], "Link comes and goes", evidence, raw=record.reason
        )

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """No loss for long enough."""
        assert isinstance(key, str)
        self._losses.pop(key, None)
        return self._standing.end(Place(key), scene.now_ms)

    def _calms(self, finding: Finding) -> Hashable | None:
        return finding.subject.station
