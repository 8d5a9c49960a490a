"""Brings pyqtgraph in: once, by a worker, because its import takes a third of a second.

Until it is there charts show a flat block. Nothing here imports it.
"""

import importlib
import logging
import threading
from functools import cache

from PySide6.QtCore import QObject, Signal

log = logging.getLogger("forecourt.ui.charts")

PLOTS = ("ui.widgets.charts.lines", "ui.widgets.charts.columns")
_loaded = threading.Event()


def load() -> None:
    """Import what draws plots, in any thread; returns when it is there. Creates no widget."""
    for name in PLOTS:
        importlib.import_module(name)
    _loaded.set()


class Plotting(QObject):
    """Whether plots can be built, and who is told when they can."""

    ready = Signal()
    """The import is over; it may have failed. Emitted by a worker."""

    def __init__(self) -> None:
        super().__init__()
        self._worker: threading.Thread | None = None
        self.failed = False

    @property
    def here(self) -> bool:
        """Whether a plot can be built at once."""
        return _loaded.is_set()

    def ask(self) -> None:
        """Begin the import unless it is done or under way."""
        if self._worker is None and not self.here:
            # Not a daemon: one that still imports while the interpreter ends aborts the process.
            self._worker = threading.Thread(target=self._run, name="forecourt-plots")
            self._worker.start()

    def _run(self) -> None:
        try:
            load()
        except Exception:
            self.failed = True
            log.exception("charts cannot be drawn")
        self.ready.emit()


@cache
def plotting() -> Plotting:
    """The one of the process; made in the GUI thread."""
    return Plotting()
