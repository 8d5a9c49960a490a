"""Hidden costs on Overview."""

from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt

from app.analytics.costs.books import Books
from app.analytics.costs.ledger import Cost
from tests.ui.costings import LAST
from tests.ui.pages.costs.opening import opened
from ui.models.cost_words import euro
from ui.theme.theme import colour
from ui.widgets.cost_panel import CostSummary


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
