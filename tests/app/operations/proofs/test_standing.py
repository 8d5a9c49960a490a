"""What proves a change of availability and a reservation."""

from app.domain.operations import CommandState, Reserve, SetAvailability
from app.domain.status import ConnectorStatus
from app.operations.proofs.standing import InService, Reserved
from tests.app.operations.proofs.scenes import SENT_MS, answer, start, status, view

A, F, U = ConnectorStatus.AVAILABLE, ConnectorStatus.FAULTED, ConnectorStatus.UNAVAILABLE
R, C, X = ConnectorStatus.RESERVED, ConnectorStatus.CHARGING, ConnectorStatus.UNKNOWN
NOW = SENT_MS + 5_000


def test_a_whole_station_is_out_when_all_its_connectors_are() -> None:
    """Or when it says so of itself."""
    watch = InService(start(SetAvailability(False), view(A, A)))
    assert watch.begin(answer()) is None
    assert watch.hear(status(U, 1), NOW) is None
    assert "connector 1 Unavailable, connector 2 Available" in watch.give_up()
    seen = watch.hear(status(U, 2), NOW)
    assert seen is not None
    assert seen.sentence == "Connectors 1 and 2 are Unavailable."
    watch = InService(start(SetAvailability(False), view(A, A)))
    seen = watch.hear(status(U, 0), NOW)
    assert seen is not None
    assert seen.sentence == "The station reports itself Unavailable."


def test_other_connectors_do_not_matter() -> None:
    """Only what was meant."""
    watch = InService(start(SetAvailability(False, 2), view(A, A)))
    assert watch.hear(status(U, 1), NOW) is None
    assert watch.hear(status(U, 2), NOW) is not None


def test_in_service_is_what_is_not_out() -> None:
    """A connector that charges is in service; one that nobody has heard of is not known to be."""
    watch = InService(start(SetAvailability(True), view(U, C)))
    assert watch.begin(answer()) is None
    seen = watch.hear(status(A, 1), NOW)
    assert seen is not None
    assert seen.state is CommandState.PROVED
    assert InService(start(SetAvailability(True), view(X))).begin(answer()) is None
    assert "told no status" in InService(start(SetAvailability(True), view())).give_up()


def test_scheduled_is_waited_for_a_day() -> None:
    """The session may be long."""
    watch = InService(start(SetAvailability(False, 1), view(C)))
    watch.begin(answer("Scheduled"))
    assert watch.until_ms == SENT_MS + 1_000 + 86_400_000
    assert watch.progress == "It takes effect once the session there has ended."
    assert "after 24 hours" in watch.give_up()


def test_a_reservation_shows_at_its_connector_or_at_any() -> None:
    """As it was asked for."""
    mine = Reserved(start(Reserve(1, 2, "ANNA", 0), view(A, A)))
    assert mine.hear(status(R, 1), NOW) is None
    assert "connector 2 was not Reserved" in mine.give_up()
    assert mine.hear(status(R, 2), NOW) is not None
    any_ = Reserved(start(Reserve(1, None, "ANNA", 0), view(A, A)))
    assert "no connector was Reserved" in any_.give_up()
    assert any_.hear(status(F, 1), NOW) is None
    assert any_.hear(status(R, 1), NOW) is not None
