"""Energy from a register: field behaviours Q49 to Q55, with their own figures."""

import pytest

from app.domain.events import Phase
from app.domain.records import ConnectorPlan, SessionState
from tests.app.sessions.story import Story, reading


def told(*registers: int | None, every: float = 10, stop: int | None = None) -> Story:
    """A session whose start and readings tell `registers`, one each 10 minutes, then stops."""
    story = Story()
    story.start(0, registers[0])
    for index, register in enumerate(registers[1:], 1):
        story.meter(index * every, register)
    story.stop(len(registers) * every, registers[-1] if stop is None else stop)
    return story


def test_a_false_zero_never_bills_a_lifetime_q49() -> None:
    story = Story()
    story.event(Phase.STARTED, 0, 0, reading(0, 0), evse=1, connector=1)
    story.event(Phase.UPDATED, 1, 5, reading(5, 909_948))
    assert story.only().energy_wh is None
    story.event(Phase.ENDED, 2, 10, reading(10, 910_031))
    done = story.only()
    assert done.energy_wh == 83
    assert (done.meter_start_wh, done.meter_stop_wh) == (909_948, 910_031)
    assert done.state is SessionState.CLOSED
    assert story.flags() == {"false-zero"}
    assert "Q49" in story.quirks


def test_a_false_zero_in_16_q49() -> None:
    story = told(0, 909_948, 910_031)
    assert story.only().energy_wh == 83
    assert story.flags() == {"false-zero"}


def test_a_false_zero_with_nothing_but_a_stop_proves_nothing() -> None:
    story = told(0, stop=909_948)
    assert story.only().energy_wh is None
    assert story.only().state is SessionState.REVIEW
    assert story.flags() == {"false-zero"}


@pytest.mark.parametrize(
    ("plan", "hours", "wh", "believed"),
    [
        (ConnectorPlan(1, 1, "AC", 11_000), 1, 12_000, True),
        (ConnectorPlan(1, 1, "AC", 11_000), 1, 14_000, False),
        (ConnectorPlan(1, 1, "AC"), 1, 47_000, True),
        (ConnectorPlan(1, 1, "AC"), 1, 49_000, False),
        (ConnectorPlan(1, 1, "CCS"), 1, 500_000, True),
        (None, 1, 540_000, True),
        (None, 1, 560_000, False),
    ],
)
def test_no_more_than_rated_power_gives(
    plan: ConnectorPlan | None, hours: int, wh: int, believed: bool
) -> None:
    story = Story(*([plan] if plan else []))
    story.start(0, 1000)
    story.stop(60 * hours, 1000 + wh)
    assert (story.only().energy_wh == wh) is believed
    assert (story.only().energy_wh is None) is not believed


@pytest.mark.parametrize("stop", [-1, 0, 4995])
def test_a_stop_below_the_start_takes_the_last_register_q50(stop: int) -> None:
    story = told(5000, 5100, 5200, stop=stop)
    assert story.only().energy_wh == 200
    assert story.only().meter_stop_wh == 5200
    assert story.only().state is SessionState.CLOSED
    assert f"{stop} Wh" in story.only().note


@pytest.mark.parametrize("stop", [-1, 0, 4995])
def test_a_stop_below_the_start_without_readings_goes_to_review_q50(stop: int) -> None:
    story = told(5000, stop=stop)
    assert story.only().energy_wh is None
    assert story.only().state is SessionState.REVIEW


def test_a_register_that_restarts_adds_its_segments_q51() -> None:
    story = told(5000, 5200, 0, 150)
    assert story.only().energy_wh == 350
    assert story.flags() == {"meter-reset"}


def test_the_stop_may_be_what_proves_a_restart() -> None:
    assert told(5000, 5200, 0, stop=150).only().energy_wh == 350


def test_a_single_low_reading_is_an_error_q51() -> None:
    story = told(5000, 0, 5200)
    assert story.only().energy_wh == 200
    assert story.flags() == {"meter-backwards"}
    assert [r.trusted for r in story.readings(1)] == [False, True]


