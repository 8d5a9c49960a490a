"""A register that falls."""

from app.domain.fact import changed
from app.domain.records import Flag
from app.faults.rules.meter_backwards import MeterBackwards
from tests.app.faults.rules.stage import Stage


def test_a_fall_is_a_fault_until_a_later_session_rises():
    """Told once a session, however often its row is saved."""
    stage = Stage(MeterBackwards())
    stage.add()
    session = stage.start()
    bad = changed(session, flags=(Flag.METER_BACKWARDS,))
    (found,) = stage.tell(bad)
    assert (found.code, found.evidence["session"]) == ("MeterBackwards", session.session)
    assert not stage.tell(bad)
    stage.stop(bad, 100)
    assert stage.open
    stage.visit()
    assert not stage.open


def test_a_reset_is_none():
    """It is understood (Q51)."""
    stage = Stage(MeterBackwards())
    stage.add()
    stage.visit(flags=(Flag.METER_RESET,))
    assert not stage.findings
