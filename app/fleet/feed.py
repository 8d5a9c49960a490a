"""Carries changes from the core's thread to whoever watches; the last word on a station wins."""

import threading
from collections.abc import Callable

from app.fleet.views import Changes, ServerView, StationView, Totals, Trouble, Waiting


class Subscription:
    """One watcher. `put` is called by the core, `take` may be called from any other thread.

    What waits is bounded by the number of stations, however long nobody takes.
    """

    __slots__ = ("_closed", "_lock", "_removed", "_server", "_stations", "_totals", "_troubles", "_waiting")

    def __init__(self, closed: Callable[["Subscription"], None]) -> None:
        self._lock = threading.Lock()
        self._closed = closed
        self._clear()

    def _clear(self) -> None:
        self._stations: dict[str, StationView] = {}
        self._removed: set[str] = set()
        self._totals: Totals | None = None
        self._troubles: tuple[Trouble, ...] | None = None
        self._waiting: tuple[Waiting, ...] | None = None
        self._server: ServerView | None = None

    def take(self) -> Changes | None:
        """What changed since the last take; None if nothing did."""
        with self._lock:
            if not (
                self._stations
                or self._removed
                or self._totals is not None
                or self._troubles is not None
                or self._waiting is not None
                or self._server is not None
            ):
                return None
            changes = Changes(
                self._stations,
                frozenset(self._removed),
                self._totals,
                self._troubles,
                self._waiting,
                self._server,
            )
            self._clear()
        return changes

    def put(self, changes: Changes) -> None:
        """Add changes to those that wait."""
        with self._lock:
            self._stations.update(changes.stations)
            self._removed.difference_update(changes.stations)
            for gone in changes.removed:
                self._stations.pop(gone, None)
                self._removed.add(gone)
            if changes.totals is not None:
                self._totals = changes.totals
            if changes.troubles is not None:
                self._troubles = changes.troubles
            if changes.waiting is not None:
                self._waiting = changes.waiting
            if changes.server is not None:
                self._server = changes.server

    def close(self) -> None:
        """Stop watching."""
        self._closed(self)
