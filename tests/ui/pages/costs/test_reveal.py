"""Who a driver is: told with a reason, recorded first."""

from typing import Any

import pytest

from tests.ui.pages.costs.opening import opened
from ui.pages.costs import reveal


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
