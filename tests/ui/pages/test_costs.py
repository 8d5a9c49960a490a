"""Hidden costs as somebody reads, asks and answers it."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.analytics.costs.books import Ask, Books
from app.analytics.costs.ledger import Cost
from app.analytics.early_warnings import EarlyWarnings
from app.domain.errors import ForecourtError
from app.domain.intents import RemoveEntry, SaveEntry
from tests.ui.costings import LAST, books
from tests.ui.pictures import picture
from ui.models.cost_actions import actions
from ui.models.cost_words import MEANINGS, euro
from ui.pages.costs import reveal, voices
from ui.pages.costs.answers import QUESTIONS
from ui.pages.costs.rows import Places
from ui.printing.files import write_table
from ui.theme.theme import colour, px
from ui.widgets.cost_panel import CostSummary
from ui.widgets.painting import width_of
from ui.widgets.slice_bars import SliceBars


def opened(open_page: Any, argument: str = "", **more: Any) -> Any:
    stage = open_page("costs", argument=argument, **more)
    stage.settle()
    return stage


def test_seven_rows_with_money_range_and_confidence(open_page: Any) -> None:
    """Each is one sentence; the total leaves future margin out and says so."""
    stage = opened(open_page)
    page = stage.page
    assert {view.row.cost for view in page.rows.views} == set(Cost)
    first = page.rows.views[0]
    assert first.row.cost is Cost.LOST_REVENUE
    said = first.accessibleName()
    assert euro(first.row.amount, "EUR") in said
    assert "Mostly modelled" in said
    assert "against Sep" in said
    totals = stage.texts(page.totals)
    assert euro(page.view.whole, "EUR") in totals
    assert "Future margin, beside it, Pending, until 31 Dec 2026" in totals
    assert "Counted once: nothing was asked for twice" in totals
    assert stage.titles[-1] == ("", "1 to 15 October 2026")


def test_the_keyboard_opens_one_after_the_other(open_page: Any) -> None:
    """J moves; causes, evidence, actions and assumptions of the one that is open stand at the right."""
    stage = opened(open_page)
    page = stage.page
    page.rows.setFocus()
    stage.press(page.rows, Qt.Key.Key_J)
    assert page.rows.chosen is Cost.MAINTENANCE
    said = stage.texts(page.opened_cost)
    for words in (
        "No fault found",
        "What would save most",
        "What this rests on",
        "A visit to a site",
        "€145.00",
    ):
        assert words in said


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


def test_a_missing_input_is_asked_for_in_place_with_one_number(open_page: Any) -> None:
    """The row has the field; a word is refused with a sentence, a number is written down."""
    stage = opened(open_page)
    book = stage.page.books.months[-1]
    bare = replace(book, parts=tuple(p for p in book.parts if p.cost is not Cost.DATA or p.missing))
    stage.bridge.answers["costs/books"] = Books((bare,))
    stage.page.ask()
    stage.settle()
    view = next(v for v in stage.page.rows.views if v.row.cost is Cost.DATA)
    assert "not known yet" in view.accessibleName()
    assert view.ask.isVisible()
    view.ask.field.setText("much")
    view.ask.keep()
    assert "is no amount" in view.ask.wrong.text()
    assert not stage.bridge.intents
    view.ask.field.setText("11,50")
    stage.press(view.ask.field, Qt.Key.Key_Return)
    ((intent, _why),) = stage.bridge.intents
    assert intent == SaveEntry("assumption", "data.demand_charge", {"value": "11.50"})
    assert "is kept" in stage.toasts[-1]


def test_an_energy_price_is_asked_for_beside_the_figure(open_page: Any) -> None:
    """Lost revenue is revenue until a kWh has a cost; the panel says so and asks for it."""
    stage = opened(open_page)
    book = stage.page.books.months[-1]
    asks = (*book.asks, Ask("energy-cost", Cost.LOST_REVENUE, "Breda Princenhage"))
    given = replace(book, asks=asks, revenue_not_margin=("Breda Princenhage",))
    stage.bridge.answers["costs/books"] = Books((given,))
    stage.page.ask()
    stage.page.rows.choose(Cost.LOST_REVENUE)
    stage.settle()
    assert "revenue, not margin" in stage.page.opened_cost.note.text()
    ask = stage.page.opened_cost.asks[0]
    ask.field.setText("0.21")
    ask.keep()
    intent = stage.bridge.intents[-1][0]
    assert (intent.kind, intent.body["per_kwh"]) == ("energy-cost", "0.21")


def test_months_and_sites_are_chosen(open_page: Any) -> None:
    stage = opened(open_page)
    page = stage.page
    page.choice.step(-1)
    assert page.view.period_words == "September 2026"
    page.choice.step(1)
    page.choice.step(1)
    assert "Nothing is known of November 2026" in stage.toasts[-1]
    whole = page.view.whole
    page.choice.place.choose("Breda Princenhage")
    assert 0 < page.view.whole < whole
    assert "Breda Princenhage" in page.totals.whole.title


@pytest.mark.parametrize("key", list(QUESTIONS))
def test_every_answer_is_one_click_away_and_can_be_exported(open_page: Any, key: str, tmp_path: Path) -> None:
    """Its question, its line, and a file with what it shows."""
    stage = opened(open_page, argument=f"answer:{key}")
    answers = stage.page.answers
    assert answers.key == key
    assert answers.question.text().endswith("?")
    assert answers.told.text()
    assert "could not" not in answers.told.text()
    assert write_table(answers.rows_of_view(), tmp_path / "a.csv") >= 1
    assert (tmp_path / "a.csv").read_text("utf-8-sig").count("\n") >= 1


def test_who_a_driver_is_needs_a_reason_and_is_recorded_first(
    open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a reason nothing is shown; with it the look is journaled, then the card is told."""
    stage = opened(open_page, argument="answer:radar")
    stage.bridge.answers["costs/who"] = lambda _dir, pseudonym: "04A2D1C9"
    row = stage.page.answers.table.answer.rows[0]
    assert "04A2" not in stage.texts()
    stage.page.answers.table.opened.emit(row.route, row.argument)
    sheet = stage.sheet()
    stage.click(sheet.confirm)
    assert not stage.bridge.intents
    sheet.edit("why").setText("He asked for a refund")
    stage.click(sheet.confirm)
    ((intent, why),) = stage.bridge.intents
    assert intent.kind == reveal.KIND
    assert intent.body["driver"] == row.key
    assert why == "He asked for a refund"
    stage.settle()
    assert "04A2D1C9" in stage.texts(stage.sheet())


