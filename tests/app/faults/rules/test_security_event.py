"""Security events that a person must judge."""

from app.faults.codes import Codes
from app.faults.rules.security_event import SecurityEvent
from tests.app.faults.rules.stage import HOUR, Stage


def stage_of() -> Stage:
    stage = Stage(SecurityEvent(Codes()))
    stage.add()
    return stage


def test_tampering_stands_for_a_day():
    """Told again it is the same, counted, and stands on."""
    stage = stage_of()
    (found,) = stage.notice("security", "TamperDetectionActivated", critical=True)
    assert found.code == "Tamper"
    stage.pass_time(20 * HOUR)
    (again,) = stage.notice("security", "TamperDetectionActivated", critical=True)
    assert again.evidence["times"] == 2
    assert not stage.pass_time(20 * HOUR)
    (over,) = stage.pass_time(5 * HOUR)
    assert not over.held


def test_everyday_events_are_none():
    """A restart and a new firmware call nobody."""
    stage = stage_of()
    assert not stage.notice("security", "StartupOfTheDevice")
    assert not stage.notice("security", "FirmwareUpdated")
    assert not stage.notice("boot", "PowerUp")


def test_what_a_station_calls_critical_counts_though_unknown():
    """Its own word is shown."""
    (found,) = stage_of().notice("security", "DoorSpyFound", critical=True)
    assert (found.code, found.title) == ("Security", "DoorSpyFound")


def test_an_identity_used_twice():
    """Found by the intake, with its own words."""
    (found,) = stage_of().notice("security", "identity used twice", critical=True)
    assert found.code == "IdentityTwice"
