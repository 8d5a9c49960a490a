"""For stories of commands: a station that is ready for them, and wishes of an operator who agreed."""

from dataclasses import replace
from typing import Any

from app.domain.operations import Operation, Wish
from app.domain.records import CommandRecord
from app.simulator.scripted import SimStation
from tests.helpers.world import World

VERSIONS = ("1.6", "2.0.1", "2.1")


def wish(w: World, operation: Operation, station: str = "DEPOT-7", **more: Any) -> Wish:
    """What an operator wishes who has seen what it cuts, and said why."""
    given = Wish(station, operation, "operator", "a test", **more)
    return replace(given, agreed=tuple(c.key for c in w.room.desk.consequences(given)))


async def ready(w: World, version: str = "1.6", name: str = "DEPOT-7", **options: Any) -> SimStation:
    """A station that has booted and may be sent commands."""
    station = await w.station(name, version=version, **options)
    await station.boot()
    await station.status(1, "Available")
    await w.advance(seconds=10)
    return station


async def accepted(w: World, operation: Operation, **more: Any) -> CommandRecord:
    """Ask for an operation and wait for its answer."""
    number = await w.room.desk.ask(wish(w, operation, **more))
    return await w.room.desk.answered(number)
