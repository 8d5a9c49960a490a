"""Insights: each question is answered in one line from what is chosen, compared, and saved as files."""

import csv
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage

from app.analytics.costs.assumptions import assumption_set
from app.analytics.costs.books import Books
from app.analytics.insights.supply import Supply
from app.domain.errors import ForecourtError
from app.domain.intents import SaveEntry
from tests.ui import costings, insight_answers
from tests.ui.pictures import SITES, picture
from ui.pages.insights.days_sheet import DaysSheet
from ui.pages.insights.pay_map import PayMap, legend


def opened(open_page: Any, **more: Any) -> Any:
    """The page with cases of one more connector."""
    stage = open_page("insights", **more)
    stage.bridge.answers["costs/books"] = insight_answers.with_cases(costings.books(13))
    stage.page._ask_books()
    stage.settle()
    return stage


def told(stage: Any, key: str) -> str:
    """The answer and foot of a question."""
    panel = stage.page.panels[key]
    return f"{panel.answer.accessibleName()} | {panel.foot.accessibleName()}"


def test_each_question_is_answered_in_one_line(open_page: Any) -> None:
    """What was lost and where, the busy hours, the weak make, the pay-back, the usual stay, the peak."""
    stage = opened(open_page)
    starts = told(stage, "starts")
    assert "no session began, 71 of 511 lost. 64 of them on Helion Quadra 150 with 4.2.1" in starts
    assert "92.5% of 6,824 ended well" in starts
    assert "2.1 points better than the second" in starts
    assert "Friday 16 to 19 h" in told(stage, "hours")
    assert "off by 21 a day, “as last week” by 29" in told(stage, "hours")
    assert "Helion Quadra 150 with 4.2.1 fails most" in told(stage, "makes")
    assert "limit 60 months" in told(stage, "pay")
    assert "52 min at the plug for 27.4 kWh" in told(stage, "drivers")
    assert f"{SITES[0][0]}: 322 kW where 200 would do" in told(stage, "peaks")
    assert f"{SITES[1][0]}: 3.7% of voltages outside ±10%" in told(stage, "supply")
    assert "93% of the time read so far" in told(stage, "supply")
    assert "€412.60 at the price a minute of 2 sites" in told(stage, "drivers")


def test_both_sets_are_asked_and_kept(open_page: Any) -> None:
    """The second set is the weeks right before; without it nothing is asked twice nor compared."""
    stage = opened(open_page)
    sets = stage.page.sets
    assert sets.second.to_ms == sets.first.from_ms
    assert (sets.first_words, sets.second_words) == ("14 Sep – 11 Oct", "17 Aug – 13 Sep")
    asked: list[Any] = []
    stage.bridge.answers["insights/starts/0"] = lambda chosen, zone: (
        asked.append(chosen) or insight_answers.starts()
    )
    stage.page.bar.second.choose("nothing")
    assert stage.page.sets.second is None
    assert not asked, "the first set is known"
    assert "points" not in told(stage, "starts")
    stage.page.bar.first.choose("w13")
    assert len(asked) == 1
    assert asked[0] == stage.page.sets.first


def test_sites_and_models_are_compared(open_page: Any) -> None:
    """The bar chooses two of them; a period governs both."""
    stage = opened(open_page)
    bar = stage.page.bar
    bar.mode.chosen.emit("sites")
    first, second = stage.page.sets.first, stage.page.sets.second
    assert first.sites
    assert second.sites
    assert first.sites != second.sites
    assert (first.from_ms, first.to_ms) == (second.from_ms, second.to_ms)
    assert bar.period.isVisible()
    assert not bar.site.isVisible()
    bar.mode.chosen.emit("models")
    bar.second.choose(insight_answers.MAKES[3])
    second = stage.page.sets.second
    assert (second.vendor, second.model, second.firmware) == insight_answers.MAKES[3]
    bar.second.choose("")
    assert stage.page.sets.second is None


def test_a_failed_question_leaves_the_others_alone(open_page: Any) -> None:
    """Its panel says why and asks again; the rest stands."""
    stage = opened(open_page)
    stage.bridge.answers["insights/drivers/0"] = ForecourtError("The disk does not answer.")
    stage.page.questions.forget()
    stage.page.ask()
    stage.settle()
    panel = stage.page.panels["drivers"]
    assert "The disk does not answer." in stage.texts(panel)
    assert not panel.csv.isEnabled()
    assert "92.5%" in told(stage, "starts")
    stage.bridge.answers["insights/drivers/0"] = insight_answers.drivers()
    stage.click(stage.button("Try again", panel))
    assert panel.csv.isEnabled()


