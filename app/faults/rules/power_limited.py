"""A connector that gives far less power than it usually does, though nobody said so (F.7).

One slow vehicle proves nothing: a run of sessions does. Either each of them is under half of the usual, in a
run longer than the share of slow ones that is usual for this connector explains; or none of the last ones
comes near a power that most of those before exceeded, which is how a limit above that half shows where
vehicles differ.
"""

from collections import deque
from statistics import median
from typing import NamedTuple

import msgspec

from app.domain.records import Record, SessionRecord
from app.faults.limits import Limits
from app.faults.outcomes import ENDED
from app.faults.rule import Finding, Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told
from app.faults.statistics import none_above, shrunk

HOUR_MS = 3_600_000
LEAST_MS = 300_000
LEAST_WH = 500


class PowerLimitedLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A session is slow under `share` of the median peak; `sessions` slow ones in a row whose chance is
    below alarm_below are a fault. The usual is learnt from the last keep, once there are learn_from.

    So is it where the greatest peak of the last ceiling_sessions, times ceiling_margin, was exceeded before
    so often that the chance of none among them is below alarm_below. Where vehicles come in any order, that
    chance is exact, and at most that share of sessions raises a false alarm.
    """

    share: float
    sessions: int
    learn_from: int
    keep: int
    usual_slow_share: float
    prior_sessions: float
    alarm_below: float
    ceiling_sessions: int
    ceiling_margin: float


class Reached(NamedTuple):
    """What a session reached, W."""

    session: int
    started_ms: int
    peak_w: int


class PowerLimited(Resumes):
    """Compares the peak power of sessions with the peaks that were usual before."""

    name = "power_limited"
    hears: tuple[type, ...] = (SessionRecord,)
    learns = True

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, PowerLimitedLimits)
        self._standing = Standing(self.name)
        self._known: dict[Place, deque[Reached]] = {}
        """The last sessions, but those of which a fault was told."""
        self._run: dict[Place, list[Reached]] = {}
        """The slow ones since the last that was not."""
        self._seen: dict[Place, int] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A session's row; it counts once, when it has ended."""
        assert isinstance(record, SessionRecord)
        peak = _peak(record)
        place = Place(record.station, record.evse or 0, record.connector or 0)
        if peak is None or record.session <= self._seen.get(place, 0):
            return NONE
        self._seen[place] = record.session
        one, ended_ms = Reached(record.session, record.started_ms, peak), record.ended_ms or scene.now_ms
        held = next((found for found in self._standing.at(place) if "ceiling_w" in found.evidence), None)
        if held is not None and peak <= self._limits.ceiling_margin * held.evidence["ceiling_w"]:
            return self._still_under(held, place, one, scene)
        limits = self._limits
        known = self._known.setdefault(place, deque(maxlen=limits.keep + limits.ceiling_sessions))
        run = self._run.setdefault(place, [])
        if held is None:
            told = self._slow(place, one, ended_ms, scene)
        else:
            told = self._standing.end(place, ended_ms, peak_w=peak)
        if run and self._standing.holds(place):
            self._known[place] = deque((one for one in known if one not in run), known.maxlen)
            return told
        known.append(one)
        return told or self._under_ceiling(place, scene)

    def _slow(self, place: Place, one: Reached, ended_ms: int, scene: Scene) -> Told:
        """Each session of the run under half of the usual."""
        run = self._run[place]
        peaks = [before.peak_w for before in self._known[place] if before not in run][-self._limits.keep :]
        if len(peaks) < self._limits.learn_from:
            return NONE
        usual = round(median(peaks))
        if one.peak_w >= self._limits.share * usual:
            # The run is over, and was what such sessions usually are unless it was told.
            run.clear()
            return self._standing.end(place, ended_ms, peak_w=one.peak_w)
        run.append(one)
        slow = sum(p < self._limits.share * usual for p in peaks)
        rate = shrunk(slow, len(peaks), self._limits.usual_slow_share, self._limits.prior_sessions)
        chance = rate ** len(run)
        if len(run) < self._limits.sessions or chance >= self._limits.alarm_below:
            return NONE
        now = median(p.peak_w for p in run)
        evidence = {
            "usual_peak_w": usual,
            "peak_now_w": round(now),
            "share_of_usual": round(now / usual, 3),
            "slow_sessions_in_a_row": len(run),
            "usual_share_slow": round(rate, 4),
            "probability_by_chance": chance,
            "threshold_probability": self._limits.alarm_below,
            "sessions": [p.session for p in run[-10:]],
        }
        title = f"Gives {now / usual:.0%} of its usual power"
        return self._standing.begin(scene, place, "PowerLimited", run[0].started_ms, title, evidence)

    def _under_ceiling(self, place: Place, scene: Scene) -> Told:
        """None of the last sessions comes near what most before exceeded."""
        limits, seen = self._limits, [*self._known[place]]
        before, last = seen[: -limits.ceiling_sessions], seen[-limits.ceiling_sessions :]
        if len(before) < limits.learn_from:
            return NONE
        ceiling = max(one.peak_w for one in last)
        above = sum(one.peak_w > limits.ceiling_margin * ceiling for one in before)
        chance = none_above(above, len(before), len(last))
        if chance >= limits.alarm_below:
            return NONE
        usual, now = median(one.peak_w for one in before), median(one.peak_w for one in last)
        evidence = {
            "usual_peak_w": round(usual),
            "peak_now_w": round(now),
            "share_of_usual": round(now / usual, 3),
            "ceiling_w": ceiling,
            "sessions_under_ceiling": len(last),
            "sessions_before": len(before),
            "sessions_before_well_above": above,
            "probability_by_chance": chance,
            "threshold_probability": limits.alarm_below,
            "sessions": [one.session for one in last[-10:]],
        }
        title = f"Never above {ceiling / 1000:.3g} kW, its usual is {usual / 1000:.3g} kW"
        told = self._standing.begin(scene, place, "PowerLimited", last[0].started_ms, title, evidence)
        if told:
            self._known[place] = deque(before, self._known[place].maxlen)
            self._run[place].clear()
        return told

    def _still_under(self, held: Finding, place: Place, one: Reached, scene: Scene) -> Told:
        """One more that does not come near it."""
        was = held.evidence
        under = was["sessions_under_ceiling"] + 1
        evidence = {
            **was,
            "sessions_under_ceiling": under,
            "probability_by_chance": none_above(
                was["sessions_before_well_above"], was["sessions_before"], under
            ),
            "sessions": [*was["sessions"], one.session][-10:],
        }
        return self._standing.begin(scene, place, held.code, held.at_ms, held.title, evidence)


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
