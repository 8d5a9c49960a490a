"""Messages of rules reach who sits here: by the tray where there is one, else in the window."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from app.clock import ManualClock
from app.notify.outbox import Message
from tests.ui.fakes import FakeBridge
from tests.ui.pictures import NOW_MS
from ui.shell import desktop_messages
from ui.shell.desktop_messages import DesktopMessages
from ui.shell.page import Workspace


@pytest.fixture
def made(qtbot: Any, dressed: Any) -> Iterator[Any]:
    """Who shows messages, and what the window said."""
    window = QWidget()
    qtbot.addWidget(window)
    bridge = FakeBridge()
    workspace = Workspace(bridge, ManualClock(NOW_MS), ZoneInfo("UTC"))
    said: list[str] = []
    workspace.toast_asked.connect(lambda text, _undo, _shown: said.append(text))
    shower = DesktopMessages(window, workspace)
    yield shower, bridge, said
    assert window is not None, "it lives as long as its window"


def message(*channels: str) -> Message:
    return Message("rule", channels, "Connector lock failure", "VLB-01 loses €14.20/h", (11,))


def test_a_message_for_the_window_is_a_line_in_it(made: Any) -> None:
    shower, bridge, said = made
    bridge.answers["desktop-messages"] = [message("desktop")]
    shower.ask()
    assert said == ["Connector lock failure. VLB-01 loses €14.20/h"]


def test_without_a_tray_the_window_says_it(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shower, _bridge, said = made
    monkeypatch.setattr(desktop_messages, "tray_here", lambda: False)
    shower.show_messages([message("tray")])
    assert len(said) == 1


def test_with_a_tray_the_desktop_says_it(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shower, _bridge, said = made
    shown: list[str] = []
    monkeypatch.setattr(desktop_messages, "tray_here", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _icon: None)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, title, *_rest: shown.append(title))
    shower.show_messages([message("tray", "desktop")])
    assert shown == ["Connector lock failure"]
    assert not said


def test_it_asks_only_while_the_core_runs(made: Any) -> None:
    shower, bridge, _said = made
    assert not shower._timer.isActive()
    bridge.started.emit()
    assert shower._timer.isActive()
    bridge.stopped.emit()
    assert not shower._timer.isActive()
