"""Money is written as the machine's locale has it, and a report says it likewise."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QLocale

from app.domain import forms
from app.reports.owner_words import Money
from ui.models.cost_words import euro
from ui.theme.money import money, rate, use_locale


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    forms.use_forms(",", ".")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("C", "€4,925.93"),
        ("en_US", "€4,925.93"),
        ("de_DE", "4.925,93\u00a0€"),
        ("nl_BE", "€\u00a04.925,93"),
        ("fr_FR", "4\u202f925,93\u00a0€"),
    ],
)
def test_window_and_report_say_an_amount_alike(name: str, said: str) -> None:
    use_locale(QLocale(name))
    value = Decimal("4925.93")
    assert money(492593, "EUR") == euro(value, "EUR") == Money("EUR").text(value) == said


def test_a_loss_without_a_price_is_not_known() -> None:
    assert (money(None, "EUR"), money(100, ""), rate(100, "")) == ("–", "–", "–")
    assert rate(1420, "EUR") == "€14.20/h"
