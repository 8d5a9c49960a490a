"""For stories of recovery: a charger that fails and heals, what it was sent, and what its faults became."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from app.domain.intents import SaveEntry
from app.domain.records import CommandRecord, FaultRecord
from app.simulator.scripted import SimStation
from app.store.readers.faults import faults_between
from app.store.readers.others import commands
from tests.helpers.world import World


async def automatic(w: World, playbook: str = "*", **more: Any) -> None:
    """Let recovery act by itself."""
    await w.do(SaveEntry("playbook", f"{playbook}@", {"playbook": playbook, "site": "", "automatic": True}))
    if more:
        await w.do(SaveEntry("recovery", "all", more))


async def charger(w: World, name: str = "DEPOT-7", version: str = "1.6") -> SimStation:
    """A station that is there and free."""
    s = await w.station(name, version)
    await s.boot()
    await s.status(1, "Available")
    await w.advance(seconds=30)
    return s


async def slowly(w: World, minutes: float) -> None:
    """Let time pass at a pace at which stations can answer."""
    for _ in range(round(minutes * 4)):
        await w.advance(seconds=15)


async def sent(w: World, action: str, name: str = "DEPOT-7") -> list[CommandRecord]:
    """The commands of a kind that left for a station."""
    found = await w.room.ask(commands, name)
    return [c for c in found if c.action == action and c.sent_ms]


async def faults(w: World) -> list[FaultRecord]:
    """All faults."""
    return await w.room.ask(lambda connection: list(faults_between(connection)))


def on_reset(s: SimStation, then: Callable[[], Awaitable[Any]]) -> None:
    """A reset is accepted, the station boots, and this follows."""

    tasks: list[asyncio.Task[None]] = []

    def reset(payload: dict[str, Any]) -> dict[str, Any]:
        async def back() -> None:
            await s.boot()
            await then()

        tasks.append(asyncio.get_running_loop().create_task(back()))
        return {"status": "Accepted"}

    s.answers["Reset"] = reset


def heals_on_reset(s: SimStation, status: str = "Available", error: str = "NoError") -> None:
    """A reset brings it back: it says Available (or how it is), as the hardware would."""
    on_reset(s, lambda: s.status(1, status, error))
