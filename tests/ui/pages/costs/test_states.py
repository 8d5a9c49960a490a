"""Costs that are computed, empty, not read, or partly there."""

from types import SimpleNamespace
from typing import Any

from app.analytics.costs.books import Books
from app.domain.errors import ForecourtError
from tests.ui.costings import books
from tests.ui.pages.costs.opening import opened
from tests.ui.pictures import picture


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
