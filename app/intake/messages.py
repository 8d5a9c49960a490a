"""The live message log: every frame as it passes, for whoever watches. Costs nothing unwatched."""

import threading
from collections import deque
from collections.abc import Callable

from app.fleet.views import MessageView

MOST_WAITING = 5_000


class MessageSubscription:
    """One watcher. `take` may be called from another thread; the oldest lines make room."""

    def __init__(self, station: str | None, closed: Callable[["MessageSubscription"], None]) -> None:
        self.station = station
        self._lines: deque[MessageView] = deque(maxlen=MOST_WAITING)
        self._lock = threading.Lock()
        self._closed = closed
        self.dropped = 0

    def take(self) -> tuple[MessageView, ...]:
        """Lines since the last take, oldest first; empty if none."""
        if not self._lines:
            return ()
        with self._lock:
            lines = tuple(self._lines)
            self._lines.clear()
        return lines

    def close(self) -> None:
        """Stop watching."""
        self._closed(self)

    def put(self, line: MessageView) -> None:
        """Add a line (core thread)."""
        with self._lock:
            if len(self._lines) == MOST_WAITING:
                self.dropped += 1
            self._lines.append(line)


class MessageFeed:
    """Where the core tells of each frame. Check `watched(station)` before building a line.

    Attributes:
        watchers: who watches; usually nobody.
    """

    def __init__(self) -> None:
        self.watchers: tuple[MessageSubscription, ...] = ()
        self._lock = threading.Lock()

    def subscribe(self, station: str | None = None) -> MessageSubscription:
        """Watch one station, or all of them with None."""
        subscription = MessageSubscription(station, self._leave)
        with self._lock:
            self.watchers = (*self.watchers, subscription)
        return subscription

    def watched(self, station: str) -> bool:
        """Whether anybody would see a line of this station."""
        return any(w.station is None or w.station == station for w in self.watchers)

    def publish(self, line: MessageView) -> None:
        """Give a line to those who watch its station."""
        for watcher in self.watchers:
            if watcher.station is None or watcher.station == line.station:
                watcher.put(line)

    def _leave(self, subscription: MessageSubscription) -> None:
        with self._lock:
            self.watchers = tuple(w for w in self.watchers if w is not subscription)


_KINDS = {"2": "call", "3": "result", "4": "error", "5": "result-error", "6": "send"}


def kind_of(frame: str) -> str:
    """ "call", "result", "error", "send", "result-error" or "note", from a frame's first element."""
    head = frame[:16].lstrip(" \t\r\n[")
    return _KINDS.get(head[:1], "note")
