"""Q23: broken JSON. Kept raw, mended if safe, answered if its id can be read, never fatal."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.simulator.link import Unanswered
from app.simulator.scripted import Car, SimStation
from app.simulator.speech import Gauge
from tests.helpers.story import booted, count, links, raw, restart, story, told


def reading(s: SimStation, car: Car, register_wh: int) -> str:
    """A MeterValues frame under an id of its own."""
    action, payload = s.speech.sample(car.tx, s.now_ms, Gauge(register_wh, 6_000))
    return json.dumps([2, "broken-1", action, payload], separators=(",", ":"))


def leading_comma(text: str) -> str:
    return text.replace("[{", "[,{", 1)


def nul_inside(text: str) -> str:
    return text.replace('"sampledValue"', '"sampled\x00Value"', 1)


def mark_in_front(text: str) -> str:
    return "\ufeff" + text


def no_value(text: str) -> str:
    head, _, tail = text.partition('"transactionId":')
    return head + '"transactionId":,' + tail.partition(",")[2]


def cut_tail(text: str) -> str:
    return text[:-3]


async def said(s: SimStation, text: str) -> list[Any]:
    """Send a broken frame; the server's answer to it."""
    await s.send_raw(text)
    return json.loads(await s.receive_raw())


@pytest.mark.parametrize("breaks", [leading_comma, nul_inside, mark_in_front, no_value])
async def test_a_broken_reading_is_mended_and_its_energy_arrives(breaks: Any, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=10)
        broken = breaks(reading(s, car, 2_000))
        assert await said(s, broken) == [3, "broken-1", {}]
        assert (await w.only_session()).energy_wh == 1_000
        assert count(w, "Q23") == 1
        await restart(w, s)
        await w.advance(minutes=1)
        await car.leave(meter_wh=2_100)
        assert await told(w) == [("ANNA", "closed", 1_100)]
        assert count(w, "Q23") == 1
        assert await raw(w, broken) == 1
        assert "doubtful" not in await links(w)


@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
async def test_a_frame_whose_tail_is_cut_ends_nothing_and_the_energy_arrives_with_the_next(
    version: str, tmp_path: Path
) -> None:
    """What is missing is not invented. 2.x is told so under its id; 1.6 has no answer for it."""
    async with story(tmp_path) as w:
        s = await booted(w, version=version)
        car = await s.plug_in(tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=10)
        broken = cut_tail(reading(s, car, 2_000))
        if version == "1.6":
            await s.send_raw(broken)
        else:
            assert (await said(s, broken))[:3] == [4, "broken-1", "RpcFrameworkError"]
        await w.advance(minutes=10)
        await car.sample(meter_wh=3_000, power_w=6_000)
        await car.leave(meter_wh=3_000)
        assert await told(w) == [("ANNA", "closed", 2_000)]
        assert await raw(w, broken) == 1
        assert s.online
        assert await links(w) == ["online"]
        assert count(w, "Q23") == 1


async def test_twenty_broken_frames_in_a_row_end_the_link_one_good_one_between_does_not(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        for _ in range(3):
            for _ in range(19):
                await s.send_raw('[2,"x"')
            await s.heartbeat()
        assert s.online
        for _ in range(20):
            await s.send_raw('[2,"x"')
        assert await s.closed() == 1008
        with pytest.raises(Unanswered):
            await s.heartbeat()
