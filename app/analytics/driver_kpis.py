"""Driver-facing figures: start success, first attempt, session success, the funnel, and where it is lost.

Reference section B.1. Every share carries its counts, so that its interval can be shown.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.analytics.attempts import STEPS, Attempt, Step, visits_of
from app.analytics.intervals import Share, median, nearest_rank


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many attempts came to a step, and of those that came no further, why (most frequent first)."""

    step: Step
    count: int
    lost: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class DriverKpis:
    """Figures over a set of attempts. Times in seconds; `cancelled` and `running` are left out."""

    attempts: int
    visits: int
    cancelled: int
    running: int
    session_success: Share
    start_success: Share
    completion: Share
    first_attempt: Share
    visit_success: Share
    tries_per_good_visit: Fraction | None
    start_median_s: float | None
    start_p90_s: float | None
    within_60_s: Share
    funnel: tuple[FunnelStep, ...]


def driver_kpis(attempts: Iterable[tuple[str, Attempt]]) -> DriverKpis:
    """The figures of attempts, each with the place (site) at which visits are counted."""
    given = list(attempts)
    judged = [a for _, a in given if not a.cancelled and not a.running]
    visits = visits_of(given)
    good = [visit for visit in visits if any(a.good for a in visit)]
    started = [a for a in judged if a.came_to(Step.ENERGY)]
    firsts = [1 + next(n for n, a in enumerate(visit) if a.good) for visit in good]
    waits = [a.start_ms / 1000 for a in judged if a.start_ms is not None and a.came_to(Step.ENERGY)]
    return DriverKpis(
        attempts=len(judged),
        visits=len(visits),
        cancelled=sum(a.cancelled for _, a in given),
        running=sum(a.running for _, a in given),
        session_success=Share(sum(a.good for a in judged), len(judged)),
        start_success=Share(len(started), len(judged)),
        completion=Share(sum(a.good for a in started), len(started)),
        first_attempt=Share(sum(visit[0].good for visit in visits), len(visits)),
        visit_success=Share(len(good), len(visits)),
        tries_per_good_visit=Fraction(sum(firsts), len(firsts)) if firsts else None,
        start_median_s=median(waits),
        start_p90_s=nearest_rank(waits, 0.9),
        within_60_s=Share(sum(wait <= 60 for wait in waits), len(waits)),
        funnel=funnel_of(judged),
    )


def funnel_of(attempts: Sequence[Attempt]) -> tuple[FunnelStep, ...]:
    """How many came to each step, and why those that stopped there did."""
    steps = []
    for step in STEPS:
        came = [a for a in attempts if a.came_to(step)]
        stuck = Counter(a.lost for a in came if a.reached is step and not a.good)
        steps.append(FunnelStep(step, len(came), tuple(stuck.most_common())))
    return tuple(steps)
