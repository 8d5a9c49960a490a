"""A cost that is opened: its causes, evidence, actions, early warnings and counted minutes."""

from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from app.analytics.costs.ledger import Cost
from app.analytics.early_warnings import EarlyWarnings
from app.domain.intents import RemoveEntry, SaveEntry
from tests.ui.pages.costs.opening import opened
from ui.widgets.slice_bars import SliceBars


def test_early_warnings_taken_and_missed_stand_where_maintenance_is_opened(open_page: Any) -> None:
    """They are those of the month and the site shown, counted as the maintenance list counts them."""
    stage = opened(open_page)
    page = stage.page
    asked: list[tuple[int, int, str]] = []

    def told(from_ms: int, to_ms: int, now_ms: int, site: str) -> EarlyWarnings:
        asked.append((from_ms, to_ms, site))
        assert to_ms <= now_ms
        return EarlyWarnings(taken=5, missed=2) if site else EarlyWarnings(taken=7, missed=9)

    stage.bridge.answers["costs/early"] = told
    assert not asked, "nobody asks while another cost is open"
    page.rows.choose(Cost.MAINTENANCE)
    note = page.opened_cost.note
    assert note.text().endswith("Early warnings: 7 taken, 9 missed.")
    book = page.view.book
    assert asked == [(book.start_ms, min(book.end_ms, page.now_ms()), "")]
    page.choice.place.chosen.emit(page.view.parts[0].site)
    assert note.text().endswith("Early warnings: 5 taken, 2 missed.")
    assert asked[1:] == [(*asked[0][:2], page.choice.site)]
    page.rows.choose(Cost.BRAND)
    assert "Early warnings" not in note.text()


def test_early_warnings_of_a_month_that_was_left_are_not_shown_for_another(open_page: Any) -> None:
    stage = opened(open_page)
    page, note = stage.page, stage.page.opened_cost.note
    del stage.bridge.answers["costs/early"]
    page.rows.choose(Cost.MAINTENANCE)
    late = stage.bridge.asked.pop("costs/early")
    assert "arly warning" not in note.text(), "not counted yet"
    page.choice.step(-1)
    late[2](EarlyWarnings(taken=1))
    assert "arly warning" not in note.text()
    stage.bridge.answer("costs/early", EarlyWarnings(taken=2))
    assert note.text().endswith("Early warnings: 2 taken, 0 missed.")
    page.choice.step(1)
    stage.bridge.answer("costs/early", EarlyWarnings(taken=3))
    assert note.text().endswith("Early warnings: 3 taken, 0 missed.")


def test_what_would_save_most_and_where_it_came_from_are_told_whole(open_page: Any) -> None:
    """Actions break their line, causes have a tip: both ended in an ellipsis where it mattered."""
    opened_cost = opened(open_page, size=(1224, 644)).page.opened_cost
    title = opened_cost.deeds[0].title
    title.setText("Mend VTP-02: the station reported a fault, drivers left without a charge")
    QTest.qWait(0)
    assert title.heightForWidth(title.width()) <= title.height()
    causes = opened_cost.findChild(SliceBars)
    QTest.mouseMove(causes, QPoint(20, causes._pitch() + 4))
    assert causes.toolTip() == causes._slices[1].name


def test_evidence_leads_to_its_fault_session_and_order(open_page: Any) -> None:
    stage = opened(open_page)
    rows = stage.page.opened_cost.rows
    kinds = {row.route for row in rows.rows}
    assert "faults/queue" in kinds
    first = next(row for row in rows.rows if row.route == "faults/queue")
    rows.opened.emit(first.route, first.argument)
    assert stage.went[-1] == ("faults/queue", first.argument)


def test_a_cause_narrows_the_evidence_and_escape_shows_all(open_page: Any) -> None:
    stage = opened(open_page)
    page = stage.page
    page.opened_cost.causes.chosen.emit("offline")
    assert "Events of No link only" in page.opened_cost.note.text()
    assert all("No link" in row.text for row in page.opened_cost.rows.rows)
    assert page.back()
    assert "only" not in page.opened_cost.note.text()


def test_an_action_is_marked_as_done_and_can_be_taken_back(open_page: Any) -> None:
    stage = opened(open_page)
    stage.page.rows.choose(Cost.MAINTENANCE)
    line = stage.page.opened_cost.deeds[0]
    title = line.title.text()
    stage.click(line.tick)
    intent = stage.bridge.intents[-1][0]
    assert isinstance(intent, SaveEntry)
    assert intent.body["title"] == title
    stage.undos[-1]()
    assert stage.bridge.intents[-1][0] == RemoveEntry(intent.kind, intent.entry)


def test_counted_minutes_are_corrected_with_a_reason(open_page: Any) -> None:
    stage = opened(open_page)
    stage.page.rows.choose(Cost.MANPOWER)
    stage.settle()
    opened_cost = stage.page.opened_cost
    assert opened_cost.correct.isVisibleTo(opened_cost)
    name = next(iter(opened_cost._acts))
    opened_cost.correct.choose(name)
    sheet = stage.sheet()
    sheet.edit("minutes").setText("-3")
    sheet.edit("why").setText("it was useful")
    stage.click(sheet.confirm)
    assert "Between 0 and 600 minutes." in stage.texts(sheet)
    sheet.edit("minutes").setText("0")
    stage.click(sheet.confirm)
    intent, why = stage.bridge.intents[-1]
    assert (intent.kind, intent.entry, intent.body, why) == (
        "manpower", name, {"minutes": "0"}, "it was useful",
    )  # fmt: skip
    stage.page.rows.choose(Cost.LOST_REVENUE)
    assert not opened_cost.correct.isVisibleTo(opened_cost)
