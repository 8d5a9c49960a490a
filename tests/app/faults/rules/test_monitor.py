"""Monitors whose limit was crossed."""

from app.faults.limits import Limits
from app.faults.rules.monitor import Monitor
from tests.app.faults.rules.stage import Stage

MONITORED = {"variableMonitoringId": 7, "eventNotificationType": "CustomMonitor"}


def stage_of() -> Stage:
    stage = Stage(Monitor(Limits()))
    stage.add(protocol="ocpp2.1")
    return stage


def test_an_alert_is_a_fault_until_it_is_cleared():
    """It names the variable and its value."""
    stage = stage_of()
    (found,) = stage.event("Fan", "Speed", "120", severity=4, **MONITORED)
    assert (found.code, found.title) == ("Monitor", "Fan: Speed is 120")
    stage.event("Fan", "Speed", "900", severity=4, cleared=True, **MONITORED)
    assert not stage.open


def test_periodic_reports_and_notices_are_none():
    """What only informs calls nobody."""
    stage = stage_of()
    assert not stage.event("Fan", "Speed", "120", **{**MONITORED, "trigger": "Periodic"})
    assert not stage.event("Fan", "Speed", "120", severity=7, **MONITORED)
    assert not stage.event("Fan", "Speed", "120")


def test_a_monitored_problem_is_the_events():
    """A flag is told by station_event, and not twice."""
    assert not stage_of().event("Fan", "Problem", **MONITORED)
