"""Q40: a start whose stop never comes. Closed with evidence, reopened by the truth, in nobody's way."""

from pathlib import Path

from app.domain.records import Flag
from app.simulator.speech import Gauge
from tests.helpers.story import booted, count, restart, story, told


async def test_a_power_cut_then_the_next_driver_then_the_old_stop(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        anna = await s.plug_in(1, "ANNA", 1_000)
        await w.advance(minutes=10)
        await anna.sample(meter_wh=1_700, power_w=7_000)
        s.drop()
        await w.advance(minutes=15)
        await restart(w)
        s.url = w.url
        s.restart_ids()
        await s.connect()
        await s.boot()
        bea = await s.plug_in(1, "BEA", 2_000)
        assert await told(w) == [("ANNA", "inferred", 700), ("BEA", "open", None)]
        zombie = (await w.sessions())[0]
        assert (zombie.stop_reason, zombie.closed_by) == ("inferred", "evidence")
        assert {Flag.CLOSED_BY_EVIDENCE, Flag.STOP_MISSING} <= set(zombie.flags)
        await s.say(s.speech.stop(anna.tx, s.now_ms - 900_000, Gauge(2_000), "PowerLoss", ""))
        assert await told(w) == [("ANNA", "closed", 1_000), ("BEA", "open", None)]
        truth = (await w.sessions())[0]
        assert Flag.STOP_MISSING not in truth.flags
        await w.advance(minutes=10)
        await bea.leave(3_000)
        assert (await told(w))[1] == ("BEA", "closed", 1_000)
        assert count(w, "Q40") == 1


async def test_available_for_ten_minutes_ends_it_without_a_word(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w)
        car = await s.plug_in(1, "ANNA", 1_000)
        await w.advance(minutes=10)
        await car.sample(meter_wh=1_700, power_w=7_000)
        await w.advance(minutes=1)
        await s.status(1, "Available")
        await w.advance(minutes=9)
        assert await told(w) == [("ANNA", "open", 700)]
        await w.advance(minutes=2)
        await w.until(lambda: not w.view().sessions_open, "closed by evidence")
        assert await told(w) == [("ANNA", "inferred", 700)]
        await w.advance(minutes=1)
        # It goes on after all: its readings prove that nobody had left.
        await car.sample(meter_wh=1_900, power_w=7_000)
        assert await told(w) == [("ANNA", "open", 900)]
        await car.leave(2_000)
        assert await told(w) == [("ANNA", "closed", 1_000)]
        assert count(w, "Q40") == 1


async def test_a_zombie_does_not_block_its_drivers_tag(tmp_path: Path) -> None:
    """Its session on plug 1 was left open; she charges at plug 2, and then at plug 1."""
    async with story(tmp_path) as w:
        s = await booted(w)
        await s.plug_in(1, "ANNA", 1_000)
        await w.advance(minutes=5)
        await s.status(1, "Available")
        await w.advance(minutes=30)
        again = await s.plug_in(2, "ANNA", 9_000)
        assert again.verdict == "Accepted"
        await w.advance(minutes=10)
        await again.leave(10_000)
        last = await s.plug_in(1, "ANNA", 1_800)
        assert last.verdict == "Accepted"
        await w.advance(minutes=10)
        await last.leave(2_800)
        first, *rest = await told(w)
        assert first[:2] == ("ANNA", "inferred")
        assert rest == [("ANNA", "closed", 1_000), ("ANNA", "closed", 1_000)]


async def test_in_2x_an_end_that_was_queued_replaces_what_was_inferred(tmp_path: Path) -> None:
    async with story(tmp_path) as w:
        s = await booted(w, version="2.0.1")
        anna = await s.plug_in(1, "ANNA", 1_000)
        await w.advance(minutes=10)
        await anna.sample(meter_wh=1_700, power_w=7_000)
        await w.advance(minutes=15)
        await s.plug_in(1, "BEA", 2_000)
        assert await told(w) == [("ANNA", "inferred", 700), ("BEA", "open", None)]
        end = s.speech.stop(anna.tx, s.now_ms - 60_000, Gauge(2_000), "PowerLoss", "")
        end[1]["offline"] = True
        await s.say(end)
        assert (await told(w))[0] == ("ANNA", "closed", 1_000)
