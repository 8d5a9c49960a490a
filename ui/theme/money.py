"""Money as the window shows it, of minor units; the form is the machine's locale's own."""

from PySide6.QtCore import QLocale

from app.domain import forms
from app.domain.money import major


def use_locale(locale: QLocale) -> None:
    """Have numbers and money written as a locale writes them, on paper too."""
    form = "¤1"
    if locale.language() != QLocale.Language.C:
        # Qt's C locale has no place for a sign.
        form = locale.toCurrencyString(1.0, "¤", 0).replace(locale.toString(1), "1")
    forms.use_forms(locale.groupSeparator(), locale.decimalPoint(), form)


def money(minor: int | None, currency: str) -> str:
    """ "€14.20" or "14,20 €" of 1420 EUR; an en dash where it is not known, never zero.

    Args:
        minor: in the currency's smallest unit.
        currency: its three letters (ISO 4217); "" where no price is known yet, which is shown as not known.
    """
    return forms.UNKNOWN if minor is None else forms.amount(major(minor, currency), currency)


def rate(minor: int | None, currency: str) -> str:
    """ "€14.20/h"; an en dash where it is not known."""
    return forms.UNKNOWN if minor is None or not currency else f"{money(minor, currency)}/h"
