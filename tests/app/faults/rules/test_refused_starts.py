"""Drivers who want to charge and cannot start."""

from app.faults.limits import Limits
from app.faults.rules.refused_starts import RefusedStarts
from tests.app.faults.rules.stage import DAY, HOUR, MINUTE, Stage


def stage_of() -> Stage:
    stage = Stage(RefusedStarts(Limits()))
    stage.add()
    stage.add("B", site="Market")
    return stage


def card(stage: Stage, tag: str, status: str = "Accepted", name: str = "A") -> None:
    stage.notice("token", status, {"token": tag, "kind": ""}, name)
    stage.pass_time(MINUTE)


def test_one_card_three_times_without_a_session():
    """F.5; the next session ends it."""
    stage = stage_of()
    for _ in range(3):
        card(stage, "T1")
    (found,) = stage.open
    assert (found.code, found.mark) == ("StartsRefused", "swipes")
    stage.start()
    assert not stage.open


def test_slow_swipes_and_swipes_to_stop_are_none():
    """Over more than five minutes, or of the card that charges."""
    stage = stage_of()
    for _ in range(5):
        card(stage, "T1")
        stage.pass_time(2 * MINUTE)
    stage.start(token="T2")
    for _ in range(4):
        card(stage, "T2")
    assert not stage.findings


def test_different_cards_refused_that_are_welcome_elsewhere():
    """A list or a backend is at fault; an accepted card ends it."""
    stage = stage_of()
    card(stage, "T1", name="B")
    stage.pass_time(3 * DAY)
    for tag in ("T1", "T2", "T3"):
        card(stage, tag, "Invalid")
        stage.pass_time(HOUR)
    (found,) = stage.open
    assert (found.mark, found.evidence["of_them_accepted_elsewhere"]) == ("tags", 1)
    card(stage, "T4")
    assert not stage.open


def test_cards_nobody_knows_are_rightly_refused():
    """None was ever accepted anywhere."""
    stage = stage_of()
    for tag in ("X1", "X2", "X3", "X4"):
        card(stage, tag, "Invalid")
    assert not stage.findings


def test_remote_starts_refused_again_and_again():
    """Three in a day; it ends when six hours pass without another."""
    stage = stage_of()
    for _ in range(3):
        stage.command("RemoteStartTransaction", answer='{"status":"Rejected"}')
        stage.pass_time(HOUR)
    (found,) = stage.open
    assert found.mark == "remote"
    stage.pass_time(6 * HOUR)
    assert not stage.open
