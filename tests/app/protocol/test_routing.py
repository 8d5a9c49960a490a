"""Which actions are understood, what the others earn, and that no payload breaks an adapter."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.events import Booted, MeterSampled, Phase, StatusReported, TokenShown, TransactionReported
from app.domain.ids import StationId, TransactionId
from app.domain.reception import Decided, TokenStatus
from app.domain.status import ConnectorStatus, Registration
from app.protocol.context import Context, StationClock
from app.protocol.core import Inbound, LinkCore, Rejected
from app.protocol.dialect import spoken
from app.protocol.frames import OcppError
from app.protocol.routing import ROUTES, understand
from app.protocol.versions import SEND_ACTIONS, SERVER_ACTIONS, STATION_ACTIONS, VERSIONS
from tests.app.protocol.generate import answer_is_valid, full

AT = "2026-01-05T08:00:00Z"
AT_MS = 1_767_600_000_000
CTX = Context(StationId("CS-1"), AT_MS, StationClock(0, AT_MS - 3_600_000))
DECIDED = Decided(AT_MS, Registration.ACCEPTED, 300, TransactionId("12"), TokenStatus.ACCEPTED, "G", 1.5)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_action_of_a_station_is_understood_and_no_other(version: str) -> None:
    assert set(ROUTES[version]) == STATION_ACTIONS[version] | SEND_ACTIONS[version]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_only_we_may_send_is_not_supported(version: str) -> None:
    for action in SERVER_ACTIONS[version] - STATION_ACTIONS[version]:
        with pytest.raises(OcppError) as caught:
            understand(version, action, {}, CTX)
        assert caught.value.code == "NotSupported"


@pytest.mark.parametrize(
    ("version", "action"),
    [
        ("1.6", "FooBar"), ("1.6", "heartbeat"), ("1.6", "TransactionEvent"), ("2.0.1", "StartTransaction"),
        ("2.0.1", "BatterySwap"), ("2.1", "bootNotification"), ("2.1", ""),
    ],
)  # fmt: skip
def test_an_unknown_action_is_not_implemented(version: str, action: str) -> None:
    with pytest.raises(OcppError) as caught:
        understand(version, action, {}, CTX)
    assert caught.value.code == "NotImplemented"


START_16 = {"connectorId": 2, "idTag": "A", "meterStart": 10, "timestamp": AT}
ON_A_2X_LINK: list[tuple[str, dict[str, Any], type, dict[str, Any]]] = [
    (
        "BootNotification",
        {"chargePointVendor": "FoxESS", "chargePointModel": "A22"},
        Booted,
        {"status": "Accepted", "currentTime": AT, "interval": 300},
    ),
    (
        "StatusNotification",
        {"connectorId": 1, "status": "Charging", "errorCode": "NoError"},
        StatusReported,
        {},
    ),
    ("MeterValues", {"connectorId": 1, "meterValue": []}, MeterSampled, {}),
    ("Authorize", {"idTag": "A"}, TokenShown, {"idTagInfo": {"status": "Accepted", "parentIdTag": "G"}}),
    (
        "StartTransaction",
        START_16,
        TransactionReported,
        {"transactionId": 12, "idTagInfo": {"status": "Accepted", "parentIdTag": "G"}},
    ),
    ("StopTransaction", {"transactionId": 12, "meterStop": 20, "timestamp": AT}, TransactionReported, {}),
]


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
@pytest.mark.parametrize(("action", "payload", "kind", "answer"), ON_A_2X_LINK)
def test_a_16_payload_on_a_2x_link_is_answered_in_kind(
    version: str, action: str, payload: dict[str, Any], kind: type, answer: dict[str, Any]
) -> None:
    assert spoken(version, action, payload) == "1.6"
    reception = understand(version, action, payload, CTX)
    assert isinstance(reception.events[0], kind)
    assert "Q74" in reception.quirks
    assert reception.answer(DECIDED) == answer
    assert answer_is_valid("1.6", action, answer)


def test_a_16_status_on_a_2x_link_keeps_its_nine_states() -> None:
    payload = {"connectorId": 1, "status": "SuspendedEV", "errorCode": "NoError"}
    (event,) = understand("2.0.1", "StatusNotification", payload, CTX).events
    assert isinstance(event, StatusReported)
    assert (event.evse, event.connector, event.status) == (1, 1, ConnectorStatus.SUSPENDED_EV)
    (event,) = understand("2.1", "StartTransaction", START_16, CTX).events
    assert isinstance(event, TransactionReported)
    assert (event.phase, event.transaction, event.evse) == (Phase.STARTED, None, 2)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_payload_of_the_own_version_is_never_taken_for_16(version: str) -> None:
    for action in STATION_ACTIONS[version]:
        assert spoken(version, action, full(version, action)) == version


def test_an_extra_field_does_not_make_a_2x_message_one_of_16() -> None:
    payload = {"timestamp": AT, "connectorStatus": "Available", "evseId": 1, "connectorId": 1, "status": "x"}
    assert spoken("2.0.1", "StatusNotification", payload) == "2.0.1"


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just(AT),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.text(max_size=3), below, max_size=2),
    max_leaves=4,
)


def _bent(payload: Any, data: st.DataObject) -> Any:
    """The payload with some of its values, at any depth, replaced by anything or left out."""
    if data.draw(st.integers(0, 7)) == 0:
        return data.draw(_ANY)
    if isinstance(payload, dict):
        return {key: _bent(below, data) for key, below in payload.items() if data.draw(st.integers(0, 9))}
    if isinstance(payload, list):
        return [_bent(below, data) for below in payload]
    return payload


_ROUTE = st.sampled_from([(version, action) for version in VERSIONS for action in sorted(ROUTES[version])])


@settings(max_examples=400, deadline=None)
@given(_ROUTE, st.data())
def test_no_payload_breaks_an_adapter_and_each_says_something(
    route: tuple[str, str], data: st.DataObject
) -> None:
    version, action = route
    payload = {key: _bent(value, data) for key, value in full(version, action).items()}
    try:
        reception = understand(version, action, payload, CTX)
    except OcppError as refused:
        # The one answer that must echo what it was asked.
        assert (action, refused.code) == ("GetCertificateChainStatus", "FormatViolation")  # noqa: PT017
        return
    assert reception.events
    # Whatever is said back can be written.
    msgspec.json.encode(reception.answer(DECIDED))
    for event in reception.events:
        assert event.received_ms == AT_MS
        assert AT_MS - 3_700_000 < event.at_ms <= AT_MS + 300_000


@pytest.mark.parametrize(("action", "payload", "kind", "answer"), ON_A_2X_LINK)
def test_a_link_lets_a_16_payload_through_unless_strict(
    action: str, payload: dict[str, Any], kind: type, answer: dict[str, Any]
) -> None:
    text = msgspec.json.encode([2, "1", action, payload]).decode()
    inbound = LinkCore("2.0.1").receive(text, AT_MS)
    assert isinstance(inbound, Inbound)
    reception = understand("2.0.1", inbound.action, inbound.payload, CTX)
    assert isinstance(reception.events[0], kind)
    assert reception.answer(DECIDED) == answer
    assert isinstance(LinkCore("2.0.1", strict=True).receive(text, AT_MS), Rejected)
