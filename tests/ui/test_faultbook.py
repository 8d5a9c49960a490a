"""What the window knows of faults: kept current, counted, and an urgent one told once."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clock import ManualClock
from app.domain.fact import changed
from app.faults.views import FaultChanges, FaultView
from tests.ui import fault_scenes as scenes
from tests.ui import histories
from tests.ui.fakes import FakeBridge
from tests.ui.pictures import NOW_MS, picture
from ui.faults import FaultBook
from ui.models.losses import network
from ui.shell.page import Workspace
from ui.shell.window import MainWindow


@pytest.fixture
def bridge(qapp: QApplication) -> FakeBridge:
    return FakeBridge()


def test_it_holds_what_is_told_and_drops_what_is_gone(bridge: FakeBridge) -> None:
    book = FaultBook(bridge)
    assert not book.ready
    bridge.faulted.emit(scenes.changes())
    assert book.ready
    assert sorted(book.queue) == [11, 12, 13, 14, 15, 16, 17], "shelved and suppressed ones are set aside"
    assert [view.record.fault for view in book.new()] == [11, 13, 15, 16, 17]
    assert network(book.faults.values()).losing == (("EUR", 4390),)
    bridge.faulted.emit(FaultChanges({}, frozenset({13})))
    assert 13 not in book.queue
    assert [view.record.fault for view in book.at("VLB-01")] == [11]


def test_a_start_of_the_core_tells_everything_anew(bridge: FakeBridge) -> None:
    book = FaultBook(bridge)
    bridge.faulted.emit(scenes.changes())
    bridge.started.emit()
    assert not book.ready
    assert not book.faults


def test_a_new_p1_is_urgent_once_and_again_only_when_it_comes_back(bridge: FakeBridge) -> None:
    book = FaultBook(bridge)
    told: list[int] = []
    book.urgent.connect(lambda view: told.append(view.record.fault))
    bridge.faulted.emit(FaultChanges({}))
    bridge.faulted.emit(scenes.changes())
    assert told == [], "what stood before the window opened is no news"
    fresh = FaultView(scenes.fault(50, "Ground failure", "UTM-01", 0, priority="P1", safety=True))
    minor = FaultView(scenes.fault(51, "Weak signal", "UTM-02", 0, priority="P3"))
    line = scenes.line(1, 0, "station", "UTM-01", "announce", fault=50)
    bridge.faulted.emit(scenes.changes({50: fresh, 51: minor}, line))
    bridge.faulted.emit(scenes.changes({50: fresh}, line))
    assert told == [50]
    bridge.faulted.emit(scenes.changes({50: FaultView(changed(fresh.record, state="ACKED"))}, line))
    bridge.faulted.emit(scenes.changes({50: fresh}, line))
    assert told == [50, 50]


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    shown = picture(6)
    fake = FakeBridge(shown)
    fake.answers.update(histories.answers(shown))
    fake.answers.update(scenes.answers())
    made = MainWindow(Workspace(fake, ManualClock(NOW_MS), ZoneInfo("Europe/Amsterdam")), keep_awake=False)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    yield made
    made.leaving.over = True


def test_the_rail_counts_what_is_open_and_the_chip_what_nobody_saw(window: MainWindow) -> None:
    bridge = window.workspace.bridge
    bridge.faulted.emit(scenes.changes())
    assert window.rail._items["faults"].accessibleName() == "Faults, 7"
    assert window.top_bar.faults.accessibleName() == "5 new faults"
    window.top_bar.faults.clicked.emit()
    assert window.route == "faults/queue"
    seen = {n: FaultView(changed(v.record, state="ACKED")) for n, v in scenes.views().items() if v.new}
    bridge.faulted.emit(scenes.changes(seen))
    assert not window.top_bar.faults.isVisible()


def test_the_shift_is_read_copied_and_handed_over(window: MainWindow, qtbot: QtBot) -> None:
    """The page has the shift that runs; its text goes on the clipboard; handing over is kept."""
    window.open("faults/shift")
    page = window.page
    assert page is not None
    page.copy.click()  # type: ignore[attr-defined]
    assert "Ground failure" in QApplication.clipboard().text()
    page.ask_hand_over()  # type: ignore[attr-defined]
    from ui.widgets.ask_sheet import AskSheet

    sheet = next(s for s in window.findChildren(AskSheet) if s.isVisible())
    sheet.edit("to").setText("Marta Berg")
    sheet.edit("note").setText("the lock at Venlo")
    sheet.confirm.click()
    intent, why = window.workspace.bridge.intents[-1]
    assert (intent.kind, intent.body["to"], why) == ("shift", "Marta Berg", "the lock at Venlo")
    assert intent.body["from_ms"] < NOW_MS == intent.body["to_ms"]


def test_the_handover_is_printed(window: MainWindow, tmp_path: object) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    window.open("faults/shift")
    page = window.page
    assert page is not None
    page.save_to(tmp_path / "handover.pdf")  # type: ignore[attr-defined]
    assert (tmp_path / "handover.pdf").read_bytes().startswith(b"%PDF")
