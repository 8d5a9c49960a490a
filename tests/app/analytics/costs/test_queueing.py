"""Who is turned away where some wait, and what hours of the week are told by few counts."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analytics.costs.drivers_log import DAY_MS, Came
from app.analytics.costs.gather_churn import year_of_drivers
from app.analytics.costs.gather_unheard import charging_on
from app.analytics.costs.pool_month import full_spans, smoothed, who_waited
from app.analytics.costs.queueing import (
    TurnedAway,
    gamma_points,
    lost_of_one,
    served_after_waiting,
    turned_away,
)
from app.faults.pricing import erlang_b


def test_with_nobody_waiting_it_is_erlang_b() -> None:
    loads = np.array([0.1, 1.8, 4.0])
    for connectors in range(5):
        told = turned_away(connectors, loads, 0.75)
        assert told.tolist() == pytest.approx([erlang_b(connectors, load)[-1] for load in loads.tolist()])


def test_who_waits_is_lost_less_often_and_never_where_nothing_works() -> None:
    load = np.array([1.8])
    none, some, all_of_them = (float(turned_away(3, load, 0.75, share)[0]) for share in (0.0, 0.5, 1.0))
    assert none > some > all_of_them > 0
    assert float(turned_away(0, load, 0.75, 1.0)[0]) == 1.0


def test_waiting_helps_little_where_stays_are_long() -> None:
    load = np.array([1.8])
    short, long = (
        float(turned_away(3, load, stay, 0.6)[0] / turned_away(3, load, stay)[0]) for stay in (0.5, 8.0)
    )
    assert short < 0.85
    assert long > 0.95
    assert served_after_waiting(3, 0.5) > served_after_waiting(3, 8.0)


def test_who_fails_where_all_others_are_taken_costs_less_as_others_charge_in_his_place() -> None:
    """D.2: B(0…4) = 1, 0.6429, 0.3665, 0.1803, 0.0750 at 1.8 erlangs."""
    lost = [lost_of_one(lambda n, load: erlang_b(n, load)[-1], 4, taken, [1.8]) for taken in range(4)]
    assert lost == pytest.approx([1 - 0.0750 / b for b in (1, 0.6429, 0.3665, 0.1803)], abs=5e-4)


@given(st.integers(1, 12), st.floats(0.05, 15))
def test_what_single_drivers_are_worth_adds_up_to_what_more_bring(connectors: int, load: float) -> None:
    """Over all who are served, by how many connectors they found taken: the derivative of what is served."""
    blocked = erlang_b(connectors, load)
    weights = np.array([load**n / math.factorial(n) for n in range(connectors + 1)])
    found = weights / weights.sum()
    each = [lost_of_one(lambda n, at: erlang_b(n, at)[-1], connectors, n, [load]) for n in range(connectors)]
    more, fewer = (at * (1 - erlang_b(connectors, at)[-1]) for at in (load * 1.0001, load * 0.9999))
    assert float(found[:-1] @ np.array(each)) == pytest.approx((more - fewer) / (0.0002 * load), abs=1e-4)
    assert blocked[-1] == pytest.approx(found[-1])


def test_looked_up_it_is_the_same() -> None:
    table = TurnedAway(4, 0.75, 0.4)
    for load in (0.003, 0.21, 1.8, 7.7):
        exact = float(turned_away(4, np.array([load]), 0.75, 0.4)[0])
        assert table(4, load) == pytest.approx(exact, rel=3e-3, abs=1e-9)
    assert table(0, 1.8) == 1.0


def test_points_of_a_day_keep_its_mean() -> None:
    points = gamma_points(1.2, 0.1)
    assert sum(points) / len(points) == pytest.approx(1.2)
    assert list(points) == sorted(points)
    assert gamma_points(1.2, 0.0) == (1.2,) * 5


def test_hours_are_drawn_to_their_kind_of_day_as_far_as_counts_leave_no_doubt() -> None:
    rng = np.random.default_rng(5)
    hour = np.arange(168) % 24
    true = np.where((hour >= 8) & (hour < 18), 1.2, 0.2)
    hours = np.full(168, 15.0)
    counts = rng.poisson(true * hours).astype(float)
    found, noise = smoothed(counts, hours, counts / hours, 1.0)
    assert np.abs(found - true).mean() < 0.6 * np.abs(counts / hours - true).mean()
    assert 0 < noise.mean() < 0.3
    # An hour that truly differs from its kind of day keeps what was counted.
    counts[10] = 120.0
    odd, _ = smoothed(counts, hours, counts / hours, 1.0)
    assert odd[10] > 4.0


def test_who_plugs_in_as_one_leaves_a_full_pool_had_waited() -> None:
    taken = [(0, 100), (10, 90), (90_000, 200_000), (95_000, 300_000), (260_000, 400_000)]
    full = full_spans(taken, 2)
    assert full == [(10, 90), (95_000, 200_000), (260_000, 300_000)]
    assert who_waited(taken, full) == [90, 200_000]


def test_short_silences_say_little_of_whether_a_station_charged_on() -> None:
    assert charging_on(0, []) == pytest.approx(0.5)
    assert charging_on(10, [0.05] * 30) > 0.8
    assert charging_on(10, [6.0] * 30) < 0.3


def _weekly(weeks: int, gone: int = 99, bad: int = -1) -> list[Came]:
    return [Came(n * 7 * DAY_MS, 0, n != bad, n == bad) for n in range(min(weeks, gone))]


def test_a_month_is_judged_by_its_year_and_by_follow_ups_that_are_over() -> None:
    drivers = [_weekly(52, gone=20, bad=19) for _ in range(10)] + [_weekly(52) for _ in range(40)]
    end = 240 * DAY_MS
    told = year_of_drivers(drivers, 7.0, end, end + 100 * DAY_MS, lambda *_: False)
    assert (told.test.exposed, told.test.exposed_lapsed) == (10, 10)
    assert told.test.controls > 100
    assert told.test.controls_lapsed < 0.2 * told.test.controls
    assert told.test.clear_every_month
    early = year_of_drivers(drivers, 7.0, end, 150 * DAY_MS, lambda *_: False)
    assert early.test.exposed == 0
    shut = year_of_drivers(drivers, 7.0, end, end + 100 * DAY_MS, lambda *_: True)
    assert shut.test.exposed == 0


def test_who_leaves_anyway_is_worth_less_of_a_year() -> None:
    stay = [_weekly(80) for _ in range(40)]
    leave = [_weekly(80, gone=6 + n) for n in range(40)]
    end, due = 300 * DAY_MS, 500 * DAY_MS
    faithful, fickle = (year_of_drivers(found, 7.0, end, due, lambda *_: False) for found in (stay, leave))
    assert faithful.stays > 0.9
    assert fickle.stays < 0.7
