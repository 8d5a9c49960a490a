"""The only source of now, monotonic time and sleep. Tests, the demo and replay drive it."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A scheduled call that can be taken back."""

    def cancel(self) -> None:
        """Take it back; nothing happens if it already ran."""


class Clock(Protocol):
    """Wall time in ms UTC, monotonic seconds, sleep and timers."""

    def now_ms(self) -> int:
        """Wall-clock milliseconds since 1970, UTC."""

    def monotonic_s(self) -> float:
        """Seconds that only ever rise; for every timeout."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    def call_later(self, seconds: float, fn: Callable[[], None]) -> Timer:
        """Run `fn` on the loop after `seconds`."""


class SystemClock:
    """The real one."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic_s(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def call_later(self, seconds: float, fn: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(seconds, fn)


class _ManualTimer:
    def __init__(self, fn: Callable[[], None]) -> None:
        self.fn: Callable[[], None] | None = fn

    def cancel(self) -> None:
        self.fn = None


class ManualClock:
    """A clock that moves only when told. `advance` runs what falls due, in order of time."""

    def __init__(self, now_ms: int = 1_767_225_600_000) -> None:
        self._now_ms = now_ms
        self._mono_ms = 0
        self._due: list[tuple[int, int, _ManualTimer]] = []
        self._count = itertools.count()

    def now_ms(self) -> int:
        return self._now_ms

    def monotonic_s(self) -> float:
        return self._mono_ms / 1000

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not future.done():
                future.set_result(None)

        self.call_later(seconds, wake)
        await future

    def call_later(self, seconds: float, fn: Callable[[], None]) -> Timer:
        timer = _ManualTimer(fn)
        heapq.heappush(self._due, (self._mono_ms + round(seconds * 1000), next(self._count), timer))
        return timer

    def set_ms(self, now_ms: int) -> None:
        """Move forward to `now_ms` (replay); earlier times are ignored."""
        if now_ms > self._now_ms:
            self._advance_ms(now_ms - self._now_ms)

    def jump_ms(self, delta_ms: int) -> None:
        """Shift the wall clock alone, as an operator or NTP would."""
        self._now_ms += delta_ms

    def advance(self, seconds: float) -> None:
        """Move both clocks forward, running timers that fall due."""
        self._advance_ms(round(seconds * 1000))

    def _advance_ms(self, delta: int) -> None:
        end = self._mono_ms + delta
        while self._due and self._due[0][0] <= end:
            at, _, timer = heapq.heappop(self._due)
            self._now_ms += at - self._mono_ms
            self._mono_ms = at
            if timer.fn is not None:
                timer.fn()
        self._now_ms += end - self._mono_ms
        self._mono_ms = end
