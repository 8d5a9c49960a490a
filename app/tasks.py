"""Named tasks with a strong reference, whose failures are heard (never `asyncio.create_task`)."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger("forecourt.tasks")
_running: set[asyncio.Task[Any]] = set()


def spawn(coro: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]:
    """Run `coro` in the running loop; an exception is logged with the task's name at once."""
    task = asyncio.get_running_loop().create_task(coro, name=name)
    _running.add(task)
    task.add_done_callback(_heard)
    return task


def _heard(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("task %s failed", task.get_name(), exc_info=error)


async def stop_all(names: str = "", timeout_s: float = 5) -> None:
    """Cancel running tasks of this loop whose name starts with `names`, and wait for them."""
    loop = asyncio.get_running_loop()
    mine = [t for t in _running if t.get_loop() is loop and t.get_name().startswith(names)]
    for task in mine:
        task.cancel()
    if mine:
        await asyncio.wait(mine, timeout=timeout_s)
