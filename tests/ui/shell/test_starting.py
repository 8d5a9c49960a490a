"""A start as the window shows it: what waits for the core, what waits for stations, how far it is."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.fleet.views import Changes
from tests.ui.fakes import FakeBridge
from tests.ui.shell.probes import PICTURE, ZONE
from ui.shell.page import Workspace
from ui.shell.starting import left_words
from ui.shell.window import MainWindow


class _SlowCore(FakeBridge):
    """A core that takes its time, and a worker that tells what it was to do."""

    def __init__(self) -> None:
        super().__init__(PICTURE)
        self.worked: list[str] = []

    def start(self) -> None:
        return

    def work(self, fn: Any, *args: Any, done: Any = None, failed: Any = None) -> None:
        self.worked.append(fn.__name__)
        if done is not None:
            done(None)


def _over(core: FakeBridge, workspace: Workspace) -> Workspace:
    """The same workspace over another core."""
    return Workspace(core, workspace.clock, ZONE, settings=workspace.settings)


def test_pages_wait_for_the_core_which_stations_wait_for(window: MainWindow, qtbot: QtBot) -> None:
    """The first until the core is loaded, the others until stations are let in."""
    core = _SlowCore()
    early = MainWindow(_over(core, window.workspace))
    qtbot.addWidget(early)
    early.begin()
    assert core.worked == []
    core.feed(Changes())
    assert (core.worked, early.route) == (["load"], "overview")
    core.feed(Changes())
    assert core.worked == ["load"]
    core.started.emit()
    core.started.emit()
    assert core.worked == ["load", "load_all"]
    early.leaving.over = True


def test_pages_are_loaded_where_the_core_cannot_start(window: MainWindow, qtbot: QtBot) -> None:
    core = _SlowCore()
    early = MainWindow(_over(core, window.workspace))
    qtbot.addWidget(early)
    early.begin()
    core.feed(Changes())
    core.failed.emit("The port is taken.")
    assert core.worked == ["load", "load_all"]
    early.leaving.over = True


@pytest.mark.parametrize(
    ("part", "passed_ms", "words"),
    [(0.5, 2000, ""), (0.25, 20_000, "about 1 min left"), (0.9, 60_000, "about 10 s left"), (0.0, 9000, ""),
     (0.1, 60_000, "about 9 min left")],
)  # fmt: skip
def test_how_long_a_start_takes_is_told_once_it_is_known(part: float, passed_ms: int, words: str) -> None:
    assert left_words(part, passed_ms) == words


def test_a_long_start_says_how_far_it_is(window: MainWindow) -> None:
    bridge = window.workspace.bridge
    bridge.progressed.emit(0.4, "Writing 90 days of a simulated past")
    current = window.stack.currentWidget()
    assert current is not None
    assert current.accessibleName() == "Writing 90 days of a simulated past"
    current.grab()
    bridge.started.emit()
    assert window.stack.currentWidget() is window.page
