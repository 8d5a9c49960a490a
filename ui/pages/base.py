"""What every page shares: the live stations it was told of, and repainting at a bounded rate."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.fleet.views import Changes, Picture, ServerView, StationView, Totals, Trouble, Waiting


class Page(QWidget):
    """A page of the window. Facts come in by `show_picture` and `apply`; both only note what changed.

    Each part that shows something registers with `every(ms, part)`; it is called at once when the
    page is opened and then at most that often, only while the page is on screen and something
    changed (or, for ages, always: `always=True`).
    """

    key = ""
    title = ""
    icon = ""

    def __init__(self, bridge: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.stations: dict[str, StationView] = {}
        self.totals = Totals()
        self.troubles: tuple[Trouble, ...] = ()
        self.waiting: tuple[Waiting, ...] = ()
        self.server = ServerView()
        self.has_picture = False
        self._parts: list[_Part] = []

    @property
    def tabs(self) -> tuple[tuple[str, str], ...]:
        """Tabs beside the title as (key, words); empty for none."""
        return ()

    @property
    def zone(self) -> ZoneInfo:
        """The operator's zone."""
        zone: ZoneInfo = self.bridge.zone
        return zone

    def now_ms(self) -> int:
        """The moment ages are counted from."""
        return int(self.bridge.now_ms())

    def every(self, milliseconds: int, part: Callable[[], None], *, always: bool = False) -> None:
        """Call `part` when shown and then at most once per `milliseconds` if anything changed."""
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        made = _Part(part, timer, always)
        timer.timeout.connect(lambda: self._run(made))
        self._parts.append(made)

    def show_picture(self, picture: Picture) -> None:
        """Take the whole picture."""
        self.stations = dict(picture.stations)
        self.totals, self.troubles = picture.totals, picture.troubles
        self.waiting, self.server = picture.waiting, picture.server
        self.has_picture = True
        self.refresh()

    def apply(self, changes: Changes) -> None:
        """Note what changed; it is painted at each part's own pace."""
        if changes.stations:
            self.stations.update(changes.stations)
        for gone in changes.removed:
            self.stations.pop(gone, None)
        self.totals = self.totals if changes.totals is None else changes.totals
        self.troubles = self.troubles if changes.troubles is None else changes.troubles
        self.waiting = self.waiting if changes.waiting is None else changes.waiting
        self.server = self.server if changes.server is None else changes.server
        for part in self._parts:
            part.dirty = True

    def refresh(self) -> None:
        """Bring every part up to date at once, if the page is on screen."""
        for part in self._parts:
            part.dirty = True
            if self.isVisible():
                self._run(part)

    def opened(self, argument: str | None = None) -> None:
        """The page came to the front, perhaps to show one thing."""

    def closed(self) -> None:
        """The page went to the back."""

    def context(self) -> str:
        """The quiet words beside the title."""
        return ""

    def search(self, text: str) -> None:
        """Filter this page, or put the cursor into its filter where `text` is empty."""

    def restyle(self) -> None:
        """The theme or the scale changed."""
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for part in self._parts:
            part.dirty = True
            self._run(part)
            part.timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for part in self._parts:
            part.timer.stop()

    def _run(self, part: "_Part") -> None:
        if self.has_picture and (part.dirty or part.always):
            part.dirty = False
            part.call()


class _Part:
    def __init__(self, call: Callable[[], None], timer: QTimer, always: bool) -> None:
        self.call, self.timer, self.always, self.dirty = call, timer, always, True
