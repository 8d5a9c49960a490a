"""The demo: a past booked through the intake once, then live stations on the room's own listener."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from app.clock import ManualClock
from app.demo import UNFINISHED, DemoRoom, GaveUp, _book, local_url, told_past
from app.domain.errors import ForecourtError, UsageError
from app.domain.status import NOT_RUNNING, LinkState
from app.domain.work_orders import orders_of
from app.faults.limits import Limits
from app.faults.outcomes import BadSessionLimits
from app.replay import verify
from app.settings import Settings, load
from app.simulator.demand import DAY_MS
from app.simulator.network import load_network
from app.simulator.past import past
from app.store.connect import FILE
from app.store.open import open_reading
from app.store.readers.entries import current_entries
from app.store.readers.faults import faults_between, faults_closed_since
from app.store.readers.sessions import recent_sessions
from tests.app.simulator.test_living import pass_time
from tests.helpers.late_past import read_later

NOW = 1_780_000_000_000


def settings(folder: Path) -> Settings:
    return load(folder, {"listen": "127.0.0.1:0"})


async def until(true: Callable[[], bool]) -> None:
    """Links are shown once their rows are committed, a moment after the station knows."""
    for _ in range(1_000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("never came")


async def test_the_demo_has_a_past_and_goes_on_live(tmp_path: Path) -> None:
    """Sessions of the past are in the books, stations have names and places, and all are online."""
    clock = ManualClock(NOW)
    heard: list[float] = []
    room = DemoRoom(settings(tmp_path), clock, stations=4, days=3, seed=5, tell=heard.append)
    await room.start()
    try:
        assert heard[0] == 0
        assert heard[-1] == 1
        live = room._live
        assert live is not None
        await pass_time(clock, live.stations, 30)
        await until(lambda: sum(s.link is LinkState.ONLINE for s in room.snapshot().stations.values()) >= 3)
        picture = room.snapshot()
        assert picture.server.demo
        assert all(s.name and s.site and s.latitude is not None for s in picture.stations.values())
        faults = await room.ask(faults_closed_since, 0)
        assert faults
        assert all(fault.site for fault in faults if fault.station)
        sessions = [s for name in picture.stations for s in await room.ask(recent_sessions, name)]
        assert len(sessions) > 10
        assert min(s.started_ms for s in sessions) < NOW - DAY_MS
        assert all(s.energy_wh is None or s.energy_wh >= 0 for s in sessions)
    finally:
        await room.stop()


async def test_while_the_past_was_written_nobody_looked_and_no_station_is_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first start reads its past beside the live stations: their silence before it is no lost link."""
    read_on = read_later(monkeypatch)
    clock = ManualClock(NOW)
    settled = settings(tmp_path)
    monkeypatch.setattr("app.demo._book", lambda *args: (_book(*args), clock.advance(150))[0])
    room = DemoRoom(settled, clock, stations=4, days=3, speed=900, seed=5)
    await room.start()
    try:
        assert room._live is not None
        await pass_time(clock, room._live.stations, 30)
        await until(lambda: sum(s.link is LinkState.ONLINE for s in room.snapshot().stations.values()) >= 3)
        await pass_time(clock, room._live.stations, 120)
        read_on.set()
        await until(lambda: room.faults.ready)
        assert [f.title for f in room.faults.open() if f.raw == NOT_RUNNING] == []
    finally:
        await room.stop()


async def test_a_past_that_was_given_up_is_written_whole_at_the_next_start(tmp_path: Path) -> None:
    """Ctrl-C in the middle of it does not wait for its end."""
    room = DemoRoom(settings(tmp_path), ManualClock(NOW), stations=4, days=3, seed=5)
    room.give_up()
    with pytest.raises(GaveUp):
        await room.start()
    await room.stop()
    assert (tmp_path / UNFINISHED).exists()
    again = DemoRoom(settings(tmp_path), ManualClock(NOW), stations=4, days=3, seed=5)
    await again.start()
    try:
        assert not (tmp_path / UNFINISHED).exists()
        sessions = [s for name in again.snapshot().stations for s in await again.ask(recent_sessions, name)]
        assert len(sessions) > 10
    finally:
        await again.stop()


