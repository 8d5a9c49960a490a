"""Cars that are plugged in, get nothing, and leave (F.6)."""

from collections import deque
from collections.abc import Hashable

import msgspec

from app.domain.records import NoticeRecord, Record, SessionRecord, StatusRecord
from app.domain.status import ConnectorStatus
from app.faults.limits import Limits
from app.faults.rule import Finding, Scene
from app.faults.said import detail_of
from app.faults.standing import NONE, Place, Resumes, Standing, Told

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
GOOD_WH = 200
"""B.1: so much energy makes an attempt a success."""


class ZeroPowerPlugLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Preparing over least_min and then Available without a session: times of any, or of tags
    different cards, within window_h.
    """

    least_min: float
    times: int
    tags: int
    window_h: float


class ZeroPowerPlug(Resumes):
    """Counts visits that ended without a session."""

    name = "zero_power_plug"
    hears: tuple[type, ...] = (StatusRecord, NoticeRecord, SessionRecord)
    samples = True

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, ZeroPowerPlugLimits)
        self._standing = Standing(self.name)
        self._plugged: dict[tuple[str, int], dict[int, int]] = {}
        """By EVSE and connector."""
        self._shown: dict[str, tuple[int, str]] = {}
        self._left: dict[tuple[str, int], dict[Place, deque[tuple[int, str]]]] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A plug, a card, or a session."""
        if isinstance(record, NoticeRecord):
            if record.subject == "token":
                self._shown[record.station] = (record.received_ms, str(detail_of(record).get("token") or ""))
            return NONE
        if isinstance(record, SessionRecord):
            return self._session(record, scene)
        assert isinstance(record, StatusRecord)
        if not record.live or not record.evse:
            return NONE
        place, evse = Place(record.station, record.evse, record.connector), (record.station, record.evse)
        if record.status is ConnectorStatus.PREPARING:
            self._plugged.setdefault(evse, {}).setdefault(record.connector, record.at_ms)
            return NONE
        plugged = self._plugged.get(evse)
        since = plugged.pop(record.connector, None) if plugged else None
        if since is None or record.status is not ConnectorStatus.AVAILABLE:
            return NONE
        if record.at_ms - since <= self._limits.least_min * MINUTE_MS:
            return NONE
        return self._gone(place, since, record.at_ms, scene)

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """No such visit for a whole window."""
        assert isinstance(key, Place)
        self._left.get((key.station, key.evse), {}).pop(key, None)
        return self._standing.end(key, scene.now_ms, ended="not seen again")

    def _session(self, record: SessionRecord, scene: Scene) -> Told:
        evse = (record.station, record.evse or 0)
        self._plugged.pop(evse, None)
        if evse not in self._left or (record.energy_wh or 0) < GOOD_WH:
            return NONE
        told: list[Told] = []
        for place in self._left.pop(evse):
            scene.sleep(self.name, place)
            told.append(self._standing.end(place, scene.now_ms, ended="a session delivered energy"))
        return tuple(found for part in told for found in part)

    def _gone(self, place: Place, since: int, at_ms: int, scene: Scene) -> Told:
        shown_ms, tag = self._shown.get(place.station, (0, ""))
        left = self._left.setdefault((place.station, place.evse), {}).setdefault(place, deque())
        left.append((at_ms, tag if shown_ms >= since else ""))
        window = self._limits.window_h * HOUR_MS
        while left[0][0] <= at_ms - window:
            left.popleft()
        tags = {t for _, t in left if t}
        if len(left) < self._limits.times and len(tags) < self._limits.tags:
            return NONE
        scene.wake(self.name, place, at_ms + round(window))
        evidence = {
            "left_without_a_session": len(left),
            "different_cards": len(tags),
            "within_h": self._limits.window_h,
            "threshold_times": self._limits.times,
            "threshold_cards": self._limits.tags,
        }
        title = f"Plugged in, nothing happened: {len(left)} times"
        return self._standing.begin(scene, place, "ZeroPowerPlug", left[0][0], title, evidence)

    def _calms(self, finding: Finding) -> Hashable | None:
        return Place(*finding.subject[1:])
