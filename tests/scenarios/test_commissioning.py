"""A charger is commissioned over a real socket: step by step, with the evidence of each."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.domain.errors import ForecourtError
from app.domain.intents import AddStation
from app.onboarding.steps import Run, RunState, Stand, verdict
from app.simulator.first_charger import first_plan
from app.simulator.quirky import NORMAL, Habits
from app.simulator.station import Station
from tests.helpers.world import World, world

NAME = "NWS-04"


@asynccontextmanager
async def charger(w: World, version: str, habits: Habits = NORMAL) -> AsyncIterator[Station]:
    """A living charger with two outlets that has just been switched on; nobody comes to it by himself."""
    station = Station(
        first_plan(version, NAME),
        w.url,
        random.Random(1),
        clock=w.clock,
        habits=habits,
        sample_s=(10.0, 10.0),
    )
    station.life.at(w.clock.now_ms(), station.life.boot)
    station.start()
    try:
        yield station
    finally:
        await station.stop()


def run_of(w: World) -> Run:
    """The commissioning."""
    return w.room.commissions.all()[0]


async def until(w: World, station: Station, key: str, *, minutes: float = 12) -> Run:
    """Let time pass until the commissioning is past a step, stopped, or done."""
    for _ in range(int(minutes * 30)):
        run = run_of(w)
        keys = [step.key for step in run.steps]
        if run.state in (RunState.STOPPED, RunState.DONE) or run.place > keys.index(key):
            return run
        step = run.current
        if step is not None and step.key == "start" and step.stand is Stand.WAITING and not step.acts:
            await w.room.commissions.go(run.key)
        await w.advance(seconds=2)
    return run_of(w)


@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
async def test_a_good_charger_is_commissioned_all_the_way(version: str) -> None:
    """Connected, booted, on time, settings, test charge, energy, cut, stop, restart: each with evidence."""
    async with world(protocol__heartbeat_s=30) as w:
        await w.do(AddStation(NAME))
        async with charger(w, version) as station:
            await w.until(lambda: station.link.online, "connected")
            await w.room.commissions.start(NAME, "anna")
            run = await until(w, station, "reboot")
            told = [(step.key, step.stand.value, step.text) for step in run.steps]
            assert run.state is RunState.DONE, told
            assert all(step.stand is Stand.PASSED for step in run.steps), told
            assert run.steps[3].text == "1 Available, 2 Available"
            assert run.serial
            session = await w.only_session(NAME)
            assert session.session == run.session
            assert session.energy_wh == run.energy_wh
            assert verdict(run) == "All 10 steps passed."
        await w.restart()
        assert run_of(w) == run


async def test_a_charger_that_does_not_restart_stops_the_commissioning_until_somebody_decides() -> None:
    """The failure says what was seen; skipping asks for a reason, and the protocol keeps it."""
    async with world(protocol__heartbeat_s=30) as w:
        await w.do(AddStation(NAME))
        async with charger(w, "1.6") as station:
            await w.until(lambda: station.link.online, "connected")
            station.obedience.reset = lambda **_: "Accepted"  # type: ignore[method-assign]
            key = await w.room.commissions.start(NAME, "anna")
            run = await until(w, station, "reboot", minutes=20)
            assert run.state is RunState.STOPPED
            assert run.current is not None
            assert (run.current.key, run.current.stand) == ("reboot", Stand.FAILED)
            assert run.current.text
            with pytest.raises(ForecourtError):
                await w.room.commissions.skip(key, "", "anna")
            await w.room.commissions.skip(key, "the maker is told", "ben")
            run = run_of(w)
            assert run.state is RunState.DONE
            assert (run.steps[-1].by, run.steps[-1].why) == ("ben", "the maker is told")


async def test_a_charger_that_forgets_what_it_measured_without_link_fails_that_step() -> None:
    """It comes back, charges on, but nothing of the time without link arrives."""
    async with world(protocol__heartbeat_s=30) as w:
        await w.do(AddStation(NAME))
        async with charger(w, "1.6", Habits(queue_limit=0)) as station:
            await w.until(lambda: station.link.online, "connected")
            await w.room.commissions.start(NAME, "anna")
            run = await until(w, station, "offline", minutes=20)
            told = [(step.key, step.stand.value, step.text) for step in run.steps]
            assert run.current is not None
            assert (run.current.key, run.current.stand) == ("offline", Stand.FAILED), told
            assert "did not arrive" in run.current.text


async def test_a_restart_of_forecourt_keeps_what_was_proved_and_goes_on() -> None:
    """It waits for the car again after the restart; nothing that passed is asked for a second time."""
    async with world(protocol__heartbeat_s=30) as w:
        await w.do(AddStation(NAME))
        async with charger(w, "1.6") as station:
            await w.until(lambda: station.link.online, "connected")
            key = await w.room.commissions.start(NAME, "anna")
            for _ in range(60):
                await w.advance(seconds=2)
                if run_of(w).steps[4].stand in (Stand.PASSED, Stand.SKIPPED):
                    break
            before = run_of(w)
            assert before.current is not None
            assert before.current.key == "start"
        await w.restart()
        run = run_of(w)
        assert (run.key, run.state) == (key, RunState.RUNNING)
        assert [step.text for step in run.steps[:5]] == [step.text for step in before.steps[:5]]


async def test_a_start_that_the_charger_refuses_is_tried_again() -> None:
    """The refusal is told in plain words; once the charger does it, the commissioning goes on."""
    async with world(protocol__heartbeat_s=30) as w:
        await w.do(AddStation(NAME))
        async with charger(w, "1.6") as station:
            await w.until(lambda: station.link.online, "connected")
            starts = station.obedience.remote_start
            station.obedience.remote_start = lambda *_: "Rejected"  # type: ignore[method-assign]
            key = await w.room.commissions.start(NAME, "anna")
            run = await until(w, station, "start")
            assert run.current is not None
            assert (run.current.key, run.current.stand) == ("start", Stand.FAILED)
            station.obedience.remote_start = starts  # type: ignore[method-assign]
            await w.room.commissions.retry(key)
            run = await until(w, station, "energy")
            assert run.steps[5].stand is Stand.PASSED
            assert run.steps[5].attempts == 2


async def test_only_one_commissioning_of_a_known_station_at_a_time() -> None:
    """An unknown station has to be let in first; a second one has to wait; an ended one is kept."""
    async with world() as w:
        with pytest.raises(ForecourtError):
            await w.room.commissions.start(NAME, "anna")
        await w.do(AddStation(NAME))
        key = await w.room.commissions.start(NAME, "anna")
        with pytest.raises(ForecourtError):
            await w.room.commissions.start(NAME, "ben")
        await w.room.commissions.pause(key)
        assert run_of(w).state is RunState.PAUSED
        await w.advance(minutes=10)
        assert run_of(w).count(Stand.FAILED) == 0
        await w.restart()
        assert run_of(w).state is RunState.PAUSED
        await w.room.commissions.give_up(key)
        await w.restart()
        assert run_of(w).state is RunState.GIVEN_UP
