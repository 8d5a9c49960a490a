"""Drivers a fault hit, what was seen around its onset, and closed faults found page by page."""

from app.analytics.fault_effects import closed_page, drivers_hit, fault_signs
from app.domain.intents import ActOnFault
from app.domain.status import ConnectorStatus
from app.simulator.scripted import SimStation
from tests.helpers.world import World, world

MINUTE_MS = 60_000


async def kept(w: World, count: int) -> None:
    """So many faults are kept."""
    await w.until(lambda: len(w.room.faults.views()) >= count, f"{count} faults")
    await w.room._in_thread(w.room.writer.flush)


async def cut_off(w: World) -> SimStation:
    """A driver charges, and the lock fails under him."""
    station = await w.station()
    await station.boot()
    await station.status(1, "Available")
    await w.advance(minutes=2)
    car = await station.plug_in(connector=1, tag="ANNA", meter_wh=0)
    for minute in range(1, 4):
        await w.advance(minutes=1)
        await car.sample(meter_wh=minute * 180, power_w=11_000)
    await station.status(1, "Faulted", "ConnectorLockFailure")
    await car.leave(meter_wh=560, reason="Other", statuses=False)
    await w.advance(seconds=20)
    await kept(w, 1)
    return station


async def test_a_driver_who_was_cut_off_and_one_who_came_in_vain() -> None:
    async with world() as w:
        station = await cut_off(w)
        (fault,) = w.room.faults.open()
        await station.authorize("BEN")
        await w.advance(minutes=5)
        await w.room._in_thread(w.room.writer.flush)
        hits = await w.room.ask(drivers_hit, fault.fault, w.clock.now_ms())
        told = {hit.token: (hit.cut, hit.tries, hit.energy_wh) for hit in hits}
        assert told["ANNA"] == (1, 0, 560)
        assert told["BEN"][:2] == (0, 1)
        assert hits[0].token == "BEN", "the last one first"
        assert await w.room.ask(drivers_hit, 99, w.clock.now_ms()) == ()


async def test_power_and_states_around_the_onset() -> None:
    async with world() as w:
        await cut_off(w)
        (fault,) = w.room.faults.open()
        signs = await w.room.ask(fault_signs, fault.fault, w.clock.now_ms())
        assert signs is not None
        assert (signs.onset_ms, signs.from_ms) == (fault.onset_ms, fault.onset_ms - 60 * MINUTE_MS)
        assert signs.to_ms == w.clock.now_ms()
        assert [evse for evse, _ in signs.powers] == [1]
        assert max(value or 0 for value in signs.powers[0][1].values) == 11_000
        assert signs.statuses[-1].status is ConnectorStatus.FAULTED
        assert signs.links
        assert await w.room.ask(fault_signs, 99, w.clock.now_ms()) is None


async def test_closed_faults_come_newest_first_by_pages_and_words() -> None:
    async with world() as w:
        for name in ("DEPOT-1", "DEPOT-2", "YARD_1"):
            station = await w.station(name)
            await station.boot()
            await station.status(1, "Faulted", "ConnectorLockFailure")
            await w.advance(seconds=15)
        await kept(w, 3)
        for fault in w.room.faults.open():
            await w.do(ActOnFault(fault.fault, "close", {"reason": "done"}))
            await w.advance(seconds=2)
        await w.room._in_thread(w.room.writer.flush)
        first = await w.room.ask(closed_page, "", None, 2)
        assert [f.station for f in first.faults] == ["YARD_1", "DEPOT-2"]
        rest = await w.room.ask(closed_page, "", first.after, 2)
        assert ([f.station for f in rest.faults], rest.after) == (["DEPOT-1"], None)
        found = await w.room.ask(closed_page, "depot LOCK")
        assert [f.station for f in found.faults] == ["DEPOT-2", "DEPOT-1"]
        exact = await w.room.ask(closed_page, "D_1")
        assert [f.station for f in exact.faults] == ["YARD_1"], "an underscore is no wildcard"
