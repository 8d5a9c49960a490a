"""The window around the pages: going places, keys, the palette, closing, the status bar."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.clock import ManualClock
from app.domain.status import Admission, LinkState, Shown
from app.fleet.views import Changes, Picture, ServerView, StationView, Totals
from app.settings import Settings
from app.tasks import spawn
from tests.ui.fakes import FakeBridge
from ui.shell import closing, keys_help, navigation, page_deeds
from ui.shell.fuzzy import score
from ui.shell.navigation import PageSpec, Section
from ui.shell.page import Hit, Page, Workspace
from ui.shell.starting import left_words
from ui.shell.window import MainWindow
from ui.theme.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.labels import KeyHint, Label
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


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(navigation, "sections", lambda: SECTIONS)
    monkeypatch.setattr("ui.shell.window.sections", lambda: SECTIONS)
    monkeypatch.setattr("ui.shell.places.sections", lambda: SECTIONS)
    monkeypatch.setattr(PageSpec, "make", lambda self, workspace: globals()[self.name](workspace))
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


def test_alt_and_a_number_opens_a_page(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.route == "stations/list"


def test_tabs_go_round_by_keys(window: MainWindow, qtbot: QtBot) -> None:
    window.open("stations")
    press(window, qtbot, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert window.route == "stations/messages"
    press(window, qtbot, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert window.route == "stations/list"


def test_only_the_page_in_view_hears_of_changes(window: MainWindow) -> None:
    first = probe(window)
    window.open("stations/list")
    first.did.clear()
    window.workspace.bridge.feed(Changes())
    assert first.did == []
    assert probe(window).did[-1] == "took"


def test_a_page_is_kept_and_told_when_it_leaves(window: MainWindow) -> None:
    first = probe(window)
    window.open("stations/station", "VTP-03")
    assert probe(window).did == ["opened VTP-03"]
    window.open("overview")
    assert window.page is first
    assert first.did == ["opened", "closed", "opened"]


def test_esc_leaves_an_inner_state_first_then_the_page(window: MainWindow, qtbot: QtBot) -> None:
    window.open("stations/station", "VTP-03")
    probe(window).inner = True
    press(window, qtbot, Qt.Key.Key_Escape)
    assert window.route == "stations/station"
    press(window, qtbot, Qt.Key.Key_Escape)
    assert window.route == "overview"


def test_single_keys_reach_the_page(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_Slash)
    press(window, qtbot, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert probe(window).did[-2:] == ["filter", "export"]


def test_single_keys_are_letters_while_typing(window: MainWindow, qtbot: QtBot) -> None:
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Slash)
    assert field.text() == "/"
    assert "filter" not in probe(window).did


def test_the_palette_finds_stations_and_goes_there(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = window.palette_box
    assert box.isVisible()
    qtbot.keyClicks(box.field, "vtp")
    assert [hit.title for hit in box.results.hits if hit.group == "Stations"] == ["VTP-01", "VTP-02"]
    while box.results.chosen is None or box.results.chosen.title != "VTP-02":
        qtbot.keyClick(box.field, Qt.Key.Key_Down)
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert not box.isVisible()
    assert (window.route, probe(window).did) == ("stations/station", ["opened VTP-02"])


def test_the_palette_runs_what_the_page_offers(window: MainWindow, qtbot: QtBot) -> None:
    window.palette_box.open("recov")
    qtbot.keyClick(window.palette_box.field, Qt.Key.Key_Return)
    assert probe(window).did[-1] == "ran"


def test_the_palette_finds_what_other_pages_do(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "Back up" was found on Settings only; the page opens and does it."""
    monkeypatch.setitem(page_deeds.DEEDS, "stations/list", (("Run recovery", "wrench"),))
    window.palette_box.open("run recovery")
    there = [hit for hit in window.palette_box.results.hits if hit.group == "On other pages"]
    assert [hit.title for hit in there] == ["Run recovery"]
    window.palette_box.chosen.emit(there[0])
    assert window.route == "stations/list"
    assert probe(window).did[-1] == "ran"


