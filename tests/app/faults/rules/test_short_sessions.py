"""Sessions that break off."""

from app.faults.limits import Limits
from app.faults.rules.short_sessions import ShortSessions
from app.faults.rules.starts_without_energy import StartsWithoutEnergy
from tests.app.faults.rules.stage import Stage


def stage_of() -> Stage:
    stage = Stage(ShortSessions(Limits()), StartsWithoutEnergy(Limits()))
    stage.add()
    return stage


def test_a_run_of_short_ones_is_a_fault_until_three_are_good():
    """Under 1 kWh though energy flowed: broken off, not empty, and told by one rule only."""
    stage = stage_of()
    for n in range(4):
        stage.visit(6, 600, token=f"S{n}", stop_reason="Other")
    assert stage.codes() == ["ShortSessions"]
    for n in range(3):
        stage.visit(token=f"T{n}")
    assert not stage.open


def test_what_somebody_stopped_from_afar_is_a_wish():
    """A remote stop is left out."""
    stage = stage_of()
    for n in range(9):
        stage.visit(1, 300, token=f"S{n}", stop_reason="Remote")
    assert not stage.findings


def test_good_sessions_are_none():
    """However many."""
    stage = stage_of()
    for n in range(20):
        stage.visit(token=f"T{n}")
    assert not stage.findings
