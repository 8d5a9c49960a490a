"""Errors and Faulted, as the versions tell them."""

from app.faults.codes import Codes
from app.faults.limits import Limits
from app.faults.rules.connector_fault import ConnectorFault
from tests.app.faults.rules.stage import MINUTE, Stage


def stage_of(**station) -> Stage:
    stage = Stage(ConnectorFault(Codes(), Limits()))
    stage.add(**station)
    return stage


def test_an_error_code_is_named_and_ends_with_the_next_healthy_status():
    """1.6 tells the cause; MREC names it."""
    stage = stage_of()
    (found,) = stage.status_is("Faulted", "GroundFailure", vendor_error="E201")
    assert (found.code, found.title) == ("CX002", "Residual-current device tripped")
    assert found.evidence["vendor_error"] == "E201"
    stage.pass_time(MINUTE)
    (over,) = stage.status_is("Available")
    assert not over.held
    assert not stage.open


def test_a_warning_beside_a_usable_status_is_told_too():
    """Q62: an error with a usable status warns."""
    stage = stage_of()
    (found,) = stage.status_is("Charging", "HighTemperature")
    assert (found.code, found.evidence["status"]) == ("CX003", "Charging")


def test_a_healthy_connector_raises_nothing():
    """Neither its status nor a maker's talk beside NoError."""
    stage = stage_of()
    assert not stage.status_is("Available")
    assert not stage.status_is("Charging", vendor_error="0xA1")


def test_another_error_is_another_fault():
    """The first ends when only the second is told."""
    stage = stage_of()
    stage.status_is("Faulted", "ReaderFailure")
    stage.status_is("Faulted", "PowerSwitchFailure")
    assert stage.codes() == ["PowerSwitchFailure"]


def test_several_codes_are_several_faults():
    """A list of MREC codes tells of each."""
    stage = stage_of()
    stage.status_is("Faulted", "OtherError", vendor_error="CX011,CX022", info="12 kΩ,3 kΩ")
    assert stage.codes() == ["CX011", "CX022"]
    assert [f.evidence["reading"] for f in stage.open] == ["12 kΩ", "3 kΩ"]


def test_an_unknown_code_of_a_maker_is_shown_raw():
    """Two such codes are two faults."""
    stage = stage_of()
    (found,) = stage.status_is("Faulted", "OtherError", vendor_error="PM2-FAIL")
    assert (found.code, found.mark, found.title) == ("Unmapped", "PM2-FAIL", "Axle PM2-FAIL")


def test_faulted_without_a_cause_is_a_fault_of_1_6():
    """Q62: Faulted beside NoError; it waits as long as 2.x does, and names no cause."""
    stage = stage_of()
    (found,) = stage.status_is("Faulted")
    assert found.code == "Faulted"


def test_a_2x_fault_waits_for_its_cause():
    """Where an event tells it, the event is the fault; where none does, the status is."""
    stage = stage_of(protocol="ocpp2.0.1")
    stage.status_is("Faulted")
    stage.pass_time(2000)
    stage.event("PowerContactor", "Problem")
    assert not stage.pass_time(MINUTE)
    stage.status_is("Available")
    stage.event("PowerContactor", "Problem", "false")
    began = stage.now_ms
    stage.status_is("Faulted")
    (found,) = stage.pass_time(MINUTE)
    assert (found.code, found.at_ms) == ("Faulted", began)
    stage.event("PowerContactor", "Problem")
    assert not stage.open


def test_a_2x_status_that_outlasts_its_cause_is_a_fault_again():
    """The event ended, the connector is Faulted still."""
    stage = stage_of(protocol="ocpp2.0.1")
    stage.event("PowerContactor", "Problem")
    stage.status_is("Faulted")
    assert not stage.pass_time(MINUTE)
    stage.event("PowerContactor", "Problem", "false")
    assert [f.code for f in stage.pass_time(MINUTE)] == ["Faulted"]


def test_a_late_status_is_history():
    """What was queued while offline raises nothing now."""
    stage = stage_of()
    assert not stage.status_is("Faulted", "GroundFailure", live=False)


def test_the_whole_station_can_be_faulted():
    """Connector 0 speaks for the station (Q59)."""
    stage = stage_of()
    (found,) = stage.status_is("Faulted", "OtherError", evse=0, vendor_error="CX008")
    assert (found.subject.evse, found.code) == (0, "CX008")
