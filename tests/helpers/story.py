"""A story of one station's oddity, and the four questions that end it: link, sessions, money, tags.

`story()` adds the fifth: once the control room has stopped, its history follows from its journal.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from app.domain.records import JournalKind, LinkRecord
from app.replay import verify
from app.settings import load
from app.simulator.quirky import NORMAL, Habits
from app.simulator.scripted import SimStation
from app.store.journal import rows
from app.store.readers.links import link_points
from tests.helpers.world import World, world

Told = tuple[str, str, int | None]
"""A session as a hand would write it down: its driver's tag, its state, its energy in Wh."""


@asynccontextmanager
async def story(folder: Path, **settings: Any) -> AsyncIterator[World]:
    """A control room on `folder` that lets new stations in; in the end `verify` has to agree."""
    async with world(folder, **settings) as w:
        yield w
    keys = {name.replace("__", "."): value for name, value in settings.items()}
    assert await asyncio.to_thread(lambda: verify(load(folder, keys)).difference) == ""


async def booted(w: World, name: str = "DEPOT-7", habits: Habits = NORMAL, **options: Any) -> SimStation:
    """A station that has connected and booted."""
    station = await w.station(name, habits=habits, **options)
    await station.boot()
    return station


async def restart(w: World, *stations: SimStation) -> None:
    """Restart the server; the stations notice, and dial again."""
    for station in stations:
        station.drop()
    await w.restart()
    for station in stations:
        station.url = w.url
        await station.connect()


async def told(w: World, name: str = "DEPOT-7") -> list[Told]:
    """What is kept of a station's sessions, oldest first."""
    return [(s.token, s.state.value, s.energy_wh) for s in await w.sessions(name)]


def count(w: World, quirk: str, name: str = "DEPOT-7") -> int:
    """How often a station showed a quirk."""
    return dict(w.view(name).quirks).get(quirk, 0)


def wrong(w: World, kind: str, name: str = "DEPOT-7") -> list[str]:
    """What the list of what is wrong says of a station, of one kind."""
    return [
        t.text
        for t in w.room.fleet.snapshot(w.clock.now_ms()).troubles
        if (t.station, t.kind) == (name, kind)
    ]


async def links(w: World, name: str = "DEPOT-7") -> list[str]:
    """The states of a station's link, in order."""
    points: list[LinkRecord] = await w.room.ask(link_points, name)
    return [p.state.value for p in points]


async def happened(w: World, kind: JournalKind, name: str = "DEPOT-7") -> int:
    """How many rows of a kind the journal has of a station."""
    return await w.room.ask(lambda c: sum((r.station, r.kind) == (name, kind) for r in rows(c)))


async def raw(w: World, text: str) -> int:
    """How many rows of the journal hold this frame as it was sent."""
    return await w.room.ask(lambda c: sum(r.frame == text for r in rows(c)))
