"""A firmware with which the same chargers fail more often."""

from app.faults.limits import Limits
from app.faults.rules.firmware_regression import FirmwareRegression
from tests.app.faults.rules.stage import HOUR, Stage

UNITS = ("A", "B", "C")


def stage_of() -> Stage:
    stage = Stage(FirmwareRegression(Limits()))
    for name in UNITS:
        stage.add(name)
        stage.boot(name)
    return stage


def live(stage: Stage, days: int, bad_each: int = 0) -> None:
    for day in range(days):
        for unit, name in enumerate(UNITS):
            bad = bool(bad_each) and (day + unit) % bad_each == 0
            stage.visit(10 if bad else 30, 30 if bad else 9000, name=name, token=f"{name}{day}")
            stage.pass_time(7 * HOUR)


def test_more_bad_sessions_on_the_same_units_are_a_fault_of_the_firmware():
    """Every unit of the step is told, with the numbers; another firmware ends it."""
    stage = stage_of()
    live(stage, 20)
    for name in UNITS:
        stage.boot(name, firmware="2.0")
    live(stage, 20, bad_each=2)
    assert {f.subject.station for f in stage.open} == set(UNITS)
    found = stage.open[0]
    assert (found.evidence["firmware_before"], found.evidence["firmware_now"]) == ("1.0", "2.0")
    assert found.evidence["difference_low"] > 0
    for name in UNITS:
        stage.boot(name, firmware="2.1")
    assert not stage.open


def test_as_good_as_before_is_none():
    """A few bad ones before and after."""
    stage = stage_of()
    live(stage, 20, bad_each=9)
    for name in UNITS:
        stage.boot(name, firmware="2.0")
    live(stage, 20, bad_each=8)
    assert not stage.findings


def test_a_few_days_prove_nothing():
    """Under thirty connector-days."""
    stage = stage_of()
    live(stage, 20)
    for name in UNITS:
        stage.boot(name, firmware="2.0")
    live(stage, 5, bad_each=1)
    assert not stage.findings
