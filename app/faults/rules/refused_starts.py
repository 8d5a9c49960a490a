"""Drivers who want to charge and cannot start: cards shown again and again, cards refused one after another.

One driver's refused card is that driver's trouble; several different ones of which at least one was
welcome elsewhere are a list's or a backend's (F.5).
"""

from collections import deque
from collections.abc import Hashable
from typing import Any

import msgspec

from app.domain.ids import StationId
from app.domain.records import CommandRecord, NoticeRecord, Record, SessionRecord
from app.faults.limits import Limits
from app.faults.rule import Finding, Scene
from app.faults.said import detail_of
from app.faults.standing import NONE, Place, Resumes, Standing, Told

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
STARTS = frozenset({"RemoteStartTransaction", "RequestStartTransaction"})
SWIPES, TAGS, REMOTE = "swipes", "tags", "remote"


class RefusedStartsLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """swipes of one tag within swipes_min without a session; tags refused within tags_h with none
    accepted, one of them welcome elsewhere within elsewhere_days; remote starts refused within
    tags_h. It ends with a session, or after calm_h without another.
    """

    swipes: int
    swipes_min: float
    tags: int
    tags_h: float
    elsewhere_days: float
    remote: int
    calm_h: float


class RefusedStarts(Resumes):
    """Looks at whole stations: 1.6 does not say at which connector a card was shown."""

    name = "refused_starts"
    hears: tuple[type, ...] = (NoticeRecord, SessionRecord, CommandRecord)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, RefusedStartsLimits)
        self._standing = Standing(self.name)
        self._shown: dict[str, dict[str, deque[int]]] = {}
        self._refused: dict[str, dict[str, int]] = {}
        self._remote: dict[str, deque[int]] = {}
        self._welcome: dict[str, dict[str, int]] = {}
        """By tag, those welcome longest ago first: where it was accepted last, and when."""
        self._last_session: dict[str, int] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A card was shown, a session began, or a remote start was answered."""
        if isinstance(record, NoticeRecord):
            return self._card(record, scene) if record.subject == "token" else NONE
        if isinstance(record, CommandRecord):
            return self._command(record, scene)
        assert isinstance(record, SessionRecord)
        if record.session <= self._last_session.get(record.station, 0):
            return NONE
        self._last_session[record.station] = record.session
        self._forget(record.station)
        return self._standing.end_station(record.station, scene.now_ms, ended="a session started")

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """Nothing more of it for long enough."""
        assert isinstance(key, tuple)
        station, mark = key
        self._forget(station)
        return self._standing.end(
            Place(station), scene.now_ms, lambda f: f.mark == mark, ended="not seen again"
        )

    def _forget(self, station: str) -> None:
        for memory in (self._shown, self._refused, self._remote):
            memory.pop(station, None)

    def _card(self, record: NoticeRecord, scene: Scene) -> Told:
        tag = str(detail_of(record).get("token") or "")
        if not tag:
            return NONE
        at_ms, station = record.received_ms, record.station
        if record.name != "Accepted":
            return self._refusal(station, tag, at_ms, scene)
        self._welcomed(tag, station, at_ms)
        self._refused.pop(station, None)
        told = self._standing.end(
            Place(station), at_ms, lambda f: f.mark == TAGS, ended="a card was accepted"
        )
        if self._charges(station, tag, scene):
            # Shown to stop, not to start.
            return told
        times = self._shown.setdefault(station, {}).setdefault(tag, deque(maxlen=self._limits.swipes))
        times.append(at_ms)
        if len(times) < self._limits.swipes or at_ms - times[0] > self._limits.swipes_min * MINUTE_MS:
            return told
        evidence = {
            "times_shown": len(times),
            "within_min": round((at_ms - times[0]) / MINUTE_MS, 1),
            "threshold": self._limits.swipes,
            "threshold_min": self._limits.swipes_min,
        }
        return told + self._begin(
            station, SWIPES, times[0], "Card shown again and again, nothing starts", evidence, scene
        )

    def _welcomed(self, tag: str, station: str, at_ms: int) -> None:
        welcome, since = self._welcome, at_ms - self._limits.elsewhere_days * DAY_MS
        welcome[tag] = {**welcome.pop(tag, {}), station: at_ms}
        while max((oldest := next(iter(welcome.items())))[1].values()) < since:
            del welcome[oldest[0]]

    def _charges(self, station: StationId, tag: str, scene: Scene) -> bool:
        evses = {evse for evse, _ in scene.connectors(station)}
        sessions = [scene.session(station, evse) for evse in evses]
        return any(session is not None and session.token == tag for session in sessions)

    def _refusal(self, station: str, tag: str, at_ms: int, scene: Scene) -> Told:
        refused = self._refused.setdefault(station, {})
        refused[tag] = at_ms
        for old in [t for t, at in refused.items() if at <= at_ms - self._limits.tags_h * HOUR_MS]:
            del refused[old]
        since = at_ms - self._limits.elsewhere_days * DAY_MS
        welcome = sum(
            any(at >= since for where, at in self._welcome.get(t, {}).items() if where != station)
            for t in refused
        )
        if len(refused) < self._limits.tags or not welcome:
            return NONE
        evidence = {
            "tags_refused": len(refused),
            "of_them_accepted_elsewhere": welcome,
            "within_h": self._limits.tags_h,
            "threshold": self._limits.tags,
        }
        title = f"{len(refused)} cards refused, none accepted"
        return self._begin(station, TAGS, min(refused.values()), title, evidence, scene)

    def _command(self, record: CommandRecord, scene: Scene) -> Told:
        if record.action not in STARTS or record.answered_ms is None or "Rejected" not in record.answer:
            return NONE
        times = self._remote.setdefault(record.station, deque(maxlen=self._limits.remote))
        if times and times[-1] == record.answered_ms:
            return NONE
        times.append(record.answered_ms)
        if len(times) < self._limits.remote or times[-1] - times[0] > self._limits.tags_h * HOUR_MS:
            return NONE
        evidence = {"remote_starts_refused": len(times), "threshold": self._limits.remote}
        return self._begin(record.station, REMOTE, times[0], "Remote starts are refused", evidence, scene)

    def _begin(
        self, station: str, mark: str, at_ms: int, title: str, evidence: dict[str, Any], scene: Scene
    ) -> Told:
        scene.wake(self.name, (station, mark), scene.now_ms + round(self._limits.calm_h * HOUR_MS))
        return self._standing.begin(scene, Place(station), "StartsRefused", at_ms, title, evidence, mark=mark)

    def _calms(self, finding: Finding) -> Hashable | None:
        return (finding.subject.station, finding.mark)
