"""What stations said is said again: by others, now, and with transactions of their own."""

import asyncio
from pathlib import Path

import pytest

from app.domain.errors import ForecourtError, UsageError
from app.domain.records import SessionState
from app.operations.scenario_file import Recording, from_lines, record, to_lines
from app.simulator.fleet import Tally
from app.simulator.recorded import LONGEST_NAME, players, replay
from app.simulator.scenario import load_scenario, recording_of
from tests.helpers.world import World, world


async def recorded(w: World, version: str) -> Recording:
    """A car charges, and its messages are saved from the live log."""
    heard = w.room.subscribe()
    station = await w.station("DEPOT-7", version)
    station.answers["Reset"] = {"status": "Rejected"}
    await station.boot()
    car = await station.plug_in(meter_wh=1_000)
    await w.advance(minutes=10)
    await car.sample(meter_wh=3_000, power_w=7_000)
    await w.advance(minutes=10)
    await car.leave(meter_wh=5_000)
    await w.room.call("DEPOT-7", "Reset", {"type": "Soft" if version == "1.6" else "OnIdle"})
    lines = heard.take()
    heard.close()
    await station.close()
    return record(lines, {"DEPOT-7": version}, "A car")


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
async def test_a_recorded_session_is_charged_again_by_another_station(version: str) -> None:
    async with world() as w:
        made = from_lines(to_lines(await recorded(w, version)), "a.jsonl")
        await w.advance(minutes=60)
        before = await w.only_session()
        tally = await _played(w, made)
        assert (tally.stations, tally.connected, tally.failed, tally.waiting) == (1, 1, 0, 0)
        again = await w.only_session("REPLAY-DEPOT-7")
        assert (again.energy_wh, again.state) == (before.energy_wh, SessionState.CLOSED)
        assert again.energy_wh == 4_000
        assert again.transaction != before.transaction
        assert again.started_ms is not None
        assert before.started_ms is not None
        assert again.started_ms >= before.started_ms + 60 * 60_000
        assert (await w.only_session()) == before, "the real station's history is untouched"


async def _played(w: World, made: Recording, speed: float = 1.0) -> Tally:
    work = asyncio.ensure_future(replay(w.url, made, clock=w.clock, speed=speed))
    for _ in range(2_000):
        if work.done():
            break
        w.clock.advance(2.0)
        await asyncio.sleep(0.002)
    return await work


async def test_it_answers_as_the_recorded_one_did() -> None:
    async with world() as w:
        made = await recorded(w, "1.6")
        answered = [step for step in made.steps if step.does == "answers"]
        assert [(step.action, step.payload) for step in answered] == [("Reset", {"status": "Rejected"})]
        (player,) = players(made, w.url, w.clock)
        await player._do(answered[0])
        assert player.station.answers["Reset"] == {"status": "Rejected"}


def test_names_stay_as_long_as_a_name_may_be() -> None:
    made = from_lines(
        [
            '{"scenario": 1, "title": "T", "stations": {"%s": "1.6"}}' % ("A" * 48),
            '{"after_ms": 0, "station": "%s", "does": "connects"}' % ("A" * 48),
        ],
        "x",
    )
    (player,) = players(made, "ws://127.0.0.1:1/", None)  # type: ignore[arg-type]
    assert len(player.station.identity) == LONGEST_NAME


async def test_a_server_that_is_not_there_is_said() -> None:
    made = from_lines(
        [
            '{"scenario": 1, "title": "T", "stations": {"A": "1.6"}}',
            '{"after_ms": 0, "station": "A", "does": "says", "action": "Heartbeat"}',
        ],
        "x",
    )
    with pytest.raises(ForecourtError, match="No station could connect"):
        await replay("ws://127.0.0.1:1/", made)


def test_a_scenario_is_a_name_or_a_file(tmp_path: Path) -> None:
    assert recording_of("normal-day") is None
    assert recording_of("nonsense") is None
    with pytest.raises(UsageError, match="or a file"):
        load_scenario("nonsense")
    with pytest.raises(UsageError, match="cannot be read"):
        recording_of(str(tmp_path / "gone.jsonl"))
