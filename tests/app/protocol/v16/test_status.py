"""StatusNotification of 1.6, as specified and as seen."""

from typing import Any

import pytest

from app.domain.events import StatusReported
from app.domain.ids import StationId
from app.domain.status import ConnectorStatus
from app.protocol.context import Context, StationClock
from app.protocol.routing import understand

AT_MS = 1_767_600_000_000
CTX = Context(StationId("CP-1"), AT_MS, StationClock(0, AT_MS - 3_600_000))


def told(**fields: Any) -> tuple[StatusReported, tuple[str, ...]]:
    payload = {"connectorId": 1, "errorCode": "NoError", "status": "Available"} | fields
    reception = understand("1.6", "StatusNotification", payload, CTX)
    event = reception.events[0]
    assert isinstance(event, StatusReported)
    assert reception.answer is not None
    return event, reception.quirks


@pytest.mark.parametrize("status", [s for s in ConnectorStatus if s is not ConnectorStatus.UNKNOWN])
def test_the_nine_states_keep_their_names(status: ConnectorStatus) -> None:
    event, quirks = told(status=status.value, errorCode="OverVoltage")
    assert (event.status, event.raw_status, event.error, quirks) == (status, status.value, "OverVoltage", ())


@pytest.mark.parametrize(
    ("connector_id", "place"),
    [(0, (0, 0)), (1, (1, 1)), (4, (4, 1)), ("2", (2, 1)), (None, (0, 0)), ("x", (0, 0))],
)
def test_connector_n_is_evse_n_and_0_the_station(connector_id: Any, place: tuple[int, int]) -> None:
    event, _ = told(connectorId=connector_id)
    assert (event.evse, event.connector) == place


@pytest.mark.parametrize(
    ("word", "status", "quirks"),
    [
        ("charging", ConnectorStatus.CHARGING, ("Q26",)),
        ("SUSPENDEDEV", ConnectorStatus.SUSPENDED_EV, ("Q26",)),
        ("Occupied", ConnectorStatus.UNKNOWN, ("Q26",)),
        ("Unknown", ConnectorStatus.UNKNOWN, ("Q26",)),
        (None, ConnectorStatus.UNKNOWN, ("Q26",)),
    ],
)
def test_a_state_in_another_case_is_read_and_an_unknown_one_shown_raw(
    word: Any, status: ConnectorStatus, quirks: tuple[str, ...]
) -> None:
    event, seen = told(status=word)
    assert (event.status, event.raw_status, seen) == (status, word or "", quirks)


@pytest.mark.parametrize(
    ("fields", "error", "vendor_error", "quirks"),
    [
        ({"errorCode": "NoError"}, "", "", ()),
        ({"errorCode": "noerror"}, "", "", ("Q26",)),
        ({"errorCode": None}, "", "", ("Q26",)),
        ({"errorCode": "Error"}, "OtherError", "Error", ("Q26",)),
        ({"errorCode": "Error", "vendorErrorCode": "E5"}, "OtherError", "E5", ("Q26",)),
        ({"errorCode": "groundfailure"}, "GroundFailure", "", ("Q26",)),
        ({"errorCode": "WeakSignal"}, "WeakSignal", "", ()),
        ({"errorCode": "NoError", "status": "Faulted"}, "", "", ("Q62",)),
        ({"errorCode": "NoError", "status": "Faulted", "vendorErrorCode": "0101"}, "", "0101", ("Q62",)),
        ({"vendorErrorCode": "0x00"}, "", "", ("Q62",)),
        ({"vendorErrorCode": "0x0A"}, "", "0x0A", ()),
        ({"vendorErrorCode": "null", "info": "null"}, "", "", ()),
    ],
)
def test_errors_badly_told_are_understood(
    fields: dict[str, Any], error: str, vendor_error: str, quirks: tuple[str, ...]
) -> None:
    event, seen = told(**fields)
    assert (event.error, event.vendor_error, event.info, seen) == (error, vendor_error, "", quirks)


def test_a_status_needs_no_time() -> None:
    event, quirks = told()
    assert (event.at_ms, event.live, quirks) == (AT_MS, True, ())


def test_a_new_status_with_an_old_time_is_live_and_flagged() -> None:
    event, quirks = told(timestamp="2026-01-03T08:00:00Z", status="Faulted", errorCode="HighTemperature")
    assert (event.at_ms, event.live, quirks) == (AT_MS, True, ("Q64",))


def test_a_status_from_the_offline_past_keeps_its_time() -> None:
    event, quirks = told(timestamp="2026-01-05T07:30:00Z", status="Charging")
    assert (event.at_ms, quirks) == (AT_MS - 1_800_000, ())
