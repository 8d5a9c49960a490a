"""What drivers tried, told by a station over a real socket, and how far each of them came."""

from app.analytics.attempt_history import attempts_between, kpis_between
from app.analytics.attempts import Step
from tests.helpers.world import world


async def test_one_charges_one_gives_up() -> None:
    async with world() as w:
        begin = w.clock.now_ms()
        s = await w.station()
        await s.boot()
        await s.status(1, "Available")
        car = await s.plug_in(connector=1, tag="ANNA", meter_wh=1_000)
        await w.advance(minutes=20)
        await car.leave(meter_wh=9_000)
        await w.advance(minutes=30)
        await s.status(1, "Preparing")
        await w.advance(minutes=3)
        await s.status(1, "Available")
        await w.advance(minutes=1)
        found = await w.room.ask(attempts_between, begin, w.clock.now_ms())
        assert [(p.attempt.reached, p.attempt.lost) for p in found] == [
            (Step.ENDED_WELL, ""),
            (Step.PLUGGED, "never authorised"),
        ]
        kpis = await w.room.ask(kpis_between, begin, w.clock.now_ms())
        assert (kpis.session_success.k, kpis.session_success.n) == (1, 2)
