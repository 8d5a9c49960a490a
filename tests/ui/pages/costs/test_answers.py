"""The answers below the costs: each with its line and its file, bars, what was issued."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.ui.pages.costs.opening import opened
from ui.pages.costs.answers import QUESTIONS
from ui.printing.files import write_table


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
