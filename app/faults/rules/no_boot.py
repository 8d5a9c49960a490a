"""A station that is connected and does not start well: no boot ever told, or boots in a loop (Q12, Q14)."""

from collections import deque
from collections.abc import Hashable

import msgspec

from app.domain.ids import StationId
from app.domain.records import LinkRecord, NoticeRecord, Record
from app.domain.status import LinkState
from app.faults.limits import Limits
from app.faults.rule import Finding, Scene
from app.faults.said import is_boot
from app.faults.standing import NONE, Place, Resumes, Standing, Told

MINUTE_MS = 60_000


class NoBootLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """wait_min: how long a link may stand before a boot is missed; more than loop_boots within loop_min
    are a loop, which ends after loop_calm_min without one."""

    wait_min: float
    loop_boots: int
    loop_min: float
    loop_calm_min: float


class NoBoot(Resumes):
    """Stations that never introduced themselves, and those that boot again and again.

    A station that booted once and connects anew without a boot is in order (Q12).
    """

    name = "no_boot"
    hears: tuple[type, ...] = (LinkRecord, NoticeRecord)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, NoBootLimits)
        self._standing = Standing(self.name)
        self._boots: dict[str, deque[int]] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A link came or went, or a station booted."""
        if isinstance(record, NoticeRecord):
            return self._booted(record, scene) if is_boot(record) else NONE
        assert isinstance(record, LinkRecord)
        station = scene.station(record.station)
        key = ("no boot", record.station)
        if record.state is LinkState.ONLINE and (station is None or not station.booted):
            scene.wake(self.name, key, record.at_ms + round(self._limits.wait_min * MINUTE_MS))
        elif record.state is LinkState.OFFLINE:
            scene.sleep(self.name, key)
        return NONE

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """Long enough without a boot."""
        assert isinstance(key, tuple)
        what, name = key
        place = Place(name)
        if what == "loop":
            return self._standing.end(place, scene.now_ms, lambda f: f.code == "BootLoop")
        station, (_, since) = scene.station(StationId(name)), scene.link(StationId(name))
        if station is not None and station.booted:
            return NONE
        evidence = {"connected_ms": since, "waited_min": self._limits.wait_min}
        return self._standing.begin(
            scene, place, "NoBoot", since, "Connected, but never introduced itself", evidence
        )

    def _booted(self, record: NoticeRecord, scene: Scene) -> Told:
        place = Place(record.station)
        scene.sleep(self.name, ("no boot", record.station))
        told = list(self._standing.end(place, record.at_ms, lambda f: f.code == "NoBoot"))
        boots = self._boots.setdefault(record.station, deque())
        boots.append(record.received_ms)
        while boots[0] <= record.received_ms - self._limits.loop_min * MINUTE_MS:
            boots.popleft()
        if len(boots) > self._limits.loop_boots or self._standing.holds(place, "BootLoop"):
            calm = round(self._limits.loop_calm_min * MINUTE_MS)
            scene.wake(self.name, ("loop", record.station), record.received_ms + calm)
            evidence = {
                "boots": len(boots),
                "window_min": self._limits.loop_min,
                "threshold": self._limits.loop_boots,
                "reason": record.name,
            }
            told += self._standing.begin(
                scene, place, "BootLoop", boots[0], "Starts again and again", evidence, raw=record.name
            )
        return tuple(told)

    def _calms(self, finding: Finding) -> Hashable | None:
        return ("loop", finding.subject.station) if finding.code == "BootLoop" else None
