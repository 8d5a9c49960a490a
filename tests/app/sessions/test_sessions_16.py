"""Sessions over OCPP 1.6: field behaviours Q36 to Q47, Q79, Q80, told as stories."""

import pytest

from app.domain.ids import StationId
from app.domain.records import NoticeRecord, SessionRecord, SessionState
from app.domain.status import ConnectorStatus
from tests.app.sessions.story import Ids, Story, at_ms, reading

AVAILABLE, CHARGING = ConnectorStatus.AVAILABLE, ConnectorStatus.CHARGING


def test_a_plain_session() -> None:
    story = Story()
    answer = story.start(0, 1000)
    assert answer.transaction == "1001"
    story.meter(10, 1900, 7000, soc=40)
    story.meter(20, 3100, 7200, soc=48)
    assert story.only().energy_wh == 2100
    assert (story.only().power_w, story.only().peak_power_w, story.only().soc_percent) == (7200, 7200, 48)
    story.stop(30, 4200)
    done = story.only()
    assert done.state is SessionState.CLOSED
    assert (done.meter_start_wh, done.meter_stop_wh, done.energy_wh) == (1000, 4200, 3200)
    assert (done.started_ms, done.ended_ms, done.stop_reason) == (at_ms(0), at_ms(30), "Local")
    assert done.flags == ()
    assert done.power_w is None
    assert [r.reading.energy_wh for r in story.readings(1)] == [1900, 3100]
    assert story.quirks == []


def test_energy_is_unknown_until_a_second_register_is_read() -> None:
    story = Story()
    story.start(0, 1000)
    assert story.only().energy_wh is None


def test_no_live_readings_at_all_q58() -> None:
    story = Story()
    story.start(0, 1000)
    assert story.only().power_w is None
    story.stop(60, 9000)
    assert story.only().energy_wh == 8000
    assert story.only().flags == ()


# Q36


def test_a_start_told_twice_is_one_session_q36() -> None:
    story = Story()
    first = story.start(0, 1000)
    again = story.start(0, 1000, received=2)
    assert again.repeated
    assert again.transaction == first.transaction
    assert again.records == ()
    assert len(story.sessions) == 1
    assert story.quirks == ["Q36"]


@pytest.mark.parametrize("restart", [False, True])
def test_a_start_repeated_after_the_session_closed_is_the_same_transaction(restart: bool) -> None:
    story = Story()
    first = story.start(0, 1000)
    story.stop(10, 2000)
    for minute in range(20, 80, 10):
        story.start(minute, 2000, tag="OTHER")
        story.stop(minute + 5, 2000, story.decisions[-1].transaction or "")
    if restart:
        story.restart()
    before = dict(story.sessions)
    again = story.start(0, 1000, received=90)
    assert again.repeated
    assert again.transaction == first.transaction
    assert story.sessions == before


def test_a_station_without_a_clock_starts_anew_with_the_same_words() -> None:
    story = Story()
    story.start(0, 0, said=133_000, trusted=False)
    assert story.start(0, 0, said=133_000, trusted=False, received=1).repeated
    story.stop(30, 5000)
    second = story.start(60, 0, said=133_000, trusted=False)
    assert not second.repeated
    assert len(story.sessions) == 2
    assert "start-repeated" in story.flags(2)


# Q37, Q38


@pytest.mark.parametrize("foreign", ["-1", "0", "9223372036854775807", "77"])
def test_a_stop_with_a_foreign_id_ends_the_one_session_that_fits_q37(foreign: str) -> None:
    story = Story()
    story.start(0, 1000, tag="ANNA", connector=1)
    story.start(1, 8000, tag="BERT", connector=2)
    answer = story.stop(30, 9500, foreign, tag="BERT")
    assert story.sessions[1].state is SessionState.OPEN
    bert = story.sessions[2]
    assert (bert.state, bert.energy_wh) == (SessionState.CLOSED, 1500)
    assert "stop-foreign-id" in story.flags(2)
    assert answer.transaction == bert.transaction
    assert "Q37" in answer.quirks
    before = dict(story.sessions)
    for minute in range(31, 51):
        assert story.stop(30, 9500, foreign, tag="BERT", received=minute).repeated
    assert story.sessions == before


def test_a_stop_that_fits_two_sessions_waits_for_a_person() -> None:
    story = Story()
    story.start(0, 1000, tag="ANNA", connector=1)
    story.start(1, 1000, tag="ANNA", connector=2)
    story.stop(30, 1500, "-1", tag="ANNA")
    assert [s.state for s in story.sessions.values()][:2] == [SessionState.OPEN, SessionState.OPEN]
    assert story.sessions[3].state is SessionState.REVIEW
    assert {"orphan-stop", "start-unknown", "stop-foreign-id"} <= story.flags(3)


