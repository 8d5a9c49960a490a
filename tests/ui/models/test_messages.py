"""Messages in one line, filtered, paired, kept within bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fleet.views import MessageView
from tests.ui.pictures import NOW_MS, messages, picture
from ui.models.log_buffer import LogBuffer, per_minute
from ui.models.messages import LogFilter, matches, numbered, partner, payload_of, pretty, summary, title

VIEW = picture(1).stations["UTM-01"]


def call(action: str, payload: str) -> MessageView:
    """A call of a station."""
    return MessageView(NOW_MS, "UTM-01", "in", action, "1", "call", f'[2,"1","{action}",{payload}]')


@pytest.mark.parametrize(
    ("action", "payload", "said"),
    [
        (
            "StatusNotification",
            '{"connectorId":2,"errorCode":"NoError","status":"Faulted"}',
            "conn 2 Faulted",
        ),
        (
            "StatusNotification",
            '{"evseId":1,"connectorId":1,"connectorStatus":"Occupied","timestamp":"x"}',
            "evse 1 conn 1 Occupied",
        ),
        (
            "StartTransaction",
            '{"connectorId":1,"idTag":"04A2B3C4","meterStart":12}',
            "conn 1, card ···B3C4, meter 12 Wh",
        ),
        ("Authorize", '{"idToken":{"idToken":"04A2B3C4","type":"ISO14443"}}', "card ···B3C4"),
        (
            "MeterValues",
            '{"connectorId":1,"meterValue":[{"sampledValue":[{"value":"58400","unit":"W"},{"value":"78",'
            '"unit":"Percent"},{"value":"9","unit":"W","phase":"L1"}]}]}',
            "conn 1: 58.4 kW, 78%",
        ),
        (
            "BootNotification",
            '{"chargePointVendor":"Helion","chargePointModel":"Quadra","firmwareVersion":"1.2"}',
            "Helion Quadra, firmware 1.2",
        ),
        ("DataTransfer", '{"vendorId":"helion","messageId":"temp"}', "vendorId helion, messageId temp"),
    ],
)
def test_a_message_says_what_it_means(action: str, payload: str, said: str) -> None:
    """In words with units; a card shows its last four only."""
    assert summary(call(action, payload)) == said


def test_an_error_tells_code_and_text() -> None:
    """A CALLERROR's line is its code and what the other side wrote."""
    view = MessageView(
        NOW_MS, "UTM-01", "out", "Reset", "1", "error", '[4,"1","NotSupported","no such thing",{}]'
    )
    assert summary(view) == "NotSupported no such thing"


@given(st.text(max_size=200))
def test_no_frame_breaks_the_log(frame: str) -> None:
    """Rubbish is shown as it came."""
    view = MessageView(NOW_MS, "UTM-01", "in", "MeterValues", "", "call", frame)
    assert isinstance(summary(view), str)
    assert isinstance(pretty(frame), str)
    payload_of(frame)


KEYS = st.sampled_from(
    [
        "meterValue",
        "sampledValue",
        "value",
        "unit",
        "connectorId",
        "evseId",
        "unitOfMeasure",
        "transactionInfo",
        "idToken",
        "idTag",
        "chargingStation",
        "measurand",
    ]
)
LEAVES = st.none() | st.integers() | st.text(max_size=5)
JSON = st.recursive(LEAVES, lambda s: st.lists(s) | st.dictionaries(KEYS, s), max_leaves=12)


@given(JSON)
def test_no_payload_breaks_a_summary(payload: object) -> None:
    """Whatever stands where: a line comes out."""
    import json

    for action in ("MeterValues", "StatusNotification", "TransactionEvent", "BootNotification", "Authorize"):
        text = json.dumps(payload if isinstance(payload, dict) else {"meterValue": payload})
        assert isinstance(summary(call(action, text)), str)