def test_a_look_that_cannot_be_recorded_shows_nothing(open_page: Any) -> None:
    stage = opened(open_page, argument="answer:radar")
    stage.bridge.answers["costs/who"] = "04A2D1C9"
    row = stage.page.answers.table.answer.rows[0]
    stage.page.answers.table.opened.emit(row.route, row.argument)
    sheet = stage.sheet()
    sheet.edit("why").setText("He asked")
    stage.bridge.refuse = "Nothing can be recorded now."
    stage.click(sheet.confirm)
    assert "Nothing can be recorded now." in stage.texts(sheet)
    assert "04A2D1C9" not in stage.texts(sheet)


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


def test_computing_is_told_with_progress_and_can_be_cancelled(open_page: Any) -> None:
    """Months that are not there are left open; Cancel reaches the core; news make the page read again."""
    stage = opened(open_page)
    news: list[Any] = []
    calls: list[str] = []
    progress = SimpleNamespace(running=True, period="2026-08", done=0.4, left=3, failed="")
    watch = SimpleNamespace(take=lambda: news.pop() if news else None, close=lambda: calls.append("closed"))
    costs = SimpleNamespace(subscribe=lambda: watch, cancel=lambda: calls.append("cancelled"))
    stage.bridge.room = SimpleNamespace(costs=costs)
    stage.page.closed()
    stage.page.feed._watch = None
    stage.page.opened("")
    news.append(SimpleNamespace(progress=progress, changed=()))
    stage.settle()
    assert "Computing: 40% of August 2026, 3 months after it" in stage.texts(stage.page.notice)
    stage.click(stage.page.notice.cancel)
    assert calls == ["cancelled"]
    stage.bridge.answers["costs/books"] = books(3)
    idle = SimpleNamespace(running=False, period="", done=0.0, left=0, failed="")
    news.append(SimpleNamespace(progress=idle, changed=("2026-08",)))
    stage.settle()
    assert len(stage.page.books.months) == 3
    assert not stage.page.notice.isVisible()
    stage.page.closed()
    assert calls[-1] == "closed"


