"""A fault from its first word to its proof, in the real window over the real core, by keys alone."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clock import ManualClock
from app.simulator.scripted import SimStation
from tests.helpers.recovering import heals_on_reset
from tests.ui.whole_way.real import real_window
from ui.widgets.sheet import Sheet

PATIENCE_MS = 20_000
START_MS = 1_792_067_528_000


def waits(link: Any) -> bool:
    """Whether either side of a link still owes the other an answer."""
    return bool(link.core.in_flight or (link.calls is not None and link.calls.current))


class Way:
    """The window, its core's clock, and a station that a test makes say things."""

    def __init__(self, window: Any, clock: ManualClock, qtbot: QtBot) -> None:
        self.window, self.clock, self.qtbot = window, clock, qtbot
        self.bridge = window.workspace.bridge
        self.station: SimStation

    def core(self, ask: Callable[[Any], Awaitable[Any]]) -> Any:
        """Run something in the core's loop and wait for it."""
        told: list[Any] = []
        wrong: list[str] = []
        self.bridge.run(ask, told.append, wrong.append)
        self.qtbot.waitUntil(lambda: bool(told or wrong), timeout=PATIENCE_MS)
        assert not wrong, wrong
        return told[0]

    def pass_time(self, seconds: float) -> None:
        """Let time pass at a pace at which both sides can answer, however busy the machine."""

        async def go(room: Any) -> None:
            left = seconds
            while left > 0:
                for _ in range(1000):
                    if not any(waits(link) for link in room.server.links.values()):
                        break
                    await asyncio.sleep(0.005)
                self.clock.advance(min(left, 5.0))
                left -= 5.0
                for _ in range(4):
                    await asyncio.sleep(0)
            await asyncio.sleep(0.02)

        self.core(go)

    def until(self, seen: Callable[[], bool], seconds: float = 600) -> None:
        """Let time pass until something is seen."""
        for _ in range(round(seconds / 15)):
            self.pass_time(15)
            QApplication.processEvents()
            if seen():
                return
        self.qtbot.waitUntil(seen, timeout=5_000)

    def press(self, key: Qt.Key) -> None:
        """Press a key in the queue."""
        self.qtbot.keyClick(self.window.page.table, key)

    def record(self) -> Any:
        """The fault as the window knows it."""
        return next(iter(self.window.workspace.faults.faults.values())).record


@pytest.fixture
def way(qtbot: QtBot, qapp: QApplication, gui_loop: object, tmp_path: Path) -> Iterator[Way]:
    clock = ManualClock(START_MS)
    with real_window(qtbot, tmp_path / "data", clock, **{"access.new_stations": "accept"}) as window:
        made = Way(window, clock, qtbot)

        async def connect(room: Any) -> SimStation:
            station = SimStation(room.urls[0], "DEPOT-7", clock=clock)
            await station.connect()
            await station.boot()
            await station.status(1, "Available")
            return station

        made.station = made.core(connect)
        yield made
        made.core(lambda _room: made.station.close())


def test_a_fault_is_seen_acknowledged_mended_and_proved(way: Way, qtbot: QtBot, tmp_path: Path) -> None:
    """The row appears, A, R until it is mended, and the next session proves it; all of it on the timeline."""
    window = way.window
    window.open("faults/queue")
    page = window.page
    way.pass_time(30)
    heals_on_reset(way.station)
    way.core(lambda _room: way.station.status(1, "Faulted", "InternalError", vendor_error="E42"))
    way.until(lambda: bool(window.workspace.faults.queue))
    page.show_new()
    assert window.rail._items["faults"].accessibleName() == "Faults, 1"
    assert window.top_bar.faults.accessibleName() == "1 new fault"
    fault = way.record().fault
    assert page.table.go_to(("fault", fault))
    page.table.setFocus()

    way.press(Qt.Key.Key_A)
    qtbot.waitUntil(lambda: way.record().state == "ACKED", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.toast.text.startswith("Acknowledged"), timeout=PATIENCE_MS)
    assert window.toast._button.isVisible(), "it can be undone"
    assert not window.top_bar.faults.isVisible()

    def offered(step: str) -> bool:
        page.detail.ask_offer()
        return any(row.state == "next" and row.title == step for row in page.detail.playbook.steps.rows)

    qtbot.waitUntil(lambda: offered("Wait"), timeout=PATIENCE_MS)
    way.press(Qt.Key.Key_R)
    way.until(lambda: offered("Soft reset"))
    way.press(Qt.Key.Key_R)
    way.until(lambda: way.record().recovery == "mended, not proved")
    car = way.core(lambda _room: way.station.plug_in(connector=1, tag="ANNA", meter_wh=0))
    way.pass_time(300)
    way.core(lambda _room: car.leave(meter_wh=5_000))
    way.until(lambda: way.record().recovery == "proved")

    verbs = [entry.title for entry in page.detail.timeline.entries]
    assert "Acknowledged by operator" in verbs
    assert sum(title.startswith("Recovery by") for title in verbs) >= 3
    way.until(lambda: not window.workspace.faults.queue)
    page.show_tab("closed")
    qtbot.waitUntil(lambda: page.table.rows_model.row_of(("fault", fault)) is not None, timeout=PATIENCE_MS)

    table = tmp_path / "faults.csv"
    from ui.pages.faults.export import export_to

    export_to(window.workspace, table)
    qtbot.waitUntil(table.exists, timeout=PATIENCE_MS)
    assert "DEPOT-7" in table.read_text(encoding="utf-8-sig")


def test_a_fault_is_shelved_assigned_and_taken_out_of_service(way: Way, qtbot: QtBot) -> None:
    """S with a reason, Ctrl+Z brings it back; G gives it away; T makes a work order and closes the plug."""
    window = way.window
    way.pass_time(30)
    way.core(lambda _room: way.station.status(1, "Faulted", "InternalError"))
    way.until(lambda: bool(window.workspace.faults.queue))
    window.open("faults/queue")
    page = window.page
    page.show_fault(way.record().fault)
    page.table.setFocus()

    def sheet() -> Any:
        return next(s for s in window.findChildren(Sheet) if s.isVisible())

    way.press(Qt.Key.Key_S)
    sheet().reason.setText("the firm comes at four")
    sheet().take()
    qtbot.waitUntil(lambda: way.record().state == "SHLVD", timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.toast.text.startswith("Shelved"), timeout=PATIENCE_MS)
    assert window.toast.undo()
    qtbot.waitUntil(lambda: way.record().state == "UNACK", timeout=PATIENCE_MS)

    page.table.setFocus()
    way.press(Qt.Key.Key_G)
    sheet().name.setText("Marta Berg")
    sheet().confirm.click()
    qtbot.waitUntil(lambda: way.record().assigned == "Marta Berg", timeout=PATIENCE_MS)

    page.table.setFocus()
    way.press(Qt.Key.Key_T)
    form = sheet()
    form.edit("reason").setText("smells burnt")
    form.confirm.click()
    qtbot.waitUntil(lambda: way.record().state == "OOSRV", timeout=PATIENCE_MS)

    async def orders(room: Any) -> dict[str, Any]:
        return dict(room.entries.all("work-order"))

    ((_name, body),) = way.core(orders).items()
    assert (body["station"], body["faults"], body["state"]) == ("DEPOT-7", [way.record().fault], "open")
    qtbot.waitUntil(
        lambda: "ChangeAvailability" in {c.action for c in window.workspace.desk.commands.values()},
        timeout=PATIENCE_MS,
    )
