"""Sessions over OCPP 1.6 that nobody stopped, and what brings them back (Q40, Q41), told as stories."""

from app.domain.records import SessionState
from app.domain.status import ConnectorStatus
from tests.app.sessions.story import Story, at_ms

AVAILABLE, CHARGING = ConnectorStatus.AVAILABLE, ConnectorStatus.CHARGING


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
