"""An order by what faults cost holds once that is known."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt

from tests.ui.wrongs import fault, tell
from ui.models.station_list import StationRow
from ui.preferences import preferences


def test_dearest_first_is_so_before_rows_keep_their_places(open_page: Any) -> None:
    """After a start rows stood by name under "Per hour" for as long as the pointer lay on them."""
    preferences().put("stations/by_site", False)
    stage = open_page("stations")

    def listed() -> list[str]:
        return [row.view.station for row in stage.page.model.rows if isinstance(row, StationRow)]

    last = listed()[-1]
    unknown = replace(fault(1, last), money=None)
    tell(stage.bridge, {1: unknown})
    stage.settle()
    stage.press(stage.page.table, Qt.Key.Key_J)
    tell(stage.bridge, {1: fault(1, last, losing=900)}, more=True)
    stage.settle()
    assert listed()[0] == last
    other = listed()[-1]
    tell(stage.bridge, {2: fault(2, other, losing=1_900)}, more=True)
    stage.settle()
    assert listed()[0] == last, "known now: rows keep their places"


def test_the_queue_is_in_order_before_it_holds_still(open_page: Any) -> None:
    stage = open_page("faults")
    stage.page.table.setFocus()
    cheap, dear = fault(1, losing=100), fault(2, "BRP-01", losing=900)
    tell(stage.bridge, {1: replace(cheap, money=None), 2: replace(dear, money=None)})
    stage.settle()
    stage.press(stage.page.table, Qt.Key.Key_J)
    tell(stage.bridge, {1: cheap, 2: dear}, more=True)
    stage.settle()
    assert stage.page.queue.numbers() == [2, 1]
    tell(stage.bridge, {1: fault(1, losing=2_900)}, more=True)
    stage.settle()
    assert stage.page.queue.numbers() == [2, 1]
