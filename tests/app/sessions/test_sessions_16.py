"""Sessions over OCPP 1.6: how they begin and end, also twice, late or under a foreign number (Q36 to Q39)."""

import pytest

from app.domain.ids import StationId
from app.domain.records import NoticeRecord, SessionState
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
