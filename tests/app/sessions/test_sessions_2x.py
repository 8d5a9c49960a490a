"""Sessions over OCPP 2.x: order by sequence, gaps, offline, places (Q71 to Q73)."""

import itertools

import pytest

from app.domain.events import Phase
from app.domain.records import ConnectorPlan, SessionState
from app.domain.status import ConnectorStatus
from tests.app.sessions.story import Story, at_ms, reading

STARTED, UPDATED, ENDED = Phase.STARTED, Phase.UPDATED, Phase.ENDED


def session(story: Story, *order: int) -> None:
    """Tell a plain session's four events in an order."""
    tell = (
        lambda: story.event(
            STARTED, 0, 0, reading(0, 1000), evse=1, connector=1, tag="ANNA", state="EVConnected"
        ),
        lambda: story.event(UPDATED, 1, 1, reading(1, 1000), state="Charging"),
        lambda: story.event(UPDATED, 2, 20, reading(20, 3000, 7000), state="Charging"),
        lambda: story.event(ENDED, 3, 30, reading(30, 4200), state="EVConnected", reason="Local"),
    )
    for number in order:
        tell[number]()


def test_a_plain_session() -> None:
    story = Story()
    session(story, 0, 1, 2, 3)
    done = story.only()
    assert done.state is SessionState.CLOSED
    assert (done.evse, done.connector, done.transaction, done.token) == (1, 1, "tx-a", "ANNA")
    assert (done.meter_start_wh, done.meter_stop_wh, done.energy_wh) == (1000, 4200, 3200)
    assert (done.started_ms, done.ended_ms, done.stop_reason) == (at_ms(0), at_ms(30), "Local")
    assert (done.seq_seen, done.flags) == ("0-3", ())
    assert story.quirks == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_any_order_gives_the_same_session_q71(order: tuple[int, ...]) -> None:
    story = Story()
    session(story, *order)
    done = story.only()
    assert done.state is SessionState.CLOSED
    assert (done.evse, done.connector, done.token) == (1, 1, "ANNA")
    assert (done.started_ms, done.ended_ms) == (at_ms(0), at_ms(30))
    assert (done.meter_start_wh, done.meter_stop_wh, done.energy_wh) == (1000, 4200, 3200)
    assert done.flags == ()
    assert len(story.readings(1)) == 4


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_every_event_told_twice_changes_nothing(order: tuple[int, ...]) -> None:
    once, twice = Story(), Story()
    session(once, *order)
    session(twice, *(n for number in order for n in (number, number)))
    assert once.only() == twice.only()
    again = twice.only()
    session(twice, *order)
    assert twice.only() == again


def test_gaps_are_flags_until_they_are_filled_q71() -> None:
    story = Story()
    session(story, 0, 1, 3)
    assert story.flags() == {"seq-gap"}
    assert story.only().seq_seen == "0-1,3"
    assert story.only().energy_wh == 3200
    session(story, 2)
    assert story.flags() == set()
    assert story.only().energy_wh == 3200


def test_ended_only_is_a_flagged_session() -> None:
    story = Story()
    story.event(ENDED, 7, 30, reading(30, 4200), evse=2, connector=1)
    done = story.only()
    assert done.state is SessionState.REVIEW
    assert done.energy_wh is None
    assert "start-unknown" in story.flags()


def test_updated_without_started_opens_a_flagged_session() -> None:
    story = Story()
    story.event(UPDATED, 4, 5, reading(5, 1000), evse=1, connector=1, state="Charging")
    assert story.only().state is SessionState.OPEN
    assert story.flags() == {"start-unknown"}
    story.event(ENDED, 5, 15, reading(15, 1700))
    assert (story.only().state, story.only().energy_wh) == (SessionState.CLOSED, 700)
    assert story.flags() == {"start-unknown"}


def test_of_two_ended_the_first_counts() -> None:
    story = Story()
    session(story, 0, 1, 2, 3)
    story.event(ENDED, 4, 35, reading(35, 4900))
    assert story.only().energy_wh == 3200
    assert story.only().ended_ms == at_ms(30)
    assert "stop-twice" in story.flags()


def test_counting_anew_after_a_boot_is_news_not_a_repeat_q71() -> None:
    story = Story()
    session(story, 0, 1, 2)
    story.boot(22)
    decision = story.event(UPDATED, 0, 25, reading(25, 3500), state="Charging")
    assert not decision.repeated
    assert story.only().energy_wh == 2500
    assert "seq-gap" in story.flags()
    story.event(ENDED, 1, 30, reading(30, 4200))
    assert (story.only().state, story.only().energy_wh) == (SessionState.CLOSED, 3200)


def test_an_old_id_for_a_new_transaction_is_a_new_session_q43() -> None:
    story = Story()
    session(story, 0, 1, 2, 3)
    story.event(STARTED, 0, 60, reading(60, 4200), evse=1, connector=1, tag="BERT")
    story.event(ENDED, 1, 70, reading(70, 5000))
    assert len(story.sessions) == 2
    assert [s.energy_wh for s in story.sessions.values()] == [3200, 800]


