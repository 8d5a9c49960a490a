"""Reads the past for the fault engine beside the start, so that no station waits for it.

A small history is read before stations are let in; a long one once they are. What is heard
meanwhile is held back and found afterwards; the faults that are open are shown from the first moment.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.errors import ForecourtError
from app.faults.engine import Engine
from app.faults.shown import looked_until_ms, standing_of
from app.faults.watch import Faults, Submit
from app.memory import give_back
from app.store.readers.past import has_sessions

log = logging.getLogger("forecourt.faults")

LONG = 200
"""A history of so many sessions is long."""
BREATH_S = 0.0005
"""Reading stands aside for so long, again and again, so that no answer to a station waits for it."""

Read = Callable[..., Awaitable[Any]]
"""Runs `fn(connection, *args)` in a reader thread."""


class FaultStart:
    """One start of the fault engine.

    Args:
        faults: what is to begin.
        read: reads the store.
        submit: a writer's `submit`.
    """

    def __init__(self, faults: Faults, read: Read, submit: Submit) -> None:
        self._faults = faults
        self._read = read
        self._submit = submit
        self._stop = threading.Event()
        self._task: asyncio.Task[None] | None = None
        self._past_of: tuple[int, Path, ZoneInfo, int | None] | None = None

    async def begin(self, now_ms: int, data_dir: Path, zone: ZoneInfo) -> None:
        """Begin; the past is read by then if it is short, else it waits for `go_on`.

        Raises:
            ForecourtError: a file of the data directory's alarms, codes or rules cannot be used.
        """
        seen_ms = await self._read(looked_until_ms)
        self._faults.hold(await self._read(standing_of, now_ms, data_dir))
        self._past_of = (now_ms, data_dir, zone, seen_ms)
        if not await self._read(has_sessions, LONG):
            await self._past(*self._past_of)
            self._past_of = None

    def go_on(self) -> None:
        """Stations are let in: read what is still to be read."""
        if self._past_of is not None:
            self._task = asyncio.ensure_future(self._past(*self._past_of))
            self._task.add_done_callback(_told)

    async def stop(self) -> None:
        """Read no further."""
        self._stop.set()
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _past(self, now_ms: int, data_dir: Path, zone: ZoneInfo, seen_ms: int | None) -> None:
        made = partial(self._read, _engine_of, now_ms, data_dir, blind_from_ms=seen_ms, zone=zone)
        try:
            engine = await made(stopped=self._breathe)
        except ForecourtError:
            raise
        except Exception:
            # Rather habits unknown than a run without faults.
            log.exception("the past could not be read, so faults are found from now on alone")
            engine = await made(past=False)
        if engine is not None:
            self._faults.begin(engine, self._submit)
            await asyncio.get_running_loop().run_in_executor(None, give_back)

    def _breathe(self) -> bool:
        return self._stop.wait(BREATH_S)


def _engine_of(*args: Any, **kwargs: Any) -> Engine | None:
    """`engine_of` with what it needs loaded in the reader's thread; None where it is wanted no more."""
    from app.faults.start import NotWanted, engine_of

    try:
        return engine_of(*args, **kwargs)
    except NotWanted:
        return None


def _told(task: "asyncio.Task[None]") -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("faults are not found in this run: %s", error, exc_info=error)
