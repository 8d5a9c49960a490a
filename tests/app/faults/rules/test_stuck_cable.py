"""A plug that is not released."""

from app.faults.rules.stuck_cable import StuckCable
from tests.app.faults.rules.stage import Stage

ONE = '{"connectorId":1}'


def stage_of() -> Stage:
    stage = Stage(StuckCable())
    stage.add()
    return stage


def test_an_unlock_that_failed_stands_until_the_connector_is_free():
    """The command is the evidence."""
    stage = stage_of()
    (found,) = stage.command("UnlockConnector", answer='{"status":"UnlockFailed"}', payload=ONE)
    assert (found.code, found.subject.evse, found.subject.connector) == ("StuckCable", 1, 1)
    stage.status_is("Available")
    assert not stage.open


def test_an_unlock_that_works_ends_it_too():
    """In 2.x words."""
    stage = stage_of()
    plug = '{"evseId":2,"connectorId":1}'
    stage.command("UnlockConnector", answer='{"status":"UnlockFailed"}', payload=plug)
    stage.command("UnlockConnector", answer='{"status":"Unlocked"}', payload=plug)
    assert [f.held for f in stage.findings] == [True, False]


def test_other_answers_are_none():
    """Not supported is no stuck cable."""
    stage = stage_of()
    assert not stage.command("UnlockConnector", answer='{"status":"NotSupported"}', payload=ONE)
    assert not stage.command("Reset", answer='{"status":"Rejected"}')
