"""The station list as somebody uses it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor

from app.domain.intents import AddStation, AdmitStation, RefuseStation, RetireStation
from app.domain.records import StationRecord
from app.domain.status import SEVERITY, ConnectorStatus, Shown
from app.import_stations import parse_table, plan
from tests.ui.pictures import NOW_MS, changed, messages, picture, with_connector
from ui.models.losses import NOTHING, by_station
from ui.models.station_list import SiteRow, StationRow
from ui.pages.stations.import_sheet import ImportSheet
from ui.preferences import preferences
from ui.theme.money import money


def listed(stage: Any) -> list[str]:
    """Identities in the order of the list."""
    return [row.view.station for row in stage.page.model.rows if isinstance(row, StationRow)]


def test_dearest_sites_come_first_then_the_worst_and_every_station_is_listed(open_page: Any) -> None:
    """Grouped by site, what loses most on top, the others from the worst to the best."""
    stage = open_page("stations")
    heads = [row for row in stage.page.model.rows if isinstance(row, SiteRow)]
    losing = [row.loss.weight for row in heads if row.loss.losing]
    assert losing
    assert losing == sorted(losing, reverse=True) == [row.loss.weight for row in heads[: len(losing)]]
    others = [SEVERITY[row.shown] for row in heads[len(losing) :]]
    assert others == sorted(others)
    amount = stage.page.model.cell(0, [c.key for c in stage.page.model.columns].index("loss")).text
    assert amount == money(heads[0].loss.losing[0][1], "EUR")
    assert len(heads) == 12
    assert len(listed(stage)) == 48


def test_typing_filters_and_escape_brings_all_back(open_page: Any) -> None:
    """A word filters by site, station and address; Esc clears it."""
    stage = open_page("stations")
    stage.page.focus_filter()
    stage.qtbot.keyClicks(stage.page.bar.field, "venlo")
    stage.qtbot.waitUntil(lambda: len(listed(stage)) == 4)
    assert all(name.startswith("VLB") for name in listed(stage))
    stage.press(stage.page.bar.field, Qt.Key.Key_Escape)
    stage.qtbot.waitUntil(lambda: len(listed(stage)) == 48)


def test_problem_segment_counts_and_shows_only_problems(open_page: Any) -> None:
    """The segment's number is what it then shows."""
    stage = open_page("stations")
    losing = by_station(stage.workspace.faults.faults.values())
    wanted = sum(1 for v in stage.bridge.picture.stations.values() if losing.get(v.station, NOTHING).faults
        or v.shown in (Shown.FAULTED, Shown.OFFLINE, Shown.DEGRADED, Shown.UNKNOWN))  # fmt: skip
    assert f"Problem {wanted}" in dict(stage.page.bar.segments._choices).values()
    stage.page.bar.segments._take(1)
    assert len(listed(stage)) == wanted


def test_nothing_fits_says_so_and_offers_the_way_back(open_page: Any) -> None:
    """An empty result is a sentence with a button, not a blank."""
    stage = open_page("stations")
    stage.page.bar.field.setText("no such station")
    stage.qtbot.waitUntil(lambda: not stage.page.model.rows)
    assert "No station fits these filters" in stage.texts()
    stage.click(stage.button("Show all stations"))
    assert len(listed(stage)) == 48


def test_a_click_on_a_title_sorts_and_is_remembered(open_page: Any) -> None:
    """Energy first descending, then ascending; the choice survives."""
    stage = open_page("stations")
    stage.click(stage.page.bar.by_site)
    stage.page.table.sort_asked.emit("energy", True)
    energies = [row.view.energy_today_wh for row in stage.page.model.rows]
    assert energies == sorted(energies, reverse=True)
    assert preferences().get("stations/sort") == ["energy", True]


def test_keys_move_open_and_fold(open_page: Any) -> None:
    """J moves, Enter opens the station, Left folds its site."""
    stage = open_page("stations")
    table = stage.page.table
    table.setFocus()
    table.go_to(stage.page.model.rows[0].key)
    stage.press(table, Qt.Key.Key_J)
    assert table.current_key()[0] == "station"
    station = table.current_key()[1]
    stage.press(table, Qt.Key.Key_Return)
    assert stage.went == [("stations/station", station)]
    stage.press(table, Qt.Key.Key_K, Qt.Key.Key_Left)
    assert stage.page.model.is_folded(0)
    assert len(listed(stage)) == 44


def break_the_last(stage: Any) -> str:
    """Break a connector of the station listed last; the station."""
    last = stage.bridge.picture.stations[listed(stage)[-1]]
    broken = with_connector(last, 0, status=ConnectorStatus.FAULTED, error="GroundFailure")
    _, changes = changed(stage.bridge.picture, broken)
    stage.bridge.feed(changes)
    stage.settle()
    return last.station


