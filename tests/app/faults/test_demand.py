"""Demand as it is learnt from what stations say."""

from zoneinfo import ZoneInfo

import numpy as np
import pytest

from app.faults.learnt import Learnt
from app.faults.money import Pricer
from app.faults.standing import Place
from tests.app.faults.rules.stage import DAY, HOUR, MINUTE, START, Stage

ONE = Place("A", 1, 1)


def stage_of(connectors: int = 1, **station) -> tuple[Stage, Pricer]:
    pricer = Pricer(ZoneInfo("UTC"))
    stage = Stage(pricer)
    stage.add(connectors=connectors, **station)
    stage.link_is("online")
    for n in range(1, connectors + 1):
        stage.status_is("Available", evse=n)
    return stage, pricer


def days(stage: Stage, count: int, hours: tuple[int, ...], evse: int = 1) -> None:
    """A session of half an hour at each of these hours of each day."""
    for _ in range(count):
        begin = stage.now_ms
        for hour in hours:
            stage.pass_time(begin + hour * HOUR - stage.now_ms)
            stage.visit(30, 12_000, evse=evse)
        stage.pass_time(begin + DAY - stage.now_ms)


def test_the_hours_of_the_week_are_learnt():
    """Half past eight sees a start each day, three in the night none; the stay and energy too."""
    stage, pricer = stage_of()
    days(stage, 28, (8, 18))
    pool = pricer.pools.of(ONE)
    assert pool is not None
    rates = pricer.demand.rates(pool, stage.now_ms).reshape(7, 24)
    # Three or four Mondays' eights of half an open hour each, drawn to what is usual at eight.
    assert rates[:, 8].mean() > 0.8
    assert rates[:, 3].mean() < 0.1
    assert pricer.demand.stay_hours(pool).sum() == pytest.approx(0.5)
    assert pricer.demand.energy_kwh(pool) == pytest.approx(12)


def test_an_outage_is_no_evidence_of_no_demand():
    """Weeks out of order leave the rates as they were; λ of the hour does not fall."""
    stage, pricer = stage_of()
    days(stage, 21, (8,))
    pool = pricer.pools.of(ONE)
    before = pricer.demand.rates(pool, stage.now_ms).mean()
    stage.status_is("Faulted", "OtherError")
    stage.pass_time(14 * DAY)
    stage.status_is("Available")
    stage.visit()
    assert pricer.demand.rates(pool, stage.now_ms).mean() == pytest.approx(before, rel=0.15)


def test_a_suspect_gap_is_left_out():
    """A connector that looked available for a fortnight and earned nothing teaches nothing."""
    stage, pricer = stage_of()
    days(stage, 21, (8, 12, 18))
    pool = pricer.pools.of(ONE)
    before = pricer.demand.rates(pool, stage.now_ms).mean()
    stage.pass_time(14 * DAY)
    stage.visit()
    assert pricer.demand.rates(pool, stage.now_ms).mean() == pytest.approx(before, rel=0.15)


def test_demand_that_fell_far_is_learnt_anew():
    """A place that was full of visitors and has one a day since: each of its gaps looks suspect at first."""
    stage, pricer = stage_of()
    quiet, known = stage_of()
    days(stage, 21, tuple(range(24)))
    for each in (stage, quiet):
        days(each, 40 * 7, (8,))
    found, due = (
        p.demand.rates(p.pools.of(ONE), s.now_ms).sum() for s, p in ((stage, pricer), (quiet, known))
    )
    assert found == pytest.approx(due, rel=0.1)


def test_a_quiet_place_that_busy_ones_made_look_busy_is_known_within_weeks():
    """All the hours of its gaps count once two of them in a row doubted what was expected of it."""
    stage, pricer = stage_of()
    days(stage, 21, tuple(range(24)))
    pool = pricer.pools.of(ONE)
    before = pricer.demand.observed(pool, stage.now_ms)[1].sum()
    days(stage, 28, (8,))
    counted = pricer.demand.observed(pool, stage.now_ms)[1].sum() - before * 0.5 ** (4 / 13)
    assert counted > 0.8 * 28 * 22


def test_what_is_kept_of_a_place_to_which_nobody_comes_is_bounded():
    """Open hour by open hour, two years of a thousand such places would fill the memory."""
    learnt = Learnt(weeks=26, half_life_weeks=13.0)
    for hour in range(2 * 365 * 24):
        learnt.open_for(hour // 168, hour % 168, 1.0, 0.001)
    assert len(learnt.pending) <= 26


def test_a_visit_in_vain_is_demand():
    """Plugged in for minutes, gone without a session."""
    stage, pricer = stage_of()
    for _ in range(5):
        stage.status_is("Preparing")
        stage.pass_time(3 * MINUTE)
        stage.status_is("Available")
        stage.pass_time(HOUR)
    pool = pricer.pools.of(ONE)
    assert pricer.demand.starts_of(pool, stage.now_ms) == 5


def test_old_weeks_count_less_and_then_nothing():
    """Half after thirteen weeks, nothing after twenty-six."""
    stage, pricer = stage_of()
    stage.visit()
    pool = pricer.pools.of(ONE)
    assert pricer.demand.starts_of(pool, START + 13 * 7 * DAY) == pytest.approx(0.5)
    assert pricer.demand.starts_of(pool, START + 27 * 7 * DAY) == 0


def test_shares_are_drawn_to_equal_parts():
    """F.1: twenty starts weigh an equal share."""
    stage, pricer = stage_of(2)
    for _ in range(20):
        stage.visit(evse=1)
    pool = pricer.pools.of(ONE)
    assert pricer.demand.share(ONE, pool) == pytest.approx((20 + 10) / 40)


def test_long_stays_spread_their_load():
    """Up to an hour the load is λ·s; a stay of eight hours loads the hours after it too (D.2)."""
    stage, pricer = stage_of()
    days(stage, 7, (8,))
    pool = pricer.pools.of(ONE)
    short = pricer.demand.load(pool, stage.now_ms)
    assert np.allclose(short, pricer.demand.rates(pool, stage.now_ms) * 0.5)
    longer, other = stage_of()
    for _ in range(7):
        longer.pass_time(8 * HOUR)
        longer.visit(480, 40_000)
        longer.pass_time(8 * HOUR)
    pool = other.pools.of(ONE)
    load = other.demand.load(pool, longer.now_ms).reshape(7, 24).mean(0)
    rates = other.demand.rates(pool, longer.now_ms).reshape(7, 24).mean(0)
    assert load[12] > rates[12] * 4
    assert load.sum() == pytest.approx(rates.sum() * 8, rel=0.05)


def test_a_session_told_again_is_one_start():
    """Rows are saved whole, many times."""
    stage, pricer = stage_of()
    session = stage.start()
    for _ in range(5):
        stage.tell(session)
    stage.stop(session)
    assert pricer.demand.starts_of(pricer.pools.of(ONE), stage.now_ms) == 1


def test_the_same_past_teaches_the_same():
    """Nothing hangs on when it is heard."""
    first, one = stage_of()
    second, two = stage_of()
    for stage in (first, second):
        days(stage, 10, (7, 19))
    pool = one.pools.of(ONE)
    assert np.array_equal(one.demand.rates(pool, first.now_ms), two.demand.rates(pool, second.now_ms))
