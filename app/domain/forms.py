"""How people read numbers and money, in the window and on paper alike. Pure: no Qt, no clock.

Unknown is an en dash, never zero; a minus is a real minus. What a locale has of its own is chosen once, at
the start (`use_forms`); files for programs take none of it.
"""

from decimal import Decimal

from app.domain.money import places

UNKNOWN = "–"
MINUS = "−"
SIGNS = {
    "EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "CHF": "CHF", "SEK": "kr", "NOK": "kr", "DKK": "kr",
    "PLN": "zł", "CZK": "Kč", "HUF": "Ft", "TRY": "₺", "INR": "₹", "KRW": "₩", "ILS": "₪", "UAH": "₴",
}  # fmt: skip
"""What stands for a currency where its operator lives; others keep their three letters."""

_forms = [",", ".", "¤1"]


def use_forms(group: str, decimal: str, amount: str = "¤1") -> None:
    """Set the separators of thousands and of decimals, and how one of a currency is written: "¤1", "1 ¤"."""
    _forms[:] = [group, decimal, amount]


def number(value: float | Decimal | None, decimals: int = 0) -> str:
    """1,284.50; a real minus; an en dash for None."""
    if value is None:
        return UNKNOWN
    text = f"{abs(value):,.{decimals}f}"
    if any(digit in text for digit in "123456789") and value < 0:
        text = MINUS + text
    group, decimal, _ = _forms
    return text.translate({ord(","): group, ord("."): decimal})


def amount(value: Decimal | None, currency: str) -> str:
    """ "€14.20" or "14,20 €" of 14.20 EUR; an en dash where the amount or its currency is not known."""
    if value is None or not currency:
        return UNKNOWN
    text = number(value, places(currency))
    written = with_sign(text.removeprefix(MINUS), currency)
    return MINUS + written if text.startswith(MINUS) else written


def price(value: Decimal, currency: str) -> str:
    """ "€0.495" for one of something, to the last decimal that was written down: it is no €0.50."""
    return with_sign(exact(value, places(currency)), currency)


def exact(value: Decimal, least: int = 0) -> str:
    """A number with all decimals that it was written with, and `least` of them."""
    exponent = value.as_tuple().exponent
    return number(value, max(least, -exponent if isinstance(exponent, int) else 0))


def sign_of(currency: str) -> str:
    """ "€" of EUR; its three letters where it has no sign of its own."""
    return SIGNS.get(currency, currency)


def with_sign(text: str, currency: str) -> str:
    """A number that is written already, with the sign of its currency: "€0.49", "CHF 5.7k"."""
    sign, form = sign_of(currency), _forms[2]
    if sign.isalpha() and form == "¤1":
        # Letters would run into the number.
        sign += " "
    return form.replace("1", text).replace("¤", sign)
