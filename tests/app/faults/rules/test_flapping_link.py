"""A link that comes and goes."""

from app.faults.limits import Limits
from app.faults.rules.flapping_link import FlappingLink
from tests.app.faults.rules.stage import HOUR, MINUTE, Stage


def flap(stage: Stage, times: int, every: int) -> None:
    for _ in range(times):
        stage.link_is("offline")
        stage.pass_time(10_000)
        stage.link_is("online")
        stage.pass_time(every - 10_000)


def test_five_losses_in_an_hour_are_flapping_until_an_hour_is_calm():
    """It began with the first of them."""
    stage = Stage(FlappingLink(Limits()))
    stage.add()
    began = stage.now_ms
    flap(stage, 5, 10 * MINUTE)
    (found,) = stage.open
    assert (found.code, found.at_ms, found.evidence["losses"]) == ("FlappingLink", began, 5)
    stage.pass_time(HOUR)
    assert not stage.open


def test_a_loss_now_and_then_is_none():
    """Four within an hour, or many over a day."""
    stage = Stage(FlappingLink(Limits()))
    stage.add()
    flap(stage, 4, 10 * MINUTE)
    stage.pass_time(HOUR)
    flap(stage, 20, 30 * MINUTE)
    assert not stage.findings
