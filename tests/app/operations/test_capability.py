"""What a station may be sent, by version, admission and registration."""

import pytest

from app.domain import operations as op
from app.domain.status import Admission, Registration
from app.operations.capability import asks_boot, by_registration, by_version

OK = Admission.ACCEPTED


def test_a_version_that_cannot_says_why() -> None:
    """Nothing is known of one that never called."""
    assert by_version("1.6", "Reset") == ""
    assert "1.6" in by_version("1.6", "ShowMessage")
    assert by_version("2.1", "ShowMessage") == ""
    assert by_version("", "ShowMessage") == ""


@pytest.mark.parametrize("registration", [None, *Registration])
def test_who_it_is_may_be_asked_in_any_state(registration: Registration | None) -> None:
    """The first thing that may be (B03)."""
    for operation in (
        op.Trigger("BootNotification"),
        op.Message("TriggerMessage", {"requestedMessage": "BootNotification"}),
    ):
        assert asks_boot(operation)
        assert by_registration("S", registration, Admission.WAITING, operation) == ""
    assert not asks_boot(op.Trigger("Heartbeat"))


def test_what_a_station_may_be_sent_by_its_registration() -> None:
    """ocpp-conformance section 4."""
    pending, rejected = Registration.PENDING, Registration.REJECTED
    start, read = op.StartSession(1, "ANNA"), op.ReadConfiguration()
    assert by_registration("S", Registration.ACCEPTED, OK, start) == ""
    assert by_registration("S", None, OK, start) == ""
    assert "not let in yet" in by_registration("S", pending, OK, start)
    assert by_registration("S", pending, OK, read) == ""
    assert by_registration("S", pending, OK, op.Message("GetConfiguration")) == ""
    assert "not let in yet" in by_registration("S", pending, OK, op.Message("Reset", {"type": "Hard"}))
    assert "refused" in by_registration("S", rejected, OK, read)
    for gone in (Admission.REFUSED, Admission.RETIRED):
        assert "no part of the network" in by_registration("S", None, gone, read)
