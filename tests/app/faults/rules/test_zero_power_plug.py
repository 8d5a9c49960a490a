"""Cars that are plugged in, get nothing, and leave."""

from app.faults.limits import Limits
from app.faults.rules.zero_power_plug import ZeroPowerPlug
from tests.app.faults.rules.stage import HOUR, MINUTE, Stage


def stage_of() -> Stage:
    stage = Stage(ZeroPowerPlug(Limits()))
    stage.add()
    return stage


def try_it(stage: Stage, minutes: float = 8, tag: str = "") -> None:
    stage.status_is("Preparing")
    if tag:
        stage.notice("token", "Accepted", {"token": tag})
    stage.pass_time(round(minutes * MINUTE))
    stage.status_is("Available")
    stage.pass_time(HOUR)


def test_three_visits_without_a_session_are_a_fault_until_energy_flows():
    """F.6: whoever they were."""
    stage = stage_of()
    for _ in range(3):
        try_it(stage)
    assert stage.codes() == ["ZeroPowerPlug"]
    stage.visit()
    assert not stage.open


def test_two_different_cards_are_enough():
    """They are two drivers."""
    stage = stage_of()
    try_it(stage, tag="T1")
    try_it(stage, tag="T2")
    (found,) = stage.open
    assert found.evidence["different_cards"] == 2


def test_quick_changes_of_mind_and_sessions_are_none():
    """Under five minutes, or followed by a session."""
    stage = stage_of()
    for _ in range(6):
        try_it(stage, 2)
    for n in range(6):
        stage.visit(token=f"T{n}")
    assert not stage.findings


def test_half_a_day_without_another_ends_it():
    """Nobody comes, so nothing is known."""
    stage = stage_of()
    for _ in range(3):
        try_it(stage)
    stage.pass_time(12 * HOUR)
    assert not stage.open
