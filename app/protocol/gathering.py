"""When what stations send is read: at once, or in a stream together with what others send.

A message handled alone, between two sleeps of the processor, costs twice what it costs among others,
as nothing that it needs is at hand; and in a stream its answer waits for the next commit anyway. So
once several stations speak within a span, what comes then waits for the end of the span, is read
together, and goes into one commit. Nobody waits longer for an answer than that commit would have let him.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.protocol.wire import Wire

log = logging.getLogger("forecourt.protocol")

FEW = 4
"""So many stations within a span are read at once."""
MOST_READ = 256
"""Links read together at most, before anybody else has his turn on the loop."""


class Gathering:
    """The links whose bytes wait to be read together.

    Args:
        loop: what the links run on. Its time paces, not the clock's: a pace is no fact.
        span_s: how long bytes may wait for others; 0 gathers nothing.
        together: gives what is around the reading of many.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        span_s: float,
        together: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._loop = loop
        self._span_s = span_s
        self._together = together
        self._until_s = 0.0
        self._spoke: set[Wire] = set()
        self._wires: list[Wire] = []
        self._stream = False

    def __len__(self) -> int:
        """How many links wait to be read."""
        return len(self._wires)

    def takes(self, wire: "Wire") -> bool:
        """Whether the wire is read later, by its `read_on`; if not, it has to read now."""
        if not self._stream:
            now_s = self._loop.time()
            spoke = self._spoke
            if now_s >= self._until_s:
                self._until_s = now_s + self._span_s
                spoke.clear()
            spoke.add(wire)
            if len(spoke) <= FEW:
                return False
            spoke.clear()
            self._stream = True
            self._loop.call_later(self._until_s - now_s, self._read)
        self._wires.append(wire)
        return True

    def _read(self) -> None:
        """The span is over: read all, and gather on while it is worth it."""
        wires = self._wires[:MOST_READ]
        del self._wires[:MOST_READ]
        self._stream = len(wires) > FEW
        if self._wires:
            self._loop.call_soon(self._read)
        elif self._stream:
            self._loop.call_later(self._span_s, self._read)
        with self._together():
            for wire in wires:
                try:
                    wire.read_on()
                except Exception:
                    # It costs this link, as where its bytes are read alone, and no other.
                    log.exception("what a link sent could not be read")
                    wire.abort("its bytes could not be read")