def test_several_zeros_and_then_the_register_again_are_no_restart() -> None:
    story = told(500_000, 500_200, 0, 0, 0, 500_500, 500_700)
    assert story.only().energy_wh == 700
    assert story.flags() == {"meter-backwards"}


def test_the_same_low_reading_told_twice_proves_no_restart() -> None:
    story = Story()
    story.start(0, 5000)
    story.meter(10, 5200)
    story.meter(20, 0)
    story.meter(20, 0)
    story.meter(30, 5400)
    story.stop(40, 5500)
    assert story.only().energy_wh == 500


def test_a_register_per_session_q51() -> None:
    story = Story()
    for n in range(3):
        story.start(n * 60, 0)
        story.meter(n * 60 + 10, 400)
        story.stop(n * 60 + 20, 900, story.decisions[-2].transaction or "")
    assert [s.energy_wh for s in story.sessions.values()] == [900, 900, 900]
    assert all(not s.flags for s in story.sessions.values())


def test_a_spike_is_dropped_q57() -> None:
    story = told(5000, 5200, 9_900_000_000, 5400)
    assert story.only().energy_wh == 400
    assert [r.trusted for r in story.readings(1)] == [True, False, True]


def test_kwh_told_for_wh_suspends_the_energy_q52() -> None:
    story = Story()
    story.start(0, 1200)
    for minute in range(1, 61):
        story.meter(minute, 1200 + round(minute * 0.183), 11_000)
    assert story.only().energy_wh is None
    story.stop(61, 1211)
    assert story.only().state is SessionState.REVIEW
    assert "unit-doubtful" in story.flags()
    assert "factor" in story.only().note
    assert "1000" in story.only().note
    assert "Q52" in story.quirks


def test_wh_told_for_kwh_suspends_the_energy_q52() -> None:
    story = Story()
    story.start(0, 1_200_000)
    for minute in range(1, 31):
        story.meter(minute, 1_200_000 + minute * 183_000, 11_000)
    story.stop(31, 1_200_000 + 30 * 183_000)
    assert story.only().energy_wh is None
    assert "unit-doubtful" in story.flags()
    assert "0.001" in story.only().note


def test_kw_told_for_w_suspends_the_energy_q52() -> None:
    story = Story()
    story.start(0, 1_200_000)
    for minute in range(1, 61):
        story.meter(minute, 1_200_000 + minute * 183, 11)
    story.stop(61, 1_200_000 + 60 * 183)
    assert "unit-doubtful" in story.flags()


@pytest.mark.parametrize("power", [1_400, 7_400, 11_000, 150_000])
def test_right_units_are_not_doubted(power: int) -> None:
    story = Story()
    story.start(0, 5_000_000)
    energy = 5_000_000.0
    for minute in range(1, 61):
        now = power * (1 if minute < 30 else 0.3)
        energy += now / 60
        story.meter(minute, round(energy), round(now))
    story.stop(61, round(energy))
    assert story.only().flags == ()
    assert story.only().energy_wh == round(energy) - 5_000_000


def test_rare_readings_of_power_raise_no_doubt() -> None:
    """A quarter of an hour untold, then 150 kW and, seconds later, a full car: the time explains it."""
    story = Story()
    story.start(0, 5_000_000)
    story.meter(15, 5_037_500, 150_000)
    story.meter(15.1, 5_037_600, 0)
    story.stop(18, 5_037_600)
    assert (story.only().energy_wh, story.only().flags) == (37_600, ())


