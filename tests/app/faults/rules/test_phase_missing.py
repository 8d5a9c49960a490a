"""One phase of three carries nothing."""

from app.faults.limits import Limits
from app.faults.rules.phase_missing import PhaseMissing
from tests.app.faults.rules.stage import MINUTE, Stage


def stage_of() -> Stage:
    stage = Stage(PhaseMissing(Limits()))
    stage.add()
    return stage


def volts(stage: Stage, *values: float) -> None:
    samples = tuple(("Voltage", v, f"L{n}-N") for n, v in enumerate(values, 1))
    stage.read(None, samples=samples)
    stage.pass_time(MINUTE)


def charge(stage: Stage, token: str, *amps: float) -> None:
    session = stage.start(token=token)
    stage.read(session, samples=tuple(("Current.Import", a, f"L{n}") for n, a in enumerate(amps, 1)))
    stage.pass_time(MINUTE)
    stage.stop(session)


def test_a_phase_without_voltage_is_told_at_the_third_reading():
    """And ends when it is back."""
    stage = stage_of()
    volts(stage, 231, 4, 230)
    volts(stage, 231, 4, 230)
    assert not stage.open
    volts(stage, 231, 4, 230)
    (found,) = stage.open
    assert (found.code, found.mark) == ("PhaseMissing", "L2 voltage")
    volts(stage, 231, 229, 230)
    assert not stage.open


def test_a_phase_without_current_for_two_vehicles():
    """Where all three carried current before; ended by the next three-phase car."""
    stage = stage_of()
    charge(stage, "T1", 16, 16, 16)
    charge(stage, "T2", 16, 0, 16)
    assert not stage.open
    charge(stage, "T3", 15, 0.1, 15)
    assert [f.mark for f in stage.open] == ["L2 current"]
    charge(stage, "T4", 16, 16, 16)
    assert not stage.open


def test_cars_of_one_and_two_phases_are_none():
    """One phase says nothing; one car of two phases neither, however often it comes."""
    stage = stage_of()
    charge(stage, "T1", 16, 16, 16)
    for _ in range(5):
        charge(stage, "T2", 16, 0, 0)
        charge(stage, "T3", 16, 16, 0)
    volts(stage, 231, 226, 230)
    assert not stage.findings
