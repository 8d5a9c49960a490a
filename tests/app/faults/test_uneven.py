"""How much days differ, and what a gap proves where they do."""

from math import exp

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.faults.uneven import PoolDays, Uneven, weighed


def learnt(factors: list[float], mu: float, seed: int = 1) -> Uneven:
    """What is learnt of days on which `mu` starts were due, each so many times as good as usual."""
    rng = np.random.default_rng(seed)
    days, uneven = PoolDays(), Uneven(0.08, 30, 26, 13)
    for day, factor in enumerate(factors):
        for _ in range(rng.poisson(mu * factor)):
            days.started(day)
        days.open_on(day, mu)
    days.open_on(len(factors), 0.0)
    uneven.add(0, *days.settle())
    return uneven


@pytest.mark.parametrize("truth", [0.0, 0.15, 0.5])
def test_the_spread_of_days_is_told_by_what_came_on_them(truth: float) -> None:
    rng = np.random.default_rng(3)
    factors = rng.gamma(1 / truth, truth, 4_000) if truth else np.ones(4_000)
    assert learnt(factors.tolist(), 6.0).variance == pytest.approx(truth, abs=0.03)


def test_before_days_tell_what_is_usual_elsewhere_holds() -> None:
    assert Uneven(0.08, 30, 26, 13).variance == pytest.approx(0.08)
    assert learnt([1.0] * 10, 6.0).variance == pytest.approx(0.06, abs=0.03)


def test_older_days_count_less() -> None:
    uneven = Uneven(0.08, 30, 26, 13)
    uneven.add(0, 1_000, 500.0, 1_000.0)
    before = uneven.variance
    uneven.add(13, 1_000, 0.0, 1_000.0)
    assert before > 0.45
    assert uneven.variance == pytest.approx(0.5 / 3, abs=0.01)


def test_it_is_the_same_however_long_somebody_has_been_learning() -> None:
    """Else a month's costs hung on whether the months before it were asked for, too."""
    long, short = Uneven(0.08, 30, 26, 13), Uneven(0.08, 30, 26, 13)
    for week in range(80):
        told = (week, 70, 9.0 + week % 5, 40.0)
        long.add(*told)
        if week >= 80 - 26:
            short.add(*told)
    assert long.variance == pytest.approx(short.variance)


def test_a_day_that_is_not_over_tells_nothing_yet() -> None:
    days = PoolDays()
    days.open_on(5, 3.0)
    days.started(5)
    assert days.settle() == (0, 0.0, 0.0)
    days.open_on(6, 0.1)
    assert days.settle() == (1, (1 - 3.0) ** 2 - 3.0, 9.0)


@given(st.floats(0, 60), st.floats(0, 2))
@example(3.0, 5e-324)
def test_a_gap_never_proves_more_than_on_days_all_alike(mu: float, uneven: float) -> None:
    assert 0 <= weighed(mu, uneven) <= mu + 1e-9


def test_the_chance_of_nobody_is_the_mean_over_all_kinds_of_days() -> None:
    rng = np.random.default_rng(7)
    factors = rng.gamma(1 / 0.15, 0.15, 400_000)
    assert exp(-weighed(4.0, 0.15)) == pytest.approx(float(np.exp(-4.0 * factors).mean()), rel=0.02)
    assert weighed(4.0, 0.0) == 4.0
