"""Who left after a bad experience and who did without one, over a year of months (reference H).

A month alone has too few drivers to tell them apart: its own are judged by the difference of the twelve
months that end with it. Only follow-ups that are over when the month's own are count, so that a month's
figure stays what it is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import exp

from app.analytics.costs.churn import ChurnTest, follow_up_days, lapsed, mean_gap_days
from app.analytics.costs.drivers_log import DAY_MS, Came

QUIET_MS = 60 * DAY_MS
"""A control met nothing bad for so long."""
KNOWN = 3
"""So many visits before make a driver known; fewer a newcomer."""
LONGEST_MS = 190 * DAY_MS
"""No follow-up goes on for longer."""
BANDS = (5.0, 10.0, 20.0, 40.0)
"""Drivers are compared with those who come about as often: mean pauses in days."""

YEAR_MS = 365 * DAY_MS
MONTH_MS = 365 * DAY_MS // 12
STAY_MS, ENOUGH = 180 * DAY_MS, 30
"""How long controls are watched to see who stays a customer, and how many it takes."""
NEVER = -(10**15)

Stratum = tuple[int, int]
"""(site, band)."""


@dataclass(slots=True)
class _Counts:
    exposed: dict[Stratum, list[bool]] = field(default_factory=dict)
    controls: dict[Stratum, list[bool]] = field(default_factory=dict)
    came: int = 0
    usual: float = 0.0
    watched: int = 0

    def watch(self, times: Sequence[int], n: int, gap: float, due_ms: int) -> None:
        """Who stays a customer: visits after one against those that his pauses promise."""
        if times[n] + STAY_MS <= due_ms:
            self.came += bisect_right(times, times[n] + STAY_MS) - n - 1
            self.usual += STAY_MS / DAY_MS / gap
            self.watched += 1


@dataclass(frozen=True, slots=True)
class YearOfDrivers:
    """The comparison of a year, and the share of a driver's usual visits that he makes in the next twelve
    months, as drivers leave who met nothing bad."""

    test: ChurnTest
    stays: float


def followed(at_ms: int, gap: float) -> int:
    """When a driver's follow-up is over."""
    return at_ms + min(round(follow_up_days(gap) * DAY_MS), LONGEST_MS)


def band(gap: float) -> int:
    """How often he comes, roughly."""
    return bisect_right(BANDS, gap)


def is_lapsed(times: Sequence[int], at_ms: int, gap: float, now_ms: int) -> bool:
    """Whether he is silent for too long when his follow-up ends, or now where it goes on."""
    until = min(followed(at_ms, gap), now_ms)
    last = times[bisect_right(times, until) - 1]
    return lapsed((until - last) / DAY_MS, gap)


def year_of_drivers(
    histories: Iterable[Sequence[Came]], fleet: float, end_ms: int, due_ms: int,
    cannot_tell: Callable[[Sequence[Came], int, float], bool],
) -> YearOfDrivers:  # fmt: skip
    """The year of months that ends with one.

    Args:
        histories: each driver's visits, in order.
        fleet: the usual pause.
        end_ms: the month's end.
        due_ms: when its follow-up is over; later ones do not count.
        cannot_tell: whether a driver with such visits before, indexed then, cannot be followed.
    """
    counts = _Counts()
    for came in histories:
        if len(came) > KNOWN:
            _look(counts, came, fleet, (end_ms, due_ms), cannot_tell)
    mine = lost = controls = 0
    share = 0.0
    for key, hit in counts.exposed.items():
        if others := counts.controls.get(key):
            mine, lost, controls = mine + len(hit), lost + sum(hit), controls + len(others)
            share += len(hit) * sum(others) / len(others)
    left = round(share / mine * controls) if mine else 0
    kept = _twelve_months(counts.came / counts.usual) if counts.watched >= ENOUGH else 1.0
    return YearOfDrivers(ChurnTest(mine, lost, controls, left), kept)


def _look(
    counts: _Counts, came: Sequence[Came], fleet: float, ends: tuple[int, int],
    cannot_tell: Callable[[Sequence[Came], int, float], bool],
) -> None:  # fmt: skip
    """One driver: where he was hit first, and in each month where he was not."""
    end_ms, due_ms = ends
    times = [visit.at_ms for visit in came]
    last_bad = entered = block = NEVER
    for n in range(KNOWN, len(came)):
        visit, at = came[n], times[n]
        if at >= end_ms:
            break
        first = bisect_left(times, at - YEAR_MS)
        month = (end_ms - at) // MONTH_MS
        fresh = visit.bad and at - entered > YEAR_MS
        control = visit.good and not visit.bad and month != block and at - last_bad > QUIET_MS
        if at >= end_ms - YEAR_MS and n - first >= KNOWN and (fresh or control):
            pauses = n - 1 - first
            gap = mean_gap_days([(times[n - 1] - times[first]) / DAY_MS / pauses] * pauses, fleet)
            if followed(at, gap) <= due_ms and not cannot_tell(came[first:n], at, gap):
                side = counts.exposed if fresh else counts.controls
                side.setdefault((visit.site, band(gap)), []).append(is_lapsed(times, at, gap, due_ms))
            if control:
                block = month
                counts.watch(times, n, gap, due_ms)
        if visit.bad:
            last_bad = entered = at


def _twelve_months(kept: float) -> float:
    """The share of usual visits in a year, from that in STAY_MS, if drivers leave at an even rate."""
    if kept >= 1:
        return 1.0
    low, high = 0.0, 50.0
    for _ in range(50):
        x = (low + high) / 2
        if x > 0 and (1 - exp(-x)) / x > max(kept, 0.02):
            low = x
        else:
            high = x
    whole = high * YEAR_MS / STAY_MS
    return (1 - exp(-whole)) / whole if whole > 0 else 1.0
