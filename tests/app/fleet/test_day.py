"""Energy of today, in the operator's time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.records import SessionState
from app.fleet.day import day_of
from tests.app.fleet.fleet_story import BERLIN, HOUR, MINUTE, FleetStory


def ms(text: str, zone: str = "Europe/Berlin") -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-01-05", 24), ("2026-03-29", 23), ("2026-10-25", 25)],
    ids=["plain", "spring forward", "fall back"],
)
def test_a_day_is_as_long_as_the_clocks_say(day: str, hours: int) -> None:
    first, last = day_of(ms(f"{day}T13:00"), BERLIN)
    assert first == ms(f"{day}T00:00")
    assert last - first == hours * HOUR
    assert day_of(first, BERLIN) == (first, last)
    assert day_of(last - 1, BERLIN) == (first, last)
    assert day_of(last, BERLIN)[0] == last


def test_energy_grows_with_the_sessions() -> None:
    story = FleetStory()
    story.station()
    started = story.now
    story.session(started_ms=started)
    for step in (1, 2, 3):
        story.now += 10 * MINUTE
        story.session(started_ms=started, energy=step * 500, sample_ms=story.now)
    assert story.see().energy_today_wh == 1500
    story.session(state=SessionState.CLOSED, started_ms=started, energy=1700, ended_ms=story.now + 1)
    story.session(2, started_ms=story.now, energy=300, sample_ms=story.now + 1)
    assert story.fleet.snapshot(story.now).totals.energy_today_wh == 2000


def test_telling_a_session_again_adds_nothing() -> None:
    story = FleetStory()
    story.station()
    for _ in range(3):
        story.session(state=SessionState.CLOSED, energy=1700, ended_ms=story.now + MINUTE)
    assert story.see().energy_today_wh == 1700


def test_energy_that_falls_into_doubt_is_taken_back() -> None:
    story = FleetStory()
    story.station()
    started = story.now
    story.now += MINUTE
    story.session(started_ms=started, energy=500, sample_ms=story.now)
    story.session(started_ms=started, energy=None, sample_ms=story.now)
    assert story.see().energy_today_wh == 0
    story.session(started_ms=started, energy=600, sample_ms=story.now)
    assert story.see().energy_today_wh == 600


@pytest.mark.parametrize("day", ["2026-01-06", "2026-03-29", "2026-10-25"])
def test_midnight_begins_anew_and_divides_a_session(day: str) -> None:
    midnight = ms(f"{day}T00:00")
    story = FleetStory(midnight - HOUR)
    story.station()
    feed = story.fleet.subscribe()
    story.session(started_ms=midnight - HOUR)
    story.session(started_ms=midnight - HOUR, energy=4000, sample_ms=midnight - 10 * MINUTE)
    assert story.see().energy_today_wh == 4000
    feed.take()
    story.now = midnight + MINUTE
    story.fleet.tick(story.now)
    changes = feed.take()
    assert changes is not None
    assert changes.stations["S1"].energy_today_wh == 0
    assert changes.totals is not None
    assert changes.totals.energy_today_wh == 0
    story.session(started_ms=midnight - HOUR, energy=4800, sample_ms=midnight + 10 * MINUTE)
    assert story.see().energy_today_wh == 400


def test_a_session_loaded_at_start_gives_today_its_share() -> None:
    midnight = ms("2026-01-06T00:00")
    story = FleetStory(midnight + 3 * HOUR)
    story.station()
    story.session(1, started_ms=midnight - HOUR, energy=8000, sample_ms=midnight + 3 * HOUR)
    story.session(
        2, started_ms=midnight - 9 * HOUR, energy=5000, ended_ms=midnight - 8 * HOUR,
        state=SessionState.CLOSED,
    )  # fmt: skip
    assert story.see().energy_today_wh == 6000


def test_yesterdays_backlog_is_not_todays_energy() -> None:
    midnight = ms("2026-01-06T00:00")
    story = FleetStory(midnight + 3 * HOUR)
    story.station()
    story.session(started_ms=midnight - 5 * HOUR)
    story.session(
        started_ms=midnight - 5 * HOUR, energy=5000, ended_ms=midnight - 4 * HOUR, state=SessionState.CLOSED
    )
    assert story.see().energy_today_wh == 0
