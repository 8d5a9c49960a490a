"""Each message of 2.0.1 and 2.1: what it means to the domain, and how it is answered."""

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
from app.protocol.versions import SEND_ACTIONS, STATION_ACTIONS
from tests.app.protocol.generate import AT, AT_MS, answer_is_valid, full, minimal

S = StationId("CS-1")
NOW = AT_MS + 2000
CTX = Context(S, NOW, StationClock(0, AT_MS - 3_600_000))
DECIDED = Decided(NOW, Registration.ACCEPTED, 300, None, TokenStatus.ACCEPTED, "FLEET", 1.25)

ENERGY = Sample("Energy.Active.Import.Register", "1.5", 1.5, "kWh", "", "Outlet", "Transaction.End")
METER_VALUE = {
    "timestamp": AT,
    "sampledValue": [{"value": 1.5, "context": "Transaction.End", "unitOfMeasure": {"unit": "kWh"}}],
}
READING = Reading(AT_MS, (ENERGY,), 1500, context="Transaction.End")
RFID = {"idToken": "04A2", "type": "ISO14443"}
GROUP = {"idToken": "FLEET", "type": "Central"}
ACCEPTED = {"status": "Accepted", "groupIdToken": GROUP}
HASH = {
    "hashAlgorithm": "SHA256", "issuerNameHash": "aa", "issuerKeyHash": "bb", "serialNumber": "01",
}  # fmt: skip
SCHEDULE = {
    "id": 1,
    "chargingRateUnit": "W",
    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 11000.0}],
}
PROFILE = {
    "id": 1, "stackLevel": 0, "chargingProfilePurpose": "TxProfile", "chargingProfileKind": "Absolute",
    "chargingSchedule": [SCHEDULE],
}  # fmt: skip
COMPONENT = {"name": "Connector", "evse": {"id": 2, "connectorId": 1}}
EVENT = {
    "eventId": 9, "timestamp": AT, "trigger": "Delta", "actualValue": "Occupied", "component": COMPONENT,
    "variable": {"name": "AvailabilityState"}, "eventNotificationType": "HardWiredNotification",
}  # fmt: skip

Case = tuple[dict[str, Any], tuple[Event, ...], dict[str, Any]]


def kept(
    subject: str, name: str, payload: dict[str, Any], answer: dict[str, Any] | None = None, *,
    dated: bool = False, evse: int | None = None, critical: bool = False,
    detail: dict[str, Any] | None = None,
) -> Case:  # fmt: skip
    """A message that becomes one notice with its payload as detail."""
    at_ms = AT_MS if dated else NOW
    event = Noticed(S, at_ms, NOW, subject, name, payload | (detail or {}), evse, None, critical)
    return payload, (event,), answer or {}


def failed(why: str) -> dict[str, Any]:
    return {"status": "Failed", "statusInfo": {"reasonCode": "NotEnabled", "additionalInfo": why}}


