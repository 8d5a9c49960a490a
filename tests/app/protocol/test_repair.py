"""The forgiving path: what is repaired, under which quirk, and what is still refused."""

from typing import Any

import pytest

from app.protocol.repair import repair
from app.protocol.schemas import REQUEST, RESPONSE, check

AT = "2026-01-05T08:00:00Z"
START = {"connectorId": 1, "idTag": "A", "meterStart": 1234, "timestamp": AT}
STATUS = {"connectorId": 1, "status": "Charging", "errorCode": "NoError", "timestamp": AT}
VALUES = {"connectorId": 1, "meterValue": [{"timestamp": AT, "sampledValue": [{"value": "12.5"}]}]}
EVENT = {
    "eventType": "Started",
    "timestamp": AT,
    "triggerReason": "Authorized",
    "seqNo": 0,
    "transactionInfo": {"transactionId": "T1"},
}

# name: (version, action, what came, what is used, the quirks)
REPAIRS: dict[str, tuple[str, str, dict[str, Any], dict[str, Any], tuple[str, ...]]] = {
    "number as text": ("1.6", "StartTransaction", {**START, "meterStart": "1234.0"}, START, ("Q25",)),
    "integer as text": ("1.6", "StartTransaction", {**START, "connectorId": "1"}, START, ("Q25",)),
    "float for integer": ("1.6", "StartTransaction", {**START, "meterStart": 1234.0}, START, ("Q25",)),
    "rounded once": ("1.6", "StartTransaction", {**START, "meterStart": 1233.5}, START, ("Q25",)),
    "comma decimal": ("1.6", "StartTransaction", {**START, "meterStart": "1233,6"}, START, ("Q25",)),
    "text as number": (
        "1.6",
        "MeterValues",
        {"connectorId": 1, "meterValue": [{"timestamp": AT, "sampledValue": [{"value": 12.5}]}]},
        VALUES,
        ("Q25",),
    ),
    "one item without its list": (
        "1.6",
        "MeterValues",
        {"connectorId": 1, "meterValue": {"timestamp": AT, "sampledValue": {"value": "12.5"}}},
        VALUES,
        ("Q25",),
    ),
    "boolean as text": (
        "2.0.1",
        "TransactionEvent",
        {**EVENT, "offline": "true"},
        {**EVENT, "offline": True},
        ("Q25",),
    ),
    "object for text": (
        "1.6",
        "DataTransfer",
        {"vendorId": "V", "data": {"a": 1}},
        {"vendorId": "V", "data": '{"a":1}'},
        ("Q25",),
    ),
    "wrong case": ("1.6", "StatusNotification", {**STATUS, "status": "charging"}, STATUS, ("Q26",)),
    "unknown error": (
        "1.6",
        "StatusNotification",
        {**STATUS, "errorCode": "Error"},
        {**STATUS, "errorCode": "OtherError", "vendorErrorCode": "Error"},
        ("Q26",),
    ),
    "unknown status stays for the adapter": (
        "1.6",
        "StatusNotification",
        {**STATUS, "status": "Occupied"},
        {**STATUS, "status": "Occupied"},
        ("Q26",),
    ),
    "Celsius either way": (
        "1.6",
        "MeterValues",
        {
            "connectorId": 1,
            "meterValue": [{"timestamp": AT, "sampledValue": [{"value": "1", "unit": "CELCIUS"}]}],
        },
        {
            "connectorId": 1,
            "meterValue": [{"timestamp": AT, "sampledValue": [{"value": "1", "unit": "Celcius"}]}],
        },
        ("Q26",),
    ),
    "null for an absent field": ("1.6", "StatusNotification", {**STATUS, "info": None}, STATUS, ("Q27",)),
    "empty list for an absent field": (
        "2.0.1",
        "TransactionEvent",
        {**EVENT, "meterValue": []},
        EVENT,
        ("Q25",),
    ),
    "extra field": ("1.6", "StartTransaction", {**START, "colour": "red", "x": 1}, START, ("Q28",)),
    "extra field below": (
        "1.6",
        "MeterValues",
        {"connectorId": 1, "meterValue": [{"timestamp": AT, "sampledValue": [{"value": "12.5", "x": 1}]}]},
        VALUES,
        ("Q28",),
    ),
    "over-long tag is kept": (
        "1.6",
        "StartTransaction",
        {**START, "idTag": "T" * 30},
        {**START, "idTag": "T" * 30},
        ("Q47",),
    ),
    "over-long serial is kept": (
        "1.6",
        "BootNotification",
        {"chargePointVendor": "V", "chargePointModel": "M" * 300},
        {"chargePointVendor": "V", "chargePointModel": "M" * 300},
        ("Q15",),
    ),
    "no timestamp": (
        "1.6",
        "StartTransaction",
        {"connectorId": 1, "idTag": "A", "meterStart": 1234},
        {"connectorId": 1, "idTag": "A", "meterStart": 1234},
        ("Q29",),
    ),
    "no trigger reason": (
        "2.0.1",
        "TransactionEvent",
        {name: value for name, value in EVENT.items() if name != "triggerReason"},
        {name: value for name, value in EVENT.items() if name != "triggerReason"},
        ("Q29",),
    ),
    "no error code": (
        "1.6",
        "StatusNotification",
        {"connectorId": 1, "status": "Charging"},
        {"connectorId": 1, "status": "Charging", "errorCode": "NoError"},
        ("Q29",),
    ),
    "an empty boot": (
        "1.6",
        "BootNotification",
        {},
        {"chargePointVendor": "", "chargePointModel": ""},
        ("Q29",),
    ),
    "useless samples go, good ones stay": (
        "2.0.1",
        "MeterValues",
        {
            "evseId": 1,
            "meterValue": [
                {"timestamp": AT, "sampledValue": [{"value": "NaN"}, {"value": 5}, {}, {"value": None}]}
            ],
        },
        {"evseId": 1, "meterValue": [{"timestamp": AT, "sampledValue": [{"value": 5}]}]},
        ("Q57",),
    ),
    "2^70 as transaction": (
        "1.6",
        "StopTransaction",
        {"transactionId": 2**70, "meterStop": 1, "timestamp": AT},
        {"transactionId": -1, "meterStop": 1, "timestamp": AT},
        ("Q43",),
    ),
}


