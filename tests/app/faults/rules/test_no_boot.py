"""Stations that never introduce themselves, and those that boot in a loop."""

from app.faults.limits import Limits
from app.faults.rules.no_boot import NoBoot
from tests.app.faults.rules.stage import HOUR, MINUTE, Stage


def stage_of() -> Stage:
    return Stage(NoBoot(Limits()))


def test_a_new_station_that_never_boots_is_told_until_it_does():
    """Five minutes of a link without a boot."""
    stage = stage_of()
    stage.add()
    stage.tell(stage.station("A").__class__("A", site="Depot"))
    stage.link_is("online")
    assert not stage.pass_time(4 * MINUTE)
    (found,) = stage.pass_time(2 * MINUTE)
    assert found.code == "NoBoot"
    stage.boot()
    assert not stage.open


def test_a_known_station_need_not_boot_again():
    """Q12: many do not after a reconnect."""
    stage = stage_of()
    stage.add()
    stage.link_is("online")
    assert not stage.pass_time(HOUR)


def test_four_boots_in_five_minutes_are_a_loop_told_once():
    """It ends after a quarter of an hour without one."""
    stage = stage_of()
    stage.add()
    for _ in range(10):
        stage.boot()
        stage.pass_time(30_000)
    assert stage.codes() == ["BootLoop"]
    stage.pass_time(15 * MINUTE)
    assert not stage.open


def test_three_boots_are_none():
    """An update may need them."""
    stage = stage_of()
    stage.add()
    for _ in range(3):
        stage.boot()
        stage.pass_time(30_000)
    assert not stage.findings
