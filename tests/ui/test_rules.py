"""Rules that hold everywhere in ui/: no nested loops, no style sheets, names for a screen reader."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.clock import ManualClock
from tests.ui import histories
from tests.ui.fakes import FakeBridge
from tests.ui.pictures import NOW_MS, picture
from ui.shell.navigation import sections
from ui.shell.page import Workspace
from ui.shell.window import MainWindow
from ui.theme.theme import theme

UI = Path(__file__).resolve().parents[2] / "ui"
FORBIDDEN = {
    "processEvents": "a nested loop",
    "setStyleSheet": "a style sheet",
    "setGraphicsEffect": "a graphics effect",
    "setHtml": "markup from data",
    "setIndexWidget": "widgets in cells",
    "resizeColumnsToContents": "half a second",
    "getOpenFileName": "a nested loop",
    "getSaveFileName": "a nested loop",
    "getExistingDirectory": "a nested loop",
    "QSortFilterProxyModel": "a slow proxy",
    "QMessageBox": "a modal box",
}


@pytest.mark.parametrize("file", sorted(UI.rglob("*.py")), ids=lambda file: str(file.relative_to(UI)))
def test_no_file_does_what_the_window_must_not(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        assert name not in FORBIDDEN, (
            f"{file.name}:{getattr(node, 'lineno', 0)} uses {name}: {FORBIDDEN[name]}"
        )
        if name == "exec" and isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            assert owner == "app", f"{file.name}:{node.lineno} runs a nested loop on {owner}"


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    shown = picture(24)
    bridge = FakeBridge(shown)
    bridge.answers.update(histories.answers(shown))
    workspace = Workspace(bridge, ManualClock(NOW_MS), ZoneInfo("Europe/Amsterdam"))
    made = MainWindow(workspace, keep_awake=False)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.leaving.over = True
    # Gone before the scale is put back: a window that still lives would be dressed once more.
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


ROUTES = [page.route for section in sections() for page in section.pages]


def argument_of(route: str, window: MainWindow) -> str:
    return next(iter(window.workspace.picture.stations)) if route == "stations/station" else ""


@pytest.mark.parametrize("route", ROUTES)
def test_everything_that_can_be_pressed_or_typed_into_has_a_name(window: MainWindow, route: str) -> None:
    window.open(route, argument_of(route, window))
    nameless = []
    wanted = (
        QAccessible.Role.Button,
        QAccessible.Role.CheckBox,
        QAccessible.Role.RadioButton,
        QAccessible.Role.EditableText,
        QAccessible.Role.ComboBox,
    )

    def walk(thing: object) -> None:
        for place in range(thing.childCount()):  # type: ignore[attr-defined]
            child = thing.child(place)  # type: ignore[attr-defined]
            if child is None:
                continue
            if (
                child.role() in wanted
                and not child.state().invisible
                and not child.text(QAccessible.Text.Name)
            ):
                nameless.append(f"{child.role()} {child.object()}")
            walk(child)

    walk(QAccessible.queryAccessibleInterface(window))
    assert nameless == []


@pytest.mark.parametrize("choice", ["dark", "light", "contrast"])
@pytest.mark.parametrize("route", ROUTES)
def test_every_page_is_drawn_in_every_theme(window: MainWindow, route: str, choice: str) -> None:
    theme().choose(choice)
    window.open(route, argument_of(route, window))
    image = window.grab().toImage()
    ground = image.pixelColor(4, 400)
    assert (ground.lightness() < 60) == (choice == "dark")


@pytest.mark.parametrize("route", ROUTES)
def test_text_of_twice_the_size_still_fits_a_window(window: MainWindow, route: str) -> None:
    theme().set_scale(2.0)
    window.resize(1920, 1080)
    window.open(route, argument_of(route, window))
    assert window.minimumSizeHint().width() <= 1920
    window.grab()


def test_a_window_can_be_thrown_away(dressed: QApplication) -> None:
    workspace = Workspace(FakeBridge(picture(3)), ManualClock(NOW_MS), ZoneInfo("UTC"))
    window = MainWindow(workspace, keep_awake=False)
    window.open("stations/list")
    assert window.page is not None
    page = window.page
    window.leaving.over = True
    window.deleteLater()
    del window
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(page), "its widgets are freed with it"


class _Nothing(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.end()


def test_painting_loses_no_reference_to_none(dressed: QApplication, qtbot: QtBot) -> None:
    """PySide6 6.12.0 under Python 3.11 dropped one at every virtual override that returns None."""
    widget = _Nothing()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    before = sys.getrefcount(None)
    for _ in range(500):
        widget.repaint()
    assert abs(sys.getrefcount(None) - before) <= 20
