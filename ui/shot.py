"""`forecourt shot PAGE`: draws a page of a data directory without a display, nothing running."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app import cli
from app.domain.errors import ForecourtError, UsageError
from app.settings import Settings
from app.still_room import StillRoom
from app.zone import operator_zone
from ui import loop, preferences
from ui.bridge import Bridge
from ui.shell.building import FailedPage
from ui.shell.navigation import find, sections
from ui.shell.page import Workspace
from ui.shell.window import MainWindow
from ui.theme.apply import apply
from ui.theme.theme import theme
from ui.widgets.notices import LoadingBlocks

POLL_MS = 50
SETTLE_POLLS = 8
"""So many polls in a row without a question under way: the page is complete."""
MOST_POLLS = 1_100
MOST_MS = 60_000


def run(args: argparse.Namespace) -> int:
    """Draw `args.page` into `args.out`. The page may name its object: stations/station:VTP-03."""
    width, height = size_of(args.size)
    route, _, argument = args.page.partition(":")
    if find(route) is None:
        known = ", ".join(page.route for section in sections() for page in section.pages)
        raise UsageError(f"There is no page {route}. There are: {known}.")
    settings = cli.load_settings(args)
    picture = Picture(route, argument, (width, height), args.theme, Path(args.out))
    failure = take(settings, [picture])
    if failure:
        raise ForecourtError(failure)
    return 0


def take(settings: Settings, pictures: Sequence["Picture"]) -> str:
    """Draw pictures of one data directory in turn; what went wrong with the first that failed, or ""."""
    app = QApplication(sys.argv[:1])
    shot = Shot(settings, pictures)
    shot.begin()
    loop.run(app)
    return shot.failure


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture to draw: a page with its object, how large, in which theme, and where it goes."""

    route: str
    argument: str
    size: tuple[int, int]
    theme: str
    out: Path


def size_of(text: str) -> tuple[int, int]:
    """1440x900 as numbers. Raises UsageError."""
    wide, cross, high = text.lower().partition("x")
    if not (cross and wide.isdecimal() and high.isdecimal()) or not (
        200 <= int(wide) <= 8000 and 200 <= int(high) <= 8000
    ):
        raise UsageError(f"--size takes WxH as 1440x900, not {text!r}.")
    return int(wide), int(high)


class Shot:
    """Opens each page in turn, waits until nothing is asked any more, grabs the window."""

    def __init__(self, settings: Settings, pictures: Sequence[Picture]) -> None:
        self.failure = ""
        self._left = list(pictures)
        self._quiet = self._polls = 0
        preferences.use(preferences.Preferences())
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._app = app
        self._wear(pictures[0].theme)
        self._room = StillRoom(settings, demo=settings.data_dir.name.endswith("demo"))
        self._bridge = Bridge(lambda _: self._room)
        workspace = Workspace(self._bridge, self._room.clock, operator_zone(settings.zone), settings=settings)
        self._workspace = workspace
        self._window: MainWindow | None = None
        self._timer = QTimer()
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._late = QTimer()
        self._late.setSingleShot(True)
        self._late.setInterval(MOST_MS)
        self._late.timeout.connect(self._too_long)

    def begin(self) -> None:
        """Begin; the application quits when all files are written or `failure` is set."""
        self._bridge.failed.connect(self._fail)
        self._bridge.started.connect(self._open)
        self._bridge.stopped.connect(self._app.quit)
        self._bridge.start()

    def _wear(self, choice: str) -> None:
        theme().choose(choice)
        apply(self._app)

    def _fail(self, cause: str) -> None:
        self.failure = cause
        self._bridge.stop()

    def _open(self) -> None:
        self._workspace.clock = self._room.clock
        self._window = MainWindow(self._workspace, keep_awake=False)
        self._window.resize(*self._left[0].size)
        self._window.show()
        self._next()

    def _next(self) -> None:
        """Open the next page."""
        window, picture = self._window, self._left[0]
        assert window is not None
        self._wear(picture.theme)
        window.resize(*picture.size)
        window.open(picture.route, picture.argument)
        if isinstance(window.page, FailedPage):
            self.failure = f"The page {picture.route} could not be drawn; the log has the details."
        self._quiet = self._polls = 0
        self._late.start()
        self._timer.start()

    def _too_long(self) -> None:
        self._fail(f"The page {self._left[0].route} took longer than {MOST_MS // 1000} s to draw.")

    def _loading(self) -> bool:
        """Whether something is made of the answers yet, as a report's pages are."""
        assert self._window is not None
        return any(blocks.isVisible() for blocks in self._window.findChildren(LoadingBlocks))

    def _poll(self) -> None:
        self._polls += 1
        self._quiet = self._quiet + 1 if self._bridge.idle and not self._loading() else 0
        if self._quiet < SETTLE_POLLS and self._polls < MOST_POLLS:
            return
        self._timer.stop()
        window = self._window
        assert window is not None
        refresh = getattr(window.page, "refresh", None)
        if refresh is not None:
            refresh()
        for widget in window.findChildren(QWidget):
            settle = getattr(widget, "settle_now", None)
            if settle is not None and widget.isVisible():
                settle()
        # Nobody is at the keyboard of a picture.
        focus = QApplication.focusWidget()
        if focus is not None:
            focus.clearFocus()
        picture = self._left.pop(0)
        if not window.grab().save(str(picture.out)):
            self.failure = f"{picture.out} cannot be written; name a .png file in a folder that exists."
        if self._left and not self.failure:
            self._next()
        else:
            self._late.stop()
            self._bridge.stop()
