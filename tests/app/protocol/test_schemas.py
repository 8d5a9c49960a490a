"""Schemas: all of them compile, faults name their kind and place, dates are judged by us."""

import sys
from subprocess import run

import pytest

from app.protocol.frames import Fault
from app.protocol.schemas import REQUEST, RESPONSE, at, check, is_date_time, schema
from app.protocol.versions import ACTIONS, SEND_ACTIONS, SERVER_ACTIONS, STATION_ACTIONS, VERSIONS

AT = "2026-01-05T08:00:00Z"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_message_has_its_schemas(version: str) -> None:
    """Every action of every version has a schema for its request, and its answer if it has one."""
    for action in ACTIONS[version]:
        schema(version, action, REQUEST)
        if action not in SEND_ACTIONS[version]:
            schema(version, action, RESPONSE)


def test_the_counts_of_the_specification() -> None:
    """39, 64 and 91 messages; DataTransfer alone goes both ways."""
    assert [len(ACTIONS[version]) for version in VERSIONS] == [39, 64, 91]
    for version in VERSIONS:
        assert STATION_ACTIONS[version] & SERVER_ACTIONS[version] == {"DataTransfer"}


def test_unknown_messages_have_none() -> None:
    """A message that the version lacks is a KeyError, not a file error."""
    with pytest.raises(KeyError):
        schema("1.6", "TransactionEvent")


def test_the_ocpp_package_is_not_imported() -> None:
    """Only its files are read: importing it would cost a quarter of a second at start."""
    code = (
        "import sys; from app.protocol.schemas import schema; schema('1.6', 'Heartbeat');"
        "sys.exit('ocpp' in sys.modules)"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0


def test_violations_name_kind_and_place() -> None:
    """Gravest first; the text says where, in words of the schema only."""
    payload = {"connectorId": "x", "idTag": "T" * 21, "meterStart": 1, "colour": "red"}
    found = check("1.6", "StartTransaction", REQUEST, payload)
    assert [violation.fault for violation in found] == [Fault.REQUIRED, Fault.TYPE, Fault.EXTRA, Fault.VALUE]
    assert found[0].text == "timestamp: a required field is missing"
    assert found[1].path == ("connectorId",)
    assert found[2].wanted == ("colour",)
    assert "colour" not in found[2].text


def test_integers_stay_within_64_bits() -> None:
    """No integer field takes what a 64-bit column cannot hold (T9)."""
    good = {"connectorId": 2**63 - 1, "idTag": "A", "meterStart": -(2**63), "timestamp": AT}
    assert check("1.6", "StartTransaction", REQUEST, good) == []
    assert check("1.6", "StartTransaction", REQUEST, {**good, "meterStart": 2**63})[0].fault is Fault.VALUE


def test_one_decimal_limits_pass() -> None:
    """multipleOf 0.1 does not refuse 21.4 or 0.3, as naive validators do."""
    for limit in (21.4, 0.3, 16.1, 32.7):
        profile = {
            "connectorId": 1,
            "csChargingProfiles": {
                "chargingProfileId": 1,
                "stackLevel": 0,
                "chargingProfilePurpose": "TxDefaultProfile",
                "chargingProfileKind": "Absolute",
                "chargingSchedule": {
                    "chargingRateUnit": "A",
                    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
                },
            },
        }
        assert check("1.6", "SetChargingProfile", REQUEST, profile) == []


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2026-01-05T08:00:00Z", True),
        ("2026-01-05T08:00:00.123Z", True),
        ("2026-01-05T08:00:00.1234567+02:00", True),
        ("2026-01-05t08:00:00z", True),
        ("2026-01-05T08:00:00", False),
        ("2026-01-05T08:00:00+0200", False),
        ("2026-02-30T08:00:00Z", False),
        ("2026-01-05T25:00:00Z", False),
        ("2026-01-05", False),
        ("222222-01-05T08:00:00Z", False),
        ("", False),
        ("yesterday", False),
    ],
)
def test_dates(text: str, good: bool) -> None:
    """RFC 3339 with a zone, and a day that exists."""
    assert is_date_time(text) is good


def test_the_schema_at_a_path() -> None:
    """References are followed on the way down."""
    document = schema("2.0.1", "TransactionEvent").document
    assert "transactionId" in at(document, ("transactionInfo",))["required"]
    assert at(document, ("meterValue", 0, "sampledValue", 2, "value"))["type"] == "number"
    assert at(document, ("nowhere", 3)) == {}
