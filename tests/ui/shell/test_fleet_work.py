"""Work on many stations seen from everywhere: the status bar, and the palette's commands."""

from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clock import ManualClock
from app.operations.feed import DeskChanges
from tests.ui import histories
from tests.ui.desk_work import running
from tests.ui.fakes import FakeBridge
from tests.ui.pictures import NOW_MS, picture
from tests.ui.rooms import FakeDesk, fake_room, serve
from ui.shell.command_palette import ranked
from ui.shell.operations import meant
from ui.shell.page import Workspace
from ui.shell.window import MainWindow
from ui.widgets.sheet import Sheet


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window over a bridge from memory."""
    shown = picture(12)
    bridge = FakeBridge(shown)
    bridge.answers.update(histories.answers(shown))
    made = MainWindow(Workspace(bridge, ManualClock(NOW_MS), ZoneInfo("Europe/Amsterdam")), keep_awake=False)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.leaving.over = True


def test_the_status_bar_tells_how_work_goes_and_opens_its_list(window: MainWindow) -> None:
    """It appears with the batch, counts on, opens the batch's commands, and goes when it has ended."""
    bridge = window.workspace.bridge
    bridge.commanded.emit(DeskChanges((), (running(3),)))
    assert "Reset 8 of 20" in window.status_bar.text_of("work")
    window.status_bar.asked.emit("work")
    assert window.route == "stations/commands"
    assert window.page is not None
    assert window.page.batch.value == 3  # type: ignore[attr-defined]
    bridge.commanded.emit(DeskChanges((), (replace(running(3), state="done", proved=20),)))
    assert "Reset" not in window.status_bar.text_of("work")


def test_the_palette_knows_every_command_of_the_station_that_is_typed(window: MainWindow) -> None:
    """ "reset UTM-01" finds it from any page, and opens its sheet."""
    serve(window.workspace.bridge, fake_room(FakeDesk()))
    window.open("overview")
    hits = ranked(window._hits("soft reset utm-01"), "soft reset utm-01")
    assert hits[0].title == "Soft reset UTM-01…"
    window._take_hit(hits[0])
    (sheet,) = [sheet for sheet in window.findChildren(Sheet) if sheet.isVisible()]
    assert "UTM-01" in sheet._subtitle.text()
    sheet.finish(None)


def test_which_station_is_meant() -> None:
    """The one named, whole or by its beginning; else the one in hand; else none."""
    shown = picture(12)
    assert meant(shown, "reset utm-01", "GNL-01") == ["UTM-01"]
    assert meant(shown, "unlock utm", "") == ["UTM-01"]
    assert meant(shown, "reset", "GNL-01") == ["GNL-01"]
    assert meant(shown, "reset", "") == []
