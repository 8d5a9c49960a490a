"""A station that lives by itself in a test's world, without cars or mishaps unless the test sends some."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from app.simulator.fleet import plans
from app.simulator.quirky import NORMAL, Habits
from app.simulator.station import Station
from app.tasks import stop_all
from tests.helpers.world import World


@asynccontextmanager
async def living(
    w: World, name: str = "DEPOT-7", version: str = "1.6", habits: Habits = NORMAL
) -> AsyncIterator[Station]:
    """A registered station that does what it is told, at pace 1."""
    plan = replace(plans(1, version)[0], identity=name)
    station = Station(plan, w.url, random.Random(name), clock=w.clock, habits=habits)
    station.life.at(w.clock.now_ms(), station.life.boot)
    station.start()
    try:
        await w.until(lambda: station.registered, "accepted")
        await pass_time(w, [station], 7)
        yield station
    finally:
        await station.stop()
        await stop_all(f"sim {name} ", timeout_s=2)


async def pass_time(w: World, stations: list[Station], seconds: float, step: float = 1.0) -> None:
    """Let the clock run; each step ends when all that is to be told or moved is."""
    for _ in range(round(seconds / step)):
        w.clock.advance(step)
        for _ in range(3):
            await asyncio.sleep(0)
        for station in stations:
            await station.idle()
