"""Visits, parts paid in warranty, goodwill that was paid, and what recovery proved (reference E.5, E.3)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from app.analytics.costs.brand import Credit
from app.analytics.costs.field_work import REPEAT_MS, PartPaid, Visit
from app.analytics.costs.gather_faults import FaultLoss
from app.analytics.costs.gather_manpower import automatic_steps
from app.analytics.costs.material import Material
from app.analytics.costs.savings import Treated
from app.analytics.intervals import shrunken_share
from app.domain.care_plans import purchase_of
from app.domain.errors import ForecourtError
from app.domain.prices import amount
from app.domain.records import FaultRecord
from app.domain.work_orders import WorkOrder, orders_of
from app.store.readers.faults import faults_numbered
from app.store.readers.recovery import learned_steps

HOUR_MS = 3_600_000
LEAST, RATE = 5, 0.8
"""A signature that a remote step cleared in four of five cases, of at least five (E.5)."""
PROVED = "proved"


def visits(m: Material) -> tuple[Visit, ...]:
    """Visits of the month, and those of the 30 days before it, against which repeats are told."""
    found = []
    orders = [o for o in orders_of(m.network.entries) if o.visits]
    faults = {f.fault: f for f in faults_numbered(m.connection, {n for o in orders for n in o.faults})}
    clears = _clears(m)
    for order in orders:
        site = order.site or m.site_of(order.station)
        mine = [faults[n] for n in order.faults if n in faults]
        for visit in order.visits:
            start, end = m.site_span(site)
            if not start - REPEAT_MS <= visit.at_ms < end:
                continue
            inside = visit.at_ms >= start
            place = m.place(order.station, site, visit.currency or m.currency)
            if not inside:
                place = type(place)("before", place.site, place.station, place.currency)
            closed = order.closed_ms if order.closed_ms is not None else visit.until_ms
            found.append(
                Visit(
                    place, order.number, order.evse or 0, order.cause, visit.at_ms, closed,
                    money_of(visit.invoiced), visit.no_fault_found,
                    any(f.recovered_ms is not None and f.recovered_ms <= visit.at_ms for f in mine),
                    max((clears.get(f.code, Decimal(0)) for f in mine), default=Decimal(0)),
                )
            )  # fmt: skip
    return tuple(found)


def _clears(m: Material) -> Mapping[str, Decimal]:
    """By code how likely the remote step that clears it does, drawn to all steps' rate."""
    tried: dict[str, list[bool]] = {}
    for step in learned_steps(m.connection):
        if step.proved is not None:
            tried.setdefault(step.code, []).append(step.proved)
    every = [one for found in tried.values() for one in found]
    usual = sum(every) / len(every) if every else 0.0
    return {
        code: Decimal(repr(round(shrunken_share(sum(found), len(found), usual), 4)))
        for code, found in tried.items()
        if len(found) >= LEAST and sum(found) / len(found) >= RATE
    }


def parts_paid(m: Material) -> tuple[PartPaid, ...]:
    """Parts that were paid for although the maker stands for their station."""
    bought = {name: purchase_of(name, body) for name, body in m.entries("purchase").items()}
    found = []
    for order in orders_of(m.network.entries):
        purchase = bought.get(order.station)
        site = order.site or m.site_of(order.station)
        for visit in order.visits:
            if purchase is None or not m.inside(site, visit.at_ms):
                continue
            day = datetime.fromtimestamp(visit.at_ms / 1000, m.network.calendar.zone(site)).date().isoformat()
            for n, part in enumerate(visit.parts):
                paid = money_of(part.amount)
                if purchase.in_warranty(day) and not part.warranty and paid:
                    place = m.place(order.station, site, visit.currency or m.currency)
                    found.append(PartPaid(place, _part(order, visit.at_ms, n), visit.at_ms, paid))
    return tuple(found)


def _part(order: WorkOrder, at_ms: int, place: int) -> str:
    return f"part:{order.number}/{at_ms}/{place}"


def credits(m: Material) -> tuple[Credit, ...]:
    """Goodwill and refunds paid in the month."""
    found = []
    for name, body in m.entries("credit").items():
        station = str(body.get("station") or "")
        site = str(body.get("site") or m.site_of(station))
        at, paid = body.get("at_ms"), money_of(body.get("amount"))
        if isinstance(at, int) and paid and m.inside(site, at):
            place = m.place(station, site, str(body.get("currency") or m.currency))
            found.append(Credit(place, f"credit:{name}", at, paid))
    return tuple(found)


def complaints(m: Material) -> tuple[int, int]:
    """(complaints, reviews) of the month; counts alone, never money."""
    inside = [
        str(body.get("type") or body.get("kind") or "complaint")
        for body in m.entries("complaint").values()
        if isinstance(at := body.get("at_ms"), int) and m.span[0] <= at < m.span[1]
    ]
    reviews = sum(word == "review" for word in inside)
    return len(inside) - reviews, reviews


def treated(m: Material, losses: FaultLoss) -> tuple[tuple[Treated, ...], tuple[Treated, ...]]:
    """Faults of the month that ended: those a proved recovery ended, and those of the same kinds that
    nobody treated."""
    start, end = m.span
    ended = [
        row
        for row in losses.rows.values()
        if row.station and (over := row.cleared_ms) is not None and start <= over < end
    ]
    mended = {row.fault: row for row in ended if row.recovery == PROVED}
    kinds = {row.rule for row in mended.values()}
    auto = automatic_steps(m, frozenset(mended)) if mended else frozenset()
    others = [row for row in ended if row.rule in kinds and not row.recovery]
    return (
        tuple(_treated(row, losses, row.fault in auto) for row in mended.values()),
        tuple(_treated(row, losses, False) for row in others),
    )


def _treated(row: FaultRecord, losses: FaultLoss, automatic: bool) -> Treated:
    over = row.recovered_ms if row.recovered_ms is not None else row.cleared_ms
    hours = max(0, (over or row.onset_ms) - row.onset_ms) / HOUR_MS
    currency = next((p.place.currency for p in losses.priced if p.fault == row.fault), row.currency)
    return Treated(
        row.fault, row.rule, row.site, str(row.station), row.onset_ms, round(hours, 4),
        losses.per_hour.get(row.fault), currency, automatic,
    )  # fmt: skip


def money_of(value: object) -> Decimal | None:
    """Money as written down; None where nothing that can be read was."""
    if value in (None, ""):
        return None
    try:
        return amount(value)
    except ForecourtError:
        return None
