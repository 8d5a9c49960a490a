"""A status that lasts far longer than it can."""

import pytest

from app.domain.fact import changed
from app.faults.limits import Limits
from app.faults.rules.stuck_state import StuckState
from tests.app.faults.rules.stage import HOUR, MINUTE, Stage


def stage_of(**station) -> Stage:
    stage = Stage(StuckState(Limits()))
    stage.add(**station)
    stage.link_is("online")
    return stage


@pytest.mark.parametrize(
    ("status", "hours"),
    [("Preparing", 1), ("Finishing", 8), ("SuspendedEV", 36), ("SuspendedEVSE", 4), ("Reserved", 24)],
)
def test_each_has_its_time(status, hours):
    """Told when it is over, since it began; ended by another status."""
    stage = stage_of()
    began = stage.now_ms
    stage.status_is(status)
    assert not stage.pass_time(hours * HOUR - MINUTE)
    (found,) = stage.pass_time(2 * MINUTE)
    assert (found.code, found.mark, found.at_ms) == ("StuckState", status, began)
    stage.status_is("Available")
    assert not stage.open


def test_charging_and_available_may_last():
    """For days."""
    stage = stage_of()
    stage.status_is("Charging")
    stage.pass_time(48 * HOUR)
    stage.status_is("Available")
    assert not stage.pass_time(48 * HOUR)


def test_a_2x_connector_that_is_occupied_is_judged_by_its_session():
    """Occupied with a session that charges is in use; after it ended, it is Finishing."""
    stage = stage_of(protocol="ocpp2.0.1")
    stage.status_is("Preparing")
    session = stage.start(charging="Charging")
    assert not stage.pass_time(6 * HOUR)
    stage.tell(changed(session, charging="SuspendedEVSE"))
    (found,) = stage.pass_time(5 * HOUR)
    assert found.mark == "SuspendedEVSE"
    stage.stop(session)
    assert not stage.open
    (found,) = stage.pass_time(9 * HOUR)
    assert found.mark == "Finishing"


def test_a_status_told_again_goes_on():
    """A repeat does not begin afresh."""
    stage = stage_of()
    stage.status_is("Preparing")
    stage.pass_time(40 * MINUTE)
    stage.status_is("Preparing")
    assert stage.pass_time(30 * MINUTE)


def test_nothing_is_said_of_a_station_without_a_link():
    """What it does now is not known."""
    stage = stage_of()
    stage.status_is("Preparing")
    stage.link_is("offline")
    assert not stage.pass_time(5 * HOUR)
