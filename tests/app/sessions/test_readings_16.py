"""Sessions over OCPP 1.6: readings, odd starts, backlogs and statuses (Q29, Q42 to Q47, Q56, Q79 to Q81)."""

import pytest

from app.domain.records import SessionRecord, SessionState
from app.domain.status import ConnectorStatus
from tests.app.sessions.story import Story, at_ms, reading

AVAILABLE, CHARGING = ConnectorStatus.AVAILABLE, ConnectorStatus.CHARGING


def test_readings_with_id_zero_none_or_a_foreign_one_find_the_session_q44() -> None:
    story = Story()
    story.start(0, 1000)
    for minute, transaction in enumerate(["1001", "0", None, "1001", "55", "55"], 1):
        story.meter(minute, 1000 + minute * 100, transaction=transaction)
    assert story.only().energy_wh == 600
    assert story.only().alias == "55"
    assert len(story.readings(1)) == 6
    assert story.quirks == ["Q44"]


def test_readings_outside_sessions_are_meter_history() -> None:
    story = Story()
    story.meter(0, 900, transaction=None)
    story.meter(1, 950, transaction="55")
    story.start(2, 1000)
    story.meter(1.5, 990, transaction=None)
    assert len(story.readings(None)) == 3
    assert story.readings(1) == []
    assert story.only().energy_wh is None


def test_readings_after_the_stop_are_meter_history_q56() -> None:
    story = Story()
    story.start(0, 1000)
    story.stop(10, 2000)
    closed = story.only()
    story.meter(11, 2004)
    assert story.only() == closed
    assert [r.reading.energy_wh for r in story.readings(None)] == [2004]


def test_a_late_reading_of_an_ended_session_belongs_to_its_curve() -> None:
    story = Story()
    story.start(0, 1000)
    story.stop(10, 2000)
    closed = story.only()
    story.meter(5, 1500, received=12, live=False)
    assert story.only() == closed
    assert len(story.readings(1)) == 1


def test_a_huge_transaction_data_is_kept_whole() -> None:
    story = Story()
    story.start(0, 1000)
    curve = tuple(reading(n / 10, 1000 + n) for n in range(3000))
    story.stop(300, 4000, readings=curve)
    assert story.only().energy_wh == 3000
    assert len(story.readings(1)) == 3000


def test_the_main_meter_is_never_added_to_a_session_q81() -> None:
    story = Story()
    story.start(0, 0, connector=1, tag="A")
    story.start(0, 0, connector=2, tag="B")
    story.meter(30, 4000, connector=1, transaction="1001")
    story.meter(30, 4000, connector=2, transaction="1002")
    story.meter(30, 9000, connector=0, transaction=None)
    assert [s.energy_wh for s in story.sessions.values()] == [4000, 4000]
    (main,) = story.readings(None)
    assert (main.evse, main.reading.energy_wh) == (0, 9000)


def test_a_refused_tag_still_gets_a_real_id_and_its_energy_is_kept_q46() -> None:
    from app.domain.events import Phase, Token, TransactionReported
    from app.sessions import decide

    story = Story()
    event = TransactionReported(
        story.station, at_ms(0), at_ms(0), Phase.STARTED, None, evse=1, connector=1,
        token=Token("STOLEN"), meter_wh=10, said_ms=at_ms(0),
    )  # fmt: skip
    decision = decide(event, story.state, story.ids, refused=True)
    story.commit(decision.records)
    assert decision.transaction == "1001"
    story.stop(5, 510, tag="STOLEN")
    assert story.only().energy_wh == 500
    assert "token-refused" in story.flags()


def test_a_start_without_connector_and_tag_waits_for_a_person_q29() -> None:
    from app.domain.events import Phase, TransactionReported

    story = Story()
    story.tell(TransactionReported(story.station, at_ms(0), at_ms(0), Phase.STARTED, None, meter_wh=10))
    assert story.only().state is SessionState.REVIEW
    assert "evse-unknown" in story.flags()


def test_an_offline_backlog_is_marked_and_counted_once() -> None:
    story = Story()
    story.start(0, 1000, received=120, live=False)
    story.meter(10, 2000, received=120, live=False)
    story.stop(20, 3000, received=120, live=False)
    assert story.only().energy_wh == 2000
    assert story.flags() == {"replayed"}


# Q79, Q80


@pytest.mark.parametrize(
    "order",
    [
        ("charging", "start", "available", "stop"),
        ("start", "charging", "stop", "available"),
        ("charging", "start", "stop", "available"),
        ("start", "charging", "available", "stop"),
    ],
)
def test_statuses_and_session_messages_in_any_order_q79(order: tuple[str, ...]) -> None:
    story = Story()
    words = {
        "charging": lambda minute: story.status(minute, CHARGING),
        "available": lambda minute: story.status(minute, AVAILABLE),
        "start": lambda minute: story.start(minute, 1000),
        "stop": lambda minute: story.stop(minute, 1400),
    }
    for index, word in enumerate(order):
        words[word]((0, 0.1, 20, 20.1)[index])
        if index == 1:
            assert story.only().charging == "Charging"
    assert (story.only().state, story.only().energy_wh) == (SessionState.CLOSED, 400)
    assert story.only().flags == ()


def test_a_status_alone_starts_nothing() -> None:
    story = Story()
    story.status(0, CHARGING)
    assert story.sessions == {}


def test_a_fault_in_mid_session_and_charging_again_q80() -> None:
    story = Story()
    story.start(0, 1000)
    story.meter(5, 1500)
    story.status(6, ConnectorStatus.FAULTED)
    assert story.only().state is SessionState.INTERRUPTED
    assert not story.state.runs("TAG1", at_ms(7))
    story.status(26, CHARGING)
    assert story.only().state is SessionState.OPEN
    story.meter(30, 1900)
    story.stop(40, 2500)
    assert story.only().energy_wh == 1500
    assert story.flags() == {"interrupted"}


def test_a_fault_in_mid_session_and_readings_that_rise() -> None:
    story = Story()
    story.start(0, 1000)
    story.meter(5, 1500)
    story.status(6, ConnectorStatus.FAULTED)
    story.meter(7, 1500)
    assert story.only().state is SessionState.INTERRUPTED
    story.meter(10, 1600)
    assert story.only().state is SessionState.OPEN


def test_a_fault_in_mid_session_and_a_new_start() -> None:
    story = Story()
    story.start(0, 1000)
    story.meter(5, 1500)
    story.status(6, ConnectorStatus.FAULTED)
    story.start(30, 1500, tag="BERT")
    assert (story.sessions[1].state, story.sessions[1].energy_wh) == (SessionState.INFERRED, 500)
    assert story.sessions[2].state is SessionState.OPEN


def test_suspension_follows_the_status() -> None:
    story = Story()
    story.start(0, 1000)
    for minute, status in enumerate((CHARGING, ConnectorStatus.SUSPENDED_EV, CHARGING), 1):
        story.status(minute, status)
        assert story.only().charging == status.value
    story.status(9, ConnectorStatus.SUSPENDED_EVSE, live=False)
    assert story.only().charging == "Charging"


def test_every_record_is_of_the_station_that_spoke() -> None:
    story = Story()
    story.start(0)
    story.meter(1, 1100)
    story.stop(2, 1200)
    story.stop(3, 1200, "-1")
    assert {r.station for r in story.records if isinstance(r, SessionRecord)} == {story.station}
