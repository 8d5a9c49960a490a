"""Every operation is said in every version, or it is said what to use instead."""

from typing import Any, get_args

import pytest

from app.domain import operations as op
from app.domain.errors import ForecourtError
from app.protocol.commands import Command
from app.protocol.orders import CannotDo, cannot, orders
from app.protocol.schemas import REQUEST, check
from app.protocol.versions import SERVER_ACTIONS, VERSIONS
from tests.app.protocol.generate import minimal
from tests.app.protocol.orders.samples import AT, samples

KINDS = [kind for kind in get_args(op.Operation) if kind is not op.Message]
LISTED = (op.ListedToken("A"), op.ListedToken("B"), op.ListedToken("C"))


def one(version: str, operation: Any, **how: Any) -> Command:
    found = orders(version, operation, **how)
    assert len(found) == 1
    return found[0]


def test_there_is_a_sample_of_each_kind() -> None:
    for version in VERSIONS:
        assert {type(sample) for sample in samples(version)} == set(KINDS)


@pytest.mark.parametrize("version", VERSIONS)
def test_each_operation_is_valid_by_its_schema_or_says_what_to_use(version: str) -> None:
    for sample in samples(version):
        reason = cannot(version, type(sample).__name__)
        if reason:
            with pytest.raises(CannotDo, match=r"^OCPP \d\.\d.*\.$") as caught:
                orders(version, sample)
            assert str(caught.value) == reason
            continue
        for command in orders(version, sample, request=41, now_ms=AT):
            assert command.action in SERVER_ACTIONS[version]
            assert check(version, command.action, REQUEST, dict(command.payload), dates=True) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_message_of_the_version_can_be_sent_by_hand(version: str) -> None:
    for action in SERVER_ACTIONS[version]:
        payload = minimal(version, action)
        assert one(version, op.Message(action, payload)) == Command(action, payload)


def test_a_kind_that_nobody_knows_is_no_reason_to_refuse() -> None:
    assert cannot("1.6", "Nonsense") == ""
    assert cannot("2.1", "SetStream") == ""


