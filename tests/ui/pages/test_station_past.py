"""The station's faults and uptime, as somebody reads them."""

from typing import Any

from PySide6.QtCore import Qt

from app.domain.errors import ForecourtError
from tests.ui.wrongs import fault, tell
from ui.theme.money import money


def opened(open_page: Any, tab: str) -> Any:
    """A station's page with one dear and one cheap fault, on a tab."""
    stage = open_page("station", argument=f"UTM-01#{tab}")
    tell(
        stage.bridge,
        {1: fault(1, losing=1420, evse=1), 2: fault(2, kind=3, losing=210), 3: fault(3, "BRP-01")},
    )
    stage.settle()
    return stage


def test_the_banner_says_what_the_dearest_fault_costs_and_opens_it(open_page: Any) -> None:
    """Condition, cost an hour, lost so far, how many more; a click leads to the fault."""
    stage = opened(open_page, "live")
    said = stage.page.banner.accessibleName()
    assert "Faulted: connector lock failure, EVSE 1" in said
    assert f"Losing {money(1420, 'EUR')} per hour since 12:32" in said
    assert "and 1 more fault" in said
    stage.click(stage.page.banner)
    assert stage.went == [("faults/queue", "1")]


def test_open_faults_are_live_and_lead_to_their_page(open_page: Any) -> None:
    """Only this station's; the tab counts them; Enter opens one."""
    stage = opened(open_page, "faults")
    tab = stage.page.device["faults"]
    assert [view.record.fault for view in tab.open.rows] == [1, 2]
    assert "Faults 2" in stage.page.tabs.accessibleName() or stage.page.tabs.value == "faults"
    tab.open_table.go_to(2)
    stage.press(tab.open_table, Qt.Key.Key_Return)
    assert stage.went == [("faults/queue", "2")]


def test_past_faults_say_what_ended_them_and_what_comes_back(open_page: Any) -> None:
    """Recovery or by itself, and how often the same was at this place in 90 days."""
    stage = opened(open_page, "faults")
    tab = stage.page.device["faults"]
    place = next(i for i, column in enumerate(tab.past.columns) if column.key == "end")
    assert [tab.past.cell(row, place).text for row in range(2)] == [
        "It ended by itself", "Soft reset, proved",
    ]  # fmt: skip
    assert [one.times for one in tab.back_again.rows] == [5]
    # Below, where nothing cuts it: two connectors with the same fault looked like one told twice.
    assert tab.back_again.cell(0, 0).below == "EVSE 1"
    assert tab.past.cell(0, 0).below.startswith("EVSE 1  ·  ")
    tab._again_table.go_to(tab.back_again.keys[0])
    stage.press(tab._again_table, Qt.Key.Key_Return)
    assert stage.went[-1][0] == "faults/queue"


def test_a_station_without_faults_says_so(open_page: Any) -> None:
    """No open fault is a sentence, not an empty table."""
    stage = open_page("station", argument="UTM-01#faults")
    tell(stage.bridge, {})
    stage.settle()
    assert "Nothing is wrong with this station." in stage.texts()


def test_a_stations_uptime_by_rule_with_its_funnel(open_page: Any) -> None:
    """All rules over the window that is chosen, and how far drivers came, with ranges."""
    stage = opened(open_page, "uptime")
    tab = stage.page.device["uptime"]
    assert tab.model.rows[0].name == "UTM-01"
    assert [row.count for row in tab.steps.rows] == [212, 204, 201, 198, 188]
    assert "Start success: 93.3% (89.2% to 96.0%)" in tab.figures.accessibleName()
    asked: list[Any] = []
    known = stage.bridge.answers["uptime_table"]
    stage.bridge.answers["uptime_table"] = lambda *args: asked.append(args) or known(*args)
    tab.window_.choose("year")
    assert asked[0][2] == "UTM-01"
    stage.click(stage.button("Excuse time…", tab))
    assert stage.went == [("reports/uptime", "UTM-01")]


def test_a_past_that_cannot_be_read_is_told(open_page: Any) -> None:
    """The cause stands where the funnel would be."""
    stage = opened(open_page, "uptime")
    stage.bridge.answers["kpis_between"] = ForecourtError("The disk does not answer.")
    stage.page.device["uptime"].ask()
    assert "The disk does not answer." in stage.texts()
