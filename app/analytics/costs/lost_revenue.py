"""Lost revenue: margin not earned although a driver came or would have come (reference E.1).

Σ attributed loss of priced faults + cut or starved sessions + failed visits outside priced outages
+ delivered energy that was never billed + idle minutes due and not billed. A full pool with all
healthy belongs to expansion, refunds to brand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.analytics.costs.ledger import Claims, Confidence, Cost, Line, Nature, Part, Stream


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when something belongs: `period` is a local month, "2026-03"."""

    period: str
    site: str
    station: str
    currency: str


@dataclass(frozen=True, slots=True)
class PricedFault:
    """What one fault lost in one month: its share of the pool's loss (D.2), with its range."""

    place: Place
    fault: int
    cause: str
    at_ms: int
    hours: Decimal
    exact: Decimal
    low: Decimal
    high: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class StarvedSession:
    """A session that was cut, or delivered next to nothing: what it would have taken, what it got."""

    place: Place
    session: int
    cause: str
    at_ms: int
    expected_wh: int
    delivered_wh: int
    margin_per_kwh: Decimal
    visit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FailedVisit:
    """A visit that got nothing while no priced outage stood on its EVSE.

    `lost` is how much of its margin its pool lost: others may have charged in its place.
    """

    place: Place
    visit: str
    cause: str
    at_ms: int
    margin: Decimal
    note: str = ""
    lost: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Unbilled:
    """Energy or idle time that was delivered and not billed. `unit` is "kWh" or "min"."""

    place: Place
    session: int
    at_ms: int
    quantity: Decimal
    unit: str
    unit_price: Decimal


def lost_revenue(
    faults: Iterable[PricedFault],
    starved: Iterable[StarvedSession],
    failed: Iterable[FailedVisit],
    unbilled: Iterable[Unbilled],
    recovered_share: Decimal,
    claims: Claims,
    *,
    assumed_share: bool = True,
    assumed_unseen: bool = True,
) -> list[Part]:
    """The parts, one for each month, station, cause and way of knowing.

    Args:
        faults: what they lost, less who came back.
        starved, failed, unbilled: what happened.
        recovered_share: the share of drivers who failed and come back later (r).
        claims: what is booked already; a visit's margin is booked once.
        assumed_share: whether r is the default; then what uses it says so.
        assumed_unseen: the same of the share that was taken off what faults lost.
    """
    kept = 1 - recovered_share
    made: dict[tuple[Place, str, Confidence], list[tuple[Line, Decimal, Decimal]]] = {}

    def add(place: Place, cause: str, how: Confidence, line: Line, low: Decimal, high: Decimal) -> None:
        made.setdefault((place, cause, how), []).append((line, low, high))

    def assumes(line: Line, how: Confidence) -> bool:
        assumed = assumed_unseen if line.object.startswith("fault:") else assumed_share
        return assumed and how is Confidence.MODELLED

    for one in faults:
        if claims.take(Stream.BLOCKED, f"fault:{one.fault}/{one.place.period}", Cost.LOST_REVENUE, one.exact):
            rate = one.exact / one.hours if one.hours else one.exact
            line = Line(f"fault:{one.fault}", one.at_ms, one.hours, "h", rate, one.exact, one.note)
            add(one.place, one.cause, Confidence.MODELLED, line, one.low, one.high)
    for cut in starved:
        short = Decimal(max(0, cut.expected_wh - cut.delivered_wh)) / 1000
        exact = short * cut.margin_per_kwh * kept
        if claims.take(Stream.VISIT_MARGIN, cut.visit or f"session:{cut.session}", Cost.LOST_REVENUE, exact):
            each = cut.margin_per_kwh * kept
            line = Line(f"session:{cut.session}", cut.at_ms, short, "kWh", each, exact, cut.note)
            add(cut.place, cut.cause, Confidence.MODELLED, line, Decimal(0), short * cut.margin_per_kwh)
    for visit in failed:
        exact = visit.margin * visit.lost * kept
        if claims.take(Stream.VISIT_MARGIN, visit.visit, Cost.LOST_REVENUE, exact):
            line = Line(visit.visit, visit.at_ms, Decimal(1), "visit", exact, exact, visit.note)
            add(visit.place, visit.cause, Confidence.MODELLED, line, Decimal(0), visit.margin)
    for owed in unbilled:
        exact = owed.quantity * owed.unit_price
        name = f"session:{owed.session}/{owed.unit}"
        if claims.take(Stream.INVOICE, name, Cost.LOST_REVENUE, exact):
            line = Line(
                f"session:{owed.session}", owed.at_ms, owed.quantity, owed.unit, owed.unit_price, exact
            )
            cause = "not billed" if owed.unit == "kWh" else "idle fee not billed"
            add(owed.place, cause, Confidence.MEASURED, line, exact, exact)
    return [
        Part(
            Cost.LOST_REVENUE, place.period, place.site, place.station, cause, how, place.currency,
            Nature.MARGIN, tuple(line for line, _, _ in lines),
            sum((low for _, low, _ in lines), Decimal(0)), sum((high for _, _, high in lines), Decimal(0)),
            assumptions=("revenue.recovered_share",) if assumes(lines[0][0], how) else (),
        )
        for (place, cause, how), lines in made.items()
    ]  # fmt: skip
