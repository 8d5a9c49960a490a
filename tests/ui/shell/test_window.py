"""The window around the pages: going places by keys, what a page hears, what stays when one fails."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.fleet.views import Changes
from tests.ui.shell.probes import (
    PICTURE,
    press,
    probe,
    sheet,
)
from ui.shell.window import MainWindow
from ui.theme.theme import theme


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


def test_a_sheet_has_the_keys_for_itself(window: MainWindow, qtbot: QtBot) -> None:
    window.show_keys()
    press(window, qtbot, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.route == "overview"
    sheet(window).finish(None)


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


def test_a_page_asks_again_once_the_server_is_back(window: MainWindow) -> None:
    bridge = window.workspace.bridge
    bridge.started.emit()
    before = probe(window).did.count("opened")
    bridge.failed.emit("Port 9220 is in use by another program.")
    bridge.started.emit()
    assert probe(window).did.count("opened") == before + 1
    bridge.started.emit()
    assert probe(window).did.count("opened") == before + 1


def test_the_theme_switch_is_remembered(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[object] = []
    monkeypatch.setattr("ui.shell.page.save", lambda data_dir, changes: kept.append(changes))
    window.switch_theme()
    assert theme().name == "light"
    assert kept == [{"window.theme": "light"}]
    assert window.workspace.settings.window.theme == "light"


def test_demo_data_is_marked_on_every_page(window: MainWindow) -> None:
    assert not window.top_bar.demo.isVisible()
    window.workspace.bridge.feed(Changes(server=replace(PICTURE.server, demo=True)))
    assert window.top_bar.demo.isVisible()