def test_a_register_of_whole_kwh_is_believed() -> None:
    story = Story(ConnectorPlan(1, 1, "AC", 11_000))
    story.start(0, 1_200_000)
    for minute in range(1, 61):
        story.meter(minute, 1_200_000 + minute * 183 // 1000 * 1000, 11_000)
    story.stop(61, 1_211_000)
    assert (story.only().energy_wh, story.only().flags) == (11_000, ())


def test_a_batch_without_energy_changes_none_q55() -> None:
    story = Story()
    story.start(0, 1000)
    story.meter(10, 1500)
    story.meter(11, None, None, soc=55)
    story.meter(12, None, 7000)
    assert (story.only().energy_wh, story.only().soc_percent, story.only().power_w) == (500, 55, 7000)


def test_readings_out_of_order_do_not_count_twice_or_backwards() -> None:
    story = Story()
    story.start(0, 1000)
    story.meter(20, 1800)
    story.meter(10, 1400)
    story.stop(30, 2000)
    assert story.only().energy_wh == 1000
    assert story.only().flags == ()


def test_a_long_silence_then_a_high_reading_is_believed_if_time_explains_it() -> None:
    story = Story(ConnectorPlan(1, 1, "AC", 11_000))
    story.start(0, 1000)
    story.meter(1, 1100)
    story.meter(300, 50_000)
    story.stop(301, 50_100)
    assert (story.only().energy_wh, story.only().flags) == (49_100, ())


def test_a_jump_that_stays_begins_a_new_segment() -> None:
    story = told(0, 500, 900_000, 900_200)
    assert story.only().energy_wh == 700
    assert story.flags() == {"meter-gap"}


def test_energy_of_a_queue_whose_times_are_lost_is_not_thrown_away() -> None:
    story = Story()
    story.start(0, 1000, trusted=False)
    story.meter(0.01, 6000, live=False)
    story.stop(0.02, 11_000)
    assert story.only().energy_wh == 10_000
    assert "time-doubtful" in story.flags()


def test_no_energy_is_a_flag_and_a_zero() -> None:
    story = told(5000, 5000, stop=5000)
    assert story.only().energy_wh == 0
    assert story.flags() == {"no-energy"}


def test_a_start_without_a_meter_counts_from_the_first_reading() -> None:
    story = told(None, 1200, 1500, stop=1700)
    assert story.only().energy_wh == 500


def test_signed_values_are_kept_and_marked_q82() -> None:
    from dataclasses import replace

    from app.domain.meter import Sample

    signed = Sample("Energy.Active.Import.Register", "T" * 4096, None, "Wh", "", "Outlet", "Transaction.End")
    story = Story()
    story.start(0, 1000)
    story.stop(10, 2000, readings=(replace(reading(10, 2000), samples=(signed,), signed=True),))
    assert story.flags() == {"signed"}
    assert story.readings(1)[0].reading.samples == (signed,)


def test_a_stop_before_its_start_keeps_the_energy_and_doubts_the_time() -> None:
    story = Story()
    story.start(10, 1000)
    story.stop(5, 1400, received=40)
    assert story.only().energy_wh == 400
    assert story.only().ended_ms == story.only().started_ms
    assert "time-doubtful" in story.flags()


def test_a_started_with_its_begin_alone_proves_nothing() -> None:
    story = Story()
    story.event(Phase.STARTED, 0, 0, reading(0, 1000), evse=1, connector=1)
    assert story.only().energy_wh is None
    story.event(Phase.ENDED, 1, 30)
    assert story.only().energy_wh is None
    assert story.only().state is SessionState.REVIEW
    assert story.flags() == {"meter-missing"}


@pytest.mark.parametrize("stop", [-1, None])
def test_an_end_without_a_figure_ends_at_the_last_register_and_says_so(stop: int | None) -> None:
    story = Story()
    story.start(0, 1000)
    story.meter(10, 1800)
    story.stop(30, stop)
    assert story.only().energy_wh == 800
    assert story.flags() == {"meter-missing"}


def test_a_plan_that_tells_too_little_power_costs_no_energy() -> None:
    story = Story(ConnectorPlan(1, 1, "AC", 11_000))
    story.start(0, 0)
    for minute in range(1, 61):
        story.meter(minute, minute * 366, 22_000)
    story.stop(60, 60 * 366)
    assert (story.only().energy_wh, story.only().flags) == (60 * 366, ())
