"""Wishes to be woken, fired in the order of their times, so that nothing depends on how often one looks."""

import heapq
import itertools
from collections.abc import Hashable

SPARE = 100
"""Replaced wishes that may lie about beside as many as there are wishes."""


class Timers:
    """A heap of wishes; a later wish for the same key replaces the earlier one."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Hashable]] = []
        self._wished: dict[Hashable, tuple[int, int]] = {}
        self._count = itertools.count()
        self.next_ms: float = float("inf")
        """No wish is due before this."""

    def set(self, key: Hashable, at_ms: int) -> None:
        """Wish to be woken at `at_ms`."""
        number = next(self._count)
        self._wished[key] = (at_ms, number)
        if len(self._heap) > 2 * len(self._wished) + SPARE:
            self._tidy()
        heapq.heappush(self._heap, (at_ms, number, key))
        if at_ms < self.next_ms:
            self.next_ms = at_ms

    def drop(self, key: Hashable) -> None:
        """Take a wish back, if there is one."""
        self._wished.pop(key, None)

    def due_ms(self, key: Hashable) -> int | None:
        """When a wish is due; None where there is none."""
        found = self._wished.get(key)
        return None if found is None else found[0]

    def pop(self, until_ms: int) -> tuple[int, Hashable] | None:
        """The next wish due at or before `until_ms`, with its time; None once there is none."""
        heap, wished = self._heap, self._wished
        while heap and heap[0][0] <= until_ms:
            at_ms, number, key = heapq.heappop(heap)
            if wished.get(key) == (at_ms, number):
                del wished[key]
                self._look()
                return at_ms, key
        self._look()
        return None

    def shift(self, delta_ms: int) -> None:
        """Move all wishes, after a jump of the clock; spans that run keep their length."""
        self._tidy()
        self._heap = [(at + delta_ms, number, key) for at, number, key in self._heap]
        self._wished = {key: (at, number) for at, number, key in self._heap}
        self._look()

    def _tidy(self) -> None:
        """Let go of wishes that were replaced or taken back."""
        wished = self._wished
        self._heap = [(at, number, key) for at, number, key in self._heap if wished.get(key) == (at, number)]
        heapq.heapify(self._heap)

    def _look(self) -> None:
        self.next_ms = self._heap[0][0] if self._heap else float("inf")