BOTH: dict[str, Case] = {
    "BootNotification": (
        {
            "reason": "PowerUp",
            "chargingStation": {
                "model": "W22", "vendorName": "Voltwerk", "serialNumber": "SN-7", "firmwareVersion": "1.4.2",
                "modem": {"iccid": "8949", "imsi": "2620"},
            },
        },
        (Booted(S, NOW, NOW, "Voltwerk", "W22", "SN-7", "1.4.2", "8949", "2620", reason="PowerUp"),),
        {"status": "Accepted", "currentTime": "2026-01-05T08:00:02Z", "interval": 300},
    ),
    "Heartbeat": ({}, (HeartbeatSeen(S, NOW, NOW),), {"currentTime": "2026-01-05T08:00:02Z"}),
    "Authorize": (
        {"idToken": RFID},
        (TokenShown(S, NOW, NOW, Token("04A2", "ISO14443")),),
        {"idTokenInfo": ACCEPTED},
    ),
    "StatusNotification": (
        {"timestamp": AT, "connectorStatus": "Occupied", "evseId": 2, "connectorId": 1},
        (StatusReported(S, AT_MS, NOW, 2, 1, ConnectorStatus.PREPARING, raw_status="Occupied"),),
        {},
    ),
    "TransactionEvent": (
        {
            "eventType": "Ended", "timestamp": AT, "triggerReason": "EVDeparted", "seqNo": 4,
            "transactionInfo": {
                "transactionId": "tx-1", "chargingState": "Idle", "stoppedReason": "EVDisconnected",
                "remoteStartId": 77,
            },
            "evse": {"id": 2, "connectorId": 1}, "idToken": RFID, "reservationId": 5,
            "meterValue": [METER_VALUE],
        },
        (
            TransactionReported(
                S, AT_MS, NOW, Phase.ENDED, TransactionId("tx-1"), 2, 1, Token("04A2", "ISO14443"), 1500,
                AT_MS, seq_no=4, charging_state="Idle", trigger="EVDeparted", reason="EVDisconnected",
                reservation=5, remote_start=77, readings=(READING,),
            ),
        ),
        {"idTokenInfo": ACCEPTED, "totalCost": 1.25},
    ),
    "MeterValues": (
        {"evseId": 2, "meterValue": [METER_VALUE]},
        (MeterSampled(S, AT_MS, NOW, 2, 0, None, (READING,)),),
        {},
    ),
    "ReservationStatusUpdate": kept(
        "reservation", "Expired", {"reservationId": 5, "reservationUpdateStatus": "Expired"}
    ),
    "NotifyReport": kept(
        "report", "NotifyReport", {
            "requestId": 3, "seqNo": 1, "tbc": True, "generatedAt": AT,
            "reportData": [
                {"component": COMPONENT, "variable": {"name": "Enabled"},
                 "variableAttribute": [{"value": "true"}]},
            ],
        }, dated=True,
    ),
    "NotifyMonitoringReport": kept(
        "monitoring", "NotifyMonitoringReport",
        {"requestId": 3, "seqNo": 0, "tbc": False, "generatedAt": AT}, dated=True,
    ),
    "NotifyCustomerInformation": kept(
        "customer", "NotifyCustomerInformation",
        {"requestId": 3, "seqNo": 0, "generatedAt": AT, "data": "J. Doe"}, dated=True,
    ),
    "NotifyEvent": (
        {"generatedAt": AT, "seqNo": 0, "tbc": False, "eventData": [EVENT]},
        (
            Noticed(
                S, AT_MS, NOW, "event", "Connector.AvailabilityState",
                EVENT | {"seqNo": 0, "tbc": False, "generatedAt": AT}, 2, 1,
            ),
            StatusReported(S, AT_MS, NOW, 2, 1, ConnectorStatus.PREPARING, raw_status="Occupied"),
        ),
        {},
    ),
    "NotifyDisplayMessages": kept("display", "NotifyDisplayMessages", {"requestId": 3, "tbc": True}),
    "NotifyChargingLimit": kept(
        "limit", "EMS", {"evseId": 2, "chargingLimit": {"chargingLimitSource": "EMS"}}, evse=2
    ),
    "ClearedChargingLimit": kept(
        "limit", "EMS", {"evseId": 2, "chargingLimitSource": "EMS"}, evse=2, detail={"cleared": True}
    ),
    "NotifyEVChargingNeeds": kept(
        "ev-needs", "DC", {"evseId": 2, "chargingNeeds": {"requestedEnergyTransfer": "DC"}},
        {"status": "Rejected"}, evse=2,
    ),
    "NotifyEVChargingSchedule": kept(
        "ev-schedule", "NotifyEVChargingSchedule",
        {"timeBase": AT, "evseId": 2, "chargingSchedule": SCHEDULE}, {"status": "Accepted"},
        evse=2, detail={"timeBaseMs": AT_MS},
    ),
    "ReportChargingProfiles": kept(
        "profile", "CSO",
        {"requestId": 3, "chargingLimitSource": "CSO", "evseId": 2, "chargingProfile": [PROFILE]}, evse=2,
    ),
    "FirmwareStatusNotification": kept("firmware", "Installed", {"status": "Installed", "requestId": 8}),
    "PublishFirmwareStatusNotification": kept(
        "firmware", "Published", {"status": "Published", "location": ["ftp://x"], "requestId": 8},
        detail={"published": True},
    ),
    "LogStatusNotification": kept("log", "UploadFailure", {"status": "UploadFailure", "requestId": 3}),
    "SecurityEventNotification": kept(
        "security", "SecurityLogWasCleared", {"type": "SecurityLogWasCleared", "timestamp": AT},
        dated=True, critical=True,
    ),
    "SignCertificate": kept(
        "certificate", "SignCertificate", {"csr": "---"},
        failed("no certificate authority") | {"status": "Rejected"},
        detail={"certificateType": "ChargingStationCertificate"},
    ),
    "Get15118EVCertificate": kept(
        "certificate", "Get15118EVCertificate",
        {"iso15118SchemaVersion": "urn:iso:15118:2:2013", "action": "Install", "exiRequest": "gA=="},
        failed("no contract provider") | {"exiResponse": ""},
    ),
    "GetCertificateStatus": kept(
        "certificate", "GetCertificateStatus", {"ocspRequestData": HASH | {"responderURL": "http://o"}},
        failed("no OCSP responder is asked"),
    ),
    "DataTransfer": kept(
        "data-transfer", "evnex", {"vendorId": "evnex", "messageId": "m", "data": {"why": [1, None]}},
        {"status": "UnknownVendorId"},
    ),
}  # fmt: skip

