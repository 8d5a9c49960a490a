"""A fault of a real station becomes an order, a visit and an end, in the real window over the real core."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.analytics.maintenance_page import care_page
from app.control_room import ControlRoom
from app.simulator.scripted import SimStation
from tests.ui.whole_way.real import CHARGER, real_window_with
from ui.widgets.sheet import Sheet

PATIENCE_MS = 30_000


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, gui_loop: object, tmp_path: Path) -> Iterator[Any]:
    """The window over a core of its own, with one station that says that its lock fails."""
    with real_window_with(qtbot, tmp_path / "data", _fail, lambda view: bool(view.connectors)) as made:
        qtbot.waitUntil(lambda: bool(made.workspace.faults.at(CHARGER)), timeout=PATIENCE_MS)
        yield made


async def _fail(room: ControlRoom) -> None:
    """Connect, boot, and tell of a lock that fails."""
    station = SimStation(room.urls[0] + "ocpp", CHARGER, version="1.6", clock=room.clock)
    await station.__aenter__()
    await station.boot()
    await station.status(1, "Faulted", "ConnectorLockFailure")


def sheet_of(window: Any) -> Any:
    """The sheet that is open."""
    return next((sheet for sheet in window.findChildren(Sheet) if sheet.isVisible()), None)


def test_a_fault_becomes_an_order_a_visit_and_an_end_with_its_invoice(window: Any, qtbot: QtBot) -> None:
    """Made with one key from the fault, planned, closed: the fault ends with it, and all of it is kept."""
    (view,) = window.workspace.faults.at(CHARGER)
    number = view.record.fault
    window.open("faults/maintenance", f"new:fault:{number}")
    page = window.page
    qtbot.waitUntil(lambda: sheet_of(window) is not None, timeout=PATIENCE_MS)
    sheet_of(window).edit("who").setText("Marta Berg")
    sheet_of(window).confirm.click()
    qtbot.waitUntil(lambda: page.current() is not None, timeout=PATIENCE_MS)
    assert page.current().faults == (number,)

    page.wishes.act("plan")
    sheet_of(window).confirm.click()
    qtbot.waitUntil(lambda: page.current().state == "planned", timeout=PATIENCE_MS)
    (route,) = page.routes
    assert (route.who, len(route.stops)) == ("Marta Berg", 1)

    page.wishes.act("close")
    sheet = sheet_of(window)
    sheet.result.setText("Lock motor changed")
    sheet.invoice.setText("145")
    sheet.confirm.click()
    qtbot.waitUntil(lambda: not page.orders()[0].open, timeout=PATIENCE_MS)
    (order,) = page.orders()
    assert (order.state, order.visits[0].invoiced, order.visits[0].who) == ("done", "145", "Marta Berg")
    qtbot.waitUntil(lambda: not window.workspace.faults.at(CHARGER), timeout=PATIENCE_MS)
    kept: list[Any] = []
    window.workspace.bridge.query("kept", care_page, done=kept.append)
    qtbot.waitUntil(lambda: bool(kept), timeout=PATIENCE_MS)
    assert kept[0].orders == (order,)
