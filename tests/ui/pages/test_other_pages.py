"""Messages, onboarding, map and settings as somebody uses them."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.domain.status import Shown
from tests.ui.pictures import NOW_MS, messages
from ui.models.addresses import Reach
from ui.preferences import preferences
from ui.theme.theme import theme
from ui.widgets import listen_sheet


def test_messages_of_all_stations_arrive_and_one_opens_whole(open_page: Any) -> None:
    """Lines of every station; Enter shows call and answer, a search marks what it finds."""
    stage = open_page("messages")
    views = list(stage.bridge.picture.stations.values())[:2]
    for view in views:
        stage.bridge.tell(*messages(view, 10, start_ms=NOW_MS))
    log = stage.page.log
    assert {line.view.station for line in log.model.rows} == {view.station for view in views}
    number = next(line.number for line in log.model.rows if line.view.action == "MeterValues")
    log.table.go_to(number)
    stage.press(log.table, Qt.Key.Key_Return)
    assert stage.page.detail.isVisible()
    assert stage.page.detail.views[0].find_all("Power.Active.Import") == 1
    assert stage.page.back()
    assert not stage.page.detail.isVisible()


def test_p_pauses_and_end_follows_again(open_page: Any) -> None:
    """Nothing that arrives while paused is lost."""
    stage = open_page("messages")
    view = stage.bridge.picture.stations["UTM-01"]
    stage.page.log.table.setFocus()
    stage.press(stage.page.log.table, Qt.Key.Key_P)
    stage.bridge.tell(*messages(view, 8))
    assert not stage.page.log.model.rows
    stage.press(stage.page.log.table, Qt.Key.Key_End)
    assert len(stage.page.log.model.rows) == 8


def test_opened_for_a_station_it_filters_by_it(open_page: Any) -> None:
    """From a station's glance: only its lines."""
    stage = open_page("messages", argument="UTM-01")
    for name in ("UTM-01", "BRP-01"):
        stage.bridge.tell(*messages(stage.bridge.picture.stations[name], 4))
    assert {line.view.station for line in stage.page.log.model.rows} == {"UTM-01"}


def test_the_address_to_type_is_exact_and_copied(open_page: Any) -> None:
    """What stands on the page is what the clipboard gets, without the placeholder."""
    stage = open_page("onboarding")
    assert stage.page.address.box.text == "ws://192.168.40.12:9220/ocpp/IDENTITY"
    stage.click(stage.page.address.copy)
    assert QGuiApplication.clipboard().text() == "ws://192.168.40.12:9220/ocpp/"


def test_a_server_whose_port_is_taken_is_started_elsewhere(open_page: Any, monkeypatch: Any) -> None:
    """Nothing runs, so nothing can be moved: the choice is kept, and the server starts there."""
    stage = open_page("onboarding")
    monkeypatch.setattr(listen_sheet, "machine_addresses", lambda: ())
    kept: list[Any] = []
    monkeypatch.setattr(
        stage.workspace,
        "set_setting",
        lambda name, value, done=None, failed=None: (kept.append((name, value)), done(None)),
    )
    stage.bridge.running = False
    started: list[bool] = []
    monkeypatch.setattr(stage.bridge, "start", lambda: started.append(True))
    stage.click(stage.button("Choose the address…"))
    sheet = stage.sheet()
    sheet.port.setText("9300")
    stage.click(sheet.confirm)
    assert kept == [("listen", (f"{sheet.chosen}:9300",))]
    assert stage.bridge.listen == kept[0][1]
    assert started == [True]