@pytest.mark.parametrize(
    ("version", "operation", "action", "payload"),
    [
        ("1.6", op.StartSession(2, "ANNA"), "RemoteStartTransaction", {"connectorId": 2, "idTag": "ANNA"}),
        ("1.6", op.StartSession(None, "ANNA"), "RemoteStartTransaction", {"idTag": "ANNA"}),
        ("2.0.1", op.StartSession(2, "ANNA"), "RequestStartTransaction",
         {"evseId": 2, "idToken": {"idToken": "ANNA", "type": "Central"}, "remoteStartId": 41}),
        ("1.6", op.StopSession("7"), "RemoteStopTransaction", {"transactionId": 7}),
        ("2.1", op.StopSession("7"), "RequestStopTransaction", {"transactionId": "7"}),
        ("1.6", op.Unlock(2), "UnlockConnector", {"connectorId": 2}),
        ("2.0.1", op.Unlock(2), "UnlockConnector", {"evseId": 2, "connectorId": 1}),
        ("1.6", op.Reset(hard=True), "Reset", {"type": "Hard"}),
        ("1.6", op.Reset(), "Reset", {"type": "Soft"}),
        ("2.0.1", op.Reset(hard=True, evse=1), "Reset", {"type": "Immediate", "evseId": 1}),
        ("2.1", op.Reset(), "Reset", {"type": "OnIdle"}),
        ("1.6", op.SetAvailability(False), "ChangeAvailability", {"connectorId": 0, "type": "Inoperative"}),
        ("2.1", op.SetAvailability(True), "ChangeAvailability", {"operationalStatus": "Operative"}),
        ("2.1", op.SetAvailability(True, 2, 1), "ChangeAvailability",
         {"operationalStatus": "Operative", "evse": {"id": 2, "connectorId": 1}}),
        ("1.6", op.Trigger("LogStatusNotification"), "ExtendedTriggerMessage",
         {"requestedMessage": "LogStatusNotification"}),
        ("1.6", op.Trigger("SignChargingStationCertificate"), "ExtendedTriggerMessage",
         {"requestedMessage": "SignChargePointCertificate"}),
        ("1.6", op.Trigger("MeterValues", 1), "TriggerMessage",
         {"requestedMessage": "MeterValues", "connectorId": 1}),
        ("2.0.1", op.Trigger("StatusNotification", 2), "TriggerMessage",
         {"requestedMessage": "StatusNotification", "evse": {"id": 2, "connectorId": 1}}),
        ("2.1", op.Trigger("CustomTrigger:acmeDump"), "TriggerMessage",
         {"requestedMessage": "CustomTrigger", "customTrigger": "acmeDump"}),
        ("1.6", op.ReadConfiguration(), "GetConfiguration", {}),
        ("2.0.1", op.ReadConfiguration(), "GetBaseReport", {"requestId": 41, "reportBase": "FullInventory"}),
        ("1.6", op.WriteConfiguration(((op.Variable("Message"), ""),)), "ChangeConfiguration",
         {"key": "Message", "value": ""}),
        ("2.0.1", op.WriteConfiguration(((op.Variable("Text", "Display", evse=1, attribute="Target"), ""),)),
         "SetVariables",
         {"setVariableData": [{"component": {"name": "Display", "evse": {"id": 1}},
                               "variable": {"name": "Text"}, "attributeType": "Target",
                               "attributeValue": ""}]}),
        ("1.6", op.SendLocalList(4, ()), "SendLocalList", {"listVersion": 4, "updateType": "Full"}),
        ("1.6", op.FetchLog(url="http://x/", from_ms=AT), "GetDiagnostics",
         {"location": "http://x/", "startTime": "2026-01-05T08:00:00Z"}),
        ("1.6", op.FetchLog("Security", "http://x/"), "GetLog",
         {"log": {"remoteLocation": "http://x/"}, "logType": "SecurityLog", "requestId": 41}),
        ("1.6", op.UpdateFirmware("http://x/"), "UpdateFirmware",
         {"location": "http://x/", "retrieveDate": "2026-01-05T08:00:00Z"}),
        ("1.6", op.UpdateFirmware("http://x/", signing_certificate="PEM", signature="S", request=5),
         "SignedUpdateFirmware",
         {"requestId": 5, "firmware": {"location": "http://x/", "retrieveDateTime": "2026-01-05T08:00:00Z",
                                       "signingCertificate": "PEM", "signature": "S"}}),
        ("2.1", op.ReadProfiles(), "GetChargingProfiles", {"requestId": 41, "chargingProfile": {}}),
        ("2.1", op.ReadProfiles(0, "Max"), "GetChargingProfiles",
         {"requestId": 41, "evseId": 0,
          "chargingProfile": {"chargingProfilePurpose": "ChargingStationMaxProfile"}}),
        ("2.1", op.SetStream(1, 2, open=False), "ClearVariableMonitoring", {"id": [2]}),
        ("2.1", op.SetStream(1, 2, interval_s=10), "AdjustPeriodicEventStream",
         {"id": 1, "params": {"interval": 10}}),
        ("2.1", op.Prioritise("tx", False), "UsePriorityCharging",
         {"transactionId": "tx", "activate": False}),
        ("2.0.1", op.ReadTransaction(), "GetTransactionStatus", {}),
    ],
)  # fmt: skip
def test_what_is_sent(version: str, operation: Any, action: str, payload: dict[str, Any]) -> None:
    assert one(version, operation, request=41, now_ms=AT) == Command(action, payload)


def test_a_start_with_a_limit_brings_a_profile_for_its_session() -> None:
    profile = one("1.6", op.StartSession(1, "ANNA", limit_w=7_400), request=41).payload["chargingProfile"]
    assert profile["chargingProfilePurpose"] == "TxProfile"
    assert profile["chargingProfileKind"] == "Relative"
    assert profile["chargingSchedule"]["chargingSchedulePeriod"] == [{"startPeriod": 0, "limit": 7_400.0}]
    profile = one("2.1", op.StartSession(1, "ANNA", limit_w=7_400), request=41).payload["chargingProfile"]
    assert profile["chargingSchedule"][0]["chargingRateUnit"] == "W"
    assert "transactionId" not in profile


