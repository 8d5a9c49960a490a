"""What each fault lost in a month: its outages, hour by hour, priced in its pool (reference D.2).

The share is computed anew from history with the demand as known at the month's end, so it may differ a
little from what the fault's own clock showed when it closed; the line says that figure too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log, sqrt

from sqlalchemy import func, or_, select

from app.analytics.costs.lost_revenue import PricedFault
from app.analytics.costs.material import Material
from app.analytics.costs.periods import Span
from app.analytics.timelines import State, effective, intersect, subtract, union
from app.domain.money import major
from app.domain.records import FaultRecord
from app.faults.learnt import Vector
from app.faults.limits import Limits
from app.faults.money_limits import MoneyLimits
from app.faults.pools import Pool
from app.faults.pricing import HOUR_MS, Hour, Outage, Terms, losses, lost_between
from app.faults.reach import Reach
from app.faults.standing import Place as Plug
from app.store.readers.faults import fault_record
from app.store.readers.statuses import status_words
from app.store.tables import fault, session

_OUT = (State.FAULTED, State.UNAVAILABLE)
ENERGY_SPREAD = 0.5
"""Variance of a session's energy over its mean squared, until a pool's own is known; for ranges only."""
NUDGE = 1.1


@dataclass(frozen=True, slots=True)
class FaultLoss:
    """The month's faults: what each lost, and where connectors were out (for what else is gathered)."""

    priced: tuple[PricedFault, ...]
    out: Mapping[Plug, tuple[Span, ...]]
    per_hour: Mapping[int, Decimal]
    """By fault what it lost an hour, with nobody coming back; faults without a price are not in it."""
    rows: Mapping[int, FaultRecord]


class _Weights:
    """When each fault took how much of its connectors, from what stations said."""

    def __init__(self, m: Material, limits: MoneyLimits) -> None:
        self._m, self._limits = m, limits
        self._reach = Reach(limits, m.learner.pools, m.learner.demand)
        self._words: dict[str, Mapping[tuple[int, int], Sequence[tuple[int, str, int]]]] = {}

    def places(self, row: FaultRecord) -> frozenset[Plug]:
        return self._reach.places(row)

    def outages(self, row: FaultRecord, root: int, places: frozenset[Plug], span: Span) -> list[Outage]:
        limits = self._limits
        if row.rule not in limits.by_status:
            weight = self._reach.weight(row, places)
            return [Outage(root, places, weight, *span)] if weight > 0 else []
        down = self._down(places, span)
        base = limits.outage.get(row.rule, limits.codes.get(row.code, 0.0))
        found = [Outage(root, places, 1.0, start, end) for start, end in down]
        if base > 0:
            found += [Outage(root, places, base, start, end) for start, end in subtract([span], down)]
        return found

    def _down(self, places: frozenset[Plug], span: Span) -> list[Span]:
        """When every one of the connectors said it was out of use."""
        together: list[Span] | None = None
        for plug in places:
            words = self._of(plug.station)
            tiles = effective(
                span, words.get((plug.evse, plug.connector), ()),
                [words.get((plug.evse, 0), ()), words.get((0, 0), ())],
            )  # fmt: skip
            mine = [(start, end) for start, end, state in tiles if state in _OUT]
            together = mine if together is None else intersect(together, mine)
        return together or []

    def _of(self, station: str) -> Mapping[tuple[int, int], Sequence[tuple[int, str, int]]]:
        known = self._words.get(station)
        if known is None:
            known = self._words[station] = status_words(self._m.connection, station, *self._m.span)
        return known


def fault_losses(m: Material) -> FaultLoss:
    """Price the faults that stood in the month."""
    limits = Limits().of("money", MoneyLimits)
    rows = {row.fault: row for row in _standing(m)}
    weights = _Weights(m, limits)
    places = {number: weights.places(row) for number, row in rows.items()}
    outages: list[Outage] = []
    spans: dict[int, Span] = {}
    for number, row in rows.items():
        if not places[number]:
            continue
        span = _span(m, row)
        if span[1] <= span[0] or (row.rule in limits.ranged and _charged(m, places[number], span)):
            continue
        spans[number] = span
        outages += weights.outages(row, _root(row, rows, places), places[number], span)
    by_pool: dict[str, list[Outage]] = {}
    out: dict[Plug, list[Span]] = {}
    for outage in outages:
        for plug in outage.places:
            if (pool := m.learner.pools.of(plug)) is not None and outage not in by_pool.setdefault(
                pool.key, []
            ):
                by_pool[pool.key].append(outage)
            if outage.to_ms is not None:
                out.setdefault(plug, []).append((outage.from_ms, outage.to_ms))
    priced: list[PricedFault] = []
    per_hour: dict[int, Decimal] = {}
    for key, mine in sorted(by_pool.items()):
        for one in _pool_losses(m, m.learner.pools[key], mine, rows, limits):
            priced.append(one)
            if one.place.currency and one.hours:
                per_hour[one.fault] = per_hour.get(one.fault, Decimal(0)) + one.exact / one.hours
    joined = _by_fault(priced)
    return FaultLoss(joined, {plug: tuple(union(found)) for plug, found in out.items()}, per_hour, rows)


def _standing(m: Material) -> list[FaultRecord]:
    c = fault.c
    over = func.coalesce(c.cleared_ms, c.closed_ms)
    query = select(fault).where(c.onset_ms < m.span[1], or_(over.is_(None), over > m.span[0]))
    return [fault_record(row) for row in m.connection.execute(query.order_by(c.fault))]


def _span(m: Material, row: FaultRecord) -> Span:
    start, end = m.site_span(row.site or m.site_of(row.station))
    over = row.cleared_ms if row.cleared_ms is not None else row.closed_ms
    return max(start, row.onset_ms), min(end, end if over is None else over)


