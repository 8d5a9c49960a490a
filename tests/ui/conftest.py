"""Every window test runs dressed, dark, at scale 1, with preferences of its own."""

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from ui import preferences
from ui.theme.apply import apply
from ui.theme.theme import theme


@pytest.fixture(scope="session")
def turned_loop(qapp: QApplication) -> Iterator[QEventLoop]:
    """One loop of the window for the whole run: pytest-qt turns it while it waits."""
    loop = QEventLoop(qapp, already_running=True)
    asyncio._set_running_loop(None)
    yield loop
    loop.stop()
    loop.close()


@pytest.fixture
def gui_loop(turned_loop: QEventLoop) -> Iterator[QEventLoop]:
    """The loop that coroutines of the window run in."""
    asyncio._set_running_loop(turned_loop)
    yield turned_loop
    asyncio._set_running_loop(None)


@pytest.fixture
def dressed(qapp: QApplication, gui_loop: QEventLoop) -> Iterator[QApplication]:
    """The application in the design's look."""
    preferences.use(preferences.Preferences())
    theme().choose("dark")
    theme().set_scale(1.0)
    apply(qapp)
    yield qapp
    theme().choose("dark")
    theme().set_scale(1.0)
