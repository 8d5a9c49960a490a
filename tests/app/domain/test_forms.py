"""Numbers and money are written in one form, in the window and on paper."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from app.domain import forms


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    forms.use_forms(",", ".")


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [
        ("4925.93", "EUR", "€4,925.93"),
        ("-12", "EUR", "−€12.00"),
        ("-0.004", "EUR", "€0.00"),
        ("1200", "JPY", "¥1,200"),
        ("1.001", "KWD", "KWD 1.001"),
        ("14.2", "CHF", "CHF 14.20"),
        ("14.2", "", "–"),
    ],
)
def test_an_amount_has_its_currencys_sign_and_decimals(value: str, currency: str, said: str) -> None:
    assert forms.amount(Decimal(value), currency) == said


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [
        ("0.495", "EUR", "€0,495"), ("0.5", "EUR", "€0,50"), ("1E+1", "EUR", "€10,00"),
        ("12", "JPY", "¥12"), ("0.4900", "CHF", "CHF 0,4900"),
    ],
)  # fmt: skip
def test_a_price_is_told_to_its_last_decimal(value: str, currency: str, said: str) -> None:
    forms.use_forms(".", ",")
    assert forms.price(Decimal(value), currency) == said
    assert forms.exact(Decimal("8.1")) == "8,1"


def test_what_is_not_known_is_no_amount() -> None:
    assert forms.amount(None, "EUR") == forms.number(None) == "–"


@pytest.mark.parametrize(
    ("form", "euros", "francs"),
    [("1 ¤", "−1.234,50 €", "−1.234,50 CHF"), ("¤ 1", "−€ 1.234,50", "−CHF 1.234,50")],
)
def test_an_amount_stands_as_the_locale_has_it(form: str, euros: str, francs: str) -> None:
    forms.use_forms(".", ",", form)
    value = Decimal("-1234.5")
    assert (forms.amount(value, "EUR"), forms.amount(value, "CHF")) == (euros, francs)


def test_a_price_keeps_the_decimals_it_was_written_with() -> None:
    assert (forms.with_sign("0.4905", "EUR"), forms.with_sign("5.7k", "SEK")) == ("€0.4905", "kr 5.7k")
