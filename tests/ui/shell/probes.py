"""Pages that remember what the window asks of them, and what the window's tests look for and press."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.status import Admission, LinkState, Shown
from app.fleet.views import Changes, Picture, ServerView, StationView, Totals
from ui.shell.navigation import PageSpec, Section
from ui.shell.page import Hit, Page, Workspace
from ui.shell.window import MainWindow
from ui.widgets.sheet import Sheet

NOW_MS = 1_792_067_528_000
ZONE = ZoneInfo("Europe/Amsterdam")


class Probe(Page):
    """A page that remembers what the window asked of it."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.did: list[str] = []
        self.inner = False

    def opened(self, argument: str) -> None:
        self.did.append(f"opened {argument}".strip())
        self.title_changed.emit("", "18 sites")

    def closed(self) -> None:
        self.did.append("closed")

    def take(self, changes: Changes, picture: Picture) -> None:
        self.did.append("took")

    def focus_filter(self) -> None:
        self.did.append("filter")

    def export_view(self) -> None:
        self.did.append("export")

    def back(self) -> bool:
        was, self.inner = self.inner, False
        return was

    def hits(self, text: str) -> list[Hit]:
        return [
            Hit(
                "Run recovery",
                "VTP-03",
                "On the selected station",
                "wrench",
                run=lambda: self.did.append("ran"),
            )
        ]

    def keys(self) -> list[tuple[str, str]]:
        return [("Space", "tick")]


class Broken(Page):
    """A page that cannot be built."""

    def __init__(self, workspace: Workspace) -> None:
        raise ValueError("nothing here")


def spec(route: str, tab: str = "", name: str = "Probe") -> PageSpec:
    return PageSpec(route, tab, __name__, name)


SECTIONS = (
    Section("overview", "Overview", "layout-dashboard", (spec("overview"),)),
    Section(
        "stations",
        "Stations",
        "plug-zap",
        (spec("stations/list", "List"), spec("stations/messages", "Messages"), spec("stations/station")),
    ),
    Section("broken", "Broken", "map", (spec("broken", name="Broken"),)),
    Section("settings", "Settings", "settings", (spec("settings"),), foot=True),
)


def station(identity: str, shown: Shown) -> StationView:
    return StationView(
        identity, "", "Venlo Trade Port", 51.3, 6.1, Admission.ACCEPTED, LinkState.ONLINE, 0, NOW_MS, shown
    )


PICTURE = Picture(
    at_ms=NOW_MS,
    stations={name: station(name, Shown.CHARGING) for name in ("VTP-01", "VTP-02", "HAC-01")},
    totals=Totals(stations=46, online=42, sessions_open=3),
    server=ServerView(
        state="listening",
        urls=("ws://192.168.40.12:9220/",),
        connected=42,
        by_version=(("1.6", 29), ("2.0.1", 13)),
        messages_per_minute=412,
        database_bytes=1_840_000_000,
        last_backup_ms=NOW_MS - 12 * 3_600_000,
        backup_verified=True,
    ),
)


def probe(window: MainWindow) -> Probe:
    page = window.page
    assert isinstance(page, Probe)
    return page


def sheet(window: MainWindow) -> Sheet:
    """The sheet in view; a flow opens it in the loop's next turn."""
    for _ in range(3):
        QApplication.processEvents()
    return next(found for found in window.findChildren(Sheet) if found.isVisible())


def press(window: MainWindow, qtbot: QtBot, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    qtbot.keyClick(window, key, held)
