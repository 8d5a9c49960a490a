"""No secret of a station is stored, shown or logged; nothing else is touched."""

import json

import pytest

from app.domain.redaction import redact, redacted

SECRET = "c2VjcmV0"

OF = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
SETTING = {"key": "AuthorizationKey", "readonly": False, "value": SECRET}
FRAMES = [
    [3, "1", {"configurationKey": [SETTING], "unknownKey": []}],
    [2, "1", "ChangeConfiguration", {"key": "AuthorizationKey", "value": SECRET}],
    [2, "1", "SetVariables", {"setVariableData": [{"attributeValue": SECRET, **OF}]}],
    [3, "1", {"getVariableResult": [{"attributeStatus": "Accepted", **OF, "attributeValue": SECRET}]}],
    [
        2,
        "1",
        "NotifyReport",
        {"reportData": [{**OF, "variableAttribute": [{"type": "Actual", "value": SECRET}]}]},
    ],
    [2, "1", "SetNetworkProfile", {"connectionData": {"apn": {"apn": "x", "apnPassword": SECRET}}}],
    [2, "1", "SetNetworkProfile", {"vpn": {"server": "x", "key": SECRET, "password": SECRET}}],
    [2, "1", "DataTransfer", {"vendorId": "V", "data": json.dumps({"password": SECRET})}],
]

PLAIN = [
    [2, "1", "Authorize", {"idTag": "TOKEN"}],
    [
        2,
        "1",
        "TransactionEvent",
        {"idToken": {"idToken": "ANNA", "type": "ISO14443"}, "groupIdToken": "CORP"},
    ],
    [3, "1", {"configurationKey": [{"key": "HeartbeatInterval", "readonly": False, "value": "300"}]}],
    [2, "1", "MeterValues", {"signedMeterValue": {"publicKey": "abc", "encodingMethod": "OCMF"}}],
    [3, "1", {"configurationKey": [{"key": "MeterPublicKey", "readonly": True, "value": "abc"}]}],
    [3, "1", {"unknownKey": ["AuthorizationKey"]}],
]


@pytest.mark.parametrize(
    "data",
    [
        f'{{"AuthorizationKey":"{SECRET}"}}',
        f"AuthorizationKey={SECRET}",
        f"user=a&password={SECRET}&x=1",
        f"token={SECRET}",
        {"password": SECRET},
    ],
)
@pytest.mark.parametrize("field", ["data", "techInfo"])
def test_secrets_are_hidden_in_what_vendors_write_their_own_way(field, data):
    """JSON within a text, and name=value."""
    hidden = redacted(json.dumps([2, "8", "DataTransfer", {"vendorId": "V", field: data}]))
    assert SECRET not in hidden
    assert json.loads(hidden)[3]["vendorId"] == "V"


def test_a_drivers_tag_is_kept_whatever_it_looks_like():
    """Billing goes by it."""
    frame = json.dumps([2, "8", "Authorize", {"idTag": "Key=4711"}])
    assert redacted(frame) == frame


@pytest.mark.parametrize("frame", FRAMES, ids=lambda f: str(f[2])[:20])
def test_secrets_are_hidden_wherever_ocpp_puts_them(frame):
    """In settings, variables, reports, network profiles, vendor data: the value is gone, the frame stays."""
    text = json.dumps(frame)
    hidden = redacted(text)
    assert SECRET not in hidden
    assert json.loads(hidden)[:2] == frame[:2]
    assert redacted(hidden) == hidden
    assert SECRET not in json.dumps(redact(frame))


@pytest.mark.parametrize("frame", PLAIN, ids=lambda f: str(f[2])[:20])
def test_what_is_no_secret_stays_as_it_came(frame):
    """Drivers' tokens, public keys and ordinary settings are kept byte for byte."""
    text = json.dumps(frame)
    assert redacted(text) == text


def test_rubbish_that_holds_a_secret_is_cleaned_too():
    """A frame that is no JSON does not smuggle a password onto the disk."""
    assert SECRET not in redacted('[2,"1","X",{"password": "' + SECRET + '"')
