"""Work on stations in the real window over the real core: read, compare, send by hand, and see the proof."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.whole_way.real import CHARGER, real_window_with
from ui.models.bulk import READ
from ui.simulated import start_one

PATIENCE_MS = 30_000


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, gui_loop: object, tmp_path: Path) -> Iterator[Any]:
    """The window over a core of its own, with one simulated charger that has booted."""
    with real_window_with(qtbot, tmp_path / "data", start_one, lambda view: bool(view.model)) as made:
        yield made


def test_a_ticked_station_is_read_compared_and_spoken_to_by_hand(window: Any, qtbot: QtBot) -> None:
    """Read its configuration in a batch, see it in the grid, trigger a message by hand: each in the log."""
    window.open("stations/list", "")
    page = window.page
    page.ticks.set([CHARGER], True)
    sheet = page.bulk.ask(READ)
    qtbot.waitUntil(sheet.confirm.isEnabled, timeout=PATIENCE_MS)
    sheet.confirm.click()
    book = window.workspace.desk
    qtbot.waitUntil(lambda: any(b.state == "done" for b in book.batches.values()), timeout=PATIENCE_MS)
    (record,) = [r for r in book.commands.values() if r.operation == "ReadConfiguration"]
    assert record.outcome in ("done", "proved")

    window.open("stations/configuration", "")
    grid = window.page.grid
    qtbot.waitUntil(lambda: bool(grid.matrix.columns), timeout=PATIENCE_MS)
    assert [column.station for column in grid.matrix.columns] == [CHARGER]
    states = {cell.state.value for cell in window.page.drift.of(CHARGER)}
    assert states & {"equal", "differs"}, "something was read and compared"

    window.open("stations/messages", "")
    hand = window.page.hand
    hand.write(CHARGER, "TriggerMessage", '{"requestedMessage": "Heartbeat"}')
    asked = hand.ask_send()
    qtbot.waitUntil(asked.confirm.isEnabled, timeout=PATIENCE_MS)
    asked.confirm.click()
    qtbot.waitUntil(
        lambda: any(r.action == "TriggerMessage" and r.answered_ms for r in book.commands.values()),
        timeout=PATIENCE_MS,
    )
    window.open("stations/commands", "")
    qtbot.waitUntil(lambda: len(window.page.model.rows) >= 2, timeout=PATIENCE_MS)
    assert {r.operation for r in window.page.model.rows} >= {"Message", "ReadConfiguration"}


def test_what_a_station_said_is_replayed_by_a_simulated_one(window: Any, qtbot: QtBot) -> None:
    """The scenario of the log in view plays under a name of its own; the station itself hears nothing."""
    bridge = window.workspace.bridge
    window.open("stations/messages", "")
    page = window.page
    qtbot.waitUntil(lambda: any(v.action == "BootNotification" for v in page.shown()), timeout=PATIENCE_MS)
    sheet = page.ask_replay()
    sheet.pace._take(2)
    sheet.begin()
    name = f"REPLAY-{CHARGER}"

    def booted() -> bool:
        view = bridge.picture.stations.get(name)
        return view is not None and bool(view.model)

    qtbot.waitUntil(booted, timeout=PATIENCE_MS)
    assert bridge.picture.stations[name].site == "Simulated"
    qtbot.waitUntil(lambda: "It has ended" in sheet._state.text(), timeout=PATIENCE_MS)
    sheet.finish(None)
