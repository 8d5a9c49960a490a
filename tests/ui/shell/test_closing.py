"""Closing the window: what is asked, what stops, what keeps serving."""

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.fleet.views import Picture
from app.tasks import spawn
from tests.ui.shell.probes import (
    probe,
    sheet,
)
from ui.shell import closing
from ui.shell.window import MainWindow
from ui.widgets.buttons import Button
from ui.widgets.sheet import Sheet


class QuietTray:
    """A tray that no desktop has to offer."""

    def __init__(self, *_: object) -> None:
        self.shown = False

    def show(self, picture: Picture) -> None:
        self.shown = True

    def hide(self) -> None:
        self.shown = False

    def tell(self, picture: Picture) -> None:
        pass


def test_closing_says_what_stops_and_can_be_cancelled(window: MainWindow, qtbot: QtBot) -> None:
    window.close()
    assert window.isVisible()
    asked = sheet(window)
    said = " ".join(child.accessibleName() for child in asked.findChildren(closing.Banner))
    assert "42 stations lose their connection" in said
    assert "3 sessions go on at the stations" in said
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert not window.workspace.bridge.done_with


def test_stop_and_quit_stops_the_core_before_the_window_goes(window: MainWindow, qtbot: QtBot) -> None:
    window.close()
    stop = next(button for button in sheet(window).findChildren(Button) if button.text() == "Stop and quit")
    with qtbot.waitSignal(window.left):
        qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert window.workspace.bridge.done_with
    assert probe(window).did[-1] == "closed"


def test_a_core_that_never_stops_does_not_hold_the_window(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(window.workspace.bridge, "stop", lambda: None)
    window.leaving.patience_s = 0.01
    with qtbot.waitSignal(window.left):
        window.leave()
    assert "ends without it" in caplog.text


def test_leaving_ends_the_flows_that_wait(window: MainWindow, qtbot: QtBot) -> None:
    async def endless() -> None:
        await asyncio.Event().wait()

    flow = spawn(endless(), name="window: a flow")
    with qtbot.waitSignal(window.left):
        window.leave()
    assert flow.cancelled()


def test_closing_twice_asks_once(window: MainWindow) -> None:
    window.close()
    window.close()
    sheet(window)
    assert sum(found.isVisible() for found in window.findChildren(Sheet)) == 1


def test_the_tray_keeps_serving(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "tray_here", lambda: True)
    monkeypatch.setattr(closing, "Tray", QuietTray)
    window.close()
    keep = next(b for b in sheet(window).findChildren(Button) if b.text() == "Keep serving in the tray")
    qtbot.mouseClick(keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert not window.workspace.bridge.done_with
    window.leaving.come_back()
    assert window.isVisible()


def test_a_remembered_choice_is_not_asked_again(window: MainWindow, qtbot: QtBot) -> None:
    settings = window.workspace.settings
    window.workspace.settings = replace(settings, window=replace(settings.window, on_close="stop"))
    with qtbot.waitSignal(window.left):
        window.close()


def test_a_request_to_stop_from_outside_is_not_asked(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.left):
        window.workspace.bridge.stop_asked.emit()
