"""What connectors that are out cost their pool: the reference's numbers, and what always holds."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.faults.calendar import Calendar
from app.faults.pricing import (
    Hour,
    Outage,
    Terms,
    at_once,
    cut_session,
    erlang_b,
    losses,
    lost_between,
    minor,
    parts,
    shared_out,
    uncensored,
)
from app.faults.standing import Place
from app.faults.statistics import shrunk

D_HOUR, D_TERMS = Hour(2.4, 1.8, 0.75), Terms(9.80, 0.25)
MINUTE = 60_000
STARTS = {16: 1.6, 17: 2.4, 18: 2.4, 19: 1.8, 20: 1.2, 21: 0.8, 22: 0.4}
POOL = frozenset(Place("A", n, 1) for n in (1, 2, 3))


def cents(values) -> list[int]:
    return [minor(v) for v in values]


def d2(at_ms: int) -> list[float]:
    """L(0) … L(3) of the reference's evening."""
    starts = STARTS[at_ms // (60 * MINUTE)]
    return losses(3, Hour(starts, starts * 0.75, 0.75), D_TERMS)


def lost(outages: list[Outage], start: int, end: int) -> tuple[dict[int, float], float]:
    return lost_between(outages, POOL, Calendar.hours(start * MINUTE, end * MINUTE), d2)


def outage(fault: int, connector: int, start: int, end: int | None = None) -> Outage:
    to_ms = None if end is None else end * MINUTE
    return Outage(fault, frozenset({Place("A", connector, 1)}), 1.0, start * MINUTE, to_ms)


def test_the_demand_of_the_reference():
    """[D]: 5 starts in 3 hours, prior 0.8, κ 4."""
    assert round(shrunk(5, 3, 0.8, 4), 4) == 1.1714
    assert round((5 + 4 * 0.8) ** 0.5 / 7, 3) == 0.409


def test_erlang_b_and_the_loss_of_the_reference():
    """[D]: a = 1.8; c = 4, v = 9.80, r = 0.25."""
    assert [round(b, 4) for b in erlang_b(4, 1.8)] == [1.0, 0.6429, 0.3665, 0.1803, 0.0750]
    found = losses(4, D_HOUR, D_TERMS)
    assert cents(found) == [0, 186, 514, 1002, 1632]
    assert minor(found[2] - found[1]) == 329
    assert minor(found[2] / 2) == 257
    assert round(uncensored(2.22, 4, 0.75), 2) == 2.40


def test_the_money_clock_of_the_reference():
    """[D2]: down from 16:20; at 18:05 lost 4.79 and losing 3.29; 6.85 more until 22:20."""
    one = [outage(1, 1, 980)]
    assert minor(at_once(parts(one, POOL), d2(18 * 60 * MINUTE)).loss) == 329
    assert minor(lost(one, 980, 1085)[1]) == 479
    assert minor(lost(one, 1085, 1340)[1]) == 685


def test_a_second_outage_prices_the_pool_again():
    """[D2]: from 17:10 two are down; the pool lost 9.26, loses 8.16 of which one repair saves 4.87."""
    two = [outage(1, 1, 980), outage(2, 2, 1030)]
    by_fault, total = lost(two, 980, 1085)
    assert minor(total) == 926
    now = at_once(parts(two, POOL), d2(18 * 60 * MINUTE))
    assert (minor(now.loss), minor(now.saves[1]), minor(now.saves[2])) == (816, 487, 487)
    assert sum(shared_out(by_fault).values()) == 926


def test_a_cut_session_of_the_reference():
    """[D3]: 24.0 kWh expected, 6.4 delivered, 0.49, r 0.25."""
    found = cut_session(Decimal("24.0"), Decimal("6.4"), Decimal("0.49"), Decimal("0.25"))
    assert minor(found) == 647
    assert cut_session(Decimal(5), Decimal(6), Decimal("0.49"), Decimal(0)) == 0


def test_money_is_rounded_half_up_and_never_as_a_float():
    """2.675 is 2.68."""
    assert minor(2.675) == 268
    assert minor(Decimal("1234.5"), 0) == 1235
    assert minor(1.0005, 3) == 1001


hours = st.builds(
    lambda starts, stay: Hour(starts, starts * stay, stay), st.floats(0.001, 20), st.floats(0.05, 12)
)
terms = st.builds(Terms, st.floats(0, 50), st.floats(0, 0.9))


@st.composite
def pools(draw):
    count = draw(st.integers(1, 12))
    members = frozenset(Place("A", n, 1) for n in range(count))
    outages = [
        Outage(
            fault,
            frozenset(draw(st.sets(st.sampled_from(sorted(members)), min_size=1, max_size=count))),
            draw(st.sampled_from([1.0, 1.0, 0.5, 0.33])),
            0,
        )
        for fault in range(1, draw(st.integers(1, 6)) + 1)
    ]
    return members, outages


@settings(deadline=None, max_examples=150)
@given(pools(), hours, terms)
def test_the_shares_add_up_to_the_pools_loss(pool, hour, what):
    """Before and after rounding; none is negative; none saves more than the pool loses."""
    members, outages = pool
    now = at_once(parts(outages, members), losses(len(members), hour, what))
    assert sum(now.shares.values()) == pytest.approx(now.loss, abs=1e-9)
    assert sum(shared_out(now.shares).values()) == pytest.approx(now.loss * 100, abs=0.5 + 1e-6)
    assert all(share >= 0 for share in now.shares.values())
    assert all(-1e-9 <= saved <= now.loss + 1e-9 for saved in now.saves.values())


@settings(deadline=None, max_examples=150)
@given(st.integers(1, 60), hours, terms)
def test_a_loss_grows_ever_faster_and_stays_under_its_cap(count, hour, what):
    """L is convex where no cap binds, never negative, and never more than k connectors can serve."""
    found = losses(count, hour, what)
    assert found[0] == 0
    assert all(b >= a - 1e-9 for a, b in itertools.pairwise(found))
    for down, loss in enumerate(found):
        assert 0 <= loss <= down / hour.stay_h * what.value + 1e-9


@settings(deadline=None, max_examples=100)
@given(hours, terms)
def test_two_outages_are_not_two_of_one(hour, what):
    """The second costs at least as much as the first, unless the cap binds."""
    found = losses(6, hour, what)
    cap = what.value / hour.stay_h
    if found[2] < 2 * cap * 0.999:
        assert found[2] - found[1] >= found[1] - 1e-9


@settings(deadline=None, max_examples=60)
@given(pools(), st.lists(st.integers(1, 600), min_size=1, max_size=5))
def test_cutting_time_changes_nothing(pool, cuts):
    """A span priced in pieces costs what it costs at once."""
    members, outages = pool
    found = losses(len(members), D_HOUR, D_TERMS)
    whole = lost_between(outages, members, Calendar.hours(0, 600 * MINUTE), lambda _: found)[1]
    marks = sorted({0, 600, *cuts})
    pieces = [
        lost_between(outages, members, Calendar.hours(a * MINUTE, b * MINUTE), lambda _: found)[1]
        for a, b in itertools.pairwise(marks)
    ]
    assert sum(pieces) == pytest.approx(whole)


@given(st.dictionaries(st.integers(0, 99), st.floats(0, 1e6), max_size=30))
def test_shared_out_amounts_are_near_what_they_were(amounts):
    """No share moves by more than a cent."""
    found = shared_out(amounts)
    assert all(abs(found[key] - amount * 100) < 1 + 1e-6 for key, amount in amounts.items())
