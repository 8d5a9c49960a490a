"""A connector that gives far less than it usually does."""

import random
from collections.abc import Iterable
from itertools import combinations

import pytest

from app.faults.limits import Limits
from app.faults.rules.power_limited import PowerLimited
from app.faults.statistics import none_above
from tests.app.faults.rules.stage import Stage


def visited(peaks_w: Iterable[int]) -> Stage:
    """A connector at which sessions reached this, each of another driver."""
    stage = Stage(PowerLimited(Limits()))
    stage.add()
    for n, peak_w in enumerate(peaks_w):
        stage.visit(token=f"T{n}", peak_power_w=peak_w)
    return stage


def stage_of() -> Stage:
    return visited(45_000 if n % 4 else 20_000 for n in range(20))


def test_a_run_of_slow_sessions_is_a_fault_until_one_is_quick():
    """The usual, the peak now and the chance are shown."""
    stage = stage_of()
    for n in range(8):
        stage.visit(token=f"S{n}", peak_power_w=11_000)
    (found,) = stage.open
    assert (found.code, found.evidence["usual_peak_w"]) == ("PowerLimited", 45_000)
    assert found.evidence["share_of_usual"] == 0.244
    assert found.evidence["probability_by_chance"] < 0.0001
    stage.visit(peak_power_w=44_000)
    assert not stage.open


def test_slow_cars_now_and_then_are_none():
    """They are part of the usual."""
    stage = stage_of()
    for n in range(20):
        stage.visit(token=f"T{n}", peak_power_w=45_000 if n % 2 else 20_000)
    assert not stage.findings


def test_nothing_is_said_before_the_usual_is_known():
    """A new connector with small cars."""
    assert not visited([45_000] * 4 + [7_000] * 10).findings


MIXED_KW = (30, 50, 62, 70, 74, 78, 90, 120, 150, 300)
"""What vehicles of many kinds reach at a fast charger, its median well under twice 42 kW."""


def mixed() -> Stage:
    """A fast charger whose vehicles differ."""
    return visited(MIXED_KW[n * 7 % 10] * 1000 for n in range(40))


def limited(stage: Stage, sessions: int, to_kw: int = 42) -> Stage:
    """So many of the same vehicles, and the charger gives no more than that."""
    for n in range(sessions):
        stage.visit(token=f"L{n}", peak_power_w=min(to_kw, MIXED_KW[n * 3 % 10]) * 1000)
    return stage


def test_a_limit_above_half_of_the_usual_shows_in_that_no_session_exceeds_it():
    """57 % of the usual, which the test of half cannot see; the ceiling and its chance are shown."""
    stage = limited(mixed(), 11)
    assert not stage.open
    (found,) = limited(stage, 1).open
    evidence = found.evidence
    assert (found.code, evidence["ceiling_w"], evidence["usual_peak_w"]) == ("PowerLimited", 42_000, 76_000)
    assert evidence["share_of_usual"] > 0.5
    assert (evidence["sessions_under_ceiling"], evidence["sessions_before"]) == (12, 40)
    assert evidence["sessions_before_well_above"] == 32
    assert evidence["probability_by_chance"] < evidence["threshold_probability"] == 0.0001
    assert found.title == "Never above 42 kW, its usual is 76 kW"


def test_it_began_with_the_first_session_that_did_not_exceed_it():
    """Not when it was seen."""
    stage = mixed()
    began = stage.now_ms
    (found,) = limited(stage, 12).open
    assert found.at_ms == began


def test_a_limit_goes_on_until_a_session_comes_well_above_it():
    """A little above it ends nothing; more sessions under it make it surer."""
    stage = limited(mixed(), 12)
    stage.visit(peak_power_w=43_000)
    stage.visit(peak_power_w=30_000)
    (found,) = stage.open
    assert found.evidence["sessions_under_ceiling"] == 14
    assert found.evidence["probability_by_chance"] < stage.findings[0].evidence["probability_by_chance"]
    stage.visit(peak_power_w=74_000)
    assert not stage.open
    assert stage.findings[-1].evidence["peak_w"] == 74_000


def test_a_limit_that_is_over_is_no_part_of_the_usual():
    """The next one is found as soon as the first was, against the same usual."""
    stage = limited(mixed(), 20)
    for n in range(1, 21):
        stage.visit(token=f"A{n}", peak_power_w=MIXED_KW[n * 7 % 10] * 1000)
    assert not stage.open
    (found,) = limited(stage, 12).open
    assert found.evidence["usual_peak_w"] == 76_000


def test_a_limit_found_before_a_restart_still_ends():
    """What the rule remembered is gone; what it said is not."""
    (found,) = limited(mixed(), 12).open
    rule = PowerLimited(Limits())
    stage = Stage(rule)
    stage.add()
    rule.resume(found, stage)
    stage.findings.append(found)
    stage.visit(peak_power_w=40_000)
    (still,) = stage.open
    assert still.evidence["sessions_under_ceiling"] == 13
    stage.visit(peak_power_w=90_000)
    assert not stage.open


def test_a_charger_that_gives_a_little_less_is_none():
    """The same vehicles, a tenth less: none exceeds what was, and most before did, but by little."""
    assert not visited([11_000] * 40 + [9_900] * 20).findings


def test_a_few_small_vehicles_in_a_row_are_none():
    """Ten of them prove nothing where one of three is small."""
    usual = [11_000 if n % 3 else 7_400 for n in range(40)]
    assert not visited([*usual, *[7_400] * 9, 11_000]).findings


def test_no_ceiling_is_known_of_few_sessions():
    """A new connector."""
    assert not visited([74_000] * 14 + [42_000] * 12).findings


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rng.lognormvariate(10.8, 0.5),
        lambda rng: rng.uniform(2_000, 150_000),
        lambda rng: rng.choice((11_000, 22_000)),
        lambda rng: 22_000 if rng.random() < 0.8 else 7_400,
    ],
    ids=["many kinds", "any", "two kinds", "mostly one kind"],
)
def test_ceilings_are_told_no_more_often_by_chance_than_was_promised(draw):
    """At most three in 30,000 sessions, whatever vehicles come, as long as they come in any order."""
    rng, told = random.Random(7), 0
    for _ in range(20):
        stage = Stage(PowerLimited(Limits()))
        stage.add(plan=())
        for _ in range(1_500):
            stage.visit(peak_power_w=round(draw(rng)))
        ceilings = [f for f in stage.findings if f.held and "ceiling_w" in f.evidence]
        told += len({f.at_ms for f in ceilings})
    assert told <= 3


@pytest.mark.parametrize(("above", "before", "last"), [(0, 4, 2), (1, 4, 2), (3, 4, 2), (4, 4, 3), (2, 5, 1)])
def test_the_chance_is_that_of_every_order(above, before, last):
    """Counted out: in how many orders do the greatest all stand before."""
    whole = range(before + last)
    places = list(combinations(whole, above))
    assert none_above(above, before, last) == pytest.approx(
        sum(all(place < before for place in chosen) for chosen in places) / len(places)
    )