def test_the_listener_moves_without_a_restart(open_page: Any, monkeypatch: Any) -> None:
    """Choose a network and a port; a wrong port is told; then the core is asked and it is kept."""
    reaches = (Reach("192.168.40.12", "Ethernet, eth0"), Reach("10.8.0.1", "Tunnel, wg0"))
    monkeypatch.setattr(listen_sheet, "machine_addresses", lambda: reaches)
    kept: list[tuple[str, Any]] = []
    stage = open_page("onboarding")

    def keep(name: str, value: Any, done: Any = None, failed: Any = None) -> None:
        kept.append((name, value))
        done(None)

    stage.workspace.set_setting = keep
    stage.page.choose_address()
    sheet = stage.sheet()
    assert sheet.chosen == "192.168.40.12"
    stage.button("10.8.0.1   Tunnel, wg0").setChecked(True)
    sheet.port.setText("70000")
    stage.click(sheet.confirm)
    assert "The port is a number from 1 to 65535." in stage.texts(sheet)
    sheet.port.setText("9300")
    stage.click(sheet.confirm)
    assert kept == [("listen", ("10.8.0.1:9300",))]
    assert stage.toasts[-1] == "Stations can call the new address now."


def test_an_address_in_use_is_told_and_nothing_changes(open_page: Any) -> None:
    """The cause in the sheet; the old listener goes on."""
    stage = open_page("onboarding")
    stage.page.choose_address()
    stage.bridge.refuse = "Port 9220 is in use by another program."
    sheet = stage.sheet()
    stage.click(sheet.confirm)
    assert "Port 9220 is in use by another program." in stage.texts(sheet)
    assert "Everything stays as it was." in stage.texts(sheet)


def test_the_map_follows_the_list(open_page: Any) -> None:
    """J and K move through the sites, the ring follows; Enter opens the stations."""
    stage = open_page("map")
    table = stage.page.table
    table.setFocus()
    table.go_to(stage.page.model.rows[0].site)
    stage.press(table, Qt.Key.Key_J)
    site = table.current_key()
    assert stage.page.map.map.selected == site
    stage.press(table, Qt.Key.Key_Return)
    assert stage.went == [("stations/list", f"site:{site}")]
    assert stage.page.model.rows[0].shown is Shown.FAULTED


def test_the_theme_changes_at_once_and_is_kept(open_page: Any, monkeypatch: Any) -> None:
    """Light, high contrast and size take effect on the click."""
    stage = open_page("settings")
    kept: list[tuple[str, Any]] = []
    monkeypatch.setattr(
        stage.workspace, "set_setting", lambda name, value, done=None, failed=None: kept.append((name, value))
    )
    stage.page.theme._take(2)
    assert theme().name == "light"
    stage.page.theme._take(3)
    assert theme().name == "contrast"
    stage.page.scale.choose("150")
    assert theme().scale == pytest.approx(1.5)
    assert preferences().get("scale") == pytest.approx(1.5)
    assert kept == [("window.theme", "light"), ("window.theme", "contrast")]


def test_settings_are_found_by_their_words(open_page: Any) -> None:
    """A search hides what does not fit and says when nothing does."""
    stage = open_page("settings")
    stage.page._search("backup")
    assert "Data directory" not in stage.texts()
    assert "Back up now…" in stage.texts()
    stage.page._search("no such thing")
    assert "No setting has these words." in stage.texts()


def test_stay_awake_is_a_switch_that_is_kept(open_page: Any, monkeypatch: Any) -> None:
    """A click turns it off and keeps that."""
    stage = open_page("settings")
    kept: list[tuple[str, Any]] = []
    monkeypatch.setattr(
        stage.workspace, "set_setting", lambda name, value, done=None, failed=None: kept.append((name, value))
    )
    stage.click(stage.page.awake)
    assert kept == [("window.stay_awake", False)]


def test_a_backup_is_asked_of_the_core(open_page: Any, tmp_path: Any) -> None:
    """Done is told with the file; a failure with its sentence."""
    stage = open_page("settings")
    stage.page._back_up_to(tmp_path / "b.db")
    assert "read back and found whole" in stage.toasts[-1]
    stage.bridge.refuse = "There is no room on that disk."
    stage.page._back_up_to(tmp_path / "b.db")
    assert stage.toasts[-1] == "There is no room on that disk."
