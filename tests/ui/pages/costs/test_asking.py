"""What nobody said yet is asked for where it is missing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from app.analytics.costs.books import Ask, Books
from app.analytics.costs.ledger import Cost
from app.domain.intents import SaveEntry
from tests.ui.pages.costs.opening import opened
from ui.pages.costs import voices


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