def rose(stage: Any, station: str) -> bool:
    """Whether a broken station stands below nothing but what costs or is broken too."""
    above = stage.page.model.rows[: listed(stage).index(station)]
    return all(row.loss.losing or row.view.shown is Shown.FAULTED for row in above)


def open_flat(open_page: Any) -> Any:
    """The list as it opens for somebody who does not group it by site."""
    preferences().put("stations/by_site", False)
    return open_page("stations")


def test_rows_keep_their_places_while_somebody_works_in_the_list(open_page: Any) -> None:
    """A fault elsewhere does not move rows under the hand; without focus it goes up, below what costs."""
    stage = open_flat(open_page)
    stage.press(stage.page.table, Qt.Key.Key_J)
    before = listed(stage)
    last = break_the_last(stage)
    assert listed(stage) == before
    assert stage.page.model.rows[-1].view.shown is Shown.FAULTED
    stage.page.bar.field.setFocus()
    stage.settle()
    assert rose(stage, last)


def test_opening_the_list_is_no_work_in_it(open_page: Any) -> None:
    """The page gives its list the focus for the keys; rows stood still for good where nobody did anything."""
    stage = open_flat(open_page)
    assert stage.page.table.hasFocus()
    assert rose(stage, break_the_last(stage))
    stage.press(stage.page.table, Qt.Key.Key_Control)
    assert rose(stage, break_the_last(stage)), "a key that is none of the list's"
    stage.qtbot.mouseClick(stage.page.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    QCursor.setPos(stage.host.width() + 100, 0)
    before = listed(stage)
    break_the_last(stage)
    assert listed(stage) == before, "after a click the list is in hand, wherever the pointer went"


def test_a_list_by_uptime_is_in_order_once_uptimes_are_known(open_page: Any) -> None:
    """They come after the page was opened, when its list has the focus."""
    stage = open_flat(open_page)
    known = stage.bridge.answers["strips"](NOW_MS, "")
    stage.page._take_strips(())
    stage.page.table.sort_asked.emit("uptime", False)
    stage.page._take_strips(known)
    percents = [row.uptime.percent for row in stage.page.model.rows]
    assert percents == sorted(percents)


def test_the_glance_follows_the_row_and_names_what_it_shows(open_page: Any) -> None:
    """Connectors, power, identity and the last messages of the current station."""
    stage = open_page("stations")
    stage.page.table.go_to(("station", "UTM-02"))
    assert stage.page.peek.station == "UTM-02"
    assert "Nordwatt NW-300 Duo" in stage.texts(stage.page.peek)
    stage.bridge.tell(*messages(stage.bridge.picture.stations["UTM-02"], 10))
    stage.settle()
    assert "MeterValues" in stage.texts(stage.page.peek)
    stage.click(stage.button("Open station", stage.page.peek))
    assert stage.went[-1] == ("stations/station", "UTM-02")


def test_on_a_laptop_the_glance_opens_with_a_key(open_page: Any) -> None:
    """Narrow: no panel at first; P shows it, Esc puts it away."""
    stage = open_page("stations", size=(1100, 640))
    assert not stage.page.peek.isVisible()
    table = stage.page.table
    table.go_to(("station", "UTM-02"))
    stage.press(table, Qt.Key.Key_P)
    assert stage.page.peek.isVisible()
    assert stage.page.back()
    assert not stage.page.peek.isVisible()


def test_who_waits_is_let_in_with_one_click(open_page: Any) -> None:
    """Accept sends the intent at once; Refuse asks why first."""
    stage = open_page("stations", picture(3, waiting=2))
    stage.click(stage.button("Accept NO-P22000"))
    assert stage.bridge.intents == [(AdmitStation("NO-P22000"), "accepted at the door")]
    stage.click(stage.button("Refuse NO-P22000"))
    sheet = stage.sheet()
    stage.click(sheet.confirm)
    assert len(stage.bridge.intents) == 1, "a refusal needs a reason"
    sheet.edit("why").setText("not ours")
    stage.click(sheet.confirm)
    assert stage.bridge.intents[-1] == (RefuseStation("NO-P22000"), "not ours")


def test_adding_a_station_checks_what_was_typed(open_page: Any) -> None:
    """Blanks in an identity and odd coordinates are told beside the field; then it is added."""
    stage = open_page("stations")
    stage.page.add_station()
    sheet = stage.sheet()
    sheet.edit("station").setText("NEW 01")
    sheet.edit("place").setText("somewhere")
    stage.click(sheet.confirm)
    assert not stage.bridge.intents
    sheet.edit("station").setText("NEW-01")
    sheet.edit("place").setText("52.1, 5.2")
    sheet.edit("site").setText("Zeist")
    stage.click(sheet.confirm)
    assert stage.bridge.intents == [(AddStation("NEW-01", "", "Zeist", 52.1, 5.2), "")]


def test_a_refused_deed_says_why_and_the_sheet_stays(open_page: Any) -> None:
    """The core's sentence is shown in the sheet, which can be tried again."""
    stage = open_page("stations")
    stage.bridge.refuse = "NEW-01 exists already."
    stage.page.add_station()
    sheet = stage.sheet()
    sheet.edit("station").setText("NEW-01")
    stage.click(sheet.confirm)
    assert sheet.isVisible()
    assert "NEW-01 exists already." in stage.texts(sheet)
    assert sheet.confirm.isEnabled()


def test_import_shows_what_would_change_before_it_does(open_page: Any) -> None:
    """The sheet lists the changes; Import carries out each of them."""
    stage = open_page("stations")
    table = b"identity,name,site,connector,kind,power_kw\nNEW-1,Yard 1,Zeist,1,CCS,150\nUTM-01,Yard 2,,,,\n"
    known = {"UTM-01": StationRecord(station="UTM-01", name="Old")}  # type: ignore[arg-type]
    changes = plan(known, parse_table(table))
    sheet = ImportSheet(stage.workspace, Path("yard.csv"))
    sheet.open()
    sheet.show_changes(changes)
    assert "1 new station, 1 changed station" in stage.texts(sheet)
    assert not stage.bridge.intents
    stage.click(sheet.confirm)
    assert [type(intent).__name__ for intent, _ in stage.bridge.intents] == [
        "AddStation", "DescribeStation", "DescribeStation",
    ]  # fmt: skip
    assert stage.bridge.intents[0][1] == "imported from yard.csv"


def planned(stage: Any, path: Path) -> ImportSheet:
    """The sheet on a file, beside a network without stations."""

    async def registered(_reader: Any) -> list[StationRecord]:
        return []

    async def reach(ask: Any) -> Any:
        return await ask(SimpleNamespace(ask=registered))

    stage.bridge.reach = reach
    return ImportSheet.show_plan(stage.workspace, path)


def test_a_file_with_mistakes_tells_each_on_a_line_of_its_own_and_what_to_do(
    open_page: Any, tmp_path: Path, qtbot: Any
) -> None:
    """They ran together in one bold paragraph, over an empty box and a sentence about Import."""
    stage = open_page("stations")
    path = tmp_path / "yard.csv"
    path.write_text("identity,latitude,longitude\nA/1,52.1,5.2\nA2,152.1,abc\n")

    sheet = planned(stage, path)
    qtbot.waitUntil(lambda: "3 mistakes in yard.csv" in stage.texts(sheet))
    assert [line.partition(":")[0] for line in sheet._text.toPlainText().splitlines()] == [
        "Line 2", "Line 3", "Line 3",
    ]  # fmt: skip
    said = stage.texts(sheet)
    assert "Correct the file, then choose it again." in said
    assert "before you press Import" not in said
    assert not sheet.confirm.isVisible()


def test_a_file_that_is_no_table_leaves_no_empty_box(open_page: Any, tmp_path: Path, qtbot: Any) -> None:
    stage = open_page("stations")
    sheet = planned(stage, tmp_path / "gone.csv")
    qtbot.waitUntil(lambda: "cannot be read" in stage.texts(sheet))
    assert not sheet._text.isVisible()


@pytest.mark.parametrize("size", [(1352, 824), (1224, 644)])
def test_columns_give_way_rather_than_scroll(open_page: Any, size: tuple[int, int]) -> None:
    """The usual columns fit the width; those that were chosen by hand stay, whatever the width."""
    stage = open_page("stations", size=size)
    table = stage.page.table
    assert table.horizontalHeader().length() <= table.viewport().width() + 1
    stage.page._choose_columns(["name", "site", "maker", "address", "strip", "power"])
    assert {"name", "maker", "address"} <= set(table.shown_columns())


def test_retiring_with_sessions_running_warns_and_asks_why(open_page: Any) -> None:
    """The sheet says what is lost sight of; Cancel has the focus."""
    stage = open_page("stations")
    busy = next(v for v in stage.bridge.picture.stations.values() if v.sessions_open)
    stage.page.table.go_to(("station", busy.station))
    actions = {a.text(): a for a in stage.page.peek._menu.menu().actions()}
    actions["Retire…"].trigger()
    sheet = stage.sheet()
    assert "running session" in stage.texts(sheet)
    assert sheet.cancel.hasFocus()
    sheet.edit("why").setText("sold")
    stage.click(sheet.confirm)
    assert stage.bridge.intents == [(RetireStation(busy.station), "sold")]
