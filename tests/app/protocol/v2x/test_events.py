"""NotifyEvent: which events are a status, which need a person, which are only kept."""

from typing import Any

import pytest

from app.domain.events import Event, Noticed, StatusReported
from app.domain.ids import StationId
from app.domain.status import ConnectorStatus
from app.protocol.context import Context, StationClock
from app.protocol.routing import understand

AT = "2026-01-05T08:00:00Z"
AT_MS = 1_767_600_000_000
CTX = Context(StationId("CS-1"), AT_MS + 1000, StationClock(0, AT_MS - 3_600_000))


def data(component: str, variable: str, value: str, evse: Any = None, **more: Any) -> dict[str, Any]:
    where = {"name": component} | ({"evse": evse} if evse else {})
    return {
        "eventId": 1, "timestamp": AT, "trigger": "Alerting", "actualValue": value, "component": where,
        "variable": {"name": variable}, "eventNotificationType": "HardWiredNotification", **more,
    }  # fmt: skip


def told(*events: dict[str, Any]) -> tuple[list[Noticed], list[StatusReported]]:
    payload = {"generatedAt": AT, "seqNo": 0, "eventData": list(events)}
    heard: tuple[Event, ...] = understand("2.1", "NotifyEvent", payload, CTX).events
    return (
        [event for event in heard if isinstance(event, Noticed)],
        [event for event in heard if isinstance(event, StatusReported)],
    )


@pytest.mark.parametrize(
    ("component", "evse", "place"),
    [
        ("ChargingStation", None, (0, 0)),
        ("EVSE", {"id": 2}, (2, 0)),
        ("Connector", {"id": 2, "connectorId": 1}, (2, 1)),
    ],
)
@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Available", ConnectorStatus.AVAILABLE),
        ("Occupied", ConnectorStatus.PREPARING),
        ("Reserved", ConnectorStatus.RESERVED),
        ("Unavailable", ConnectorStatus.UNAVAILABLE),
        ("Faulted", ConnectorStatus.FAULTED),
        ("Molten", ConnectorStatus.UNKNOWN),
    ],
)
def test_an_availability_state_is_a_status(
    component: str, evse: Any, place: tuple[int, int], word: str, status: ConnectorStatus
) -> None:
    _, (state,) = told(data(component, "AvailabilityState", word, evse))
    assert (state.evse, state.connector, state.status, state.raw_status) == (*place, status, word)
    assert state.error == ""


def test_a_problem_of_a_connector_is_a_fault_with_its_code() -> None:
    (noticed,), (state,) = told(
        data("Connector", "Problem", "true", {"id": 1, "connectorId": 1}, techCode="CX007", techInfo="hot")
    )
    assert (state.status, state.error, state.vendor_error, state.info) == (
        ConnectorStatus.FAULTED,
        "OtherError",
        "CX007",
        "hot",
    )
    assert noticed.detail["techCode"] == "CX007"
    # The status puts it into the list of what is wrong; twice would be once too often.
    assert not noticed.critical


def test_a_problem_of_a_part_needs_a_person_but_is_no_status() -> None:
    (noticed,), states = told(
        data("ConnectorPlugRetentionLock", "Problem", "true", {"id": 1, "connectorId": 1})
    )
    assert (noticed.name, noticed.evse, noticed.connector) == ("ConnectorPlugRetentionLock.Problem", 1, 1)
    assert noticed.critical
    assert states == []


@pytest.mark.parametrize("more", [{"cleared": True}, {"actualValue": "false"}])
def test_a_problem_that_is_over_claims_no_state(more: dict[str, Any]) -> None:
    (noticed,), states = told(data("Connector", "Problem", "true", {"id": 1, "connectorId": 1}) | more)
    assert not noticed.critical
    assert states == []


@pytest.mark.parametrize(
    ("severity", "critical"), [(0, True), (3, True), (4, False), (9, False), (None, False)]
)
def test_a_grave_event_needs_a_person(severity: int | None, critical: bool) -> None:
    (noticed,), _ = told(data("Fan", "Speed", "0", severity=severity))
    assert noticed.critical is critical


def test_several_events_are_each_of_their_own_time() -> None:
    early = data("Fan", "Speed", "1") | {"timestamp": "2026-01-05T07:30:00Z"}
    noticed, _ = told(early, data("Fan", "Speed", "2"))
    assert [event.at_ms for event in noticed] == [AT_MS - 1_800_000, AT_MS]


def test_an_event_without_data_is_still_kept() -> None:
    (noticed,), _ = told()
    assert (noticed.subject, noticed.at_ms) == ("event", AT_MS)


def test_a_state_of_an_offline_past_is_history() -> None:
    early = data("EVSE", "AvailabilityState", "Occupied", {"id": 1}) | {"timestamp": "2026-01-05T07:30:00Z"}
    _, states = told(early, data("EVSE", "AvailabilityState", "Available", {"id": 1}))
    assert [(state.at_ms, state.live) for state in states] == [(AT_MS - 1_800_000, False), (AT_MS, True)]
