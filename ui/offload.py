"""Work that blocks (files, the network's addresses) goes to a thread, and its result comes back here."""

import asyncio
from collections.abc import Callable
from typing import Any


def offload(
    bridge: Any,
    fn: Callable[..., Any],
    *args: Any,
    done: Callable[[Any], None],
    failed: Callable[[str], None],
    key: str = "",
) -> None:
    """Run `fn(*args)` in a worker thread; `done(result)` or `failed(sentence)` follow in this one."""
    bridge.run(lambda _room: asyncio.to_thread(fn, *args), done=done, failed=failed, key=key)
