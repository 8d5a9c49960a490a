"""Answers in plain words: agreed, refused with a remedy, or nothing to do."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import operations as op
from app.domain.told import MonitorTold, ScheduleTold, SettingTold
from app.protocol.orders import Verdict, read_answer, read_error
from app.protocol.orders.refusals import AGREED, BY_ACTION, NOTHING, SAME_AS
from app.protocol.schemas import RESPONSE, resolve, schema
from app.protocol.versions import SERVER_ACTIONS, VERSIONS

BY_HAND = op.Message("Reset")


def read(version: str, action: str, payload: dict[str, Any]) -> Verdict:
    return read_answer(version, op.Message(action), action, payload)


def words(version: str, action: str) -> list[str]:
    """The words of an answer's status."""
    document = schema(version, action, RESPONSE).document
    return list(resolve(document, document.get("properties", {}).get("status", {})).get("enum", []))


@pytest.mark.parametrize("version", VERSIONS)
def test_each_word_of_each_answer_is_agreed_nothing_or_a_refusal_in_a_sentence(version: str) -> None:
    for action in SERVER_ACTIONS[version]:
        for word in words(version, action):
            verdict = read(version, action, {"status": word})
            assert verdict.word == word
            assert verdict.sentence.endswith(".")
            assert not verdict.sentence.startswith("The station answered"), (action, word)
            if word in AGREED:
                assert verdict.accepted is True
            elif (SAME_AS.get(action, action), word) in BY_ACTION:
                assert verdict.accepted is False
            else:
                assert verdict.accepted is (None if word in NOTHING else False), (action, word)


def test_what_refusals_mean_and_what_to_do() -> None:
    stop = read("2.0.1", "UnlockConnector", {"status": "OngoingAuthorizedTransaction"})
    assert (stop.accepted, stop.remedy) == (False, "Stop the session first, then unlock.")
    assert "plugged in" in read("1.6", "RemoteStartTransaction", {"status": "Rejected"}).remedy
    assert read("1.6", "SendLocalList", {"status": "VersionMismatch"}).remedy == "Send the whole list."
    assert "reserved it" in read("1.6", "ReserveNow", {"status": "Occupied"}).sentence


def test_agreed_for_later_and_agreed_after_a_restart() -> None:
    later = read("1.6", "ChangeAvailability", {"status": "Scheduled"})
    assert (later.accepted, later.scheduled) == (True, True)
    reboot = read("1.6", "ChangeConfiguration", {"status": "RebootRequired"})
    assert (reboot.accepted, reboot.restart) == (True, True)
    assert "after a restart" in reboot.sentence


def test_a_reason_code_is_told_in_words_with_what_the_station_added() -> None:
    info = {"reasonCode": "TxInProgress", "additionalInfo": "EVSE 2"}
    verdict = read("2.0.1", "Reset", {"status": "Rejected", "statusInfo": info})
    assert verdict.word == "Rejected (TxInProgress)"
    assert verdict.sentence == "The station will not restart now: a session is running (EVSE 2)."
    odd = read("2.0.1", "Reset", {"status": "Rejected", "statusInfo": {"reasonCode": "Acme7"}})
    assert odd.sentence.endswith(": Acme7.")


def test_nothing_to_do_is_neither_agreed_nor_refused() -> None:
    assert read("1.6", "ClearChargingProfile", {"status": "Unknown"}).accepted is None
    assert read("2.0.1", "GetBaseReport", {"status": "EmptyResultSet"}).accepted is None
    assert read("1.6", "GetDiagnostics", {}).sentence == "The station has no diagnostics to send."
    assert read("1.6", "GetDiagnostics", {"fileName": "a.zip"}).result == "a.zip"


def test_an_answer_that_only_comes_in_reports_says_so() -> None:
    assert read("2.1", "GetBaseReport", {"status": "Accepted"}).more
    assert not read("2.1", "Reset", {"status": "Accepted"}).more


