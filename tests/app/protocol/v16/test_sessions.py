"""Start and stop of 1.6: nothing is refused, everything is kept."""

from typing import Any

import pytest

from app.domain.events import MeterSampled, Phase, Token, TransactionReported
from app.domain.ids import StationId, TransactionId
from app.domain.reception import Decided, Reception, TokenStatus
from app.protocol.context import Context, StationClock
from app.protocol.frames import OcppError
from app.protocol.routing import understand
from tests.app.protocol.generate import answer_is_valid

AT = "2026-01-05T08:00:00Z"
AT_MS = 1_767_600_000_000
CTX = Context(StationId("CP-1"), AT_MS + 1000, StationClock(0, AT_MS - 3_600_000))
START = {"connectorId": 1, "idTag": "04A2", "meterStart": 1000, "timestamp": AT}
STOP = {"transactionId": 7, "meterStop": 5000, "timestamp": AT}


def heard(action: str, payload: dict[str, Any]) -> tuple[TransactionReported, Reception]:
    reception = understand("1.6", action, payload, CTX)
    (event,) = reception.events
    assert isinstance(event, TransactionReported)
    return event, reception


def without(payload: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in payload.items() if key != name}


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (TokenStatus.ACCEPTED, "Accepted"), (TokenStatus.BLOCKED, "Blocked"),
        (TokenStatus.EXPIRED, "Expired"), (TokenStatus.INVALID, "Invalid"), (TokenStatus.UNKNOWN, "Invalid"),
        (TokenStatus.CONCURRENT_TX, "ConcurrentTx"), (None, "Invalid"),
    ],
)  # fmt: skip
def test_a_start_is_answered_with_an_id_whatever_the_verdict(status: TokenStatus | None, word: str) -> None:
    _, reception = heard("StartTransaction", START)
    answer = reception.answer(Decided(AT_MS, transaction=TransactionId("12"), token_status=status))
    assert answer == {"transactionId": 12, "idTagInfo": {"status": word}}
    assert answer_is_valid("1.6", "StartTransaction", answer)


def test_a_start_without_an_issued_id_is_not_answered_with_an_invented_one() -> None:
    _, reception = heard("StartTransaction", START)
    with pytest.raises(OcppError, match="InternalError"):
        reception.answer(Decided(AT_MS))


@pytest.mark.parametrize("missing", ["connectorId", "idTag", "meterStart", "timestamp"])
def test_a_start_that_lacks_a_field_is_kept_and_flagged(missing: str) -> None:
    event, reception = heard("StartTransaction", without(START, missing))
    assert reception.quirks == ("Q29",)
    assert event.token == (None if missing == "idTag" else Token("04A2"))
    assert event.meter_wh == (None if missing == "meterStart" else 1000)
    assert (event.at_ms, event.time_trusted) == (
        (CTX.received_ms, False) if missing == "timestamp" else (AT_MS, True)
    )


@pytest.mark.parametrize(
    ("meter", "wh"), [("1234.0", 1234), (1234.5, 1235), ("12,5", 13), (-1, -1), ("x", None)]
)
def test_a_register_in_another_type_is_rounded_once(meter: Any, wh: int | None) -> None:
    assert heard("StartTransaction", START | {"meterStart": meter})[0].meter_wh == wh


def test_a_reservation_of_0_is_none() -> None:
    assert heard("StartTransaction", START | {"reservationId": 0})[0].reservation is None


def test_a_padded_tag_is_trimmed() -> None:
    assert heard("StartTransaction", START | {"idTag": " F6 CA 0C C5\x00 "})[0].token == Token("F6 CA 0C C5")


@pytest.mark.parametrize(
    ("said", "transaction"),
    [(7, "7"), (0, "0"), (-1, "-1"), (2**63 - 1, "9223372036854775807"), (10**30, "1" + "0" * 30), ("7", "7"),
     (7.0, "7"), (None, None)],
)  # fmt: skip
def test_a_foreign_id_passes_as_it_is(said: Any, transaction: str | None) -> None:
    event, reception = heard("StopTransaction", STOP | {"transactionId": said})
    assert (event.phase, event.transaction) == (Phase.ENDED, transaction)
    assert reception.quirks == (("Q29",) if said is None else ())
    assert reception.answer(Decided(AT_MS, token_status=TokenStatus.ACCEPTED)) == {}


def test_a_stop_is_local_unless_it_says_why() -> None:
    assert heard("StopTransaction", STOP)[0].reason == "Local"
    assert heard("StopTransaction", STOP | {"reason": "Deauthorized"})[0].reason == "DeAuthorized"
    assert heard("StopTransaction", STOP | {"reason": "Teapot"})[0].reason == "Teapot"


def test_a_stop_names_no_connector_and_its_token_only_if_shown() -> None:
    event, reception = heard("StopTransaction", STOP)
    assert (event.evse, event.connector, event.token) == (None, None, None)
    event, reception = heard("StopTransaction", STOP | {"idTag": "B"})
    assert event.token == Token("B")
    answer = reception.answer(Decided(AT_MS, token_status=TokenStatus.UNKNOWN))
    assert answer == {"idTagInfo": {"status": "Invalid"}}
    assert reception.answer(Decided(AT_MS)) == {}


def test_a_stop_from_an_offline_queue_is_history() -> None:
    event, _ = heard("StopTransaction", STOP | {"timestamp": "2026-01-05T07:30:00Z"})
    assert (event.at_ms, event.live, event.time_trusted) == (AT_MS - 1_800_000, False, True)


def test_a_stop_of_1970_is_of_the_time_of_receipt_and_keeps_what_was_said() -> None:
    event, reception = heard("StopTransaction", STOP | {"timestamp": "1970-01-01T01:00:00Z"})
    assert (event.at_ms, event.said_ms, event.time_trusted) == (CTX.received_ms, 3_600_000, False)
    assert reception.quirks == ("Q64",)


def test_thousands_of_samples_in_a_stop_are_all_kept() -> None:
    value = {"timestamp": AT, "sampledValue": [{"value": "4999", "context": "Transaction.End"}]}
    event, _ = heard("StopTransaction", STOP | {"transactionData": [value] * 3000})
    assert len(event.readings) == 3000
    assert event.readings[-1].context == "Transaction.End"


@pytest.mark.parametrize(("said", "transaction"), [(0, "0"), (-1, "-1"), (None, None), (7, "7")])
def test_readings_keep_whatever_id_they_bear(said: Any, transaction: str | None) -> None:
    payload = {"connectorId": 1, "transactionId": said, "meterValue": [{"timestamp": AT, "sampledValue": []}]}
    (event,) = understand("1.6", "MeterValues", payload, CTX).events
    assert isinstance(event, MeterSampled)
    assert event.transaction == transaction


def test_readings_of_connector_0_are_those_of_the_main_meter() -> None:
    value = {"timestamp": AT, "sampledValue": [{"value": "9", "unit": "kWh", "location": "Inlet"}]}
    (event,) = understand("1.6", "MeterValues", {"connectorId": 0, "meterValue": [value]}, CTX).events
    assert isinstance(event, MeterSampled)
    assert (event.evse, event.connector, event.readings[0].energy_wh) == (0, 0, 9000)