def test_settings_are_read_and_written_in_portions_that_a_station_takes() -> None:
    named = tuple(op.Variable(f"Key{n}") for n in range(5))
    assert [len(c.payload["key"]) for c in orders("1.6", op.ReadConfiguration(named), most=2)] == [2, 2, 1]
    named = tuple(op.Variable(f"Key{n}", "Ctrlr") for n in range(5))
    read = orders("2.0.1", op.ReadConfiguration(named), most=4)
    assert [len(c.payload["getVariableData"]) for c in read] == [4, 1]
    written = orders("2.0.1", op.WriteConfiguration(tuple((v, "1") for v in named)), most=4)
    assert [len(c.payload["setVariableData"]) for c in written] == [4, 1]
    assert (
        len(orders("1.6", op.WriteConfiguration(tuple((op.Variable(f"K{n}"), "1") for n in range(3))))) == 3
    )


@pytest.mark.parametrize(("version", "number"), [("1.6", "listVersion"), ("2.1", "versionNumber")])
def test_a_long_list_goes_as_one_whole_and_differences_of_rising_versions(version: str, number: str) -> None:
    sent = orders(version, op.SendLocalList(7, LISTED), most=2)
    assert [(c.payload["updateType"], c.payload[number]) for c in sent] == [("Full", 6), ("Differential", 7)]
    sent = orders(version, op.SendLocalList(1, LISTED), most=1)
    assert [c.payload[number] for c in sent] == [1, 2, 3]
    sent = orders(version, op.SendLocalList(7, LISTED, full=False), most=2)
    assert [c.payload["updateType"] for c in sent] == ["Differential", "Differential"]
    assert [c.payload[number] for c in sent] == [7, 8]


def test_a_token_without_a_status_is_taken_off_the_list() -> None:
    sent = one("1.6", op.SendLocalList(2, (op.ListedToken("BEN", status=None),), full=False))
    assert sent.payload["localAuthorizationList"] == [{"idTag": "BEN"}]
    sent = one("2.0.1", op.SendLocalList(2, (op.ListedToken("BEN", status=None),), full=False))
    assert sent.payload["localAuthorizationList"] == [{"idToken": {"idToken": "BEN", "type": "ISO14443"}}]


def test_limits_have_one_decimal() -> None:
    wish = op.SetProfile(1, "TxDefault", 1, "A", (op.ProfilePeriod(0, 0.1 * 3),), start_ms=AT)
    sent = one("1.6", wish).payload["csChargingProfiles"]["chargingSchedule"]
    assert sent["chargingSchedulePeriod"][0]["limit"] == 0.3
    assert sent["startSchedule"] == "2026-01-05T08:00:00Z"


