"""Named tasks with a strong reference, whose failures are heard (never `asyncio.create_task`)."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from app.domain.errors import CannotRecord, ForecourtError

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


def awaited() -> "tuple[Callable[[Exception | None], None], asyncio.Future[None]]":
    """What the writer tells that something is kept, and what to await for it.

    Awaiting it raises a ForecourtError where it cannot be kept. Who awaits may be cancelled: what is on
    its way to the disk is kept all the same.
    """
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def then(error: Exception | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error if isinstance(error, ForecourtError) else CannotRecord(str(error)))

    return then, done