def test_nothing_is_invented_where_nothing_happened(open_page: Any) -> None:
    """An empty time is said; without any charger the address is shown."""
    stage = opened(open_page)
    stage.bridge.answers["insights/supply/0"] = Supply((), 1.0)
    stage.page.questions.forget()
    stage.page.ask()
    assert "Nobody charged in this time" in stage.texts(stage.page.panels["supply"])
    stage.bridge.answers["insights/supply/0"] = Supply((), 0.0)
    stage.page.questions.forget()
    stage.page.ask()
    assert "Meter values of this time are not read yet" in stage.texts(stage.page.panels["supply"])
    stage.page._take_books(Books(tuple(replace(b, peaks=()) for b in costings.books(2).months)))
    assert "No peak is known of this time" in stage.texts(stage.page.panels["peaks"])
    nobody = open_page("insights", picture(0))
    assert "Nothing can be asked of the past yet" in nobody.texts()


def test_a_missing_input_is_asked_for_in_place(open_page: Any) -> None:
    """The demand charge turns kW into money; what one more connector costs turns drivers into months."""
    stage = opened(open_page)
    panel = stage.page.panels["peaks"]
    assert "not known yet" in told(stage, "peaks")
    panel.ask.field.setText("8.50")
    panel.ask.keep()
    intent, _ = stage.bridge.intents[-1]
    assert intent == SaveEntry("assumption", "data.demand_charge", {"value": "8.50"})
    stage.bridge.answers["insights/rates"] = assumption_set((), {"data.demand_charge": "8.50"})
    stage.bridge.answers["costs/books"] = insight_answers.with_cases(costings.books(13), priced=False)
    stage.page._saved_input()
    assert "for peaks that need not be" in told(stage, "peaks")
    assert not panel.ask.isVisible()
    assert "Not known yet" in told(stage, "pay")
    assert stage.page.panels["pay"].ask.title.text() == "Fixed cost of one more connector"


def test_a_costless_remedy_stands_first(open_page: Any) -> None:
    """Where cars that are full hold a connector for long, an idle fee is named before a purchase."""
    stage = opened(open_page)
    rows = {row.name: row for row in stage.page.board.paybacks.map.rows}
    assert rows[SITES[2][0]].remedy.startswith("idle fee first: up to")
    assert not rows[SITES[0][0]].remedy
    assert "idle fee first" in told(stage, "pay")


def test_every_question_is_saved_as_picture_and_table(open_page: Any, tmp_path: Any) -> None:
    """A picture at twice the size; a table of raw figures that names both sets with their offsets."""
    stage = opened(open_page)
    for key in stage.page.panels:
        stage.page.save_to(key, tmp_path / f"{key}.csv")
        stage.page.save_to(key, tmp_path / f"{key}.png")
        rows = list(csv.reader((tmp_path / f"{key}.csv").read_text(encoding="utf-8-sig").splitlines()))
        assert len(rows) > 5, key
        assert len({len(row) for row in rows}) == 1, key
        assert any(row[0].startswith("2026-09-14T00:00:00+02:00/") for row in rows), key
        picture_ = QImage(str(tmp_path / f"{key}.png"))
        assert picture_.width() == 2 * stage.page.panels[key].evidence.width(), key
    assert len(stage.toasts) == 14


