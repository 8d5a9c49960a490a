"""Increased maintenance: field cost that better diagnosis would have avoided (reference E.5).

A visit counts in one way only: a repeat (same EVSE and cause within 30 days of closure), one that
found no fault, or one whose fault a remote action cleared or would have; and parts paid while in
warranty. Revenue lost while waiting is lost revenue, desk time is manpower.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.analytics.costs.assumptions import AssumptionSet
from app.analytics.costs.ledger import Claims, Confidence, Cost, Line, Nature, Part, Stream
from app.analytics.costs.lost_revenue import Place

REPEAT_MS = 30 * 86_400_000


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit of a closed work order.

    `invoiced` is what it cost where an invoice is attached. `cleared_remotely`: a remote action
    cleared its fault; `would_have` is the shrunken success rate of the remote action that clears
    such faults (at least 80 % of at least 5), 0 where there is none.
    """

    place: Place
    order: str
    evse: int
    cause: str
    at_ms: int
    closed_ms: int
    invoiced: Decimal | None = None
    no_fault_found: bool = False
    cleared_remotely: bool = False
    would_have: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class PartPaid:
    """A part that was paid for although its station was in warranty."""

    place: Place
    object: str
    at_ms: int
    amount: Decimal


def maintenance_cost(
    visits: Iterable[Visit], parts: Iterable[PartPaid], held: AssumptionSet, claims: Claims
) -> list[Part]:
    """The parts, each visit in the first way that fits."""
    usual = held.need("maintenance.visit")
    done = sorted(visits, key=lambda v: v.at_ms)
    made: dict[tuple[Place, str, Confidence], list[Line]] = {}
    for n, visit in enumerate(done):
        way, share = _why(visit, done[:n])
        if not way:
            continue
        whole = usual if visit.invoiced is None else visit.invoiced
        exact = whole * share
        if not claims.take(
            Stream.INVOICE, f"work-order:{visit.order}/{visit.at_ms}", Cost.MAINTENANCE, exact
        ):
            continue
        how = Confidence.ASSUMED if visit.invoiced is None else Confidence.MEASURED
        if share < 1:
            how = Confidence.MODELLED
        line = Line(f"work-order:{visit.order}", visit.at_ms, share, "visit", whole, exact, visit.cause)
        made.setdefault((visit.place, way, how), []).append(line)
    for part in parts:
        if claims.take(Stream.INVOICE, part.object, Cost.MAINTENANCE, part.amount):
            line = Line(part.object, part.at_ms, Decimal(1), "part", part.amount, part.amount)
            made.setdefault((part.place, "part paid in warranty", Confidence.MEASURED), []).append(line)
    return [
        Part(
            Cost.MAINTENANCE, place.period, place.site, place.station, way, how, place.currency, Nature.CASH,
            tuple(lines), assumptions=() if how is Confidence.MEASURED else ("maintenance.visit",),
        )
        for (place, way, how), lines in made.items()
    ]  # fmt: skip


def _why(visit: Visit, before: Iterable[Visit]) -> tuple[str, Decimal]:
    """The way in which a visit was avoidable and the share of it; "" where it was not."""
    if visit.no_fault_found:
        return "no fault found", Decimal(1)
    for earlier in before:
        same = (earlier.place.station, earlier.evse, earlier.cause) == (
            visit.place.station, visit.evse, visit.cause,
        )  # fmt: skip
        if same and 0 <= visit.at_ms - earlier.closed_ms <= REPEAT_MS:
            return "repeat visit", Decimal(1)
    if visit.cleared_remotely:
        return "a remote action cleared it", Decimal(1)
    if visit.would_have > 0:
        return "a remote action would have cleared it", visit.would_have
    return "", Decimal(0)