ONLY_21: dict[str, Case] = {
    "NotifyEVChargingNeeds": kept(
        "ev-needs", "DC", {"evseId": 2, "chargingNeeds": {"requestedEnergyTransfer": "DC"}},
        {"status": "NoChargingProfile"}, evse=2,
    ),
    "NotifyPriorityCharging": kept("priority", "activated", {"transactionId": "tx-1", "activated": True}),
    "PullDynamicScheduleUpdate": kept(
        "profile", "PullDynamicScheduleUpdate", {"chargingProfileId": 4}, {"status": "Rejected"}
    ),
    "GetCertificateChainStatus": kept(
        "certificate", "GetCertificateChainStatus",
        {"certificateStatusRequests": [
            {"certificateHashData": HASH, "source": "CRL", "urls": ["http://c"]},
            {"certificateHashData": HASH, "source": "OCSP", "urls": ["http://o"]},
        ]},
        {"certificateStatus": [
            {"certificateHashData": HASH, "source": "CRL", "status": "Failed",
             "nextUpdate": "2026-01-06T08:00:02Z"},
            {"certificateHashData": HASH, "source": "OCSP", "status": "Failed",
             "nextUpdate": "2026-01-06T08:00:02Z"},
        ]},
    ),
    "OpenPeriodicEventStream": (
        {"constantStreamData": {"id": 1, "variableMonitoringId": 6, "params": {"interval": 10}}},
        (Noticed(S, NOW, NOW, "stream", "opened",
                 {"id": 1, "variableMonitoringId": 6, "params": {"interval": 10}}),),
        {"status": "Accepted"},
    ),
    "ClosePeriodicEventStream": kept("stream", "closed", {"id": 1}),
    "NotifyPeriodicEventStream": kept(
        "stream", "data",
        {"id": 1, "pending": 0, "basetime": AT, "data": [{"t": 0, "v": "1"}, {"t": 0.5, "v": "2"}]},
        dated=True, detail={"count": 2},
    ),
    "NotifySettlement": kept(
        "payment", "Settled",
        {"pspRef": "p-1", "status": "Settled", "settlementAmount": 12.5, "settlementTime": AT}, dated=True,
    ),
    "VatNumberValidation": kept(
        "payment", "VatNumberValidation", {"vatNumber": "DE1", "evseId": 2},
        {"status": "Rejected", "vatNumber": "DE1", "evseId": 2}, evse=2,
    ),
    "ReportDERControl": kept("der", "ReportDERControl", {"requestId": 3, "tbc": False}),
    "NotifyDERStartStop": kept("der", "started", {"controlId": "c", "started": True, "timestamp": AT},
                               dated=True),
    "NotifyDERAlarm": kept(
        "der", "OverVoltage",
        {"controlType": "VoltWatt", "gridEventFault": "OverVoltage", "timestamp": AT},
        dated=True, critical=True,
    ),
    "BatterySwap": kept(
        "battery-swap", "BatteryIn",
        {"eventType": "BatteryIn", "requestId": 3, "idToken": RFID,
         "batteryData": [{"evseId": 2, "serialNumber": "B-1", "soC": 20.0, "soH": 97.0}]},
    ),
}  # fmt: skip

ALL = [("2.0.1", action, case) for action, case in BOTH.items()]
ALL += [("2.1", action, case) for action, case in (BOTH | ONLY_21).items()]
ACTIONS = {v: sorted(STATION_ACTIONS[v] | SEND_ACTIONS[v]) for v in ("2.0.1", "2.1")}
EACH = [(version, action) for version, actions in ACTIONS.items() for action in actions]


def test_no_message_is_forgotten() -> None:
    assert sorted(BOTH) == ACTIONS["2.0.1"]
    assert sorted(BOTH | ONLY_21) == ACTIONS["2.1"]


@pytest.mark.parametrize(("version", "action", "case"), ALL, ids=[f"{v}-{a}" for v, a, _ in ALL])
def test_a_message_has_its_effect_and_its_answer(version: str, action: str, case: Case) -> None:
    payload, events, answer = case
    reception = understand(version, action, payload, CTX)
    assert reception.events == events
    assert reception.answer(DECIDED) == answer
    assert action in SEND_ACTIONS[version] or answer_is_valid(version, action, answer)
    assert reception.quirks == ()


@pytest.mark.parametrize(("version", "action"), EACH)
@pytest.mark.parametrize("make", [minimal, full])
@pytest.mark.parametrize(
    "decided",
    [
        DECIDED,
        Decided(NOW, Registration.PENDING, 60, None, TokenStatus.UNKNOWN, "G" * 37),
        Decided(NOW, Registration.REJECTED, 900),
    ],
)
def test_every_schema_valid_message_says_something_and_is_answered_by_the_schema(
    version: str, action: str, make: Any, decided: Decided
) -> None:
    reception = understand(version, action, make(version, action), CTX)
    assert reception.events
    assert all(event.station == S and event.received_ms == NOW for event in reception.events)
    answer = reception.answer(decided)
    assert action in SEND_ACTIONS[version] or answer_is_valid(version, action, answer)


@pytest.mark.parametrize(("version", "action"), EACH)
def test_what_is_answered_afresh_at_once_or_only_after_the_commit(version: str, action: str) -> None:
    reception = understand(version, action, minimal(version, action), CTX)
    assert reception.repeatable is (action not in ("Heartbeat", "Authorize", "BootNotification"))
    assert reception.durable is (action not in ("Heartbeat", "Authorize"))
    assert reception.effect is (action != "Heartbeat")
