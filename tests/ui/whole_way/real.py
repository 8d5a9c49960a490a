"""The real window over a real core, on a free port of this machine, and what tests look for in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.clock import Clock, SystemClock
from app.control_room import ControlRoom
from app.domain.intents import AddStation
from app.domain.status import LinkState
from app.fleet.views import StationView
from app.settings import load
from ui import launch, preferences
from ui.theme.theme import theme

CHARGER = "FIRST-CHARGER"
PATIENCE_MS = 20_000


@contextmanager
def real_window(qtbot: QtBot, data: Path, clock: Clock | None = None, **given: str) -> Iterator[Any]:
    """The window over a core of its own that listens; `given` are further settings, by name."""
    settings = load(data, {"listen": "127.0.0.1:0", "window.stay_awake": "false", **given}, {})
    clock = clock or SystemClock()
    made = launch.make_window(settings, lambda _bridge: ControlRoom(settings, clock))
    made.workspace.clock = clock
    made.resize(1440, 900)
    made.show()
    made.begin()
    bridge = made.workspace.bridge
    qtbot.waitUntil(lambda: bridge.picture.server.state == "listening", timeout=PATIENCE_MS)
    yield made
    with qtbot.waitSignal(bridge.stopped, timeout=PATIENCE_MS):
        bridge.stop()
    made.hide()
    made.deleteLater()
    preferences.use(preferences.Preferences())
    theme().choose("dark")


@contextmanager
def real_window_with(
    qtbot: QtBot, data: Path, begin: Callable[[ControlRoom], Any], ready: Callable[[StationView], bool]
) -> Iterator[Any]:
    """The window once a charger that `begin` connects stands there as `ready` asks."""
    with real_window(qtbot, data) as made:
        bridge = made.workspace.bridge
        bridge.do(AddStation(CHARGER, "First", "Yard"))
        bridge.run(begin)

        def there() -> bool:
            view = bridge.picture.stations.get(CHARGER)
            return view is not None and view.link is LinkState.ONLINE and ready(view)

        qtbot.waitUntil(there, timeout=30_000)
        yield made


def button(window: Any, text: str) -> QAbstractButton:
    """A button in view, by its word or name."""
    for found in window.findChildren(QAbstractButton):
        if found.isVisible() and text in (found.text(), found.accessibleName()):
            return found
    raise AssertionError(f"there is no button {text!r} in view")


def seen(window: Any, text: str) -> bool:
    """Whether a button of that name is in view."""
    return any(
        b.isVisible() and text in (b.text(), b.accessibleName()) for b in window.findChildren(QAbstractButton)
    )