@pytest.mark.parametrize("name", REPAIRS)
def test_repairs(name: str) -> None:
    """Each violation whose meaning is clear is repaired and counted under its quirk."""
    version, action, payload, used, quirks = REPAIRS[name]
    assert check(version, action, REQUEST, payload) != []
    repaired = repair(version, action, payload)
    assert repaired.refused is None
    assert payload == used
    assert set(repaired.quirks) >= set(quirks)


@pytest.mark.parametrize("field", list(START))
def test_a_start_may_lack_any_one_field(field: str) -> None:
    """A refused StartTransaction is sent again or lost, so one missing field never refuses it (Q29)."""
    payload = {name: value for name, value in START.items() if name != field}
    assert repair("1.6", "StartTransaction", payload).refused is None


@pytest.mark.parametrize(
    ("version", "action", "payload", "field"),
    [
        ("1.6", "Authorize", {}, "idTag"),
        ("1.6", "StatusNotification", {"connectorId": 1, "errorCode": "NoError"}, "status"),
        ("1.6", "StartTransaction", {**START, "connectorId": "left"}, "connectorId"),
        ("1.6", "StartTransaction", {**START, "connectorId": [1]}, "connectorId"),
        ("1.6", "MeterValues", {"connectorId": 1}, "meterValue"),
        ("2.0.1", "TransactionEvent", {**EVENT, "eventType": "Paused"}, "eventType"),
        ("2.0.1", "TransactionEvent", {**EVENT, "transactionInfo": {}}, "transactionId"),
        (
            "2.1",
            "StatusNotification",
            {"evseId": -1, "connectorId": 1, "connectorStatus": "Available"},
            "evseId",
        ),
    ],
)
def test_unclear_payloads_are_refused(version: str, action: str, payload: dict[str, Any], field: str) -> None:
    """What could mean several things is refused, and the refusal names the field."""
    refused = repair(version, action, payload).refused
    assert refused is not None
    assert field in refused.text


def test_answers_are_repaired_too() -> None:
    """GetConfiguration's numbers and booleans as values are coerced (Q17); an unknown status is not."""
    payload: dict[str, Any] = {
        "configurationKey": [
            {"key": "HeartbeatInterval", "readonly": "false", "value": 300},
            {"key": "LocalPreAuthorize", "readonly": 0, "value": True},
        ],
        "extra": 1,
    }
    assert repair("1.6", "GetConfiguration", payload, RESPONSE).refused is None
    assert payload == {
        "configurationKey": [
            {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
            {"key": "LocalPreAuthorize", "readonly": False, "value": "true"},
        ]
    }
    assert repair("1.6", "Reset", {"status": "Perhaps"}, RESPONSE).refused is not None
    assert repair("1.6", "Reset", {"status": "accepted"}, RESPONSE).refused is None
