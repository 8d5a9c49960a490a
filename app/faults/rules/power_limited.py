"""A connector that gives far less power than it usually does, though nobody said so (F.7).

One slow vehicle proves nothing: a run of sessions does, against the share of slow ones that is
usual for this connector.
"""

from collections import deque
from collections.abc import Hashable
from statistics import median

import msgspec

from app.domain.records import Record, SessionRecord
from app.faults.limits import Limits
from app.faults.outcomes import ENDED
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told
from app.faults.statistics import shrunk

HOUR_MS = 3_600_000
LEAST_MS = 300_000
LEAST_WH = 500


class PowerLimitedLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A session is slow under `share` of the median peak; `sessions` slow ones in a row whose chance is
    below alarm_below are a fault. The usual is learnt from the last keep, once there are learn_from.
    """

    share: float
    sessions: int
    learn_from: int
    keep: int
    usual_slow_share: float
    prior_sessions: float
    alarm_below: float


class PowerLimited(Resumes):
    """Compares the peak power of sessions with the peaks that were usual before."""

    name = "power_limited"
    hears: tuple[type, ...] = (SessionRecord,)
    learns = True

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, PowerLimitedLimits)
        self._standing = Standing(self.name)
        self._peaks: dict[Place, deque[int]] = {}
        self._run: dict[Place, list[tuple[int, int, int]]] = {}
        self._seen: dict[Place, int] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A session's row; it counts once, when it has ended."""
        assert isinstance(record, SessionRecord)
        peak = _peak(record)
        place = Place(record.station, record.evse or 0, record.connector or 0)
        if peak is None or record.session <= self._seen.get(place, 0):
            return NONE
        self._seen[place] = record.session
        peaks = self._peaks.setdefault(place, deque(maxlen=self._limits.keep))
        if len(peaks) < self._limits.learn_from:
            peaks.append(peak)
            return NONE
        usual = round(median(peaks))
        run = self._run.setdefault(place, [])
        if peak >= self._limits.share * usual:
            # The run is over, and was what such sessions usually are unless it was told.
            told = self._standing.end(place, record.ended_ms or scene.now_ms, peak_w=peak)
            if not told:
                peaks.extend(p for _, _, p in run)
            peaks.append(peak)
            run.clear()
            return told
        run.append((record.session, record.started_ms, peak))
        slow = sum(p < self._limits.share * usual for p in peaks)
        rate = shrunk(slow, len(peaks), self._limits.usual_slow_share, self._limits.prior_sessions)
        chance = rate ** len(run)
        if len(run) < self._limits.sessions or chance >= self._limits.alarm_below:
            return NONE
        now = median(p for _, _, p in run)
        evidence = {
            "usual_peak_w": usual,
            "peak_now_w": round(now),
            "share_of_usual": round(now / usual, 3),
            "slow_sessions_in_a_row": len(run),
            "usual_share_slow": round(rate, 4),
            "probability_by_chance": chance,
            "threshold_probability": self._limits.alarm_below,
            "sessions": [number for number, _, _ in run[-10:]],
        }
        title = f"Gives {now / usual:.0%} of its usual power"
        return self._standing.begin(scene, place, "PowerLimited", run[0][1], title, evidence)

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """Nothing is waited for."""
        return NONE


def _peak(record: SessionRecord) -> int | None:
    """The power a session reached, W; by its energy where no power was told. None: it says nothing."""
    if record.state not in ENDED or record.ended_ms is None or (record.energy_wh or 0) < LEAST_WH:
        return None
    span = record.ended_ms - record.started_ms
    if span < LEAST_MS:
        return None
    if record.peak_power_w:
        return record.peak_power_w
    return round((record.energy_wh or 0) * HOUR_MS / span)