@pytest.mark.parametrize(
    ("part", "passed_ms", "words"),
    [(0.5, 2000, ""), (0.25, 20_000, "about 1 min left"), (0.9, 60_000, "about 10 s left"), (0.0, 9000, ""),
     (0.1, 60_000, "about 9 min left")],
)  # fmt: skip
def test_how_long_a_start_takes_is_told_once_it_is_known(part: float, passed_ms: int, words: str) -> None:
    assert left_words(part, passed_ms) == words


def test_the_palette_opens_a_session_by_its_number(window: MainWindow) -> None:
    window.palette_box.open("48211")
    assert any(hit.title == "Session 48211" for hit in window.palette_box.results.hits)


def test_the_palette_gives_way_to_esc(window: MainWindow, qtbot: QtBot) -> None:
    window.palette_box.open("")
    qtbot.keyClick(window.palette_box.field, Qt.Key.Key_Escape)
    assert not window.palette_box.isVisible()


@pytest.mark.parametrize(
    ("typed", "name", "fits"),
    [
        ("reset", "Import complaints, reviews and credits…", False),
        ("vtp", "Venlo Trade Port", True),
        ("export sess", "Export these sessions as CSV…", True),
        ("vtp-03 reset", "Soft reset VTP-03…", True),
        ("backup", "Back up now…", True),
        ("vtp-03 reset", "Soft reset VTP-04…", False),
    ],
)
def test_what_is_typed_is_made_of_beginnings_of_words(typed: str, name: str, fits: bool) -> None:
    """Letters from anywhere made "reset" find the import of complaints."""
    assert (score(typed, name) is not None) == fits


def test_a_command_without_a_station_leads_to_the_list_of_them(window: MainWindow) -> None:
    """It found nothing that had to do with it."""
    window.palette_box.open("hard reset")
    first = window.palette_box.results.hits[0]
    assert (first.title, first.note, first.route) == ("Hard reset…", "choose its station", "stations/list")


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [("vtp", "VTP-03", "Venlo Trade Port"), ("set", "Settings", "Reset station"), ("03", "VTP-03", "VTP-13")],
)
def test_what_fits_better_comes_first(typed: str, better: str, worse: str) -> None:
    first, second = score(typed, better), score(typed, worse)
    assert first is not None
    assert second is None or first > second
    assert score("xyz", better) is None


