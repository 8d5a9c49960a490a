"""A stage: one page in a window of its own, over a bridge that answers from memory."""

import importlib
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.clock import ManualClock
from app.fleet.views import Picture
from tests.ui import care, costings, device, fault_scenes, histories, insight_answers, reporting, uptimes
from tests.ui.fakes import FakeBridge
from tests.ui.pictures import NOW_MS, picture
from ui import preferences
from ui.shell.page import Workspace
from ui.theme.apply import apply
from ui.theme.theme import theme
from ui.widgets.sheet import Sheet

PAGES = {
    "reports": "ReportsPage",
    "overview": "OverviewPage",
    "faults": "FaultsPage",
    "map": "MapPage",
    "stations": "StationsPage",
    "commands": "CommandsPage",
    "firmware": "FirmwarePage",
    "configuration": "ConfigurationPage",
    "station": "StationPage",
    "messages": "MessagesPage",
    "sessions": "SessionsPage",
    "maintenance": "MaintenancePage",
    "onboarding": "OnboardingPage",
    "settings": "SettingsPage",
    "costs": "CostsPage",
    "assumptions": "AssumptionsPage",
    "uptime": "UptimePage",
    "insights": "InsightsPage",
}


class Stage:
    """A page as the window shows it, and what it asked of the window and of the core."""

    def __init__(self, qtbot: QtBot, name: str, shown: Picture, argument: str, size: tuple[int, int]) -> None:
        self.qtbot = qtbot
        self.bridge = FakeBridge(shown)
        self.bridge.answers.update(histories.answers(shown))
        self.bridge.answers.update(device.answers())
        self.bridge.answers.update(costings.answers())
        self.bridge.answers.update(uptimes.answers(shown))
        self.bridge.answers.update(fault_scenes.answers())
        self.bridge.answers.update(care.answers(shown))
        self.bridge.answers.update(reporting.answers())
        self.bridge.answers.update(insight_answers.answers(shown))
        self.clock = ManualClock(NOW_MS)
        self.host = QWidget()
        self.host.resize(*size)
        self.workspace = Workspace(self.bridge, self.clock, ZoneInfo("Europe/Amsterdam"), self.host)
        self.went: list[tuple[str, str]] = []
        self.toasts: list[str] = []
        self.undos: list[Any] = []
        self.titles: list[tuple[str, str]] = []
        self.workspace.go_asked.connect(lambda route, argument: self.went.append((route, argument)))
        self.workspace.toast_asked.connect(self._toast)
        module = importlib.import_module(f"ui.pages.{name}.page")
        self.page: Any = getattr(module, PAGES[name])(self.workspace)
        self.page.title_changed.connect(lambda title, context: self.titles.append((title, context)))
        column = QVBoxLayout(self.host)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self.bridge.changed.connect(lambda changes: self.page.take(changes, self.bridge.picture))
        # The pointer stays where an earlier test left it, which may be over this one's list.
        QCursor.setPos(QPoint(size[0] + 100, size[1] + 100))
        with qtbot.waitActive(self.host):
            self.host.show()
            self.host.activateWindow()
        if shown.stations:
            self.bridge.faulted.emit(fault_scenes.changes())
        self.page.opened(argument)
        self.settle()

    def _toast(self, text: str, undo: Any, _shown: Any) -> None:
        self.toasts.append(text)
        self.undos.append(undo)

    def settle(self) -> None:
        """Bring every part up to date and let layouts finish."""
        self.page.refresh()
        for _ in range(8):
            QApplication.processEvents()

    def click(self, widget: QWidget) -> None:
        """Click in the middle of a widget."""
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        for _ in range(3):
            QApplication.processEvents()

    def press(self, widget: QWidget, *keys: Qt.Key) -> None:
        """Press keys on a widget."""
        for key in keys:
            self.qtbot.keyClick(widget, key)
        QApplication.processEvents()

    def button(self, text: str, inside: QWidget | None = None) -> QAbstractButton:
        """The visible button with this word or accessible name."""
        for button in (inside or self.host).findChildren(QAbstractButton):
            if button.isVisible() and text in (button.text(), button.accessibleName()):
                return button
        raise AssertionError(f"there is no button {text!r} to see")

    def sheet(self) -> Any:
        """The sheet that is open."""
        for sheet in self.host.findChildren(Sheet):
            if sheet.isVisible():
                return sheet
        raise AssertionError("no sheet is open")

    def texts(self, inside: QWidget | None = None) -> str:
        """All that is said in view, by accessible names and texts."""
        found = []
        for widget in (inside or self.page).findChildren(QWidget):
            if widget.isVisible():
                text = getattr(widget, "text", None)
                found.append(widget.accessibleName() or (text() if callable(text) else ""))
        return "\n".join(found)


Open = Callable[..., Stage]


@pytest.fixture
def open_page(qtbot: QtBot, qapp: QApplication, gui_loop: object) -> Iterator[Open]:
    """Open a page: open_page("stations", picture(48), argument="", size=(1352, 824))."""
    preferences.use(preferences.Preferences())
    theme().choose("dark")
    theme().set_scale(1.0)
    apply(qapp)
    stages: list[Stage] = []

    def make(
        name: str, shown: Picture | None = None, argument: str = "", size: tuple[int, int] = (1352, 824)
    ) -> Stage:
        stage = Stage(qtbot, name, shown if shown is not None else picture(48), argument, size)
        stages.append(stage)
        return stage

    yield make
    for stage in stages:
        stage.page.closed()
        # Gone before theme and scale are put back: what still lives would be dressed once more.
        if isValid(stage.host):
            stage.host.close()
            stage.host.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    theme().choose("dark")
    theme().set_scale(1.0)
