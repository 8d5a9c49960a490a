"""Keeps settings as stations tell them, one station at a time, so that no telling is lost to another."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from app.clock import Clock
from app.domain.operations import Operation
from app.domain.records import VariableRecord
from app.domain.told import SettingTold
from app.intake.turns import Turns
from app.operations.configuration.keeping import kept, needs_restart
from app.operations.configuration.sizes import NAMES, Sizes
from app.store.readers.variables import variables, variables_named
from app.tasks import awaited

Ask = Callable[..., Awaitable[Any]]


class SettingsMemory:
    """What the desk hands settings to.

    Args:
        clock: time.
        turns: the one way records are kept.
        ask: asks the store.
    """

    def __init__(self, clock: Clock, turns: Turns, ask: Ask) -> None:
        self._clock, self._turns, self._ask = clock, turns, ask
        self._locks: dict[str, asyncio.Lock] = {}
        self._sizes = Sizes()

    async def begin(self) -> None:
        """Remember what stations told of how much they take in one message."""
        self._sizes.learn(await self._ask(variables_named, NAMES))

    def most(self, station: str, version: str, operation: Operation) -> int | None:
        """How many items of an operation the station takes in one message; None: it has not told."""
        return self._sizes.most(station, version, operation)

    async def take(self, station: str, told: Iterable[SettingTold], *, written: bool = False) -> None:
        """Keep what a station told; returns once it is on disk.

        Args:
            station: whose.
            told: what it told.
            written: it answers a writing: no values, but which of them need a restart.

        Raises:
            CannotRecord: nothing can be kept just now.
        """
        lock = self._locks.setdefault(station, asyncio.Lock())
        async with lock:
            before = await self._ask(variables, station)
            now = self._clock.now_ms()
            rows = needs_restart(told, before) if written else kept(station, told, before, now)
            if rows:
                await self._keep(rows, now)
                self._sizes.learn(rows)
        if not lock.locked():
            self._locks.pop(station, None)

    async def _keep(self, rows: list[VariableRecord], now_ms: int) -> None:
        then, done = awaited()

        def told(error: Exception | None) -> None:
            then(error)
            if error is None:
                for row in rows:
                    self._turns.tell(row, now_ms)

        self._turns.writer.submit((), tuple(rows), told)
        await done
