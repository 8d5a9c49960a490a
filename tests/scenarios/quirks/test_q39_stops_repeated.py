"""Q39: every stop is acknowledged; the same one changes nothing, another one is kept beside it."""

from pathlib import Path

import pytest

from app.domain.intents import CloseSession
from app.domain.records import Flag
from app.simulator.quirky import habits
from app.simulator.speech import Gauge
from tests.helpers.story import booted, count, restart, story, told


async def test_twenty_repeats_then_one_with_a_higher_meter(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=30)
        stop = {
            "transactionId": car.transaction, "meterStop": 4_000, "timestamp": "2026-01-01T00:30:00Z",
        }  # fmt: skip
        for number in range(20):
            assert await s.call("StopTransaction", stop) is not None
            if number == 10:
                await restart(w, s)
        assert await told(w) == [("ANNA", "closed", 3_000)]
        assert Flag.STOP_TWICE not in (await w.only_session()).flags
        await s.call("StopTransaction", stop | {"meterStop": 4_500})
        session = await w.only_session()
        assert (session.energy_wh, session.meter_stop_wh) == (3_000, 4_000)
        assert Flag.STOP_TWICE in session.flags
        assert "4500 Wh" in session.note
        assert count(w, "Q39") == 20


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_an_end_told_twenty_times_is_one_end(version: str, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=habits("Q39"), version=version)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=30)
        assert await car.leave(4_000) is not None
        assert await told(w) == [("ANNA", "closed", 3_000)]


async def test_the_stations_own_figures_beat_a_close_by_hand(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=30)
        await car.sample(meter_wh=3_000, power_w=6_000)
        await w.do(CloseSession((await w.only_session()).session), "the car is gone")
        assert await told(w) == [("ANNA", "inferred", 2_000)]
        await restart(w, s)
        await s.say(s.speech.stop(car.tx, s.now_ms, Gauge(4_200), "PowerLoss", ""))
        assert await told(w) == [("ANNA", "closed", 3_200)]
        assert Flag.CLOSED_BY_HAND in (await w.only_session()).flags


async def test_a_stop_that_nobody_can_use_is_acknowledged_again_and_again(tmp_path: Path) -> None:
    """One session in review, not one for each time it was told."""
    async with story(tmp_path) as w:
        s = await booted(w)
        stop = {"transactionId": 77, "meterStop": 4_000, "timestamp": "2026-01-01T00:00:00Z"}
        for _ in range(5):
            assert await s.call("StopTransaction", stop) is not None
        await restart(w, s)
        assert await s.call("StopTransaction", stop) is not None
        assert await told(w) == [("", "review", None)]
