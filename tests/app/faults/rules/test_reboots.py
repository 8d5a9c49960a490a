"""Restarts that nobody asked for."""

from app.faults.limits import Limits
from app.faults.rules.reboots import Reboots
from tests.app.faults.rules.stage import DAY, HOUR, MINUTE, Stage


def stage_of() -> Stage:
    stage = Stage(Reboots(Limits()))
    stage.add()
    return stage


def test_three_a_day_are_too_many_and_a_calm_day_ends_it():
    """The reasons are the evidence."""
    stage = stage_of()
    for _ in range(3):
        stage.pass_time(3 * HOUR)
        stage.boot(reason="Watchdog")
    (found,) = stage.open
    assert (found.evidence["boots"], found.evidence["reasons"]) == (3, ["Watchdog"] * 3)
    stage.pass_time(DAY)
    assert not stage.open


def test_what_we_asked_for_does_not_count():
    """A reset of ours, an update, and boots of one restart."""
    stage = stage_of()
    for _ in range(4):
        stage.pass_time(HOUR)
        stage.command("Reset")
        stage.pass_time(MINUTE)
        stage.boot(reason="RemoteReset")
    stage.pass_time(HOUR)
    for _ in range(5):
        stage.boot(reason="Watchdog")
        stage.pass_time(30_000)
    assert not stage.findings


def test_now_and_then_is_none():
    """Two a day for a week."""
    stage = stage_of()
    for _ in range(14):
        stage.pass_time(DAY // 2 + MINUTE)
        stage.boot(reason="Watchdog")
    assert not stage.findings
