"""What every page shares: parts that are brought up to date at a bounded rate, only while in view."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent

from app.fleet.views import Changes, Picture
from ui.shell.page import Page, Workspace
from ui.theme.theme import theme


class LivePage(Page):
    """A page made of parts. `every(ms, part)` registers one.

    A part is called at once when the page comes into view, then at most once per `ms` when the
    live picture changed, and never while the page is hidden.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._parts: list[_Part] = []
        theme().changed.connect(self.refresh)

    @property
    def picture(self) -> Picture:
        """The whole live picture now."""
        return self.workspace.picture

    @property
    def zone(self) -> ZoneInfo:
        """The operator's zone."""
        return self.workspace.zone

    def now_ms(self) -> int:
        """The moment ages are counted from."""
        return self.workspace.now_ms()

    def every(self, milliseconds: int, part: Callable[[], None], *, ages: bool = False) -> None:
        """Call `part` at most once per `milliseconds`; with `ages` also when only time has passed."""
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        made = _Part(part, timer, ages)
        timer.timeout.connect(made.run)
        self._parts.append(made)
        if self.isVisible():
            made.run()
            timer.start()

    def take(self, changes: Changes, picture: Picture) -> None:
        self.due()

    def due(self) -> None:
        """Something else than the live picture changed: every part is due at its next turn."""
        for part in self._parts:
            part.due = True

    def refresh(self) -> None:
        """Bring every part up to date at once, if the page is in view."""
        for part in self._parts:
            part.due = True
            if self.isVisible():
                part.run()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for part in self._parts:
            part.due = True
            part.run()
            part.timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for part in self._parts:
            part.timer.stop()


class _Part:
    def __init__(self, call: Callable[[], None], timer: QTimer, ages: bool) -> None:
        self.call, self.timer, self.ages, self.due = call, timer, ages, True

    def run(self) -> None:
        if self.due or self.ages:
            self.due = False
            self.call()
