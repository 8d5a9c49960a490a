"""How sessions ended, connector by connector: what the rules about bad sessions share (F.4)."""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from app.domain.records import SessionRecord, SessionState
from app.faults.standing import Place
from app.faults.statistics import binomial_tail, shrunk

MINUTE_MS, DAY_MS = 60_000, 86_400_000
KEPT = 10
"""The test looks at the last ten sessions of a connector."""
ENDED = frozenset({SessionState.CLOSED, SessionState.INFERRED, SessionState.REVIEW})


class BadSessionLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a session is bad, and when a run of them is an alarm.

    A session over empty_min with under empty_wh delivered nothing; one under short_wh or short_min
    broke off. usual_share of them is bad anyway (until own data of prior_sessions weight say
    otherwise); alarm_below is the probability under which the last ten are no chance. good_in_row
    good ones end it. tag_days: how long a tag's failing elsewhere counts as its vehicle's fault.
    """

    empty_min: float
    empty_wh: int
    short_wh: int
    short_min: float
    usual_share: float
    prior_sessions: float
    alarm_below: float
    good_in_row: int
    tag_days: float


class Outcome(NamedTuple):
    """One ended session, judged. `kind` is "good", "empty", "short"."""

    session: int
    ended_ms: int
    kind: str
    energy_wh: int
    minutes: float
    token: str


class Verdict(NamedTuple):
    """The test of a connector's last sessions. `tail` is P(X ≥ k) under `usual`."""

    bad: int
    of: int
    empty: int
    usual: float
    tail: float
    good_run: int
    last: tuple[Outcome, ...]


class Outcomes:
    """The last sessions of every connector, and how often sessions of a site are bad."""

    def __init__(self, limits: BadSessionLimits) -> None:
        self._limits = limits
        self._last: dict[Place, deque[Outcome]] = {}
        self._sites: dict[str, list[float]] = {}
        self._failed: dict[str, deque[tuple[int, str]]] = {}
        """By tag, those that failed longest ago first: when and at which station."""

    def hear(self, record: SessionRecord, site: str) -> Verdict | None:
        """A session's row; a verdict where it ended just now and says something of the charger."""
        if record.state not in ENDED or record.ended_ms is None or record.evse is None:
            return None
        place = Place(record.station, record.evse)
        last = self._last.setdefault(place, deque(maxlen=KEPT))
        if record.session in [known.session for known in last]:
            return None
        outcome = self._judged(record)
        if outcome is None:
            return None
        if outcome.kind != "good" and self._vehicle(record, outcome):
            return None
        last.append(outcome)
        counts = self._sites.setdefault(site, [0.0, 0.0])
        verdict = self._verdict(last, counts)
        counts[0] += outcome.kind != "good"
        counts[1] += 1
        return verdict

    def forget(self, place: Place) -> None:
        """What was is over: start afresh there."""
        self._last.pop(place, None)

    def _judged(self, record: SessionRecord) -> Outcome | None:
        if record.energy_wh is None or record.ended_ms is None:
            return None
        minutes, limits = (record.ended_ms - record.started_ms) / MINUTE_MS, self._limits
        kind = "good"
        if record.energy_wh < limits.empty_wh and minutes > limits.empty_min:
            kind = "empty"
        elif record.energy_wh < limits.short_wh or minutes < limits.short_min:
            # Somebody stopped it from afar: a wish, no failure.
            if record.stop_reason == "Remote":
                return None
            kind = "short"
        return Outcome(record.session, record.ended_ms, kind, record.energy_wh, minutes, record.token)

    def _vehicle(self, record: SessionRecord, outcome: Outcome) -> bool:
        """Whether this tag failed at another station lately: then it is its vehicle."""
        if not record.token:
            return False
        since = outcome.ended_ms - self._limits.tag_days * DAY_MS
        tags = self._failed
        failed = tags[record.token] = tags.pop(record.token, deque(maxlen=KEPT))
        elsewhere = any(at >= since and station != record.station for at, station in failed)
        failed.append((outcome.ended_ms, record.station))
        while (oldest := next(iter(tags.items())))[1][-1][0] < since:
            del tags[oldest[0]]
        return elsewhere

    def _verdict(self, last: Iterable[Outcome], counts: list[float]) -> Verdict:
        seen = tuple(last)
        kinds = [o.kind for o in seen]
        bad = len(kinds) - kinds.count("good")
        here = bad - (kinds[-1] != "good")
        others_bad, others = max(0.0, counts[0] - here), max(0.0, counts[1] - (len(seen) - 1))
        usual = shrunk(others_bad, others, self._limits.usual_share, self._limits.prior_sessions)
        usual = min(max(usual, self._limits.usual_share / 4), 0.4)
        run = 0
        for kind in reversed(kinds):
            if kind != "good":
                break
            run += 1
        empty = kinds.count("empty")
        return Verdict(bad, len(seen), empty, usual, binomial_tail(bad, len(seen), usual), run, seen)


def evidence_of(verdict: Verdict, limits: BadSessionLimits) -> dict[str, object]:
    """What a person needs to believe it."""
    return {
        "bad_sessions": verdict.bad,
        "of_last": verdict.of,
        "without_energy": verdict.empty,
        "usual_share_bad": round(verdict.usual, 4),
        "probability_by_chance": verdict.tail,
        "threshold_probability": limits.alarm_below,
        "sessions": [
            {
                "session": o.session,
                "ended_ms": o.ended_ms,
                "energy_wh": o.energy_wh,
                "minutes": round(o.minutes, 1),
            }
            for o in verdict.last
        ],
    }
