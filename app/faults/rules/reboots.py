"""Restarts that nobody asked for: too many within a day."""

from collections import deque
from collections.abc import Hashable

import msgspec

from app.domain.records import CommandRecord, NoticeRecord, Record
from app.faults.limits import Limits
from app.faults.rule import Finding, Scene
from app.faults.said import is_boot
from app.faults.standing import NONE, Place, Resumes, Standing, Told

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
OURS = frozenset({"Reset", "UpdateFirmware", "SignedUpdateFirmware"})


class RebootLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """boots: as many within window_h are too many; one within asked_min of our own command is ours.

    asked_reasons: boot reasons (2.x) that tell of somebody's wish. join_min: boots closer than
    this are one restart (`no_boot` tells of a loop).
    """

    boots: int
    window_h: float
    asked_min: float
    join_min: float
    asked_reasons: tuple[str, ...]


class Reboots(Resumes):
    """Counts boots that follow no command of ours."""

    name = "reboots"
    hears: tuple[type, ...] = (NoticeRecord, CommandRecord)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, RebootLimits)
        self._standing = Standing(self.name)
        self._boots: dict[str, deque[tuple[int, str]]] = {}
        self._asked: dict[str, int] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A boot, or a command that makes one."""
        if isinstance(record, CommandRecord):
            if record.action in OURS and record.sent_ms is not None:
                self._asked[record.station] = record.sent_ms
            return NONE
        assert isinstance(record, NoticeRecord)
        if not is_boot(record) or self._ours(record):
            return NONE
        boots, at_ms = self._boots.setdefault(record.station, deque()), record.received_ms
        if boots and at_ms - boots[-1][0] < self._limits.join_min * MINUTE_MS:
            return NONE
        boots.append((at_ms, record.name))
        self._forget(boots, at_ms)
        place = Place(record.station)
        if len(boots) < self._limits.boots and not self._standing.holds(place):
            return NONE
        scene.wake(self.name, record.station, at_ms + round(self._limits.window_h * HOUR_MS))
        evidence = {
            "boots": len(boots),
            "boots_ms": [at for at, _ in boots],
            "reasons": [why for _, why in boots],
            "window_h": self._limits.window_h,
            "threshold": self._limits.boots,
        }
        title = f"Rebooted by itself {len(boots)} times"
        return self._standing.begin(scene, place, "Reboots", boots[0][0], title, evidence, raw=record.name)

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """A whole window without a restart."""
        assert isinstance(key, str)
        self._boots.pop(key, None)
        return self._standing.end(Place(key), scene.now_ms)

    def _ours(self, record: NoticeRecord) -> bool:
        asked = self._asked.get(record.station)
        lately = asked is not None and record.received_ms - asked <= self._limits.asked_min * MINUTE_MS
        return lately or record.name in self._limits.asked_reasons

    def _forget(self, boots: deque[tuple[int, str]], now_ms: int) -> None:
        while boots and boots[0][0] <= now_ms - self._limits.window_h * HOUR_MS:
            boots.popleft()

    def _calms(self, finding: Finding) -> Hashable | None:
        return finding.subject.station
