"""The lines of a message log in view: bounded, filtered, paused or following."""

from collections.abc import Iterable

from app.domain.fact import changed
from app.fleet.views import MessageView
from ui.models.messages import ANSWERS, IN, OUT, LogFilter, MessageLine, matches, numbered, partner

KEEP = 10_000
"""Lines kept in view; the rest is on disk."""


class LogBuffer:
    """Lines oldest first. While paused, what arrives waits and is counted."""

    def __init__(self, keep: int = KEEP, station: str = "") -> None:
        self._keep = keep
        self._station = station
        self._lines: list[MessageLine] = []
        self._held: list[MessageView] = []
        self._next = 1
        self._first = 0
        self.filter = LogFilter()
        self.paused = False

    @property
    def lines(self) -> list[MessageLine]:
        """All lines in view, whatever the filter."""
        return self._lines

    @property
    def waiting(self) -> int:
        """How many messages arrived while paused."""
        return len(self._held)

    @property
    def errors(self) -> int:
        """How many lines in view are errors."""
        return sum(1 for line in self._lines if line.is_error)

    def add(self, views: Iterable[MessageView]) -> list[MessageLine]:
        """Take new messages; the lines that the filter shows (none while paused)."""
        wanted = [v for v in views if not self._station or v.station == self._station]
        if self.paused:
            self._held.extend(wanted)
            del self._held[: -self._keep]
            return []
        fresh = numbered(wanted, self._next)
        self._next += len(fresh)
        self._lines.extend(fresh)
        del self._lines[: -self._keep]
        return [line for line in fresh if matches(line, self.filter)]

    def add_older(self, views: Iterable[MessageView]) -> None:
        """Put messages from the store before what is there; `views` newest first."""
        older = list(views)
        known = {
            (line.view.at_ms, line.view.station, line.view.message_id, line.view.direction)
            for line in self._lines
        }
        fresh = [v for v in reversed(older) if (v.at_ms, v.station, v.message_id, v.direction) not in known]
        self._first -= len(fresh)
        self._lines[:0] = numbered(_timed(fresh), self._first)

    def resume(self) -> list[MessageLine]:
        """Go on; the lines that waited, as the filter shows them."""
        self.paused = False
        held, self._held = self._held, []
        return self.add(held)

    def shown(self) -> list[MessageLine]:
        """All lines that the filter shows."""
        return [line for line in self._lines if matches(line, self.filter)]

    def clear(self) -> None:
        """Forget everything in view."""
        self._lines.clear()
        self._held.clear()

    def partner(self, line: MessageLine) -> MessageLine | None:
        """The other half of a call."""
        return partner(self._lines, line)

    def oldest_ms(self) -> int | None:
        """Time of the first line in view."""
        return self._lines[0].view.at_ms if self._lines else None


def _timed(views: list[MessageView]) -> list[MessageView]:
    """Kept messages with the round trip of each answer of a station, which only its own times tell.

    How long we took for an answer is not kept: it stands at the time of its question.
    """
    asked: dict[tuple[str, str], int] = {}
    found = []
    for view in views:
        pair = (view.station, view.message_id)
        if view.direction == OUT and view.kind == "call":
            asked[pair] = view.at_ms
        elif view.direction == IN and view.latency_ms is None and view.kind in ANSWERS and pair in asked:
            view = changed(view, latency_ms=view.at_ms - asked.pop(pair))
        found.append(view)
    return found


def per_minute(lines: list[MessageLine], now_ms: int) -> int:
    """How many of the lines are from the last minute."""
    count = 0
    for line in reversed(lines):
        if line.view.at_ms < now_ms - 60_000:
            break
        count += 1
    return count