def test_empty_unread_and_partial(open_page: Any) -> None:
    """No charger yet, nothing known, an error, and months that are missing: each says so."""
    stage = opened(open_page, shown=picture(0))
    stage.page.books = None
    stage.bridge.answers["costs/books"] = Books(())
    stage.page.ask()
    stage.settle()
    assert stage.page.states.first.isVisible()
    stage.page.books = None
    stage.bridge.answers["costs/books"] = ForecourtError("The disk does not answer.")
    stage.page.ask()
    stage.settle()
    assert "The disk does not answer." in stage.texts()
    stage.bridge.answers["costs/books"] = books(12, missing=("2026-07", "2026-08"))
    stage.page.ask()
    stage.settle()
    assert "2 months not computed yet" in stage.texts(stage.page.notice)
    assert "2 of 12 months are not computed yet" in stage.page.answers.told.text()


def test_a_low_window_puts_the_rows_behind_a_tab(open_page: Any) -> None:
    stage = opened(open_page, size=(1224, 644))
    page = stage.page
    assert page.rows.isVisible()
    page.answers.tab_chosen.emit("bridge")
    stage.settle()
    assert page.answers.bridge.isVisible()
    assert not page.rows.isVisible()
    page._tab("costs")
    assert page.rows.isVisible()


def test_on_a_laptop_what_a_cost_is_stands_whole_beside_its_count() -> None:
    """Four of seven rows were cut short there; the trend gives way first."""
    at = Places(px(764))
    for cost, quantity in ((Cost.LOST_REVENUE, "155 visits failed"), (Cost.DATA, "2 sessions unproved")):
        room = at.amount.right() - at.name.left() - width_of(quantity, "small") - px(14)
        assert width_of(MEANINGS[cost], "small") <= room
    assert at.has_trend


