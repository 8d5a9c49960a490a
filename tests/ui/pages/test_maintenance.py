"""Maintenance as somebody uses it: orders, their end, their visits, announced work, purchases, papers."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices

from app.domain.errors import ForecourtError
from app.domain.intents import ActOnFault, RemoveEntry, SaveEntry
from tests.ui import care, fault_scenes
from tests.ui.pictures import NOW_MS
from ui.models.work_orders import StopRow, plan_columns
from ui.pages.maintenance.job_sheet import job_sheet, mail_of, route_sheet
from ui.pages.maintenance.sheets import parts_of


def numbers(stage: Any) -> list[str]:
    """The orders in the list."""
    return [row.key for row in stage.page.list.orders_model.rows]


def kept(stage: Any) -> list[Any]:
    """What was wished of the core."""
    return [intent for intent, _ in stage.bridge.intents]


def test_open_orders_stand_by_what_they_lose(open_page: Any) -> None:
    stage = open_page("maintenance")
    assert numbers(stage)[:2] == ["WO-318", "WO-317"]
    assert "WO-290" not in numbers(stage)
    assert stage.titles[-1] == ("", "1 order late")
    row = stage.page.list.orders_model.rows[0]
    assert (row.nth, row.within) == (2, 12)
    stage.page.list.segments._take(1)
    assert numbers(stage) == ["WO-290"]


def test_enter_opens_the_order_its_fault_and_its_stop(open_page: Any) -> None:
    stage = open_page("maintenance")
    table = stage.page.list.orders_table
    table.go_to("WO-318")
    stage.press(table, Qt.Key.Key_Return)
    assert stage.page.order_panel.isVisible()
    assert "Connector lock failure" in stage.texts(stage.page.order_panel)
    assert "planned for 2026-10-16" in stage.texts(stage.page.order_panel)
    assert stage.page.visits.table.current_key() == "WO-318"
    stage.press(table, Qt.Key.Key_J)
    assert stage.page.order_panel.order.number == "WO-317"
    stage.click(stage.button("Open fault"))
    assert stage.went[-1] == ("faults/queue", "13")
    assert stage.page.back()
    assert not stage.page.order_panel.isVisible()


def test_a_stop_moves_with_alt_and_the_others_follow(open_page: Any) -> None:
    stage = open_page("maintenance")
    table = stage.page.visits.table
    del stage.bridge.answers["care_page"]
    table.go_to("WO-317")
    before = {s.order.number: s.at_min for r in stage.page.routes for s in r.stops}
    stage.qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    stops = [s.order.number for r in stage.page.routes if r.day == "2026-10-16" for s in r.stops]
    assert stops == ["WO-317", "WO-318", "WO-312"]
    after = {s.order.number: s.at_min for r in stage.page.routes for s in r.stops}
    assert after["WO-317"] == 9 * 60
    assert after["WO-312"] != before["WO-312"]
    assert {intent.body["number"]: intent.body["stop"] for intent in kept(stage)} == {
        "WO-317": 1,
        "WO-318": 2,
    }
    assert table.current_key() == "WO-317"


def test_closing_is_prefilled_and_takes_its_fault_with_it(open_page: Any) -> None:
    stage = open_page("maintenance")
    stage.page.list.orders_table.go_to("WO-318")
    stage.press(stage.page.list.orders_table, Qt.Key.Key_C)
    sheet = stage.sheet()
    assert (sheet.who.text(), sheet.minutes.text()) == ("Marta Berg", "40")
    stage.click(sheet.confirm)
    assert "Say what was done" in stage.texts(sheet), "the result is asked for, nothing else"
    sheet.result.setText("Lock motor changed")
    sheet.invoice.setText("145,50")
    sheet.parts.setPlainText("LM-4120; 88.50; warranty\nScrews")
    stage.click(sheet.confirm)
    act, entry = kept(stage)
    assert act == ActOnFault(11, "close", {"reason": "WO-318: Lock motor changed"})
    assert entry.body["state"] == "done"
    (visit,) = entry.body["visits"]
    assert (visit["minutes"], visit["invoiced"], visit["currency"]) == (40, "145.50", "EUR")
    assert visit["parts"] == [
        {"name": "LM-4120", "amount": "88.50", "warranty": True},
        {"name": "Screws", "amount": "", "warranty": False},
    ]


def test_an_order_stays_open_when_its_fault_is_not_let_go(open_page: Any) -> None:
    stage = open_page("maintenance")
    stage.press(stage.page.list.orders_table, Qt.Key.Key_C)
    sheet = stage.sheet()
    sheet.result.setText("Done")
    stage.bridge.refuse = "The fault is out of service; put it back in service first."
    stage.click(sheet.confirm)
    assert sheet.isVisible()
    assert "out of service" in stage.texts(sheet)
    assert not kept(stage)


def test_a_new_order_comes_from_a_fault_with_one_key(open_page: Any) -> None:
    stage = open_page("maintenance", argument="new:fault:14")
    sheet = stage.sheet()
    assert sheet.edit("title").text() == fault_scenes.SILENT.title
    assert sheet.edit("station").text() == "KLM-01"
    sheet.edit("due").setText("tomorrow")
    stage.click(sheet.confirm)
    assert "2026-10-16 10:00" in stage.texts(sheet)
    sheet.edit("due").setText("2026-10-16 10:00")
    stage.click(sheet.confirm)
    (entry,) = kept(stage)
    assert (entry.kind, entry.entry, entry.body["faults"], entry.body["site"]) == (
        "work-order", "WO-319", [14], "Köln Mülheim",
    )  # fmt: skip


def test_a_visit_is_planned_as_the_last_stop(open_page: Any) -> None:
    stage = open_page("maintenance")
    stage.page.list.orders_table.go_to("WO-314")
    stage.page.wishes.act("plan")
    sheet = stage.sheet()
    sheet.edit("who").setText("Marta Berg")
    stage.click(sheet.confirm)
    (entry,) = kept(stage)
    assert (entry.body["day"], entry.body["stop"], entry.body["state"]) == ("2026-10-16", 4, "planned")


def test_announced_work_says_whether_it_is_excused(open_page: Any) -> None:
    stage = open_page("maintenance")
    stage.page.list.show_tab("works")
    rows = stage.page.list.works_model.rows
    assert [(r.stands, r.body["title"]) for r in rows] == [
        ("now", "Grid works"),
        ("to come", "Yearly safety test"),
    ]
    stage.click(stage.button("Announce work…"))
    sheet = stage.sheet()
    sheet.edit("title").setText("Cable change")
    sheet.edit("where").setText("Nowhere")
    stage.click(sheet.confirm)
    assert "There is no site or station Nowhere." in stage.texts(sheet)
    sheet.edit("where").setText("VLB-01, LIF-01")
    stage.click(sheet.confirm)
    (entry,) = kept(stage)
    assert entry.kind == "planned-work"
    assert entry.body["stations"] == ["VLB-01", "LIF-01"]
    assert entry.body["announced_ms"] == NOW_MS
    stage.page.list.works_table.go_to("work-2")
    stage.click(stage.button("Take back"))
    assert kept(stage)[-1] == RemoveEntry("planned-work", "work-2")


def test_purchases_are_read_from_a_file(open_page: Any, tmp_path: Path) -> None:
    stage = open_page("maintenance")
    file = tmp_path / "bought.csv"
    file.write_text("station,bought,price\nVLB-01,2024-02-01,28000\nUTM-01,2024-02-01,28000\n")
    stage.page.wishes._deeds.import_purchases(file, ["VLB-01", "UTM-01"], "EUR")
    assert [i.entry for i in kept(stage) if isinstance(i, SaveEntry)] == ["VLB-01", "UTM-01"]
    assert stage.toasts[-1] == "2 purchases kept."
    stage.bridge.refuse = "The disk is full."
    stage.page.wishes._deeds.import_purchases(file, ["VLB-01", "UTM-01"], "EUR")
    assert stage.toasts[-1] == "The disk is full."
    assert len(kept(stage)) == 2
    stage.bridge.refuse = ""
    file.write_text("station\nNOWHERE\n")
    stage.page.wishes._deeds.import_purchases(file, ["VLB-01"], "EUR")
    assert stage.toasts[-1] == "Line 2: there is no station NOWHERE."


def test_a_score_opens_its_failures(open_page: Any) -> None:
    stage = open_page("maintenance")
    table = stage.page.list.scores_table
    table.setFocus()
    table.step(0)
    stage.press(table, Qt.Key.Key_Return)
    drawer = stage.sheet()
    assert "2 failures in 90 days" in stage.texts(drawer)
    drawer.finish(11)
    assert stage.went[-1] == ("faults/queue", "11")


def test_a_stop_of_a_later_day_says_so_on_the_screen_on_paper_and_in_the_letter(open_page: Any) -> None:
    """A long way ended at 17:37, as if on the same day."""
    route = open_page("maintenance").page.routes[0]
    first, *rest = route.stops
    late = replace(first, at_min=2 * 1440 + 17 * 60 + 37)
    cell = plan_columns()[0].cell(StopRow(late.order, late))
    assert (cell.text, cell.below) == ("17:37", "+2 d")
    moved = replace(route, stops=(late, *rest))
    assert "17:37 +2 d" in route_sheet(moved, NOW_MS, ZoneInfo("Europe/Amsterdam")).text
    assert "1. 17:37 +2 d " in unquote(mail_of(moved, NOW_MS, ZoneInfo("Europe/Amsterdam")))
    assert plan_columns()[0].cell(StopRow(first.order, first)).below == "stop 1"
    there = replace(first, number=2, km=0.0, drive_min=0)
    assert plan_columns()[2].cell(StopRow(there.order, there)).below == "same place"


@pytest.mark.parametrize("size", [(1352, 824), (1224, 644)])
def test_the_scorecard_says_its_unit_and_its_order(open_page: Any, size: tuple[int, int]) -> None:
    """Also on a laptop, where it stands behind a tab: by rate alone its rows are in no order."""
    stage = open_page("maintenance", size=size)
    if size[1] < 700:
        stage.page.list.show_tab("scores")
    told = stage.texts(stage.page.list)
    assert "failures a connector and year from 0 to" in told
    assert "worst first, few data weigh less" in told


def test_the_job_sheet_has_history_what_to_check_and_a_place_to_sign(open_page: Any, tmp_path: Path) -> None:
    stage = open_page("maintenance")
    order = stage.page.orders()[0]
    stage.page.papers.save_job_sheet(order, tmp_path / "sheet.pdf")
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    views = [stage.workspace.faults.faults[11]]
    text = job_sheet(order, care.detail(order), views, NOW_MS, stage.page.zone).text
    for words in ("Connector lock failure", "What to check", "92 °C", "Proof of fix", "Technician, date",
                  "until 2027-04-02", "lock motor stalled"):  # fmt: skip
        assert words in text, words


def test_sending_opens_a_letter_and_nothing_else(open_page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = open_page("maintenance")
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(opened.append(url.toString())) or True)
    stage.page.visits.table.go_to("WO-317")
    stage.click(stage.button("Send…"))
    letter = unquote(opened[0])
    assert letter.startswith("mailto:?subject=Visits, Tomorrow, Fri 16 Oct")
    assert letter.index("Venlo Blerick") < letter.index("Aachen Nord") < letter.index("Köln")
    assert not kept(stage)


def test_orders_that_cannot_be_read_say_so_and_try_again(open_page: Any) -> None:
    stage = open_page("maintenance")
    good = stage.bridge.answers["care_page"]
    stage.bridge.answers["care_page"] = ForecourtError("The disk does not answer.")
    stage.page.ask()
    assert "The disk does not answer." in stage.texts()
    stage.bridge.answers["care_page"] = good
    stage.click(stage.button("Try again"))
    assert "The disk does not answer." not in stage.texts()


def test_parts_without_a_price_are_not_known_and_nonsense_is_refused() -> None:
    assert [p.amount for p in parts_of("Fuse\n\nRelay; 3,50")] == ["", "3.50"]
    with pytest.raises(ForecourtError, match="no amount"):
        parts_of("Fuse; cheap")