def test_an_event_of_an_old_transaction_is_found_in_the_store() -> None:
    story = Story()
    session(story, 0, 1, 2, 3)
    story.restart()
    before = story.only()
    session(story, 0, 1, 2, 3)
    assert story.only() == before


def test_offline_events_are_history_and_say_so() -> None:
    story = Story()
    story.event(STARTED, 0, 0, reading(0, 0), evse=1, connector=1, received=90, offline=True, live=False)
    story.event(ENDED, 1, 30, reading(30, 900), received=90, offline=True, live=False)
    assert story.only().energy_wh == 900
    assert story.flags() == {"offline", "replayed"}


def test_the_evse_is_carried_forward_with_two_at_once_q72() -> None:
    story = Story()
    story.event(STARTED, 0, 0, reading(0, 100), evse=1, connector=1, transaction="a")
    story.event(STARTED, 0, 1, reading(1, 900), evse=2, connector=1, transaction="b")
    story.event(UPDATED, 1, 10, reading(10, 300), transaction="a")
    story.event(UPDATED, 1, 11, reading(11, 1500), transaction="b")
    assert [(s.evse, s.energy_wh) for s in story.sessions.values()] == [(1, 200), (2, 600)]
    assert {r.evse for r in story.readings(2)} == {2}


def test_the_evse_may_come_late() -> None:
    story = Story(ConnectorPlan(1, 1), ConnectorPlan(2, 1))
    story.event(STARTED, 0, 0, reading(0, 100), tag="ANNA")
    assert story.only().evse is None
    assert story.flags() == {"evse-unknown"}
    story.event(UPDATED, 1, 10, reading(10, 300), evse=2)
    assert (story.only().evse, story.only().connector) == (2, 1)
    assert story.flags() == set()


def test_the_only_evse_is_assumed_but_never_one_of_two() -> None:
    one, two = Story(ConnectorPlan(1, 1)), Story(ConnectorPlan(1, 1), ConnectorPlan(2, 1))
    for story in (one, two):
        story.event(STARTED, 0, 0, tag="ANNA")
    assert one.only().evse == 1
    assert two.only().evse is None


def test_a_start_on_a_busy_evse_ends_the_old_one_until_its_ended_comes_q73() -> None:
    story = Story()
    session(story, 0, 1, 2)
    story.event(STARTED, 0, 60, reading(60, 4200), evse=1, connector=1, transaction="tx-b")
    assert (story.sessions[1].state, story.sessions[1].energy_wh) == (SessionState.INFERRED, 2000)
    session(story, 3)
    assert (story.sessions[1].state, story.sessions[1].energy_wh) == (SessionState.CLOSED, 3200)
    assert "reopened" in story.flags(1)
    assert story.sessions[2].state is SessionState.OPEN


def test_flow_follows_the_charging_state() -> None:
    story = Story()
    session(story, 0)
    assert story.only().charging == ""
    for number, (state, flow) in enumerate(
        [("Charging", "Charging"), ("SuspendedEV", "SuspendedEV"), ("SuspendedEVSE", "SuspendedEVSE")], 1
    ):
        story.event(UPDATED, number, number, state=state)
        assert story.only().charging == flow
    story.event(UPDATED, 4, 5, state="EVConnected", trigger="StopAuthorized")
    assert story.only().charging == "Finishing"


def test_a_late_event_does_not_turn_the_flow_back() -> None:
    story = Story()
    session(story, 0)
    story.event(UPDATED, 2, 10, state="SuspendedEV")
    story.event(UPDATED, 1, 5, state="Charging")
    assert story.only().charging == "SuspendedEV"


def test_the_driver_who_started_stays_the_driver() -> None:
    story = Story()
    session(story, 0, 1, 2)
    story.event(ENDED, 3, 30, reading(30, 4200), tag="BOSS")
    assert story.only().token == "ANNA"


def test_a_fault_and_charging_again_under_the_old_id_q80() -> None:
    story = Story()
    session(story, 0, 1)
    story.status(5, ConnectorStatus.FAULTED)
    assert story.only().state is SessionState.INTERRUPTED
    story.event(UPDATED, 2, 26, reading(26, 1600), state="Charging")
    assert story.only().state is SessionState.OPEN
    story.event(ENDED, 3, 30, reading(30, 1900))
    assert story.only().energy_wh == 900
    assert story.flags() == {"interrupted"}


def test_a_started_without_meter_counts_from_the_first_reading() -> None:
    story = Story()
    story.event(STARTED, 0, 0, evse=1, connector=1)
    story.event(UPDATED, 1, 2, reading(2, 5000))
    story.event(ENDED, 2, 30, reading(30, 7000))
    assert (story.only().meter_start_wh, story.only().energy_wh) == (5000, 2000)
    assert story.flags() == set()


def test_two_connectors_of_one_evse_serve_one_car() -> None:
    story = Story()
    story.event(STARTED, 0, 0, reading(0, 100), evse=1, connector=1, transaction="a")
    story.event(STARTED, 0, 60, reading(60, 900), evse=1, connector=2, transaction="b")
    assert story.sessions[1].state is SessionState.INFERRED
    assert story.sessions[2].state is SessionState.OPEN