def test_evidence_is_reached_by_arrows_and_told_in_words(open_page: Any) -> None:
    """Down moves a day in the week; each mark is told."""
    stage = opened(open_page)
    heat = stage.page.board.heat
    stage.press(heat, Qt.Key.Key_Right, Qt.Key.Key_Down)
    assert heat.marked == 24
    assert heat.accessibleDescription().startswith("Tue 00:00")
    stage.press(stage.page.board.funnel, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert "Card not known 64" in stage.page.board.funnel.accessibleDescription()
    assert "Second" not in stage.page.board.spreads.accessibleName()
    for drawn in (
        stage.page.board.scores,
        stage.page.board.paybacks,
        stage.page.board.spreads,
        stage.page.board.peaks,
    ):
        stage.press(drawn, Qt.Key.Key_Right)
        assert drawn.accessibleDescription(), drawn


def test_an_answer_to_an_older_choice_is_not_shown(open_page: Any) -> None:
    """Chosen anew while a question is under way: only the newer answer counts."""
    stage = opened(open_page)
    del stage.bridge.answers["insights/drivers/0"]
    stage.page.bar.first.choose("w26")
    _fn, _args, done, _failed = stage.bridge.asked["insights/drivers/0"]
    stage.page.bar.first.choose("w52")
    done(insight_answers.drivers())
    assert not stage.page.panels["drivers"].csv.isEnabled()
    stage.bridge.answer("insights/drivers/0", insight_answers.drivers())
    assert stage.page.panels["drivers"].csv.isEnabled()


def test_what_takes_long_can_be_stopped(open_page: Any) -> None:
    """Cancel drops that question alone; it says so and offers to try again."""
    stage = opened(open_page)
    del stage.bridge.answers["insights/drivers/0"]
    stage.page.bar.first.choose("w52")
    panel = stage.page.panels["drivers"]
    panel.cancelled.emit()
    assert "insights/drivers/0" not in stage.bridge.asked
    assert "Reading was stopped" in stage.texts(panel)
    assert "92.5%" in told(stage, "starts")


def test_any_two_periods_are_compared_by_their_days(open_page: Any) -> None:
    """Days are typed once; what cannot be read is said, and unequal lengths are told."""
    stage = opened(open_page)
    stage.page.bar.first.choose("other")
    (sheet,) = stage.page.window().findChildren(DaysSheet)
    assert sheet.edits["first_from"].text() == "2026-09-14"
    assert sheet.edits["second_to"].text() == "2026-09-13"
    sheet.edits["first_to"].setText("2026-08-01")
    sheet.take()
    assert "The last day lies before the first." in stage.texts(sheet)
    for key, text in (("first_from", "2026-06-01"), ("first_to", "2026-06-30"),
                      ("second_from", "2025-12-24"), ("second_to", "2025-12-31")):  # fmt: skip
        sheet.edits[key].setText(text)
    sheet.take()
    sets = stage.page.sets
    assert (sets.first_words, sets.second_words) == ("1 Jun – 30 Jun", "24 Dec – 31 Dec")
    assert "30 days" in sets.told
    assert "8 days against" in sets.told
    assert stage.page.bar.first.value == "2026-06-01/2026-06-30"
    stage.page.bar.first.choose("w4")
    assert stage.page.sets.first_words == "14 Sep – 11 Oct"


def test_few_sessions_are_not_made_a_trend(open_page: Any) -> None:
    """Of three sessions nothing is usual, nor most."""
    stage = opened(open_page)
    for which in (0, 1):
        stage.bridge.answers |= insight_answers.few(which)
    stage.page.questions.forget()
    stage.page.ask()
    stage.settle()
    assert "Only 3 attempts: too few to tell where most are lost" in told(stage, "starts")
    assert "Only 3 sessions: too few to tell when most come" in told(stage, "hours")
    assert "Only 3 sessions: too few to tell what is usual" in told(stage, "drivers")
    for key in ("starts", "hours", "drivers"):
        assert "%" not in told(stage, key), key
    assert {row.passed for row in stage.page.board.funnel.rows} == {None}
    assert "2 ended well" in stage.page.board.funnel._second
    assert stage.page.board.heat.shown.top == 1
    assert "few data" in stage.page.board.spreads.charts[1].told


def test_the_map_shows_where_the_listed_sites_lie(open_page: Any) -> None:
    """Sites of the picture have a place; numbers are those of the list."""
    stage = opened(open_page)
    paybacks = stage.page.board.paybacks
    assert paybacks.pay_map.known
    assert {row.name for row in paybacks.map.rows} <= set(stage.page.board._places())


def test_a_dashed_mark_is_no_answer_where_none_is_known(open_page: Any) -> None:
    """Where an input was missing the map said that one more connector does not pay."""
    paid = opened(open_page).page.board.paybacks.map.rows[0]
    slow, open_ = replace(paid, reading="too slow"), replace(paid, reading="not known yet")
    assert legend((paid, slow))[2] == "dashed: does not"
    assert legend((open_, open_))[2] == "dashed: not known yet"
    assert legend((paid, open_))[2] == "dashed: no, or not known"


def test_a_number_on_the_small_map_lies_on_no_better_one(open_page: Any) -> None:
    """Two sites of one town made one blot of two numbers."""
    rows = opened(open_page).page.board.paybacks.map.rows[:3]
    at = {row.name: QPointF(10.0 + 5 * (n == 1) + 80 * (n == 2), 10.0) for n, row in enumerate(rows)}
    assert len(at) == 3
    numbered = PayMap.numbered(rows, at)
    assert [rank for rank, _ in numbered.values()] == [1, 3]


def test_an_answer_that_does_not_fit_beside_its_reason_stands_above_it(open_page: Any) -> None:
    """On a laptop the reason ended in an ellipsis."""
    line = opened(open_page).page.panels["starts"].answer
    high = line.height()
    line.setFixedWidth(2000)
    line.resize(2000, high)
    assert not line.in_two
    one = line.height()
    line.setFixedWidth(340)
    line.resize(340, one)
    assert line.in_two
    assert line.height() > one
