"""What the window knows of faults: all that are open or ended within a day, kept current by the bridge."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.records import FaultEventRecord
from app.faults.views import FaultChanges, FaultView

ASIDE = ("SHLVD", "DSUPR", "OOSRV")
"""Put aside by a person or by design: on record, but not in the queue."""
LINES_KEPT = 500
"""New lines of histories kept in memory; all of them are on disk."""


class FaultBook(QObject):
    """Faults as they stand now, by number."""

    changed = Signal(object)
    """FaultChanges that were just taken in."""
    urgent = Signal(object)
    """A FaultView of the first priority that nobody has seen, told once when it is new."""

    def __init__(self, bridge: Any) -> None:
        super().__init__()
        self.faults: dict[int, FaultView] = {}
        self.lines: list[FaultEventRecord] = []
        """The newest lines of all histories, newest last."""
        self.ready = False
        """Whether what there is has been told; until then nothing may be said of it."""
        self.priced = False
        """Whether it was once known what each of them loses."""
        self._queue: dict[int, FaultView] | None = None
        self._known: set[int] = set()
        bridge.started.connect(self._forget)
        bridge.faulted.connect(self._take)

    @property
    def queue(self) -> Mapping[int, FaultView]:
        """Those that wait for somebody: open, under no other cause, not put aside."""
        if self._queue is None:
            self._queue = {n: view for n, view in self.faults.items() if in_queue(view)}
        return self._queue

    def new(self) -> list[FaultView]:
        """Those of the queue that nobody has acknowledged, oldest first."""
        return [view for _, view in sorted(self.queue.items()) if view.new]

    def at(self, station: str) -> list[FaultView]:
        """The open faults of a station, the dearest first."""
        found = [v for v in self.faults.values() if v.open and v.record.station == station]
        return sorted(found, key=lambda v: (not v.record.safety, -(saves(v) or 0), v.record.opened_ms))

    def _forget(self) -> None:
        """The core starts anew and tells everything again."""
        self.faults, self.lines, self.ready, self._queue = {}, [], False, None
        self.priced = False

    def _take(self, changes: FaultChanges) -> None:
        first, self.ready = not self.ready, True
        self.faults.update(changes.faults)
        for number in changes.gone:
            self.faults.pop(number, None)
        self.priced = self.priced or all(view.money is not None for view in self.faults.values() if view.open)
        self.lines = [*self.lines, *changes.lines][-LINES_KEPT:]
        self._queue = None
        self.changed.emit(changes)
        self._tell_urgent(changes, first)

    def _tell_urgent(self, changes: FaultChanges, first: bool) -> None:
        for number, view in changes.faults.items():
            if not (view.new and view.record.priority == "P1" and in_queue(view)):
                self._known.discard(number)
            elif number not in self._known:
                self._known.add(number)
                if not first and changes.lines:
                    self.urgent.emit(view)


def in_queue(view: FaultView) -> bool:
    """Whether a fault waits for somebody in the queue."""
    return view.open and view.record.parent is None and view.record.state not in ASIDE


def saves(view: FaultView) -> int | None:
    """What mending it saves an hour now, minor units; None where it is not known."""
    return view.money.saves if view.money is not None else None
