"""TransactionEvent and Authorize: nothing is refused, nothing is assumed that was not said."""

from typing import Any

import pytest

from app.domain.events import Noticed, Phase, Token, TransactionReported
from app.domain.ids import StationId
from app.domain.reception import Decided, Reception, TokenStatus
from app.protocol.context import Context, StationClock
from app.protocol.routing import understand
from tests.app.protocol.generate import answer_is_valid

AT = "2026-01-05T08:00:00Z"
AT_MS = 1_767_600_000_000
CTX = Context(StationId("CS-1"), AT_MS + 1000, StationClock(0, AT_MS - 3_600_000))
BARE: dict[str, Any] = {
    "eventType": "Started",
    "timestamp": AT,
    "triggerReason": "CablePluggedIn",
    "seqNo": 0,
    "transactionInfo": {"transactionId": "tx-1"},
}
RFID = {"idToken": "04A2", "type": "ISO14443"}


def heard(version: str = "2.1", **fields: Any) -> tuple[TransactionReported, Reception]:
    reception = understand(version, "TransactionEvent", BARE | fields, CTX)
    event = reception.events[0]
    assert isinstance(event, TransactionReported)
    return event, reception


def test_what_was_not_said_is_not_assumed() -> None:
    event, reception = heard()
    assert (event.evse, event.connector, event.token, event.meter_wh) == (None, None, None, None)
    assert (event.reservation, event.remote_start, event.readings) == (None, None, ())
    assert (event.seq_no, event.offline, event.live) == (0, False, True)
    assert reception.answer(Decided(AT_MS, token_status=TokenStatus.ACCEPTED)) == {}


def test_an_evse_without_a_connector_stays_without() -> None:
    event, _ = heard(evse={"id": 2})
    assert (event.evse, event.connector) == (2, None)


@pytest.mark.parametrize(
    ("word", "phase"), [("Started", Phase.STARTED), ("Updated", Phase.UPDATED), ("ended", Phase.ENDED)]
)
def test_the_three_event_types(word: str, phase: Phase) -> None:
    assert heard(eventType=word)[0].phase is phase


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (TokenStatus.ACCEPTED, "Accepted"), (TokenStatus.BLOCKED, "Blocked"),
        (TokenStatus.EXPIRED, "Expired"), (TokenStatus.INVALID, "Invalid"),
        (TokenStatus.UNKNOWN, "Unknown"), (TokenStatus.CONCURRENT_TX, "ConcurrentTx"), (None, "Unknown"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
def test_a_token_gets_its_verdict_and_no_token_none(
    version: str, status: TokenStatus | None, word: str
) -> None:
    _, reception = heard(version, idToken=RFID)
    answer = reception.answer(Decided(AT_MS, token_status=status))
    assert answer == {"idTokenInfo": {"status": word}}
    assert answer_is_valid(version, "TransactionEvent", answer)
    shown = understand(version, "Authorize", {"idToken": RFID}, CTX)
    assert shown.answer(Decided(AT_MS, token_status=status)) == {"idTokenInfo": {"status": word}}


def test_a_free_charge_is_never_refused() -> None:
    event, reception = heard(idToken={"idToken": "", "type": "NoAuthorization"})
    assert event.token == Token("", "NoAuthorization")
    answer = reception.answer(Decided(AT_MS, token_status=TokenStatus.INVALID))
    assert answer == {"idTokenInfo": {"status": "Accepted"}}


def test_a_free_token_type_of_21_is_kept() -> None:
    event, _ = heard(idToken={"idToken": "x", "type": "DirectPayment"})
    assert event.token == Token("x", "DirectPayment")


def test_a_total_cost_of_nothing_is_said_and_an_unknown_one_is_not() -> None:
    _, reception = heard(eventType="Ended")
    assert reception.answer(Decided(AT_MS, total_cost=0.0)) == {"totalCost": 0.0}
    assert reception.answer(Decided(AT_MS)) == {}


def test_an_offline_event_is_history() -> None:
    event, _ = heard(offline=True, timestamp="2026-01-05T07:10:00Z")
    assert (event.offline, event.live, event.at_ms) == (True, False, AT_MS - 3_000_000)
    assert heard(offline=True)[0].live is False
    assert heard(timestamp="2026-01-05T07:10:00Z")[0].live is False


def sampled(context: str, value: float, **more: Any) -> dict[str, Any]:
    return {"timestamp": AT, "sampledValue": [{"value": value, "context": context, **more}]}


def test_the_registers_at_begin_and_end_are_those_of_their_context() -> None:
    values = [
        sampled("Transaction.Begin", 100),
        sampled("Sample.Periodic", 300),
        sampled("Transaction.End", 900),
    ]
    assert heard(meterValue=values)[0].meter_wh == 100
    assert heard(eventType="Ended", meterValue=values)[0].meter_wh == 900
    assert heard(eventType="Updated", meterValue=values)[0].meter_wh is None
    assert heard(eventType="Ended", meterValue=values[:2])[0].meter_wh is None


def test_begin_and_end_in_one_list_of_samples_are_told_apart() -> None:
    both = {
        "timestamp": AT,
        "sampledValue": [
            {"value": 100, "context": "Transaction.Begin"},
            {"value": 900, "context": "Transaction.End"},
        ],
    }
    assert heard(meterValue=[both])[0].meter_wh == 100
    assert heard(eventType="Ended", meterValue=[both])[0].meter_wh == 900


def test_the_register_at_the_end_may_come_in_phases() -> None:
    phases = [
        {"value": 100, "context": "Transaction.End", "phase": phase, "unitOfMeasure": {"unit": "kWh"}}
        for phase in ("L1", "L2", "L3")
    ]
    event, reception = heard(eventType="Ended", meterValue=[{"timestamp": AT, "sampledValue": phases}])
    assert (event.meter_wh, reception.quirks) == (300_000, ("Q54",))


@pytest.mark.parametrize("missing", ["eventType", "timestamp", "triggerReason", "seqNo", "transactionInfo"])
def test_an_event_that_lacks_a_field_is_kept(missing: str) -> None:
    payload = {key: value for key, value in BARE.items() if key != missing}
    reception = understand("2.0.1", "TransactionEvent", payload, CTX)
    (event,) = reception.events
    assert isinstance(event, TransactionReported)
    assert event.transaction == (None if missing == "transactionInfo" else "tx-1")
    assert reception.quirks == (("Q29",) if missing in ("eventType", "timestamp", "transactionInfo") else ())


def test_what_a_station_computed_as_cost_is_kept_beside_its_event() -> None:
    cost = {"totalCost": {"currency": "EUR", "typeOfCost": "NormalCost", "total": {"inclTax": 4.2}}}
    reception = understand("2.1", "TransactionEvent", BARE | {"costDetails": cost}, CTX)
    assert reception.events[1] == Noticed(
        CTX.station,
        AT_MS,
        CTX.received_ms,
        "tariff",
        "costDetails",
        {"transactionId": "tx-1", "costDetails": cost},
    )


def test_a_contract_certificate_is_not_vouched_for() -> None:
    payload = {"idToken": {"idToken": "DE8AA", "type": "eMAID"}, "certificate": "---"}
    for version in ("2.0.1", "2.1"):
        answer = understand(version, "Authorize", payload, CTX).answer(
            Decided(AT_MS, token_status=TokenStatus.ACCEPTED)
        )
        assert answer["certificateStatus"] == "NoCertificateAvailable"
        assert answer_is_valid(version, "Authorize", answer)
