"""Maintenance figures: MTBF, MTTR, MTTA, remote fixes, repeats; scorecards with honest intervals.

Reference section G. A failure is a fault that put an EVSE out of use; one that comes back within
30 min of clearing is the same failure. Times in ms, rates per connector-year. Pure.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from app.analytics.intervals import Share, median, shrunken_rate

SAME_MS = 30 * 60_000
YEAR_MS = 365 * 86_400_000
HOUR_MS = 3_600_000
REPEAT_MS = 30 * 86_400_000
FEW = 3
"""Fewer failures than this say nothing about a trend."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure of an EVSE. `fixed` is "remote", "field", "itself", or "" while it lasts or unknown."""

    station: str
    evse: int
    cause: str
    onset_ms: int
    announced_ms: int
    acknowledged_ms: int | None
    working_ms: int | None
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Figures of some EVSEs over a window; None where there is nothing to tell.

    `mtbf_h` with no failure is None, and `mtbf_over_h` then says "more than hours / 3" (the rule of
    three, 95 %).
    """

    failures: int
    service_h: float
    repair_h: float
    mtbf_h: float | None
    mtbf_over_h: float | None
    mttr_h: float | None
    mttr_median_h: float | None
    mtta_min: float | None
    mtta_median_min: float | None
    mttd_min: float | None
    availability: float | None
    remote_fix: Share
    repeats: Share
    open: int


def merged(failures: Iterable[Failure]) -> list[Failure]:
    """Failures of one EVSE and cause that came back within 30 min joined into one."""
    last: dict[tuple[str, int, str], Failure] = {}
    done: list[Failure] = []
    for failure in sorted(failures, key=lambda f: f.onset_ms):
        key = (failure.station, failure.evse, failure.cause)
        before = last.get(key)
        if before is not None and before.working_ms is not None:
            if failure.onset_ms - before.working_ms <= SAME_MS:
                joined = Failure(
                    before.station, before.evse, before.cause, before.onset_ms, before.announced_ms,
                    before.acknowledged_ms or failure.acknowledged_ms, failure.working_ms, failure.fixed,
                )  # fmt: skip
                last[key] = joined
                continue
            done.append(before)
        elif before is not None:
            continue
        last[key] = failure
    return sorted([*done, *last.values()], key=lambda f: (f.onset_ms, f.station, f.evse))


def maintenance(failures: Sequence[Failure], service_ms: int, now_ms: int) -> Maintenance:
    """The figures of failures (joined already) over so much in-service time of their EVSEs.

    Repair hours of one EVSE that lie over each other count once in none of the means, but each
    failure's own time to working is its own.
    """
    ended = [f for f in failures if f.working_ms is not None]
    repair_ms = sum((f.working_ms or now_ms) - f.onset_ms for f in failures)
    repairs = [((f.working_ms or 0) - f.onset_ms) / HOUR_MS for f in ended]
    answers = [(f.acknowledged_ms - f.announced_ms) / 60_000 for f in failures if f.acknowledged_ms]
    found = [(f.announced_ms - f.onset_ms) / 60_000 for f in failures]
    service_h, repair_h = service_ms / HOUR_MS, repair_ms / HOUR_MS
    count = len(failures)
    mtbf = (service_h - repair_h) / count if count else None
    mttr = repair_h / count if count else None
    known = [f for f in ended if f.fixed]
    return Maintenance(
        failures=count,
        service_h=service_h,
        repair_h=repair_h,
        mtbf_h=mtbf,
        mtbf_over_h=service_h / 3 if not count and service_h else None,
        mttr_h=mttr,
        mttr_median_h=median(repairs),
        mtta_min=mean(answers) if answers else None,
        mtta_median_min=median(answers),
        mttd_min=mean(found) if found else None,
        availability=mtbf / (mtbf + mttr) if mtbf is not None and mttr is not None else None,
        remote_fix=Share(sum(f.fixed == "remote" for f in known), len(known)),
        repeats=repeats(failures, now_ms),
        open=count - len(ended),
    )


def repeats(failures: Sequence[Failure], now_ms: int) -> Share:
    """Of failures fixed more than 30 days ago: how many came back (same EVSE and cause) within 30 days."""
    settled = [f for f in failures if f.working_ms is not None and now_ms - f.working_ms >= REPEAT_MS]
    onsets: dict[tuple[str, int, str], list[int]] = {}
    for failure in failures:
        onsets.setdefault((failure.station, failure.evse, failure.cause), []).append(failure.onset_ms)
    for times in onsets.values():
        times.sort()
    again = 0
    for f in settled:
        times, fixed = onsets[f.station, f.evse, f.cause], f.working_ms or 0
        after = bisect_right(times, fixed)
        again += after < len(times) and times[after] <= fixed + REPEAT_MS
    return Share(again, len(settled))


@dataclass(frozen=True, slots=True)
class Score:
    """One cell of a scorecard: failures a connector-year, shrunk to all's, with its 95 % range.

    `reading` is "better", "worse", "not clear" or "few data" against `all_per_year`.
    """

    group: tuple[str, ...]
    exposure_years: float
    failures: int
    per_year: float | None
    shrunken: float
    low: float
    high: float
    reading: str


def scorecard(groups: Iterable[tuple[tuple[str, ...], int, int]]) -> tuple[Score, ...]:
    """Scores of (group, exposure in connector-ms, failures), worst first."""
    given = [(group, exposure / YEAR_MS, count) for group, exposure, count in groups]
    years, failed = sum(years for _, years, _ in given), sum(count for _, _, count in given)
    overall = failed / years if years else 0.0
    scores = []
    for group, exposure, count in given:
        low, high = poisson_range(count, exposure)
        if count < FEW and exposure * overall < FEW:
            reading = "few data"
        elif low > overall:
            reading = "worse"
        elif high < overall:
            reading = "better"
        else:
            reading = "not clear"
        scores.append(
            Score(
                group,
                exposure,
                count,
                count / exposure if exposure else None,
                shrunken_rate(count, exposure, overall),
                low,
                high,
                reading,
            )
        )
    return tuple(sorted(scores, key=lambda score: (-score.shrunken, score.group)))


def poisson_range(count: int, exposure: float) -> tuple[float, float]:
    """The 95 % range of a rate of `count` events (Byar's approximation).

    Endless where nothing was exposed.
    """
    if exposure <= 0:
        return 0.0, float("inf")
    low = count * (1 - 1 / (9 * count) - 1.96 / (3 * count**0.5)) ** 3 if count else 0.0
    up = count + 1
    high = up * (1 - 1 / (9 * up) + 1.96 / (3 * up**0.5)) ** 3
    return max(0.0, low) / exposure, high / exposure
