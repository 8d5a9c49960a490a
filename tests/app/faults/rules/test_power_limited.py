"""A connector that gives far less than it usually does."""

from app.faults.limits import Limits
from app.faults.rules.power_limited import PowerLimited
from tests.app.faults.rules.stage import Stage


def stage_of() -> Stage:
    stage = Stage(PowerLimited(Limits()))
    stage.add()
    for n in range(20):
        stage.visit(token=f"T{n}", peak_power_w=45_000 if n % 4 else 20_000)
    return stage


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
    stage = Stage(PowerLimited(Limits()))
    stage.add()
    for n in range(14):
        stage.visit(token=f"T{n}", peak_power_w=45_000 if n < 4 else 7_000)
    assert not stage.findings
