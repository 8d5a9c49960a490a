"""What peaks cost: each site's highest quarter hour against the lowest that would have done. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.analytics.insights.peaks import SitePeak
from ui.models.cost_words import euro, month_name
from ui.models.insight_starts import Answer, Table
from ui.theme.formats import count, number

RATE = "data.demand_charge"


@dataclass(frozen=True, slots=True)
class PeakRow:
    """A site: its highest month, the same with charging spread, how much lower that is and its worth.

    `sum_kw`: the same over all its months. `cost` None: no demand charge is known. `before`: the second
    set's highest peak.
    """

    site: str
    period: str
    months: int
    peak_kw: float
    achievable_kw: float
    above_kw: float
    sum_kw: float
    cost: Decimal | None
    before: float | None
    second: bool = False
    """Only the second set has it."""


def rows(first: Sequence[SitePeak], second: Sequence[SitePeak] | None, rate: Decimal | None) -> list[PeakRow]:
    """A row for each site, what could be saved most first."""
    before: dict[str, float] = {}
    for one in second or ():
        before[one.site] = max(before.get(one.site, 0.0), one.peak_kw)
    by_site: dict[str, list[SitePeak]] = {}
    mine = {one.site for one in first}
    for one in (*first, *(one for one in second or () if one.site not in mine)):
        by_site.setdefault(one.site, []).append(one)
    found = []
    for site, months in by_site.items():
        worst = max(months, key=lambda m: m.peak_kw)
        above = max(0.0, worst.peak_kw - worst.achievable_kw)
        sum_kw = sum(max(0.0, m.peak_kw - m.achievable_kw) for m in months)
        cost = None if rate is None else rate * Decimal(repr(above))
        found.append(
            PeakRow(
                site, worst.period, len(months), worst.peak_kw, worst.achievable_kw, above, sum_kw, cost,
                before.get(site) if site in mine else None, site not in mine,
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: (-row.above_kw, row.site))


def answer(found: Sequence[PeakRow], rate: Decimal | None, currency: str) -> Answer:
    """Which site's peak could be lower, and what that is worth."""
    found = [row for row in found if not row.second]
    if not found:
        return Answer("Nobody charged in this time.")
    best = found[0]
    whole = sum(row.sum_kw for row in found)
    months = count(max(row.months for row in found), "month")
    right = "charging spread over the stay, nobody leaves later"
    if best.above_kw < 0.5:
        return Answer("Peaks could hardly be lower.", "", f"{number(whole, 1)} kW", "above the lowest", right)
    strong = f"{best.site}: {number(best.peak_kw)} kW where {number(best.achievable_kw)} would do."
    if rate is None:
        quiet = "Its cost is not known yet"
        return Answer(strong, quiet, f"{number(whole)} kW", f"above the lowest in {months}", right)
    cost = rate * Decimal(repr(whole))
    quiet = f"{euro(best.cost, currency)} in {month_name(best.period)} there"
    return Answer(strong, quiet, euro(cost, currency), f"for peaks that need not be, in {months}", right)


def said(row: PeakRow, currency: str) -> str:
    """A site in words."""
    told = f"{row.site}, {month_name(row.period)}: {number(row.peak_kw, 1)} kW, "
    told += f"{number(row.achievable_kw, 1)} kW would do; {euro(row.cost, currency)}"
    return told if row.before is None else f"{told}; second {number(row.before, 1)} kW"


def table(sets: Sequence[tuple[str, Sequence[SitePeak]]]) -> Table:
    """Each set's sites and months."""
    found = [["set", "site", "month", "peak_kw", "achievable_kw"]]
    for name, peaks in sets:
        found += [[name, p.site, p.period, f"{p.peak_kw:.3f}", f"{p.achievable_kw:.3f}"] for p in peaks]
    return found