def test_the_filter_takes_words_fields_and_exclusions() -> None:
    """All words must occur, -word must not, action: and station: look only there."""
    lines = numbered(messages(VIEW, 20), 1)
    meters = [x for x in lines if matches(x, LogFilter("action:metervalues"))]
    assert meters
    assert all(x.view.action == "MeterValues" for x in meters)
    rest = [x for x in lines if matches(x, LogFilter("-metervalues utm-01"))]
    assert len(meters) + len(rest) == len(lines)
    assert not [x for x in lines if matches(x, LogFilter("station:brp"))]
    assert not [x for x in lines if matches(x, LogFilter(only="errors"))]


def test_a_call_finds_its_answer_and_back() -> None:
    """The nearest with the same id, station and the other direction."""
    lines = numbered(messages(VIEW, 20), 1)
    assert partner(lines, lines[4]) is lines[5]
    assert partner(lines, lines[5]) is lines[4]
    assert partner(lines[:5], lines[4]) is None


def test_the_log_keeps_its_bounds_and_loses_nothing_while_paused() -> None:
    """The oldest go beyond the bound; what comes while paused is there afterwards."""
    buffer = LogBuffer(keep=10)
    buffer.add(messages(VIEW, 16))
    assert len(buffer.lines) == 10
    buffer.paused = True
    assert buffer.add(messages(VIEW, 4, start_ms=NOW_MS + 1)) == []
    assert buffer.waiting == 4
    assert len(buffer.resume()) == 4
    assert len(buffer.lines) == 10


def test_older_lines_come_before_and_only_once() -> None:
    """A page from the store that overlaps with what is in view adds only what is new."""
    buffer = LogBuffer()
    live = messages(VIEW, 6)
    buffer.add(live)
    older = messages(VIEW, 20, start_ms=NOW_MS - 60 * 60_000)
    buffer.add_older([*reversed(live), *reversed(older)])
    times = [line.view.at_ms for line in buffer.lines]
    assert times == sorted(times)
    assert len(times) == 26


def test_kept_answers_of_stations_have_their_round_trip() -> None:
    """ "Slow" found nothing of what had passed before the log was opened."""

    def kept(at_ms: int, direction: str, name: str, kind: str) -> MessageView:
        return MessageView(at_ms, "UTM-01", direction, "Reset", name, kind, "[]")

    ours, late = kept(NOW_MS, "out", "a", "call"), kept(NOW_MS + 2_300, "in", "a", "result")
    theirs, at_once = kept(NOW_MS, "in", "b", "call"), kept(NOW_MS, "out", "b", "result")
    buffer = LogBuffer()
    buffer.add_older((late, at_once, theirs, ours))
    assert [line.view.latency_ms for line in buffer.lines] == [None, None, None, 2_300]
    buffer.filter = LogFilter(only="slow")
    assert [line.view.message_id for line in buffer.shown()] == ["a"]


def test_rate_counts_the_last_minute() -> None:
    """Only lines of the last 60 s."""
    lines = numbered(messages(VIEW, 40), 1)
    assert per_minute(lines, NOW_MS) == sum(1 for x in lines if x.view.at_ms >= NOW_MS - 60_000)


def test_what_happened_here_is_told_in_words() -> None:
    deed = MessageView(1, "VTP-01", "link", "DescribeStation", "", "note", "", note="operator")
    link = MessageView(1, "VTP-01", "link", "", "", "note", "", note="connected")
    assert title(deed) == "Describe station"
    assert title(link) == "connected"


def test_a_state_of_charge_without_a_unit_is_a_percentage() -> None:
    frame = (
        '[2,"1","TransactionEvent",{"eventType":"Updated","seqNo":3,"transactionInfo":{"transactionId":"a"},'
        '"meterValue":[{"timestamp":"2026-10-15T12:32:00Z","sampledValue":[{"value":65,"measurand":"SoC"}]}]}]'
    )
    view = MessageView(1, "VTP-01", "in", "TransactionEvent", "1", "call", frame)
    assert summary(view) == "Updated, 65%, seq 3"
