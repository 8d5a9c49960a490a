"""How good the queue itself is: the alarm figures of ISA-18.2 and EEMUA 191 (reference section C.4).

Counted are entries into UNACK alone. Rates, floods and the like belong to attended hours, in which a
person was signed in or acted; what was announced in others is reported apart. Times are ms UTC.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

HOUR_MS = 3_600_000
BIN_MS = 600_000
FLOOD_BEGINS = 10
"""A flood begins with a 10-min period of more alarms than this …"""
FLOOD_ENDS = 5
"""… and ends with one of fewer than this."""
CHATTER_TIMES = 3
CHATTER_MS = 60_000
FLEETING_MS = 10_000
STALE_MS = 86_400_000
MOST_FREQUENT = 10


class Announced(NamedTuple):
    """One entry into UNACK, with what became of it; None: not yet."""

    at_ms: int
    kind: str
    """What it was of: the same kind at the same place is one alarm."""
    priority: str
    acknowledged_ms: int | None = None
    cleared_ms: int | None = None


class Span(NamedTuple):
    """A half-open span."""

    start_ms: int
    end_ms: int


class Flood(NamedTuple):
    """A flood: its first and last period, and how many alarms it had."""

    start_ms: int
    end_ms: int
    alarms: int


class Target(NamedTuple):
    """What is aimed at and what is the limit, as commonly quoted; None: none is."""

    figure: str
    target: float | None
    limit: float | None


TARGETS: Mapping[str, Target] = {
    t.figure: t
    for t in (
        Target("per_operator_hour", 6, 12),
        Target("per_ten_minutes", 1, 2),
        Target("most_in_ten_minutes", 10, None),
        Target("periods_above_ten", 0.01, 0.05),
        Target("time_in_flood", 0.01, None),
        Target("share_of_most_frequent", 0.05, 0.20),
        Target("chattering", 0, None),
        Target("fleeting", 0, None),
        Target("stale_a_day", 5, None),
    )
}


@dataclass(frozen=True, slots=True)
class AlarmKpis:
    """The figures of a window; shares are between 0 and 1, None where there is nothing to divide by."""

    attended_ms: int
    alarms: int
    unattended_alarms: int
    """Announced while nobody was there; in none of the other figures."""
    per_operator_hour: Fraction | None
    per_ten_minutes: Fraction | None
    most_in_ten_minutes: int
    periods_above_ten: Fraction | None
    time_in_flood: Fraction | None
    floods: tuple[Flood, ...]
    most_frequent: tuple[tuple[str, int], ...]
    share_of_most_frequent: Fraction | None
    chattering: tuple[tuple[str, int], ...]
    """Alarms that chattered, with how many episodes."""
    fleeting: int
    stale: int
    stale_a_day: Fraction | None
    priorities: Mapping[str, Fraction] = field(default_factory=dict)
    median_acknowledge_ms: int | None = None
    p90_acknowledge_ms: int | None = None
    """Of P1, by nearest rank."""


def alarm_kpis(alarms: Iterable[Announced], attended: Sequence[Span], now_ms: int) -> AlarmKpis:
    """The figures.

    Args:
        alarms: what was announced in the window, in any order.
        attended: when somebody was there, in order and apart.
        now_ms: the end of what is known; what stands at it is judged up to it.
    """
    told = sorted(alarms)
    there = [a for a in told if any(s.start_ms <= a.at_ms < s.end_ms for s in attended)]
    counts = [n for span in attended for n in periods([a.at_ms for a in there], span)]
    found = [f for span in attended for f in floods([a.at_ms for a in there], span)]
    length = sum(s.end_ms - s.start_ms for s in attended)
    kinds = Counter(a.kind for a in there).most_common()
    frequent = tuple(kinds[:MOST_FREQUENT])
    by_kind: dict[str, list[int]] = {}
    for alarm in told:
        by_kind.setdefault(alarm.kind, []).append(alarm.at_ms)
    chatter = ((kind, len(chattering(times))) for kind, times in sorted(by_kind.items()))
    waits = sorted(a.acknowledged_ms - a.at_ms for a in there if a.priority == "P1" and a.acknowledged_ms)
    stale = sum((a.cleared_ms if a.cleared_ms is not None else now_ms) - a.at_ms > STALE_MS for a in told)
    return AlarmKpis(
        attended_ms=length,
        alarms=len(there),
        unattended_alarms=len(told) - len(there),
        per_operator_hour=Fraction(len(there) * HOUR_MS, length) if length else None,
        per_ten_minutes=Fraction(len(there) * BIN_MS, length) if length else None,
        most_in_ten_minutes=max(counts, default=0),
        periods_above_ten=Fraction(sum(n > FLOOD_BEGINS for n in counts), len(counts)) if counts else None,
        time_in_flood=Fraction(sum(f.end_ms - f.start_ms for f in found), length) if length else None,
        floods=tuple(found),
        most_frequent=frequent,
        share_of_most_frequent=Fraction(sum(n for _, n in frequent), len(there)) if there else None,
        chattering=tuple((kind, times) for kind, times in chatter if times),
        fleeting=sum(_fleeting(a) for a in told),
        stale=stale,
        stale_a_day=Fraction(stale * STALE_MS, length) if length else None,
        priorities=_mix(there),
        median_acknowledge_ms=median(waits),
        p90_acknowledge_ms=nearest_rank(waits, 90),
    )


def periods(times: Sequence[int], span: Span) -> list[int]:
    """How many alarms each 10-min period of a span has, from its start; a last piece counts as one."""
    counts = [0] * -(-(span.end_ms - span.start_ms) // BIN_MS)
    for at in times:
        if span.start_ms <= at < span.end_ms:
            counts[(at - span.start_ms) // BIN_MS] += 1
    return counts


def floods(times: Sequence[int], span: Span) -> list[Flood]:
    """The floods of a span: from a period of more than 10 alarms to the first of fewer than 5."""
    found: list[Flood] = []
    start: int | None = None
    alarms = 0
    for n, count in enumerate(periods(times, span)):
        at = span.start_ms + n * BIN_MS
        if start is None and count > FLOOD_BEGINS:
            start, alarms = at, 0
        elif start is not None and count < FLOOD_ENDS:
            found.append(Flood(start, at, alarms))
            start = None
        if start is not None:
            alarms += count
    if start is not None:
        found.append(Flood(start, span.end_ms, alarms))
    return found


def chattering(times: Sequence[int]) -> list[Span]:
    """Episodes of three or more activations of one alarm within 60 s; those that touch are one."""
    found: list[Span] = []
    at = sorted(times)
    for first, last in zip(at, at[CHATTER_TIMES - 1 :], strict=False):
        if last - first > CHATTER_MS:
            continue
        if found and first <= found[-1].end_ms:
            found[-1] = Span(found[-1].start_ms, last)
        else:
            found.append(Span(first, last))
    return found


def median(values: Sequence[int]) -> int | None:
    """The middle of sorted values, of two the mean, rounded half up; None of none."""
    if not values:
        return None
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half] + 1) // 2


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """A percentile of sorted values by nearest rank; None of none."""
    return values[-(-len(values) * percent // 100) - 1] if values else None


def _fleeting(alarm: Announced) -> bool:
    """Gone within 10 s before anybody did anything."""
    if alarm.cleared_ms is None or alarm.cleared_ms - alarm.at_ms >= FLEETING_MS:
        return False
    return alarm.acknowledged_ms is None or alarm.acknowledged_ms > alarm.cleared_ms


def _mix(alarms: Sequence[Announced]) -> dict[str, Fraction]:
    counts = Counter(a.priority for a in alarms)
    return {priority: Fraction(n, len(alarms)) for priority, n in sorted(counts.items())}
