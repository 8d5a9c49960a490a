"""Commands on a station's page, in the real window over the real core: what is done is seen to be done."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.operations import CommandState
from tests.ui.pages.test_whole_way import CHARGER, PATIENCE_MS, button, seen, window
from ui.simulated import start_one

__all__ = ["window"]


def arrive(window: Any, qtbot: QtBot) -> Any:
    """A simulated station is let in, and its page is open."""
    bridge = window.workspace.bridge
    bridge.run(start_one, done=lambda _: None)
    qtbot.waitUntil(lambda: seen(window, f"Accept {CHARGER}"), timeout=PATIENCE_MS)
    qtbot.mouseClick(button(window, f"Accept {CHARGER}"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: CHARGER in bridge.picture.stations and bool(bridge.picture.stations[CHARGER].version),
        timeout=PATIENCE_MS,
    )
    window.open("stations/station", CHARGER)
    return window.page


def test_a_reset_from_the_page_is_seen_to_have_worked(window: Any, qtbot: QtBot, tmp_path: Path) -> None:
    """The sheet says what it cuts and asks why; the log ends with "Proved"; the log is exported."""
    page = arrive(window, qtbot)
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

    table = tmp_path / "commands.csv"
    page.hands.export_to(table)
    qtbot.waitUntil(table.exists, timeout=PATIENCE_MS)
    assert "its screen is frozen" in table.read_text(encoding="utf-8-sig")
