"""What proves a remote start, a remote stop and an unlock."""

from app.domain.operations import CommandState, StartSession, StopSession, Unlock
from app.domain.records import SessionState
from app.domain.status import ConnectorStatus
from app.operations.proofs.charging import Begun, Released, Stopped
from tests.app.operations.proofs.scenes import SENT_MS, answer, session, start, status, view

NOW = SENT_MS + 30_000
CLOSED = SessionState.CLOSED


def test_energy_or_power_proves_a_start() -> None:
    """A session alone is on the way."""
    for flows in ({"power_w": 3_600}, {"energy_wh": 10}):
        watch = Begun(start(StartSession(1, "Anna")))
        watch.begin(answer())
        assert watch.hear(session(token="ANNA"), NOW) is None
        assert watch.until_ms == NOW + 1_200_000
        assert "energy is awaited" in watch.progress
        assert "no energy flowed within 20 minutes" in watch.give_up()
        seen = watch.hear(session(token="ANNA", **flows), NOW)
        assert seen is not None
        assert seen.state is CommandState.PROVED


def test_a_session_that_ends_empty_is_no_proof() -> None:
    """Told at once, not after the limit."""
    watch = Begun(start(StartSession(1, "ANNA")))
    watch.hear(session(token="ANNA"), NOW)
    seen = watch.hear(session(token="ANNA", state=CLOSED, energy_wh=0), NOW)
    assert seen is not None
    assert (seen.state, "ended without energy" in seen.sentence) == (CommandState.NOT_PROVED, True)


def test_only_the_session_that_was_asked_for_counts() -> None:
    """By its number where it bears one; else token, place, and that it is new."""
    flowing = {"power_w": 3_600}
    by_number = Begun(start(StartSession(1, "ANNA"), payloads=({"remoteStartId": 5},)))
    assert by_number.hear(session(token="ANNA", remote_start=6, **flowing), NOW) is None
    assert by_number.hear(session(token="OTHER", remote_start=5, **flowing), NOW) is not None
    assert Begun(start(StartSession(2, "ANNA"))).hear(session(token="ANNA", **flowing), NOW) is None
    assert Begun(start(StartSession(1, "ANNA"))).hear(session(token="BERT", **flowing), NOW) is None
    assert Begun(start(StartSession(None, "ANNA"))).hear(session(token="ANNA", **flowing), NOW) is not None
    was_there = view(ConnectorStatus.CHARGING, tokens=("ANNA",))
    watch = Begun(start(StartSession(1, "ANNA"), was_there))
    assert watch.hear(session(1, token="ANNA", **flowing), NOW) is None
    plugged = view(ConnectorStatus.PREPARING)
    assert Begun(start(StartSession(1, "ANNA"), plugged)).hear(session(1, token="ANNA", **flowing), NOW)


def test_the_end_of_the_session_proves_a_stop() -> None:
    """That one; by its stop, or by other evidence, which is said."""
    watch = Stopped(start(StopSession("900", 7)))
    assert watch.hear(session(8, state=CLOSED), NOW) is None
    assert watch.hear(session(power_w=7_200), NOW) is None
    assert "7.2 kW flow after 2 minutes" in watch.give_up()
    seen = watch.hear(session(state=CLOSED, energy_wh=12_345), NOW)
    assert seen is not None
    assert seen.sentence == "Session 7 ended with 12.35 kWh."
    by_name = Stopped(start(StopSession("900")))
    seen = by_name.hear(session(state=SessionState.INFERRED), NOW)
    assert seen is not None
    assert "other evidence" in seen.sentence


def test_a_change_at_the_plug_proves_an_unlock() -> None:
    """A status said again does not; the end of the session there does."""
    watch = Released(start(Unlock(1), view(ConnectorStatus.FINISHING)))
    watch.begin(answer("Unlocked"))
    assert watch.hear(status(ConnectorStatus.FINISHING), NOW) is None
    assert watch.hear(status(ConnectorStatus.AVAILABLE, 2), NOW) is None
    assert watch.hear(status(ConnectorStatus.AVAILABLE, live=False), NOW) is None
    assert watch.give_up() == "It answered Unlocked, but its status stayed Finishing for 60 s."
    seen = watch.hear(status(ConnectorStatus.AVAILABLE), NOW)
    assert seen is not None
    assert seen.sentence == "Connector 1 went from Finishing to Available."
    assert watch.hear(session(state=CLOSED), NOW) is not None
