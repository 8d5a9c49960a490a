"""The alarm figures, with the reference's worked numbers to the last digit."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.analytics.alarm_kpis import (
    BIN_MS,
    TARGETS,
    AlarmKpis,
    Announced,
    Flood,
    Span,
    alarm_kpis,
    chattering,
    floods,
    median,
    nearest_rank,
    periods,
)

M, S = 60_000, 1_000
TWO_HOURS = Span(0, 120 * M)
# Seven scattered alarms, then 14 in minutes 60-69, 6 in 70-79, 3 in 80-89 (section C, [C]).
MINUTES = [3, 11, 19, 28, 36, 44, 55] + [60 + i * 10 // 14 for i in range(14)]
MINUTES += [70, 71, 72, 74, 76, 78, 81, 84, 88]
ALARMS = [Announced(m * M, f"alarm {n}", "P3") for n, m in enumerate(MINUTES)]


def test_two_operator_hours_of_the_reference() -> None:
    kpis = alarm_kpis(ALARMS, [TWO_HOURS], 120 * M)
    assert kpis.alarms == 30
    assert kpis.per_operator_hour == 15
    assert kpis.floods == (Flood(60 * M, 80 * M, 20),)
    assert kpis.most_in_ten_minutes == 14
    assert kpis.periods_above_ten == Fraction(1, 12)
    assert kpis.time_in_flood == Fraction(1, 6)
    assert kpis.per_ten_minutes == Fraction(5, 2)


def test_chattering_of_the_reference() -> None:
    times = [t * S for t in (0, 15, 40, 300, 330, 355, 900)]
    assert chattering(times) == [Span(0, 40 * S), Span(300 * S, 355 * S)]
    kpis = alarm_kpis([Announced(t, "lock", "P2") for t in times], [TWO_HOURS], 120 * M)
    assert kpis.chattering == (("lock", 2),)


def test_what_came_while_nobody_was_there_is_apart() -> None:
    kpis = alarm_kpis(ALARMS, [Span(0, 60 * M)], 120 * M)
    assert (kpis.alarms, kpis.unattended_alarms) == (7, 23)
    assert kpis.per_operator_hour == 7
    assert not kpis.floods


def test_nobody_was_ever_there() -> None:
    kpis = alarm_kpis(ALARMS, [], 120 * M)
    assert (kpis.alarms, kpis.unattended_alarms, kpis.per_operator_hour) == (0, 30, None)
    assert kpis.share_of_most_frequent is None


def test_mix_times_and_nuisance() -> None:
    alarms = [
        Announced(0, "a", "P1", 2 * M, None),
        Announced(10, "b", "P1", 4 * M, 5 * M),
        Announced(20, "c", "P1", 30 * M, 40 * M),
        Announced(30, "d", "P3", None, 30 + 9 * S),
        Announced(40, "d", "P3", 50, 40 + 9 * S),
    ]
    kpis = alarm_kpis(alarms, [TWO_HOURS], 25 * 60 * M)
    assert kpis.priorities == {"P1": Fraction(3, 5), "P3": Fraction(2, 5)}
    assert kpis.median_acknowledge_ms == 4 * M - 10
    assert kpis.p90_acknowledge_ms == 30 * M - 20
    assert (kpis.fleeting, kpis.stale) == (1, 1)
    assert kpis.most_frequent[0] == ("d", 2)


def test_middles_and_ranks() -> None:
    assert (median([]), median([3]), median([3, 6])) == (None, 3, 5)
    assert (nearest_rank([], 90), nearest_rank(list(range(1, 11)), 90)) == (None, 9)


def test_every_target_is_a_figure() -> None:
    assert set(TARGETS) <= set(AlarmKpis.__dataclass_fields__)


@given(st.lists(st.integers(0, 120 * M - 1)))
def test_periods_hold_every_alarm_once_and_floods_lie_within(times: list[int]) -> None:
    assert sum(periods(times, TWO_HOURS)) == len(times)
    found = floods(times, TWO_HOURS)
    assert sum(f.alarms for f in found) <= len(times)
    assert all(f.end_ms - f.start_ms >= BIN_MS and f.alarms > 10 for f in found)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(found))
