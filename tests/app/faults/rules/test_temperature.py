"""Temperatures above their limit."""

from app.domain.meter import Reading, Sample
from app.domain.records import ReadingRecord
from app.faults.limits import Limits
from app.faults.rules.temperature import Temperature
from tests.app.faults.rules.stage import Stage


def warm(stage: Stage, value: float, location: str = "Body", unit: str = "Celsius") -> None:
    sample = Sample("Temperature", str(value), value, unit, "", location, "Sample.Periodic")
    stage.tell(ReadingRecord("A", 1, 1, stage.now_ms, None, Reading(stage.now_ms, (sample,))))


def stage_of() -> Stage:
    stage = Stage(Temperature(Limits()))
    stage.add()
    return stage


def test_too_hot_twice_is_a_fault_until_it_is_5_percent_cooler():
    """The dead band keeps it from chattering."""
    stage = stage_of()
    warm(stage, 72)
    warm(stage, 73)
    (found,) = stage.open
    assert (found.code, found.evidence["threshold_celsius"]) == ("HighReading", 70)
    warm(stage, 69)
    assert stage.open
    warm(stage, 66)
    assert not stage.open


def test_a_spike_and_a_warm_cable_and_the_car_are_none():
    """One reading, a limit of its own, a battery."""
    stage = stage_of()
    warm(stage, 90)
    warm(stage, 40)
    warm(stage, 80, "Cable")
    warm(stage, 80, "Cable")
    warm(stage, 99, "EV")
    warm(stage, 99, "EV")
    assert not stage.findings


def test_other_units_are_understood():
    """Fahrenheit and kelvin."""
    stage = stage_of()
    warm(stage, 140, unit="Fahrenheit")
    warm(stage, 140, unit="Fahrenheit")
    warm(stage, 300, unit="K")
    warm(stage, 300, unit="K")
    assert not stage.findings
    warm(stage, 350, unit="K")
    warm(stage, 350, unit="K")
    assert stage.open
