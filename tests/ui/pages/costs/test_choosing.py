"""Months, quarters, years and sites."""

from typing import Any

from tests.ui.costings import LAST, books
from tests.ui.pages.costs.opening import opened
from ui.models.cost_actions import actions


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
