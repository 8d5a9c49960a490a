"""Sessions that start and deliver nothing."""

import pytest

from app.faults.limits import Limits
from app.faults.rules.starts_without_energy import StartsWithoutEnergy
from app.faults.statistics import binomial_tail
from tests.app.faults.rules.stage import Stage


def stage_of() -> Stage:
    stage = Stage(StartsWithoutEnergy(Limits()))
    stage.add()
    stage.add("B", site="Market")
    return stage


def test_the_reference_numbers():
    """F.4: of ten at 8 %, three are 0.0401 and four 0.0058."""
    assert binomial_tail(3, 10, 0.08) == pytest.approx(0.0401, abs=5e-5)
    assert binomial_tail(4, 10, 0.08) == pytest.approx(0.0058, abs=5e-5)


def test_a_run_of_empty_sessions_is_a_fault_until_three_deliver():
    """It begins with the first of them and shows its chance."""
    stage = stage_of()
    for n in range(6):
        stage.visit(token=f"T{n}")
    for n in range(4):
        stage.visit(8, 20, token=f"E{n}")
    (found,) = stage.open
    assert (found.code, found.evidence["bad_sessions"], found.evidence["of_last"]) == (
        "StartsWithoutEnergy",
        4,
        10,
    )
    assert found.evidence["probability_by_chance"] < 0.01
    stage.visit(token="T7")
    stage.visit(token="T8")
    assert stage.open
    stage.visit(token="T9")
    assert not stage.open


def test_a_few_are_chance():
    """Three of ten are not yet an alarm."""
    stage = stage_of()
    for n in range(7):
        stage.visit(token=f"T{n}")
    for n in range(3):
        stage.visit(8, 20, token=f"E{n}")
    assert not stage.findings


def test_a_vehicle_that_fails_everywhere_is_its_own_trouble():
    """Its tag had the same elsewhere."""
    stage = stage_of()
    stage.visit(8, 20, token="E", name="B")
    for _ in range(6):
        stage.visit(8, 20, token="E")
    assert not stage.findings


def test_a_session_saved_again_counts_once():
    """Late corrections are no further sessions."""
    stage = stage_of()
    session = stage.start()
    stage.pass_time(600_000)
    for _ in range(9):
        stage.stop(session, 0)
    assert not stage.findings
