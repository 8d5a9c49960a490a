"""What components of a 2.x station report."""

from app.faults.codes import Codes
from app.faults.rules.station_event import StationEvent
from tests.app.faults.rules.stage import Stage


def stage_of() -> Stage:
    stage = Stage(StationEvent(Codes()))
    stage.add(protocol="ocpp2.0.1")
    return stage


def test_a_trip_is_a_fault_until_it_is_cleared():
    """The component names the code; cleared = true ends it."""
    stage = stage_of()
    (found,) = stage.event("RCD", "Tripped")
    assert (found.code, found.subject.evse, found.subject.connector) == ("CX002", 1, 1)
    (over,) = stage.event("RCD", "Tripped", cleared=True)
    assert not over.held
    assert not stage.open


def test_a_code_beside_the_component_names_it():
    """techCode carries MREC; techInfo is kept."""
    stage = stage_of()
    (found,) = stage.event("Controller", "Problem", techCode="CX012", techInfo="412 V of 800 V")
    assert (found.code, found.evidence["tech_info"]) == ("CX012", "412 V of 800 V")


def test_the_variable_going_false_ends_it_too():
    """Not every station says cleared."""
    stage = stage_of()
    stage.event("TokenReader", "Problem")
    stage.event("TokenReader", "Problem", "false")
    assert not stage.open


def test_reports_and_statuses_are_no_problems():
    """A value, an AvailabilityState, a plug's own status."""
    stage = stage_of()
    assert not stage.event("PowerMeter", "Power", "7200")
    assert not stage.event("Connector", "AvailabilityState", "Faulted")
    assert not stage.event("Connector", "Problem")


def test_two_components_are_two_faults_and_a_boot_ends_both():
    """What still holds after a boot is told again."""
    stage = stage_of()
    stage.event("Fan", "Problem")
    stage.event("AccessBarrier", "Problem", evse=0)
    assert len(stage.open) == 2
    stage.boot()
    assert not stage.open


def test_an_unknown_component_with_a_grave_severity_counts():
    """OCPP 2.1 says how grave it is."""
    stage = stage_of()
    (found,) = stage.event("Cooling", "Flow", "0.2", severity=1)
    assert found.code == "Problem"
    assert not stage.event("Cooling", "Level", "0.2", severity=7)
