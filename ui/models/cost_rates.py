"""The rates behind a cost, in words: value, where it comes from, who changed it when."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.analytics.cost_names import NAMES
from app.analytics.costs.assumptions import Assumption, AssumptionSet, Held, known
from app.analytics.costs.ledger import Confidence, Cost, Part
from app.domain.forms import sign_of
from ui.models.cost_words import euro
from ui.theme.formats import day, number

NOT_ENTERED = "not entered"


@dataclass(frozen=True, slots=True)
class RateLine:
    """One rate as a line: `source` says who set it or that it is a default."""

    key: str
    title: str
    value: str
    source: str
    basis: str


def value_words(one: Assumption, value: Decimal | None, currency: str) -> str:
    """ "€28.00", "25%", "3.5 min"; "not entered" for none."""
    if value is None:
        return NOT_ENTERED
    if one.kind == "share":
        percent = value * 100
        return f"{number(float(percent), 0 if percent == percent.to_integral_value() else 1)}%"
    return (
        f"{_plain(one, value, currency)} {one.unit}".strip()
        if one.kind != "money"
        else _plain(one, value, currency)
    )


def _plain(one: Assumption, value: Decimal, currency: str) -> str:
    if one.kind == "money":
        return euro(value, currency)
    return number(float(value), 0 if value == value.to_integral_value() else 1)


def unit_words(one: Assumption, currency: str) -> str:
    """ "€ per hour", "%", "min"."""
    if one.kind == "share":
        return "%"
    return f"{sign_of(currency)} {one.unit}" if one.kind == "money" else one.unit


def feeds_words(one: Assumption) -> str:
    """The costs it goes into."""
    return ", ".join(NAMES[Cost(cost)] for cost in one.feeds)


def set_words(held: Held, zone: ZoneInfo) -> str:
    """ "set 2 Sep by SV", "default in use", "not entered"."""
    if held.by:
        when = f" {day(held.at_ms, zone)}" if held.at_ms else ""
        return f"set{when} by {held.by}"
    return "default in use" if held.value is not None else NOT_ENTERED


def rests_on(
    cost: Cost, parts: Iterable[Part], held: AssumptionSet, zone: ZoneInfo, currency: str
) -> list[RateLine]:
    """What a cost uses: the rates that feed it, those its parts name as assumed first."""
    used = [key for part in parts for key in part.assumptions]
    feeding = [one for one in known().values() if cost.value in one.feeds]
    feeding.sort(key=lambda one: (one.key not in used, held.held[one.key].value is None))
    return [
        RateLine(
            one.key, one.title, value_words(one, held.held[one.key].value, currency),
            set_words(held.held[one.key], zone), one.basis,
        )
        for one in feeding
    ]  # fmt: skip


def basis_of(held: Held) -> Confidence | None:
    """How the value itself is known: assumed unless somebody measured it; None: not entered."""
    return None if held.value is None else Confidence.ASSUMED


def entered(one: Assumption, text: str) -> str:
    """What a person typed, as it is kept: percent for a share becomes its fraction."""
    text = text.strip().replace(",", ".").rstrip("%").strip()
    if one.kind != "share" or not text:
        return text
    try:
        return format((Decimal(text) / 100).normalize(), "f")
    except ArithmeticError:
        return text


def typed(one: Assumption, value: Decimal | None) -> str:
    """The value as it stands in the field to be changed."""
    if value is None:
        return ""
    shown = (value * 100 if one.kind == "share" else value).normalize()
    cents = one.kind == "money" and int(shown.as_tuple().exponent) >= -2
    return f"{shown:.2f}" if cents else f"{shown:f}"
