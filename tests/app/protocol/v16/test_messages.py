"""Each message of 1.6: what it means to the domain, and how it is answered."""

from typing import Any

import pytest

from app.domain.events import (
    Booted,
    Event,
    HeartbeatSeen,
    MeterSampled,
    Noticed,
    Phase,
    StatusReported,
    Token,
    TokenShown,
    TransactionReported,
)
from app.domain.ids import StationId, TransactionId
from app.domain.meter import Reading, Sample
from app.domain.reception import Decided, TokenStatus
from app.domain.status import ConnectorStatus, Registration
from app.protocol.context import Context, StationClock
from app.protocol.routing import understand
from app.protocol.versions import STATION_ACTIONS
from tests.app.protocol.generate import AT, AT_MS, answer_is_valid, full, minimal

S = StationId("CP-1")
NOW = AT_MS + 2000
CTX = Context(S, NOW, StationClock(0, AT_MS - 3_600_000))
DECIDED = Decided(NOW, Registration.ACCEPTED, 300, TransactionId("4711"), TokenStatus.ACCEPTED, "FLEET")

ENERGY = Sample("Energy.Active.Import.Register", "1234", 1234.0, "Wh", "", "Outlet", "Sample.Periodic")
METER_VALUE = {"timestamp": AT, "sampledValue": [{"value": "1234"}]}
READING = Reading(AT_MS, (ENERGY,), 1234)

CASES: dict[str, tuple[dict[str, Any], tuple[Event, ...], dict[str, Any]]] = {
    "BootNotification": (
        {
            "chargePointVendor": "Voltwerk", "chargePointModel": "W22", "chargePointSerialNumber": "SN-7",
            "chargeBoxSerialNumber": "BOX-7", "firmwareVersion": "1.4.2", "iccid": "8949", "imsi": "2620",
            "meterType": "E34", "meterSerialNumber": "M-9",
        },
        (Booted(S, NOW, NOW, "Voltwerk", "W22", "SN-7", "1.4.2", "8949", "2620", "M-9", "E34"),),
        {"status": "Accepted", "currentTime": "2026-01-05T08:00:02Z", "interval": 300},
    ),
    "Heartbeat": ({}, (HeartbeatSeen(S, NOW, NOW),), {"currentTime": "2026-01-05T08:00:02Z"}),
    "Authorize": (
        {"idTag": "04A2"},
        (TokenShown(S, NOW, NOW, Token("04A2")),),
        {"idTagInfo": {"status": "Accepted", "parentIdTag": "FLEET"}},
    ),
    "StatusNotification": (
        {
            "connectorId": 2, "status": "Faulted", "errorCode": "GroundFailure", "timestamp": AT,
            "info": "RCD", "vendorId": "vw", "vendorErrorCode": "E17",
        },
        (
            StatusReported(
                S, AT_MS, NOW, 2, 1, ConnectorStatus.FAULTED, "GroundFailure", "E17", "vw", "RCD", "Faulted"
            ),
        ),
        {},
    ),
    "StartTransaction": (
        {"connectorId": 2, "idTag": "04A2", "meterStart": 1000, "timestamp": AT, "reservationId": 5},
        (
            TransactionReported(
                S, AT_MS, NOW, Phase.STARTED, None, 2, 1, Token("04A2"), 1000, AT_MS, reservation=5
            ),
        ),
        {"transactionId": 4711, "idTagInfo": {"status": "Accepted", "parentIdTag": "FLEET"}},
    ),
    "StopTransaction": (
        {
            "transactionId": 4711, "idTag": "04A2", "meterStop": 9000, "timestamp": AT,
            "reason": "EVDisconnected", "transactionData": [METER_VALUE],
        },
        (
            TransactionReported(
                S, AT_MS, NOW, Phase.ENDED, TransactionId("4711"), token=Token("04A2"), meter_wh=9000,
                said_ms=AT_MS, reason="EVDisconnected", readings=(READING,),
            ),
        ),
        {"idTagInfo": {"status": "Accepted", "parentIdTag": "FLEET"}},
    ),
    "MeterValues": (
        {"connectorId": 2, "transactionId": 4711, "meterValue": [METER_VALUE]},
        (MeterSampled(S, AT_MS, NOW, 2, 1, TransactionId("4711"), (READING,)),),
        {},
    ),
    "DiagnosticsStatusNotification": (
        {"status": "Uploading"},
        (Noticed(S, NOW, NOW, "log", "Uploading", {"status": "Uploading", "log": "diagnostics"}),),
        {},
    ),
    "LogStatusNotification": (
        {"status": "Uploaded", "requestId": 3},
        (Noticed(S, NOW, NOW, "log", "Uploaded", {"status": "Uploaded", "requestId": 3}),),
        {},
    ),
    "FirmwareStatusNotification": (
        {"status": "Downloading"},
        (Noticed(S, NOW, NOW, "firmware", "Downloading", {"status": "Downloading"}),),
        {},
    ),
    "SignedFirmwareStatusNotification": (
        {"status": "InvalidSignature", "requestId": 8},
        (
            Noticed(
                S, NOW, NOW, "firmware", "InvalidSignature", {"status": "InvalidSignature", "requestId": 8}
            ),
        ),
        {},
    ),
    "SecurityEventNotification": (
        {"type": "TamperDetectionActivated", "timestamp": AT, "techInfo": "lid"},
        (
            Noticed(
                S, AT_MS, NOW, "security", "TamperDetectionActivated",
                {"type": "TamperDetectionActivated", "timestamp": AT, "techInfo": "lid"}, critical=True,
            ),
        ),
        {},
    ),
    "SignCertificate": (
        {"csr": "-----BEGIN..."},
        (Noticed(S, NOW, NOW, "certificate", "SignCertificate", {"csr": "-----BEGIN..."}),),
        {"status": "Rejected"},
    ),
    "DataTransfer": (
        {"vendorId": "evnex", "messageId": "reboot", "data": "why"},
        (
            Noticed(
                S, NOW, NOW, "data-transfer", "evnex",
                {"vendorId": "evnex", "messageId": "reboot", "data": "why"},
            ),
        ),
        {"status": "UnknownVendorId"},
    ),
}  # fmt: skip


