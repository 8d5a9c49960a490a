"""Q49: a zero at the start, a lifetime's register after it. Never billed as one session."""

from pathlib import Path

import pytest

from app.domain.records import Flag
from app.simulator.quirky import habits
from tests.helpers.story import booted, count, restart, story, told

VERSIONS = ["1.6", "2.0.1", "2.1"]


@pytest.mark.parametrize("version", VERSIONS)
async def test_begin_0_then_909948_then_910031_are_83_wh(version: str, tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, habits=habits("Q49"), version=version)
        car = await s.plug_in(tag="ANNA", meter_wh=909_900)
        await w.advance(minutes=5)
        await car.sample(meter_wh=909_948, power_w=1_000)
        await restart(w, s)
        await w.advance(minutes=5)
        await car.leave(910_031)
        assert await told(w) == [("ANNA", "closed", 83)]
        assert Flag.FALSE_ZERO in (await w.only_session()).flags
        assert count(w, "Q49") == 1


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_zero_that_only_the_end_refutes_proves_no_energy(version: str, tmp_path: Path) -> None:
    """Nothing between: how much was charged is not known, and nothing is invented."""
    async with story(tmp_path) as w:
        s = await booted(w, habits=habits("Q49"), version=version)
        car = await s.plug_in(tag="ANNA", meter_wh=909_900)
        await w.advance(minutes=10)
        await car.leave(910_031)
        assert await told(w) == [("ANNA", "review", None)]
        assert count(w, "Q49") == 1


async def test_a_meter_that_truly_counts_from_zero_is_believed(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(tag="ANNA", meter_wh=0)
        await w.advance(minutes=30)
        await car.sample(meter_wh=5_000, power_w=10_000)
        await w.advance(minutes=30)
        await car.leave(10_000)
        assert await told(w) == [("ANNA", "closed", 10_000)]
        assert count(w, "Q49") == 0
