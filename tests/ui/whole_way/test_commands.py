"""Commands on a station's page, in the real window over the real core: what is done is seen to be done."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.operations import CommandState
from tests.ui.whole_way.real import CHARGER, PATIENCE_MS, button, seen
from ui.simulated import start_one


def arrive(window: Any, qtbot: QtBot) -> Any:
    """A simulated station is let in, and its page is open."""
    bridge = window.workspace.bridge
    bridge.run(start_one, done=lambda _: None)
    qtbot.waitUntil(lambda: seen(window, f"Accept {CHARGER}"), timeout=PATIENCE_MS)
    qtbot.mouseClick(button(window, f"Accept {CHARGER}"), Qt.MouseButton.LeftButton)

    def booted() -> bool:
        view = bridge.picture.stations.get(CHARGER)
        return view is not None and any(plug.since_ms is not None for plug in view.connectors)

    qtbot.waitUntil(booted, timeout=PATIENCE_MS)
    window.open("stations/station", CHARGER)
    return window.page


def test_a_reset_from_the_page_is_seen_to_have_worked(window: Any, qtbot: QtBot, tmp_path: Path) -> None:
    """The sheet says what it cuts and asks why; the log ends with "Proved"; the log is exported."""
    page = arrive(window, qtbot)

    def charging() -> bool:
        view = window.workspace.bridge.picture.stations[CHARGER]
        return any(plug.session is not None for plug in view.connectors)

    # Who agrees to cut nobody has the reset held until the car is gone, so the car comes first.
    qtbot.waitUntil(charging, timeout=PATIENCE_MS)
    sheet = page.hands.open("reset-hard")
    qtbot.waitUntil(sheet.confirm.isEnabled, timeout=PATIENCE_MS)
    assert sheet.cancel.hasFocus()
    sheet.why.setText("its screen is frozen")
    qtbot.mouseClick(sheet.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page.hands.log.of("Reset")), timeout=PATIENCE_MS)

    def proved() -> bool:
        return bool(page.hands.log.of("Reset")[0].outcome == CommandState.PROVED)

    qtbot.waitUntil(proved, timeout=3 * PATIENCE_MS)
    record = page.hands.log.of("Reset")[0]
    entry = page.hands.log.entry(record.command)
    assert "Proved" in entry.head.accessibleName()
    assert record.proof in entry.head.accessibleName()
    entry.turn()
    assert entry.is_open

    page.show_tab("settings")
    page.device["settings"].read_all()
    qtbot.waitUntil(lambda: bool(page.device["settings"].model.rows), timeout=PATIENCE_MS)
    write_one(page, qtbot)

    table = tmp_path / "commands.csv"
    page.hands.export_to(table)
    qtbot.waitUntil(table.exists, timeout=PATIENCE_MS)
    assert "its screen is frozen" in table.read_text(encoding="utf-8-sig")


def write_one(page: Any, qtbot: QtBot) -> None:
    """A setting is changed from its row, and seen to be read back equal."""
    tab = page.device["settings"]
    row = next(row for row in tab.model.rows if row.name == "ConnectionTimeOut")
    tab.change(row.key, "75")
    sheet = tab.ask_write()
    qtbot.waitUntil(sheet.confirm.isEnabled, timeout=PATIENCE_MS)
    qtbot.mouseClick(sheet.confirm, Qt.MouseButton.LeftButton)

    def read_back() -> bool:
        return any(row.result == "equal" and row.value == "75" for row in tab.rows())

    qtbot.waitUntil(read_back, timeout=PATIENCE_MS)


def test_a_log_comes_with_one_click_and_service_is_taken_back(
    window: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    """The file is here with its size; out of service, and within 10 s back again, both proved."""
    page = arrive(window, qtbot)
    page.show_tab("files")
    tab = page.device["files"]
    qtbot.waitUntil(tab.get.isEnabled, timeout=PATIENCE_MS)
    tab.fetch("Diagnostics")
    qtbot.waitUntil(lambda: any(f.state == "received" for f in tab.model.rows), timeout=3 * PATIENCE_MS)
    file = next(f for f in tab.model.rows if f.state == "received")
    assert file.bytes > 0
    tab.table.go_to(file.file)
    saved = tmp_path / "saved.zip"
    tab._with_path(lambda path, _file: tab.copy_to(path, saved))
    qtbot.waitUntil(lambda: saved.exists() and saved.stat().st_size == file.bytes, timeout=PATIENCE_MS)

    sheet = page.hands.open("service", {"to": "out", "evse": "2"})
    qtbot.waitUntil(sheet.confirm.isEnabled, timeout=PATIENCE_MS)
    qtbot.mouseClick(sheet.confirm, Qt.MouseButton.LeftButton)

    def states() -> list[str]:
        return [record.outcome for record in page.hands.log.of("SetAvailability")]

    qtbot.waitUntil(lambda: states() == [CommandState.PROVED], timeout=3 * PATIENCE_MS)
    assert window.toast.undo(), "it can be taken back for 10 s"
    qtbot.waitUntil(lambda: states() == [CommandState.PROVED] * 2, timeout=3 * PATIENCE_MS)
