"""The answers' charts as tables of texts, for files."""

from app.analytics.costs.ledger import OUTSIDE_TOTAL, Confidence, Part
from ui.models.cost_month import MonthView
from ui.models.costs import ZERO, bridge, shares_of


def chart_table(key: str, view: MonthView) -> list[list[str]]:
    """What a chart of the answers is drawn from."""
    if key == "months":
        heads = ["month", *Confidence, "currency"]
        return [heads, *(_month_row(period, parts, view.currency) for period, parts in view.months)]
    if key == "bridge":
        steps = bridge(view.same, view.parts)
        return [["cost", "change", "currency"], *([s.name, str(s.change), view.currency] for s in steps)]
    heads = ["assumption", "value", "total_a_fifth_lower", "total_a_fifth_higher", "currency"]
    swings = view.book.swings
    return [heads, *([s.key, str(s.value), str(s.lower), str(s.higher), view.currency] for s in swings)]


def _month_row(period: str, parts: tuple[Part, ...] | None, currency: str) -> list[str]:
    if parts is None:
        return [period, "", "", "", currency]
    sums = dict(shares_of(part for part in parts if part.cost not in OUTSIDE_TOTAL))
    return [period, *(str(sums.get(how, ZERO)) for how in Confidence), currency]
