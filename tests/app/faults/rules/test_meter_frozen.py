"""A meter that stands still while power flows."""

from app.faults.limits import Limits
from app.faults.rules.meter_frozen import MeterFrozen
from tests.app.faults.rules.stage import MINUTE, Stage


def stage_of() -> Stage:
    stage = Stage(MeterFrozen(Limits()))
    stage.add()
    return stage


def test_power_without_energy_is_a_fault_until_the_register_moves():
    """10 kW for 10 min are 1.7 kWh that it did not count."""
    stage = stage_of()
    session = stage.start()
    began = stage.now_ms
    for _ in range(12):
        stage.read(session, 5000, 10_000)
        stage.pass_time(MINUTE)
    (found,) = stage.open
    assert (found.code, found.at_ms, found.evidence["register_wh"]) == ("MeterFrozen", began, 5000)
    stage.read(session, 5200, 10_000)
    assert not stage.open


def test_a_car_that_takes_nothing_and_a_meter_that_counts_are_none():
    """No power, no energy; power, energy."""
    stage = stage_of()
    session = stage.start()
    for _ in range(60):
        stage.read(session, 5000, 0)
        stage.pass_time(MINUTE)
    for n in range(60):
        stage.read(session, 5000 + 120 * n, 7200)
        stage.pass_time(MINUTE)
    assert not stage.findings


def test_readings_that_all_bear_one_time():
    """The meter's own clock stands still."""
    stage = stage_of()
    session, said = stage.start(), stage.now_ms
    for _ in range(15):
        stage.read(session, 5000, 100, at_ms=said)
        stage.pass_time(MINUTE)
    (found,) = stage.open
    assert found.evidence["time_stands_still"]