@pytest.mark.parametrize(
    ("meter", "tag"),
    [(1500, "EVE"), (1500, None), (900, "ANNA"), (900_000_000, "ANNA"), (None, "ANNA")],
    ids=["another driver", "no tag", "below the meter", "beyond the plug's power", "no meter"],
)
def test_a_foreign_stop_never_ends_a_session_it_does_not_fit(meter: int | None, tag: str | None) -> None:
    story = Story()
    story.start(0, 1000, tag="ANNA")
    story.stop(30, meter, "-1", tag=tag)
    assert story.sessions[1].state is SessionState.OPEN
    assert story.sessions[2].state is SessionState.REVIEW
    assert any(isinstance(r, NoticeRecord) and r.name == "StopWithoutStart" for r in story.records)


def test_a_foreign_id_learned_from_readings_ends_its_session_without_a_tag_q42() -> None:
    story = Story()
    story.start(0, 1000, tag="ANNA", connector=1)
    story.start(1, 8000, tag="BERT", connector=2)
    story.meter(10, 8200, transaction="-1", connector=2)
    assert story.sessions[2].energy_wh == 200
    story.stop(20, 8500, "-1", tag=None)
    assert story.sessions[1].state is SessionState.OPEN
    assert story.sessions[2].energy_wh == 500


def test_minus_one_on_two_connectors_goes_by_connector_q42() -> None:
    story = Story()
    story.start(0, 1000, tag="ANNA", connector=1)
    story.start(1, 8000, tag="BERT", connector=2)
    for minute in (5, 10):
        story.meter(minute, 1000 + minute * 10, transaction="-1", connector=1)
        story.meter(minute, 8000 + minute * 20, transaction="-1", connector=2)
    assert (story.sessions[1].energy_wh, story.sessions[2].energy_wh) == (100, 200)


def test_one_station_never_stops_anothers_session() -> None:
    ids = Ids()
    mine, theirs = Story(ids=ids), Story(station=StationId("S2"), ids=ids)
    mine.start(0, 1000)
    theirs.start(0, 5000)
    answer = theirs.stop(10, 1500, "1001")
    assert mine.only().state is SessionState.OPEN
    assert theirs.sessions[2].state is SessionState.OPEN
    assert theirs.sessions[3].state is SessionState.REVIEW
    assert "Q38" in answer.quirks


def test_what_the_store_has_of_another_station_is_not_used() -> None:
    ids = Ids()
    mine, theirs = Story(ids=ids), Story(station=StationId("S2"), ids=ids)
    mine.start(0, 1000)
    theirs.sessions[1] = mine.only()
    theirs.stop(10, 1500, "1001")
    assert theirs.sessions[1].state is SessionState.OPEN


@pytest.mark.parametrize("restart", [False, True])
def test_a_stop_without_a_start_is_kept_once_q38(restart: bool) -> None:
    story = Story()
    curve = (reading(-20, 4000), reading(-10, 4600), reading(0, 5100))
    story.stop(0, 5100, "815", readings=curve)
    orphan = story.only()
    assert orphan.state is SessionState.REVIEW
    assert (orphan.started_ms, orphan.ended_ms) == (at_ms(-20), at_ms(0))
    assert orphan.energy_wh == 1100
    assert {"start-unknown", "orphan-stop", "evse-unknown"} <= story.flags()
    assert len(story.readings(1)) == 3
    if restart:
        story.restart()
    assert story.stop(0, 5100, "815", readings=curve, received=5).repeated
    assert len(story.sessions) == 1


def test_a_stop_without_a_start_or_readings_proves_no_energy() -> None:
    story = Story()
    story.stop(0, 5100, "815")
    assert story.only().energy_wh is None
    assert story.only().meter_stop_wh == 5100
    assert "meter-missing" in story.flags()


# Q39


def test_twenty_repeats_of_a_stop_and_then_another_one_q39() -> None:
    story = Story()
    story.start(0, 1000)
    story.stop(30, 4000)
    closed = story.only()
    for n in range(20):
        answer = story.stop(30, 4000, received=31 + n)
        assert answer.repeated
    assert story.only() == closed
    assert not story.stop(30, 4300, received=60).repeated
    assert story.only().energy_wh == 3000
    assert "stop-twice" in story.flags()
    assert "4300 Wh" in story.only().note
    twice = story.only()
    assert story.stop(30, 4300, received=70).repeated
    assert story.only() == twice


@pytest.mark.parametrize("restart", [False, True])
def test_the_stations_figures_beat_a_close_by_hand(restart: bool) -> None:
    story = Story()
    story.start(0, 1000)
    story.meter(10, 1500)
    story.by_hand(1, 60)
    by_hand = story.only()
    assert (by_hand.state, by_hand.energy_wh, by_hand.ended_ms) == (SessionState.INFERRED, 500, at_ms(10))
    assert {"closed-by-hand", "stop-missing"} <= story.flags()
    assert (by_hand.closed_by, by_hand.closed_why) == ("anna", "the car left")
    if restart:
        story.restart()
    story.stop(30, 2500, received=90)
    done = story.only()
    assert (done.state, done.energy_wh, done.ended_ms) == (SessionState.CLOSED, 1500, at_ms(30))
    assert story.flags() == {"closed-by-hand", "reopened"}