async def test_a_second_start_finds_the_past_there(tmp_path: Path) -> None:
    """It is not booked again, and meters go on from where they were."""
    for turn in range(2):
        clock = ManualClock(NOW + turn * 3_600_000)
        heard: list[float] = []
        room = DemoRoom(settings(tmp_path), clock, stations=3, days=1, tell=heard.append)
        await room.start()
        try:
            assert bool(heard) == (turn == 0)
            assert room._live is not None
            await pass_time(clock, room._live.stations, 10)
            assert len(room.snapshot().stations) == 3
        finally:
            await room.stop()


async def test_a_demo_without_a_past(tmp_path: Path) -> None:
    """--days 0: the network alone."""
    room = DemoRoom(settings(tmp_path), ManualClock(NOW), stations=3, days=0)
    await room.start()
    try:
        assert len(room.snapshot().stations) == 3
    finally:
        await room.stop()


def test_wrong_numbers_are_refused_in_a_sentence(tmp_path: Path) -> None:
    """Stations and days have bounds; TLS alone leaves the demo without a door."""
    with pytest.raises(UsageError, match="3 to 500"):
        DemoRoom(settings(tmp_path), stations=2)
    with pytest.raises(UsageError, match="days"):
        DemoRoom(settings(tmp_path), days=-1)
    with pytest.raises(ForecourtError, match="without TLS"):
        local_url(["wss://127.0.0.1:1/"])
    assert local_url(["ws://0.0.0.0:9220/ocpp"]) == "ws://127.0.0.1:9220/"
    assert local_url(["ws://[::]:9220/"]) == "ws://[::1]:9220/"


async def test_a_past_that_was_cut_off_is_made_again(tmp_path: Path) -> None:
    """Quit while the past was being written: the next start does not take the half for the whole."""
    (tmp_path / UNFINISHED).touch()
    (tmp_path / FILE).write_bytes(b"half a database")
    room = DemoRoom(settings(tmp_path), ManualClock(NOW), stations=3, days=2)
    await room.start()
    try:
        assert not (tmp_path / UNFINISHED).exists()
        assert [s for name in room.snapshot().stations for s in await room.ask(recent_sessions, name)]
    finally:
        await room.stop()


def test_people_worked_in_the_demos_past_and_its_history_follows_from_its_journal(tmp_path: Path) -> None:
    """Faults were seen, sent to a technician and excused with evidence; the truth lies beside, not in it."""
    story = past(load_network(5), 21, NOW, 8)
    rows, crew = told_past(story, 5)
    _book(settings(tmp_path), rows, lambda done: None, crew)
    reading = open_reading(tmp_path)
    try:
        with reading.connect() as connection:
            found = list(faults_between(connection))
            entries = current_entries(connection)
    finally:
        reading.close()
    kinds = {entry.kind for entry in entries}
    assert {"energy-cost", "playbook", "planned-work", "exclusion", "work-order", "purchase"} <= kinds
    assert sum(fault.acknowledged_ms is not None for fault in found) > len(found) / 2
    assert any(fault.assigned for fault in found)
    orders = orders_of(entries)
    assert {order.state for order in orders} >= {"done"}
    assert all(order.visits for order in orders if order.state == "done")
    assert verify(settings(tmp_path)).difference == ""


async def test_a_fast_demo_takes_its_short_sessions_for_normal(tmp_path: Path) -> None:
    """At 60 times the pace a session is as much shorter; that is no fault of the charger."""
    room = DemoRoom(settings(tmp_path), ManualClock(NOW), stations=3, days=0, speed=60)
    await room.start()
    try:
        limits = Limits(tmp_path / "rules").of("bad_sessions", BadSessionLimits)
        assert (limits.short_min, limits.short_wh, limits.empty_wh) == (0.05, 17, 2)
        assert limits.alarm_below == 0.01
    finally:
        await room.stop()
