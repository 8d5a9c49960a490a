"""The whole way, in the real window over the real core: a charger calls, is let in, charges, is exported."""

import csv
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.whole_way.real import CHARGER, PATIENCE_MS, button, seen
from ui.first_start.wizard import FirstStart
from ui.simulated import start_one
from ui.widgets.sheet import Sheet


def test_a_charger_calls_is_let_in_charges_and_is_exported(window: Any, qtbot: QtBot, tmp_path: Path) -> None:
    """From the empty window to a file with its session, by clicks alone."""
    bridge = window.workspace.bridge

    def click(text: str) -> None:
        qtbot.mouseClick(button(window, text), Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: window.findChild(FirstStart) is not None, timeout=PATIENCE_MS)
    first = window.findChild(FirstStart)
    assert first.geometry() == window.rect()
    first.skip.click()
    qtbot.waitUntil(lambda: seen(window, "Start a simulated charger"), timeout=PATIENCE_MS)
    assert bridge.picture.server.urls[0] in window.page._first.address.field.text()
    click("Start a simulated charger")

    qtbot.waitUntil(lambda: seen(window, f"Accept {CHARGER}"), timeout=PATIENCE_MS)
    click(f"Accept {CHARGER}")
    qtbot.waitUntil(lambda: CHARGER in bridge.picture.stations, timeout=PATIENCE_MS)

    window.open("stations/list", "")
    qtbot.waitUntil(lambda: window.page.model.row_of(("station", CHARGER)) is not None, timeout=PATIENCE_MS)
    window.page.table.go_to(("station", CHARGER))
    qtbot.keyClick(window.page.table, Qt.Key.Key_Return)
    assert window.page.station == CHARGER

    def charging() -> bool:
        view = bridge.picture.stations[CHARGER]
        return any(plug.session is not None and plug.session_energy_wh for plug in view.connectors)

    qtbot.waitUntil(charging, timeout=PATIENCE_MS)
    qtbot.waitUntil(
        lambda: any("Charging" in card.accessibleName() for card in window.page.cards._cards),
        timeout=PATIENCE_MS,
    )
    qtbot.waitUntil(
        lambda: any(line.view.action == "MeterValues" for line in window.page.log.model.rows),
        timeout=PATIENCE_MS,
    )

    actions = {action.text(): action for action in window.page.menu.menu().actions()}
    actions["Rename…"].trigger()
    sheet: Any = next(s for s in window.findChildren(Sheet) if s.isVisible())
    sheet.edit("name").setText("North gate")
    qtbot.mouseClick(sheet.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bridge.picture.stations[CHARGER].name == "North gate", timeout=PATIENCE_MS)

    window.open("sessions/list", "")
    qtbot.waitUntil(lambda: len(window.page.model.rows) == 1, timeout=PATIENCE_MS)
    number = int(window.page.model.rows[0].session.session)
    window.page.table.go_to(number)
    qtbot.waitUntil(lambda: not window.page.panel.chart.is_empty, timeout=PATIENCE_MS)

    file = tmp_path / "sessions.csv"
    window.page.export_to(file, "csv")
    qtbot.waitUntil(file.exists, timeout=PATIENCE_MS)
    rows = list(csv.DictReader(file.open(encoding="utf-8-sig")))
    assert [row["station"] for row in rows] == [CHARGER]
    assert rows[0]["session"] == str(number)


def test_listener_door_and_stations_change_while_it_runs(window: Any, qtbot: QtBot, tmp_path: Path) -> None:
    """Another port and another door without a restart; stations of a file; a backup."""
    from ui.pages.stations.import_sheet import ImportSheet
    from ui.widgets.listen_sheet import ListenSheet

    bridge = window.workspace.bridge
    before = bridge.picture.server.urls
    sheet = ListenSheet(window.workspace)
    sheet.open()
    sheet.port.setText(str(_free_port()))
    sheet._group.buttons()[-1].setChecked(True)
    qtbot.mouseClick(sheet.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bridge.picture.server.urls != before, timeout=PATIENCE_MS)

    window.open("onboarding", "")
    window.page.new.policy._take(1)
    qtbot.waitUntil(lambda: window.workspace.settings.access.new_stations == "accept", timeout=PATIENCE_MS)
    bridge.run(start_one, done=lambda _: None)
    qtbot.waitUntil(lambda: CHARGER in bridge.picture.stations, timeout=PATIENCE_MS)
    assert not bridge.picture.waiting, "let in at once, without a restart"

    table = tmp_path / "stations.csv"
    table.write_text(
        "identity,name,site,latitude,longitude,connector,kind,power_kw,price_per_kwh\n"
        "YARD-1,Yard one,Zeist,52.09,5.23,1,CCS,150,0.55\n"
        "YARD-1,Yard one,Zeist,52.09,5.23,2,CCS,150,0.55\n"
    )
    imported = ImportSheet.show_plan(window.workspace, table)
    qtbot.waitUntil(imported.confirm.isEnabled, timeout=PATIENCE_MS)
    qtbot.mouseClick(imported.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: len(getattr(bridge.picture.stations.get("YARD-1"), "connectors", ())) == 2,
        timeout=PATIENCE_MS,
    )
    assert bridge.picture.stations["YARD-1"].site == "Zeist"

    window.open("settings", "")
    copy = tmp_path / "copy.db"
    window.page._back_up_to(copy)
    qtbot.waitUntil(copy.exists, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: bridge.picture.server.last_backup_ms is not None, timeout=PATIENCE_MS)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
