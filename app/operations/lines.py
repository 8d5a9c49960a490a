"""A station's line of waiting: one message out at a time, the urgent first, nothing before its time. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.operations import Urgency

RANK: dict[Urgency, int] = {
    Urgency.SAFETY: 0,
    Urgency.PERSON: 1,
    Urgency.AUTOMATIC: 2,
    Urgency.BULK: 3,
}
"""Smaller goes first."""


class Called(StrEnum):
    """Why somebody's wait ended."""

    GO = "go"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(slots=True, eq=False)
class Turn:
    """Somebody who waits for the station.

    Attributes:
        rank, number: the order: smaller rank first, then the smaller number.
        called: told once how the wait ended.
        due_ms: not before then.
        expires_ms: not after then; None: however long it takes.
        forced: may go before the station's boot is answered (Q13).
    """

    rank: int
    number: int
    called: Callable[[Called], None]
    due_ms: int = 0
    expires_ms: int | None = None
    forced: bool = False


@dataclass(slots=True)
class Line:
    """Who waits for one station, and whether somebody is at it."""

    busy: bool = False
    waiting: list[Turn] = field(default_factory=list)

    def join(self, turn: Turn) -> None:
        """Wait."""
        self.waiting.append(turn)
        self.waiting.sort(key=lambda t: (t.rank, t.number))

    def leave(self, turn: Turn) -> bool:
        """Wait no more; whether it did wait."""
        if turn not in self.waiting:
            return False
        self.waiting.remove(turn)
        turn.called(Called.CANCELLED)
        return True

    def expire(self, now_ms: int) -> None:
        """Let go of those whose time is over."""
        over = [t for t in self.waiting if t.expires_ms is not None and t.expires_ms <= now_ms]
        if over:
            self.waiting = [t for t in self.waiting if t not in over]
            for turn in over:
                turn.called(Called.EXPIRED)

    def call_next(self, now_ms: int, *, open: bool, held: bool) -> bool:
        """Call who is next, if the station is free for it; whether somebody was called.

        Args:
            now_ms: the time.
            open: whether the station can be reached.
            held: only forced ones may go yet.
        """
        if self.busy or not open:
            return False
        for turn in self.waiting:
            if turn.due_ms <= now_ms and (turn.forced or not held):
                self.waiting.remove(turn)
                self.busy = True
                turn.called(Called.GO)
                return True
        return False