def test_bars_of_money_are_marked_by_the_pointer_and_by_arrows_and_told(open_page: Any) -> None:
    """A bridge's bars too: their labels may be cut, and they were told nowhere."""
    stage = opened(open_page)
    answers = stage.page.answers
    answers.tab_chosen.emit("bridge")
    stage.settle()
    bars = answers.bridge
    QTest.mouseMove(bars, QPoint(bars.width() - 30, bars.height() // 2))
    assert bars.accessibleDescription() == bars.said(bars.items() - 1)
    stage.press(bars, Qt.Key.Key_Left)
    assert bars.accessibleDescription() == bars.said(bars.items() - 2)
    answers.tab_chosen.emit("months")
    stage.settle()
    stage.press(answers.months, Qt.Key.Key_Right, Qt.Key.Key_Down)
    assert answers.months.accessibleDescription() == answers.months.said(1)


def test_the_summary_for_overview_says_the_same(open_page: Any, qtbot: Any) -> None:
    """The same total; a row opens its cost; not known is said."""
    stage = opened(open_page)
    summary = CostSummary(stage.workspace)
    qtbot.addWidget(summary)
    summary.resize(420, 280)
    heads: list[tuple[str, str]] = []
    summary.headed.connect(lambda title, subtitle: heads.append((title, subtitle)))
    summary.ask()
    assert heads == [("Hidden costs, October", "against 1–15 September")]
    assert euro(stage.page.view.whole, "EUR") in summary.accessibleName()
    assert "User churn pending" in summary.accessibleName()
    assert not summary.grab().isNull()
    chosen: list[str] = []
    summary.opened.connect(chosen.append)
    stage.press(summary, Qt.Key.Key_J, Qt.Key.Key_Return)
    assert chosen == ["lost-revenue"]
    summary.show_books(Books((), (LAST,)))
    assert "being computed" in summary.accessibleName()
    assert blocks(summary) == len(Cost)
    summary.show_failure("The disk does not answer.")
    assert "The disk does not answer." in summary.accessibleName()
    assert blocks(summary) == 0


def blocks(summary: CostSummary) -> int:
    """How many flat blocks stand below each other where figures will be."""
    image = summary.grab().toImage()
    x, ink = image.width() - 40, colour("surface2").name()
    lit = [image.pixelColor(x, y).name() == ink for y in range(image.height())]
    return sum(after and not before for before, after in pairwise(lit))


def test_complaints_reviews_and_credits_come_from_a_file(open_page: Any, tmp_path: Path) -> None:
    stage = opened(open_page, Cost.BRAND.value)
    assert "Import complaints, reviews and credits…" in stage.texts(stage.page.opened_cost)
    station = next(iter(stage.page.workspace.picture.stations))
    file = tmp_path / "voices.csv"
    file.write_text(
        f"date,type,station,text,amount\n2026-10-02,review,{station},two stars,\n2026-10-03,credit,,,5\n"
    )
    voices.bring_in(stage.page.workspace, file, "EUR")
    stage.settle()
    (review, why), (paid, _) = stage.bridge.intents[-2:]
    assert (review.kind, review.body["type"], review.body["station"]) == ("complaint", "review", station)
    assert "amount" not in review.body
    assert (paid.kind, paid.body["amount"], paid.body["currency"]) == ("credit", "5", "EUR")
    assert why == "Imported"
    assert stage.toasts[-1] == "1 complaint or review and 1 credit kept."
    file.write_text("date,type\n2026-10-02,praise\n")
    voices.bring_in(stage.page.workspace, file, "EUR")
    stage.settle()
    assert "Line 2: 'praise' is no type" in stage.toasts[-1]


def test_a_month_that_is_over_is_issued_and_what_is_known_later_stands_beside_it(open_page: Any) -> None:
    stage = opened(open_page)
    page = stage.page
    stage.click(page.totals.issued)
    stage.settle()
    assert page.answers.told.text() == "October 2026 still runs; it is issued once it is over."
    assert not page.answers.issue.isEnabled()
    page.choice.step(-1)
    stage.settle()
    told = page.answers.told.text()
    assert told.startswith("September 2026 was issued once; by what is known now it would be €100.00 less.")
    whole, only = page.answers.table.answer.rows
    assert [cell.text for cell in whole.cells[1:2]] == ["Six costs together"]
    assert whole.cells[4].text == "−€100.00"
    assert whole.cells[5].text == "Marta Berg"
    assert (only.cells[1].text, only.cells[4].text) == ("Maintenance cost", "−€100.00")
    asked: list[tuple[str, str]] = []
    room = SimpleNamespace(costs=SimpleNamespace(issue=lambda period, by: asked.append((period, by))))
    stage.click(page.answers.issue)
    stage.bridge.runs[-1](room)
    assert asked == [("2026-09", stage.bridge.operator)]
    assert stage.toasts[-1] == "September 2026 is issued."


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


def test_quarters_and_years_are_shown_as_months_are(open_page: Any) -> None:
    """The total is the months' own; evidence of all of them opens; nothing is compared with a year that
    lacks months."""
    stage = opened(open_page)
    page = stage.page
    known = books(13)
    page._take(known)
    page.choice.sizes.chosen.emit("quarter")
    assert page.choice.period == "2026-Q4"
    assert stage.titles[-1][1].startswith("1 Oct to ")
    page.choice.step(-1)
    assert stage.titles[-1] == ("", "Q3 2026")
    mine = [one.total() for one in known.months if one.period in ("2026-07", "2026-08", "2026-09")]
    assert page.view.whole == sum(mine)
    assert page.view.before_words == "Q2 2026"
    assert "against Q2" in page.rows.views[0].accessibleName()
    read: list[Any] = []
    stage.bridge.answers["costs/evidence"] = known.month("2026-09")
    page._read |= {one.period: one for one in known.months if one.period in ("2026-07", "2026-08")}
    page._with_evidence(read.append)
    stage.settle()
    assert [one.period for one in read] == ["2026-Q3"]
    assert sum(len(part.lines) for part in read[0].parts) == sum(
        len(part.lines) for one in page._months("2026-Q3") for part in page._read[one].parts
    )
    page._show_opened()
    told = actions(known.month("2026-09"), page.rows.chosen, [
        part for part in known.month("2026-09").parts if part.cost is page.rows.chosen
    ], "", page.feed.done)  # fmt: skip
    assert told
    assert told[0].title in stage.texts(page.opened_cost), "what an action saves is told a month"
    assert told[0].words("EUR") in stage.texts(page.opened_cost)
    page.choice.sizes.chosen.emit("year")
    assert (page.choice.period, page.view.before) == ("2026", None)
    page.choice.sizes.chosen.emit("month")
    assert page.choice.period == LAST
