"""Money as a person reads it: the locale's form, the currency's own sign and decimals."""

from PySide6.QtCore import QLocale

from app.domain.money import major, places
from ui.theme.formats import MINUS, UNKNOWN, number

SIGNS = {
    "EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "CHF": "CHF", "SEK": "kr", "NOK": "kr", "DKK": "kr",
    "PLN": "zł", "CZK": "Kč", "HUF": "Ft", "TRY": "₺", "INR": "₹", "KRW": "₩", "ILS": "₪", "UAH": "₴",
}  # fmt: skip
"""What stands for a currency where its operator lives; others keep their three letters."""


def money(minor: int | None, currency: str, *, sign: bool = True) -> str:
    """ "€14.20" or "14,20 €" of 1420 EUR; an en dash where it is not known, never zero.

    Args:
        minor: in the currency's smallest unit.
        currency: its three letters (ISO 4217); "" where no price is known yet, which is shown as not known.
        sign: whether the currency stands with it; off where a header has it.
    """
    if minor is None or (sign and not currency):
        return UNKNOWN
    digits = places(currency)
    value = float(major(minor, currency))
    locale = QLocale()
    known = SIGNS.get(currency, currency)
    plain = number(abs(value), digits)
    if not sign:
        text = plain
    elif locale.language() == QLocale.Language.C:
        # A machine without a locale: Qt's C locale has no place for a sign.
        text = f"{known}{' ' if known.isalpha() else ''}{plain}"
    else:
        text = locale.toCurrencyString(abs(value), known, digits)
    return f"{MINUS}{text}" if minor < 0 else text


def rate(minor: int | None, currency: str) -> str:
    """ "€14.20/h"; an en dash where it is not known."""
    return UNKNOWN if minor is None or not currency else f"{money(minor, currency)}/h"