def test_keys_that_were_read() -> None:
    answer = {
        "configurationKey": [
            {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
            {"key": "Odd", "readonly": "1", "value": 7},
            {"key": "AuthorizationKey", "readonly": False},
        ],
        "unknownKey": ["Nonsense"],
    }
    verdict = read("1.6", "GetConfiguration", answer)
    assert verdict.result == (
        SettingTold(op.Variable("HeartbeatInterval"), "300"),
        SettingTold(op.Variable("Odd"), "7", readonly=True),
        SettingTold(op.Variable("AuthorizationKey"), None),
        SettingTold(op.Variable("Nonsense"), status="unknown"),
    )
    assert not verdict.result[3].known
    assert verdict.sentence == "3 settings read; the station does not know Nonsense."
    assert read("1.6", "GetConfiguration", {}).accepted is True
    assert read("1.6", "GetConfiguration", {"unknownKey": ["A"]}).accepted is None


def test_variables_that_were_read_and_set() -> None:
    about = {"component": {"name": "TxCtrlr", "evse": {"id": 1}}, "variable": {"name": "Timeout"}}
    good = {"attributeStatus": "Accepted", "attributeValue": "30", **about}
    bad = {"attributeStatus": "UnknownVariable", **about, "variable": {"name": "Nonsense"}}
    verdict = read("2.0.1", "GetVariables", {"getVariableResult": [good, bad]})
    assert verdict.accepted is True
    assert verdict.result[0] == SettingTold(op.Variable("Timeout", "TxCtrlr", evse=1), "30")
    assert "not TxCtrlr.Nonsense: The component has no such variable" in verdict.sentence
    assert read("2.0.1", "GetVariables", {"getVariableResult": [bad]}).accepted is None

    refused = {"attributeStatus": "Rejected", "attributeStatusInfo": {"reasonCode": "ValueTooHigh"}, **about}
    verdict = read("2.0.1", "SetVariables", {"setVariableResult": [good, refused]})
    assert (verdict.accepted, verdict.word) == (False, "Rejected (ValueTooHigh)")
    assert verdict.sentence == "TxCtrlr.Timeout: The station refused the value: the value is too high."
    reboot = {"attributeStatus": "RebootRequired", **about}
    verdict = read("2.0.1", "SetVariables", {"setVariableResult": [good, reboot]})
    assert (verdict.accepted, verdict.restart, verdict.word) == (True, True, "RebootRequired")


def test_monitors_that_were_set_and_cleared() -> None:
    about = {"component": {"name": "Meter"}, "variable": {"name": "Power"}, "type": "Delta", "severity": 5}
    verdict = read(
        "2.1", "SetVariableMonitoring", {"setMonitoringResult": [{"status": "Accepted", "id": 3, **about}]}
    )
    assert verdict.accepted is True
    assert verdict.result == (MonitorTold(op.Variable("Power", "Meter"), 3, "Delta", severity=5),)
    verdict = read(
        "2.1", "SetVariableMonitoring", {"setMonitoringResult": [{"status": "Duplicate", **about}]}
    )
    assert (verdict.accepted, verdict.word) == (False, "Duplicate")
    verdict = read(
        "2.1", "ClearVariableMonitoring", {"clearMonitoringResult": [{"status": "NotFound", "id": 9}]}
    )
    assert verdict.accepted is None
    verdict = read(
        "2.1", "ClearVariableMonitoring", {"clearMonitoringResult": [{"status": "Rejected", "id": 9}]}
    )
    assert verdict.accepted is False


def test_tariffs_that_were_cleared() -> None:
    none = {"clearTariffsResult": [{"tariffId": "T1", "status": "NoTariff"}]}
    assert read("2.1", "ClearTariffs", none).accepted is None
    done = {"clearTariffsResult": [{"tariffId": "T1", "status": "Accepted"}]}
    assert read("2.1", "ClearTariffs", done).accepted is True


def test_the_version_of_the_local_list() -> None:
    assert read("1.6", "GetLocalListVersion", {"listVersion": 4}).result == 4
    assert read("2.0.1", "GetLocalListVersion", {"versionNumber": 0}).sentence == "The local list is empty."
    assert "keeps no" in read("1.6", "GetLocalListVersion", {"listVersion": -1}).sentence


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schedule_that_holds(version: str) -> None:
    periods = [{"startPeriod": 0, "limit": 16.0, "numberPhases": 3}]
    schedule = {"duration": 600, "chargingRateUnit": "A", "chargingSchedulePeriod": periods}
    start = "2026-01-05T08:00:00Z"
    if version == "1.6":
        answer = {
            "status": "Accepted",
            "connectorId": 1,
            "scheduleStart": start,
            "chargingSchedule": schedule,
        }
    else:
        answer = {"status": "Accepted", "schedule": {**schedule, "evseId": 1, "scheduleStart": start}}
    told = read(version, "GetCompositeSchedule", answer).result
    assert told == ScheduleTold(1, 1_767_600_000_000, 600, "A", (op.ProfilePeriod(0, 16.0, 3),))
    assert read(version, "GetCompositeSchedule", {"status": "Rejected"}).result is None


def test_whether_a_transaction_still_runs() -> None:
    verdict = read("2.0.1", "GetTransactionStatus", {"ongoingIndicator": False, "messagesInQueue": True})
    assert verdict.sentence == "The session has ended; messages wait to be sent."
    assert verdict.result == {"ongoingIndicator": False, "messagesInQueue": True}


def test_an_answer_without_a_status_is_an_agreement() -> None:
    assert read("1.6", "UpdateFirmware", {}).accepted is True
    assert read("2.1", "CostUpdated", {}) == Verdict(True, "", "The station answered.")


def test_errors_in_words() -> None:
    verdict = read_error("1.6", BY_HAND, "ClearCache", "NotImplemented")
    assert verdict.accepted is False
    assert verdict.sentence == "This station does not know ClearCache."
    told = read_error("1.6", BY_HAND, "ClearCache", "InternalError", "  out\nof memory ")
    assert told.sentence == "The station ran into an error of its own: out of memory."
    assert "error Acme7" in read_error("1.6", BY_HAND, "Reset", "Acme7").sentence
    assert "one of the values" in read_error("2.1", BY_HAND, "Reset", "PropertyConstraintViolation").sentence
    assert read_error("1.6", BY_HAND, "Reset", "").sentence.endswith(".")


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["status", "statusInfo", "configurationKey", "unknownKey", "getVariableResult", "setVariableResult",
     "schedule", "chargingSchedule", "listVersion", "clearTariffsResult", "setMonitoringResult"]
)  # fmt: skip
ACTIONS = st.sampled_from([(v, a) for v in VERSIONS for a in sorted(SERVER_ACTIONS[v])])


@given(ACTIONS, st.dictionaries(FIELDS, ANY, max_size=4))
def test_no_answer_is_too_strange_to_be_read(which: tuple[str, str], payload: dict[str, Any]) -> None:
    verdict = read(*which, payload)
    assert verdict.sentence.endswith((".", "?", "!"))