def test_a_sheet_has_the_keys_for_itself(window: MainWindow, qtbot: QtBot) -> None:
    window.show_keys()
    press(window, qtbot, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.route == "overview"
    sheet(window).finish(None)


def test_the_list_of_keys_names_those_of_the_page(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_Question)
    said = [child.accessibleName() for child in sheet(window).findChildren(type(window.rail).__mro__[1])]
    assert any("tick" in name for name in said)


def test_the_list_of_keys_fits_a_laptop_and_names_none_twice(window: MainWindow, qtbot: QtBot) -> None:
    """24 rows below each other cut the caps of their keys."""
    window.resize(1280, 720)
    keys = [*[("Ctrl Z", "undo")], *[(letter, f"does {letter}") for letter in "ABCDEFGHIJKLMN"]]
    sheet_ = keys_help.show(window, keys)
    qtbot.waitExposed(sheet_)
    caps = sheet_.findChildren(KeyHint)
    assert all(cap.height() >= cap.sizeHint().height() for cap in caps)
    said = [label.text() for label in sheet_.findChildren(Label)]
    assert said.count("undo") == 1
    assert {"Everywhere", "On this page"} <= set(said)
    sheet_.finish(None)


def test_a_tab_has_its_count_before_its_page_was_opened(window: MainWindow) -> None:
    """The list was counted only once somebody had been there, and no more while it was out of view."""
    window.open("stations/messages")
    assert "stations/list" not in window._pages
    assert window._tab_text("stations/list") == "List\t3"
    fewer = replace(PICTURE, stations={"VTP-01": PICTURE.stations["VTP-01"]})
    window.workspace.bridge.picture = fewer
    window._show_picture()
    assert window._tab_text("stations/list") == "List\t1"


def test_a_narrow_window_has_icons_only(window: MainWindow) -> None:
    assert window.rail.width() == 88
    window.resize(1280, 720)
    assert window.rail.width() == 56
    item = next(iter(window.rail._items.values()))
    for count in (8, 18, 118):
        item.show_count(count)
        assert item.rect().contains(item._badge.geometry()), f"{count} is seen whole"


def test_a_page_that_fails_leaves_the_others(window: MainWindow, caplog: pytest.LogCaptureFixture) -> None:
    window.open("broken")
    assert "could not be built" in caplog.text
    window.open("overview")
    assert probe(window).did[-1] == "opened"


def test_the_theme_switch_is_remembered(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[object] = []
    monkeypatch.setattr("ui.shell.page.save", lambda data_dir, changes: kept.append(changes))
    window.switch_theme()
    assert theme().name == "light"
    assert kept == [{"window.theme": "light"}]
    assert window.workspace.settings.window.theme == "light"


def test_the_status_bar_tells_what_the_server_does(window: MainWindow) -> None:
    bar = window.status_bar
    assert bar.text_of("server") == "Server: Server listening · 42 of 46 connected"
    assert bar.text_of("address") == "Address:  ws://192.168.40.12:9220"
    assert bar.text_of("protocols") == "Protocols:  OCPP 1.6J 29 · 2.0.1 13"
    assert bar.text_of("messages") == "Messages:  412 messages/min"
    assert bar.text_of("database") == "Database:  Database 1.84 GB"
    assert bar.text_of("backup") == "Backup:  Backup 02:32, verified"
    assert bar.text_of("clock") == "Time: 14:32:08 Thu 15 Oct 2026 · CEST (UTC+2)"
    bar.show_server(replace(window.workspace.picture.server, messages_per_minute=1), Totals(), 0)
    assert bar.text_of("messages") == "Messages:  1 message/min"


def test_no_line_divides_the_clock_from_nothing(window: MainWindow) -> None:
    """While it starts, nothing is known of the database and backups."""
    parts = window.status_bar._parts
    assert parts["clock"].rule
    window.status_bar.show_server(ServerView(), Totals(), NOW_MS)
    assert not parts["database"].says_something
    assert not parts["clock"].rule


def test_a_server_that_failed_says_why_and_offers_a_restart(window: MainWindow, qtbot: QtBot) -> None:
    window.workspace.bridge.failed.emit("Port 9220 is in use by another program.")
    assert window.status_bar.failed
    assert "Port 9220" in window.status_bar.text_of("server")
    with qtbot.waitSignal(window.workspace.bridge.started):
        qtbot.mouseClick(window.status_bar.restart, Qt.MouseButton.LeftButton)
    assert not window.status_bar.failed


def test_a_page_asks_again_once_the_server_is_back(window: MainWindow) -> None:
    bridge = window.workspace.bridge
    bridge.started.emit()
    before = probe(window).did.count("opened")
    bridge.failed.emit("Port 9220 is in use by another program.")
    bridge.started.emit()
    assert probe(window).did.count("opened") == before + 1
    bridge.started.emit()
    assert probe(window).did.count("opened") == before + 1


def test_nothing_being_recorded_is_said_loudly(window: MainWindow) -> None:
    server = replace(PICTURE.server, recording=False, recording_cause="The disk is full.")
    window.workspace.bridge.feed(Changes(server=server))
    assert window.status_bar.text_of("recording") == "Recording: Not recording The disk is full."


def test_demo_data_is_marked_on_every_page(window: MainWindow) -> None:
    assert not window.top_bar.demo.isVisible()
    window.workspace.bridge.feed(Changes(server=replace(PICTURE.server, demo=True)))
    assert window.top_bar.demo.isVisible()


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


def test_a_long_start_says_how_far_it_is(window: MainWindow) -> None:
    bridge = window.workspace.bridge
    bridge.progressed.emit(0.4, "Writing 90 days of a simulated past")
    current = window.stack.currentWidget()
    assert current is not None
    assert current.accessibleName() == "Writing 90 days of a simulated past"
    current.grab()
    bridge.started.emit()
    assert window.stack.currentWidget() is window.page
