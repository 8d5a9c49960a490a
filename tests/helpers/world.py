"""A whole control room on a real socket, with stations that call it, for tests that read as stories."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from app.clock import ManualClock
from app.control_room import ControlRoom
from app.domain.intents import Asked, Intent
from app.domain.records import SessionRecord
from app.fleet.views import ConnectorView, StationView
from app.settings import load
from app.simulator.scripted import SimStation
from app.store.readers.sessions import open_sessions, recent_sessions


class World:
    """A control room under test. Made by `world()`."""

    def __init__(self, data_dir: Path, settings: dict[str, Any]) -> None:
        self.data_dir = data_dir
        self._settings = settings
        self._stack = AsyncExitStack()
        self.clock = ManualClock()
        self.room: ControlRoom

    async def start(self) -> None:
        """Start (again) on the same data directory."""
        self.room = ControlRoom(load(self.data_dir, self._settings), self.clock)
        await self.room.start()

    async def restart(self) -> None:
        """Stop cleanly and start again."""
        await self.room.stop()
        await self.start()

    async def stop(self) -> None:
        """Let the stations go and stop."""
        await self._stack.aclose()
        await self.room.stop()

    @property
    def url(self) -> str:
        """Where stations connect, without their name."""
        return self.room.urls[0] + "ocpp"

    async def station(self, name: str = "DEPOT-7", version: str = "1.6", **options: Any) -> SimStation:
        """A station that has connected, and leaves at the end of the test."""
        return await self._stack.enter_async_context(
            SimStation(self.url, name, version=version, clock=self.clock, **options)
        )

    async def advance(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass, second by second where that matters little, and let what falls due run."""
        left = minutes * 60 + seconds
        while left > 0:
            step = min(left, 5.0)
            left -= step
            self.clock.advance(step)
            for _ in range(4):
                await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        await self.kept()

    async def kept(self) -> None:
        """Wait until what was said so far is on disk and taken in, however busy the machine; a disk that
        takes nothing is not waited for."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 1
        while (self.room.writer.depth or len(self.room.server.gathering)) and loop.time() < deadline:
            await asyncio.sleep(0.002)
            for _ in range(4):
                await asyncio.sleep(0)

    async def do(self, intent: Intent, why: str = "test") -> None:
        """Do what an operator would."""
        await self.room.do(Asked(intent, "test", why))

    async def until(self, true: Callable[[], Any], what: str = "", timeout_s: float = 10) -> Any:
        """Wait until `true()` gives something; fail with `what` after `timeout_s`."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        while not (found := true()):
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"never came: {what or true}")
            await asyncio.sleep(0.01)
        return found

    def view(self, name: str = "DEPOT-7") -> StationView:
        """A station as the screen has it now."""
        return self.room.fleet.snapshot(self.room.clock.now_ms()).stations[name]

    def plug(self, name: str = "DEPOT-7", evse: int = 1) -> ConnectorView:
        """A connector as the screen has it now."""
        return next(c for c in self.view(name).connectors if c.evse == evse)

    async def sessions(self, name: str = "DEPOT-7") -> list[SessionRecord]:
        """A station's sessions as kept, oldest first."""
        return list(reversed(await self.room.ask(recent_sessions, name)))

    async def only_session(self, name: str = "DEPOT-7") -> SessionRecord:
        """The one session there is."""
        found = await self.sessions(name)
        assert len(found) == 1, found
        return found[0]

    async def open_sessions(self) -> list[SessionRecord]:
        """Sessions that may still grow."""
        return await self.room.ask(open_sessions)


@asynccontextmanager
async def world(data_dir: Path | None = None, **settings: Any) -> AsyncIterator[World]:
    """A running control room that lets new stations in, on a data directory of its own.

    Settings are given with two underscores for the dot: `access__new_stations="ask"`.
    """
    keys: dict[str, Any] = {"access.new_stations": "accept", "listen": "127.0.0.1:0"}
    keys |= {name.replace("__", "."): value for name, value in settings.items()}
    with tempfile.TemporaryDirectory(prefix="forecourt-test-") as folder:
        made = World(data_dir or Path(folder), keys)
        await made.start()
        try:
            yield made
        finally:
            await made.stop()