def _charged(m: Material, places: frozenset[Plug], span: Span) -> bool:
    """Whether a station that could not be reached charged all the same, as what it queued shows."""
    stations = sorted({plug.station for plug in places})
    c = session.c
    query = select(c.session).where(
        c.station.in_(stations), c.started_ms >= span[0], c.started_ms < span[1]
    )  # fmt: skip
    return m.connection.execute(query.limit(1)).first() is not None


def _root(
    row: FaultRecord, rows: Mapping[int, FaultRecord], places: Mapping[int, frozenset[Plug]]
) -> int:  # fmt: skip
    """The fault that answers for it: the topmost above it that reaches as far."""
    seen = {row.fault}
    while row.parent is not None and row.parent in rows and row.parent not in seen:
        above = rows[row.parent]
        if not places.get(above.fault):
            break
        row = above
        seen.add(row.fault)
    return row.fault


def _pool_losses(
    m: Material, pool: Pool, outages: Sequence[Outage], rows: Mapping[int, FaultRecord], limits: MoneyLimits
) -> Iterable[PricedFault]:
    demand, calendar = m.learner.demand, m.network.calendar
    members = frozenset(pool.members)
    at_ms = m.span[1] - 1
    rates, load = demand.rates(pool, at_ms), demand.load(pool, at_ms)
    kwh = m.usual_kwh(pool)
    start = min(o.from_ms for o in outages)
    end = max(o.to_ms or m.span[1] for o in outages)
    pieces = [
        piece
        for piece in calendar.open_pieces(pool.site, start, end)
        if any(o.from_ms < piece[1] and (o.to_ms or end) > piece[0] for o in outages)
    ]
    first = pool.members[0]
    worth = m.visit_worth(first.station, first.evse, start) if kwh is not None else None
    values: dict[int, float] = {}

    def value(at: int) -> float:
        hour = at // HOUR_MS
        if hour not in values:
            here = m.visit_worth(first.station, first.evse, at)
            values[hour] = max(0.0, float(here.value)) if here is not None else 1.0
        return values[hour]

    def priced(nudge: float) -> tuple[dict[int, float], float]:
        tables: dict[tuple[int, float], list[float]] = {}

        def table(at: int) -> list[float]:
            cell, each = calendar.cell(pool.site, at), value(at)
            if (cell, each) not in tables:
                starts = float(rates[cell]) * nudge
                busy = 0.0 if load is None else float(load[cell]) * nudge
                hour = Hour(starts, busy, busy / starts if starts > 0 else 0.0)
                tables[cell, each] = losses(len(members), hour, Terms(each, 0.0))
            return tables[cell, each]

        return lost_between(outages, members, pieces, table)

    lost, total = priced(1.0)
    nudged = priced(NUDGE)[1] if total > 0 else 0.0
    bend = log(nudged / total) / log(NUDGE) if total > 0 and nudged > 0 else 1.0
    doubt = _doubt(m, pool, pieces, rates) * bend
    mean = sum(values.values()) / len(values) if values else 1.0
    currency = worth.currency if worth is not None else ""
    for number, amount in sorted(lost.items()):
        row = rows[number]
        spread = sqrt((amount * doubt) ** 2 + amount * mean * (1 + ENERGY_SPREAD))
        low = 0.0 if row.rule in limits.ranged else max(0.0, amount - 1.96 * spread)
        hours = _hours(outages, number)
        # Without a price the hours alone are told.
        told = (amount, low, amount + 1.96 * spread) if currency else (0.0, 0.0, 0.0)
        exact, below, above = (Decimal(repr(round(one, 6))) for one in told)
        station = row.station or first.station
        yield PricedFault(
            m.place(station, pool.site, currency), number, row.rule, max(row.onset_ms, m.span[0]),
            Decimal(repr(round(hours, 4))), exact, below, above, _shown(row),
        )  # fmt: skip


def _shown(row: FaultRecord) -> str:
    """What the fault's own clock showed at its end, by the demand and the share r of that time."""
    if row.lost_minor is None or row.closed_ms is None or not row.currency:
        return ""
    lost = major(row.lost_minor, row.currency)
    return f"its clock showed {lost} {row.currency} when it closed"


def _doubt(m: Material, pool: Pool, pieces: Sequence[Span], rates: Vector) -> float:
    """The spread of the starts expected in these pieces over their mean, each hour of the week by its own."""
    hours: dict[int, tuple[float, int]] = {}
    for start, end in pieces:
        cell = m.network.calendar.cell(pool.site, start)
        known = hours.get(cell, (0.0, start))
        hours[cell] = (known[0] + (end - start) / HOUR_MS, known[1])
    mean = sum(float(rates[cell]) * h for cell, (h, _) in hours.items())
    if mean <= 0:
        return 0.0
    return sqrt(sum((h * m.learner.demand.rate(pool, at).sd) ** 2 for h, at in hours.values())) / mean


def _hours(outages: Iterable[Outage], number: int) -> float:
    spans = union((o.from_ms, o.to_ms) for o in outages if o.fault == number and o.to_ms is not None)
    return sum(end - start for start, end in spans) / HOUR_MS


def _by_fault(priced: Iterable[PricedFault]) -> tuple[PricedFault, ...]:
    """One for each fault and currency: a station's fault may take connectors of several pools."""
    made: dict[tuple[int, str], PricedFault] = {}
    for one in priced:
        key = (one.fault, one.place.currency)
        before = made.get(key)
        if before is None:
            made[key] = one
            continue
        made[key] = PricedFault(
            before.place, one.fault, one.cause, before.at_ms, max(before.hours, one.hours),
            before.exact + one.exact, before.low + one.low, before.high + one.high, before.note,
        )  # fmt: skip
    return tuple(made[key] for key in sorted(made))
