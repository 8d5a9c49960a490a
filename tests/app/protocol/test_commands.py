"""What may be sent to a station, in which words a refusal is told, and what an answer says."""

from typing import Any

import pytest

from app.protocol.commands import (
    ASK_BOOT,
    Command,
    CommandRefused,
    command,
    status_word,
)
from app.protocol.versions import SERVER_ACTIONS, VERSIONS
from tests.app.protocol.generate import full, minimal

NOT_SENT = "was not sent, because OCPP 1.6 does not allow it"
EVERY = [(version, action) for version in VERSIONS for action in sorted(SERVER_ACTIONS[version])]


@pytest.mark.parametrize(("version", "action"), EVERY)
@pytest.mark.parametrize("make", [minimal, full])
def test_every_schema_valid_message_can_be_sent(version: str, action: str, make: Any) -> None:
    payload = make(version, action)
    assert command(version, action, payload) == Command(action, payload)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_wish_for_a_boot_is_valid_in_each_version(version: str) -> None:
    assert command(version, ASK_BOOT.action, ASK_BOOT.payload) == ASK_BOOT


@pytest.mark.parametrize(
    ("version", "action", "payload", "sentence"),
    [
        ("1.6", "Reset", {}, f"Reset {NOT_SENT}: type: a required field is missing."),
        ("1.6", "Reset", {"type": "Warm"},
         f"Reset {NOT_SENT}: type: the field has a value that is not allowed (Hard, Soft)."),
        ("1.6", "Reset", {"type": "Hard", "now": 1},
         f"Reset {NOT_SENT}: a field that the schema does not know (now)."),
        ("1.6", "Reset", [], "Reset needs a JSON object, like {}, as its payload."),
        ("1.6", "Reset", None, "Reset needs a JSON object, like {}, as its payload."),
        ("1.6", "reset", {}, "OCPP 1.6 has no reset; it is spelled Reset."),
        ("2.1", "Heartbeat", {}, "Heartbeat is a message that stations send, so it cannot be sent to one."),
        ("1.6", "SetVariables", {},
         "SetVariables exists in OCPP 2.0.1 and 2.1, but this station speaks 1.6."),
        ("2.0.1", "AFRRSignal", {}, "AFRRSignal exists in OCPP 2.1, but this station speaks 2.0.1."),
        ("2.1", "FooBar", {}, "OCPP 2.1 has no action called FooBar."),
        ("1.6", "UpdateFirmware", {"location": "http://x", "retrieveDate": "tomorrow"},
         f"UpdateFirmware {NOT_SENT}: retrieveDate: the field has a value that is not allowed."),
    ],
)  # fmt: skip
def test_a_refusal_is_one_plain_sentence(version: str, action: str, payload: Any, sentence: str) -> None:
    with pytest.raises(CommandRefused) as caught:
        command(version, action, payload)
    assert str(caught.value) == sentence


def test_limits_of_16_are_rounded_to_the_one_decimal_it_allows() -> None:
    profile = {
        "chargingProfileId": 1, "stackLevel": 0, "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Absolute",
        "chargingSchedule": {
            "chargingRateUnit": "A", "minChargingRate": 0.1 * 3,
            "chargingSchedulePeriod": [
                {"startPeriod": 0, "limit": 16.25}, {"startPeriod": 60, "limit": 21.4},
            ],
        },
    }  # fmt: skip
    sent = command("1.6", "SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile}).payload
    schedule = sent["csChargingProfiles"]["chargingSchedule"]
    assert schedule["minChargingRate"] == 0.3
    assert [period["limit"] for period in schedule["chargingSchedulePeriod"]] == [16.2, 21.4]


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ({"status": "Accepted"}, "Accepted"),
        ({"status": "Rejected", "statusInfo": {"reasonCode": "NotEnabled"}}, "Rejected (NotEnabled)"),
        ({}, ""),
        ({"setVariableResult": [{"attributeStatus": "Accepted"}, {"attributeStatus": "RebootRequired"}]},
         "RebootRequired"),
        ({"setVariableResult": [{"attributeStatus": "Accepted"}]}, "Accepted"),
        ({"clearMonitoringResult": [{"id": 1, "status": "NotFound"}]}, "NotFound"),
        ({"configurationKey": [{"key": "a", "readonly": True}]}, ""),
        ({"status": 5}, ""),
    ],
)  # fmt: skip
def test_an_answer_in_a_word(answer: dict[str, Any], word: str) -> None:
    assert status_word(answer) == word
