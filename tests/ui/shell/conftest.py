"""The window over pages that remember what it asked of them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clock import ManualClock
from app.settings import Settings
from tests.ui.fakes import FakeBridge
from tests.ui.shell.probes import NOW_MS, PICTURE, SECTIONS, ZONE
from ui.shell import closing, navigation
from ui.shell.page import Workspace
from ui.shell.window import MainWindow


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """The window on its first page; nothing keeps the machine awake, no tray is there."""
    monkeypatch.setattr(navigation, "sections", lambda: SECTIONS)
    monkeypatch.setattr("ui.shell.window.sections", lambda: SECTIONS)
    monkeypatch.setattr("ui.shell.places.sections", lambda: SECTIONS)
    monkeypatch.setattr(closing, "tray_here", lambda: False)
    settings = Settings()
    settings = replace(settings, window=replace(settings.window, stay_awake=False))
    workspace = Workspace(FakeBridge(PICTURE), ManualClock(NOW_MS), ZONE, settings=settings)
    made = MainWindow(workspace)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.open("overview")
    yield made
    made.leaving.over = True
