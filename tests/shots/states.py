"""Pictures of every page in the states that no data directory holds: loading, empty, error, stale, partial.

Drawn in one process from the seeded pictures of the window's tests: `python -m tests.shots.states FOLDER`.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from app.clock import ManualClock
from app.domain.errors import ForecourtError
from app.domain.status import LinkState
from app.fleet.views import Picture, ServerView
from tests.ui import histories
from tests.ui.fakes import FakeBridge
from tests.ui.pictures import MINUTE, NOW_MS, picture
from ui import launch, preferences
from ui.shell.navigation import sections
from ui.shell.page import Workspace
from ui.shell.window import MainWindow
from ui.theme.apply import apply
from ui.theme.theme import theme

STATES = ("loading", "empty", "error", "stale", "partial")
STATIONS = 48
ONE = "stations/station"
"""The page that is about one station."""
SETTLE_MS = 30
BLOCKS_MS = 220
"""Blocks appear 150 ms after a question."""


def stage(state: str) -> tuple[FakeBridge, int]:
    """A bridge that shows one state, and the moment it is seen."""
    full = picture(STATIONS, waiting=2)
    if state == "empty":
        server = ServerView(state="listening", urls=full.server.urls, started_ms=NOW_MS - 6 * MINUTE)
        nothing = Picture(at_ms=NOW_MS, server=server)
        return _answering(nothing, histories.answers(nothing)), NOW_MS
    if state == "loading":
        return _answering(full, {"station/quirks": {}}), NOW_MS
    if state == "error":
        cause = ForecourtError("The database is damaged: page 4,711 cannot be read.")
        broken = picture(STATIONS, broken=True)
        return _answering(broken, dict.fromkeys(histories.answers(broken), cause)), NOW_MS
    if state == "stale":
        views = {
            name: replace(view, link=LinkState.DOUBTFUL if place % 2 else LinkState.OFFLINE)
            for place, (name, view) in enumerate(full.stations.items())
        }
        stopped = replace(full, stations=views, server=replace(full.server, state="stopping"))
        return _answering(stopped, histories.answers(stopped)), NOW_MS + 7 * MINUTE
    answers = histories.answers(full)
    strips = answers["strips"]
    answers["strips"] = lambda *asked: strips(*asked)[:-3]
    return _answering(full, answers), NOW_MS


def _answering(shown: Picture, answers: dict[str, Any]) -> FakeBridge:
    bridge = FakeBridge(shown)
    bridge.answers.update(answers)
    return bridge


def draw(app: QApplication, state: str, look: str, size: tuple[int, int], folder: Path) -> int:
    """All pages in one state, theme and size; how many."""
    preferences.use(preferences.Preferences())
    theme().choose(look)
    apply(app)
    bridge, now_ms = stage(state)
    workspace = Workspace(bridge, ManualClock(now_ms), ZoneInfo("Europe/Amsterdam"))
    window = MainWindow(workspace, keep_awake=False)
    window.resize(*size)
    window.show()
    first = next(iter(bridge.picture.stations), "")
    count = 0
    for section in sections():
        for page in section.pages:
            argument = first if page.route == ONE else ""
            if page.route == ONE and not first:
                continue
            window.open(page.route, argument)
            _turn(BLOCKS_MS if state == "loading" else SETTLE_MS)
            for widget in window.findChildren(QWidget):
                settle = getattr(widget, "settle_now", None)
                if settle is not None and widget.isVisible():
                    settle()
            name = f"{page.route.replace('/', '-')}.{state}.{look}.{size[0]}x{size[1]}.png"
            if not window.grab().save(str(folder / name)):
                raise SystemExit(f"{folder / name} cannot be written")
            count += 1
    window.leaving.over = True
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return count


def _turn(milliseconds: int) -> None:
    end = QDeadlineTimer(milliseconds)
    while not end.hasExpired():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def main(folder: Path, sizes: tuple[tuple[int, int], ...], looks: tuple[str, ...]) -> int:
    """Draw all; how many pictures."""
    app = launch.make_application(sys.argv[:1])
    return sum(draw(app, state, look, size, folder) for state in STATES for look in looks for size in sizes)


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), ((1440, 900), (1280, 720)), ("dark", "light")))