@pytest.mark.parametrize(
    ("version", "operation", "sentence"),
    [
        ("1.6", op.Reset(evse=1), "restart the station instead"),
        ("1.6", op.StopSession("abc"), "numbers its transactions"),
        ("1.6", op.StartSession(1, "A" * 21), "at most 20 characters"),
        ("1.6", op.StartSession(1, "A", connector=2), "numbers its connectors through"),
        ("2.0.1", op.StartSession(1, "A" * 37), "at most 36 characters"),
        ("1.6", op.Trigger("TransactionEvent"), "ask for MeterValues"),
        ("2.0.1", op.Trigger("CustomTrigger:x"), "cannot be asked for"),
        ("1.6", op.ReadConfiguration((op.Variable("A", "Ctrlr"),)), "has keys, not components"),
        ("2.1", op.ReadConfiguration((op.Variable("A"),)), "name both"),
        ("1.6", op.UpdateFirmware("http://x/", install_ms=AT), "only when to fetch it"),
        ("2.1", op.UpdateFirmware("http://x/", signature="x"), "both a signing certificate and"),
        ("1.6", op.FetchLog("Everything"), "ask for Diagnostics or Security"),
        ("2.0.1", op.FetchLog("DataCollector"), "ask for Diagnostics or Security"),
        ("2.1", op.SetProfile(1, "Max", 2, "W", (op.ProfilePeriod(0, 1),)), "set at EVSE 0"),
        ("2.1", op.SetProfile(1, "Tx", 0, "W", (op.ProfilePeriod(0, 1),)), "needs the EVSE"),
        ("2.1", op.SetProfile(1, "Tx", 1, "W", (op.ProfilePeriod(0, 1),)), "needs that session"),
        ("2.1", op.SetProfile(1, "TxDefault", 1, "W", ()), "at least one period"),
        ("1.6", op.SetProfile(1, "TxDefault", 1, "W", (op.ProfilePeriod(60, 1),)), "begin at 0 seconds"),
        ("1.6", op.SetProfile(1, "TxDefault", 1, "W", (op.ProfilePeriod(0, 1), op.ProfilePeriod(0, 2))),
         "follow each other"),
        ("1.6", op.SetProfile(1, "TxDefault", 1, "W", (op.ProfilePeriod(0, 1),), kind="Recurring"),
         "Daily or Weekly"),
        ("1.6", op.Unlock(0), "name the EVSE"),
        ("1.6", op.Unlock(1, 2), "numbers its connectors through"),
        ("2.1", op.Unlock(0), "name the EVSE"),
        ("1.6", op.SetAvailability(True, 1, 2), "numbers its connectors through"),
        ("2.1", op.SetAvailability(True, None, 2), "name the EVSE"),
        ("1.6", op.SendLocalList(0, ()), "begin at 1"),
        ("2.1", op.SendLocalList(0, ()), "begin at 1"),
        ("2.1", op.SetProfile(1, "Some", 1, "W", (op.ProfilePeriod(0, 1),)), "use Max, TxDefault, Tx"),
        ("2.1", op.AskCustomerInformation(True, False), "by exactly one"),
        ("2.1", op.AskCustomerInformation(False, False, "A"), "to report what it holds"),
        ("2.1", op.SetStream(1, 2), "how often"),
        ("2.1", op.ClearMonitors(()), "at least one monitor"),
        ("2.0.1", op.SetMonitors(((op.Variable("A", "B"), "Delta", 1, 5),), stream_values=5),
         "no event streams"),
        ("2.0.1", op.SetMonitors(((op.Variable("A", "B"), "Hourly", 1, 5),)), "no monitor called 'Hourly'"),
        ("2.0.1", op.SetMonitors(((op.Variable("A", "B"), "Delta", 1, 10),)), "from 0 (danger) to 9"),
    ],
)  # fmt: skip
def test_what_a_version_cannot_do_is_said_with_what_to_use(
    version: str, operation: Any, sentence: str
) -> None:
    with pytest.raises(CannotDo) as caught:
        orders(version, operation)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_value_that_the_schema_forbids_is_an_error_a_person_can_mend() -> None:
    with pytest.raises(ForecourtError, match="ChangeConfiguration was not sent"):
        orders("1.6", op.WriteConfiguration(((op.Variable("K" * 51), "1"),)))


BY_HAND_ONLY = {
    "1.6": {"CertificateSigned", "DeleteCertificate", "GetInstalledCertificateIds", "InstallCertificate"},
    "2.0.1": {
        "CertificateSigned", "DeleteCertificate", "GetInstalledCertificateIds", "GetReport",
        "InstallCertificate", "PublishFirmware", "SetMonitoringBase", "SetMonitoringLevel",
        "SetNetworkProfile", "UnpublishFirmware",
    },
}  # fmt: skip
BY_HAND_ONLY["2.1"] = BY_HAND_ONLY["2.0.1"] | {
    "AFRRSignal", "ChangeTransactionTariff", "ClearDERControl", "ClearTariffs", "GetDERControl",
    "GetTariffs", "NotifyAllowedEnergyTransfer", "NotifyWebPaymentStarted", "RequestBatterySwap",
    "SetDERControl", "SetDefaultTariff", "UpdateDynamicSchedule",
}  # fmt: skip
MORE = {
    "1.6": (op.FetchLog("Security", "http://x/"), op.Trigger("LogStatusNotification"),
            op.UpdateFirmware("http://x/", signing_certificate="PEM", signature="S")),
    "2.0.1": (op.ReadConfiguration(),),
    "2.1": (op.ReadConfiguration(),),
}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_each_message_is_reached_by_an_operation_or_written_by_hand(version: str) -> None:
    """What has an operation, and what an operator writes in the console with completion (its schema)."""
    wishes = [s for s in samples(version) if not cannot(version, type(s).__name__)]
    reached = {command.action for wish in (*wishes, *MORE[version]) for command in orders(version, wish)}
    assert reached | BY_HAND_ONLY[version] == SERVER_ACTIONS[version]
    assert not reached & BY_HAND_ONLY[version]