def test_closing_by_hand_what_is_closed_changes_nothing() -> None:
    story = Story()
    story.start(0, 1000)
    story.stop(30, 4000)
    closed = story.only()
    story.by_hand(1, 60)
    assert story.only() == closed


def test_a_person_settles_what_waits_for_review() -> None:
    story = Story()
    story.stop(0, 5100, "815")
    story.by_hand(1, 60, why="checked with the driver")
    assert story.only().state is SessionState.CLOSED
    assert story.only().energy_wh is None


# Q40


def test_the_next_start_closes_a_zombie_and_the_late_stop_replaces_it_q40() -> None:
    story = Story()
    story.start(0, 1000, tag="ANNA")
    story.meter(10, 2000)
    story.start(60, 2700, tag="BERT")
    zombie = story.sessions[1]
    assert (zombie.state, zombie.energy_wh, zombie.ended_ms) == (SessionState.INFERRED, 1000, at_ms(10))
    assert zombie.stop_reason == "inferred"
    assert {"closed-by-evidence", "stop-missing"} <= story.flags(1)
    assert story.sessions[2].state is SessionState.OPEN
    story.stop(15, 2600, "1001", tag="ANNA", received=65, live=False)
    zombie = story.sessions[1]
    assert (zombie.state, zombie.energy_wh, zombie.ended_ms) == (SessionState.CLOSED, 1600, at_ms(15))
    assert "reopened" in story.flags(1)
    assert "stop-missing" not in story.flags(1)
    assert story.sessions[2].state is SessionState.OPEN


def test_available_for_ten_minutes_closes_a_ghost() -> None:
    story = Story()
    story.start(0, 1000)
    story.meter(5, 1400)
    story.status(6, AVAILABLE)
    story.sweep(15.9)
    assert story.only().state is SessionState.OPEN
    assert story.state.next_ghost_ms() == at_ms(16)
    story.sweep(16)
    ghost = story.only()
    assert (ghost.state, ghost.energy_wh, ghost.ended_ms) == (SessionState.INFERRED, 400, at_ms(5))


def test_any_word_of_the_station_finds_its_ghosts() -> None:
    story = Story()
    story.start(0, 1000)
    story.status(6, AVAILABLE)
    story.boot(20)
    assert story.only().state is SessionState.INFERRED
    assert story.only().ended_ms == at_ms(6)


def test_the_stop_of_a_ghost_is_simply_its_stop() -> None:
    story = Story()
    story.start(0, 1000)
    story.status(6, AVAILABLE)
    story.stop(6, 1800, received=30)
    assert story.only().flags == ()
    assert story.only().energy_wh == 800


def test_an_available_before_the_start_is_no_evidence() -> None:
    story = Story()
    story.status(0, AVAILABLE)
    story.start(1, 1000)
    story.sweep(120)
    assert story.only().state is SessionState.OPEN


def test_readings_after_the_available_speak_for_the_session() -> None:
    story = Story()
    story.start(0, 1000)
    story.status(5, AVAILABLE)
    story.meter(8, 1500, 7000)
    story.sweep(40)
    assert story.only().state is SessionState.OPEN


def test_a_zombie_never_blocks_its_tag() -> None:
    story = Story()
    story.start(0, 1000, tag="ANNA", connector=1)
    assert story.start(1, 1000, tag="an-na", connector=2).concurrent
    story.stop(2, 1000, story.decisions[-1].transaction or "")
    story.status(6, AVAILABLE, connector=1)
    assert not story.start(20, 1000, tag="ANNA", connector=2).concurrent


def test_readings_bring_a_session_back_that_was_closed_too_early_q41() -> None:
    story = Story()
    story.start(0, 1000)
    story.meter(5, 1500)
    story.status(6, AVAILABLE)
    story.sweep(20)
    assert story.only().state is SessionState.INFERRED
    story.meter(25, 1900, 7000)
    assert story.only().state is SessionState.OPEN
    assert story.only().ended_ms is None
    assert "reopened" in story.flags()
    assert "stop-missing" not in story.flags()
    story.stop(30, 2500)
    assert story.only().energy_wh == 1500


def test_a_start_told_after_the_next_one_is_history() -> None:
    story = Story()
    story.start(60, 5000, tag="BERT")
    story.start(0, 1000, tag="ANNA", received=61, live=False)
    assert story.sessions[1].state is SessionState.OPEN
    assert story.sessions[2].state is SessionState.INFERRED
    story.stop(30, 4000, "1002", tag="ANNA", received=61, live=False)
    late = story.sessions[2]
    assert (late.state, late.energy_wh) == (SessionState.CLOSED, 3000)
    assert story.flags(2) == {"replayed"}


# Q41 to Q47


def test_a_boot_alone_closes_nothing_q41() -> None:
    story = Story()
    story.start(0, 1000)
    story.meter(5, 1500)
    assert story.boot(6).records == ()
    story.meter(8, 1800)
    story.stop(9, 2000)
    assert story.only().energy_wh == 1000
    assert story.only().flags == ()


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
