"""The seven costs as they are read: rows, total, one opened by keys, a low window, a laptop."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.analytics.costs.ledger import Cost
from tests.ui.pages.costs.opening import opened
from ui.models.cost_words import MEANINGS, euro
from ui.pages.costs.rows import Places
from ui.theme.theme import px
from ui.widgets.painting import width_of


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


@pytest.mark.parametrize(("low", "high"), [("1234.56", "98765.43"), ("0", "9.5"), ("120000", "480000")])
def test_a_range_that_does_not_fit_is_rounded_and_not_cut(open_page: Any, low: str, high: str) -> None:
    """Its upper end was lost in an ellipsis."""
    view = opened(open_page, size=(1224, 644)).page.rows.views[0]
    row = replace(view.row, low=Decimal(low), high=Decimal(high))
    assert width_of(view._short_range(row), "caption") <= Places(view.width()).known.width()


def test_on_a_laptop_what_a_cost_is_stands_whole_beside_its_count() -> None:
    """Four of seven rows were cut short there; the trend gives way first."""
    at = Places(px(764))
    for cost, quantity in ((Cost.LOST_REVENUE, "155 visits failed"), (Cost.DATA, "2 sessions unproved")):
        room = at.amount.right() - at.name.left() - width_of(quantity, "small") - px(14)
        assert width_of(MEANINGS[cost], "small") <= room
    assert at.has_trend