def test_no_message_is_forgotten() -> None:
    assert set(CASES) == STATION_ACTIONS["1.6"]


@pytest.mark.parametrize("action", CASES)
def test_a_message_has_its_effect_and_its_answer(action: str) -> None:
    payload, events, answer = CASES[action]
    reception = understand("1.6", action, payload, CTX)
    assert reception.events == events
    assert reception.answer(DECIDED) == answer
    assert answer_is_valid("1.6", action, answer)
    assert reception.quirks == ()


@pytest.mark.parametrize("action", CASES)
@pytest.mark.parametrize("make", [minimal, full])
@pytest.mark.parametrize(
    "decided",
    [
        DECIDED,
        Decided(NOW, Registration.PENDING, 60, TransactionId("1"), TokenStatus.UNKNOWN, "G" * 21),
        Decided(NOW, Registration.REJECTED, 900, TransactionId("2147483647")),
    ],
)
def test_every_schema_valid_message_says_something_and_is_answered_by_the_schema(
    action: str, make: Any, decided: Decided
) -> None:
    payload = make("1.6", action)
    reception = understand("1.6", action, payload, CTX)
    assert reception.events
    assert all(event.station == S and event.received_ms == NOW for event in reception.events)
    assert answer_is_valid("1.6", action, reception.answer(decided))


@pytest.mark.parametrize("action", sorted(STATION_ACTIONS["1.6"]))
def test_what_is_answered_afresh_at_once_or_only_after_the_commit(action: str) -> None:
    reception = understand("1.6", action, minimal("1.6", action), CTX)
    assert reception.repeatable is (action not in ("Heartbeat", "Authorize", "BootNotification"))
    assert reception.durable is (action not in ("Heartbeat", "Authorize"))
    assert reception.effect is (action != "Heartbeat")
