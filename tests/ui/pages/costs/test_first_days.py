"""Hidden costs of a network whose first charger called today."""

from typing import Any

from app.analytics.costs.books import Books
from tests.ui.pictures import picture


def test_no_button_leads_to_the_month_that_is_shown(open_page: Any) -> None:
    """ "Show the newest month" did nothing, and a currency stood there of which nothing was booked."""
    stage = open_page("costs", picture(3))
    page = stage.page
    stage.bridge.answers["costs/books"] = Books(())
    for widget in page.choice.widgets():
        widget.setParent(page)
        widget.show()
    page.books = None
    page.ask()
    stage.settle()
    assert page.states.nothing.isVisible()
    assert not page.states.newest.isVisible()
    assert not page.choice.money.isVisible()
    page.choice._known = ("2026-09", "2026-10")
    page.choice.choose("2026-09")
    stage.settle()
    assert page.states.newest.isVisible()
    page.books = None
    page.choice.money.show()
    page._failed("The disk does not answer.")
    assert not page.choice.money.isVisible()
