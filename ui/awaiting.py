"""The bridge for flows of several steps: the same questions and intents, to be awaited.

An answer comes back in the GUI thread's loop (ui.loop). Cancelling the one who waits takes nothing
back: what was sent to the core is carried out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from app.domain.errors import ForecourtError
from app.domain.intents import Intent

Begin = Callable[[Callable[[Any], None], Callable[[str], None]], None]


class Awaiting:
    """Mixed into a bridge that has `query`, `do`, `run` and `work`.

    Every method raises ForecourtError with the sentence that the callback `failed` would get.
    """

    query: Callable[..., None]
    do: Callable[..., None]
    run: Callable[..., None]
    work: Callable[..., None]

    async def ask(self, fn: Callable[..., Any], *args: Any) -> Any:
        """`fn(connection, *args)` from a reader thread."""
        return await _settled(lambda done, failed: self.query("", fn, *args, done=done, failed=failed))

    async def perform(self, intent: Intent, why: str = "") -> None:
        """Wish for something, and wait until it is journaled and in effect."""
        await _settled(lambda done, failed: self.do(intent, why, done=done, failed=failed))

    def do_all(
        self,
        intents: Iterable[Intent],
        why: str = "",
        done: Callable[[Any], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Wish for several things, one after the other; nothing more after one that is refused."""
        waiting = iter(tuple(intents))

        def next_one(_: object = None) -> None:
            intent = next(waiting, None)
            if intent is not None:
                self.do(intent, why, next_one, failed)
            elif done is not None:
                done(None)

        next_one()

    async def reach(self, ask: Callable[[Any], Awaitable[Any]]) -> Any:
        """`await ask(room)` in the core's loop."""
        return await _settled(lambda done, failed: self.run(ask, done, failed))

    async def worked(self, fn: Callable[..., Any], *args: Any) -> Any:
        """`fn(*args)` from a worker thread."""
        return await _settled(lambda done, failed: self.work(fn, *args, done=done, failed=failed))


async def _settled(begin: Begin) -> Any:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def done(value: Any) -> None:
        if not future.done():
            future.set_result(value)

    def failed(sentence: str) -> None:
        if not future.done():
            future.set_exception(ForecourtError(sentence))

    begin(done, failed)
    return await future
