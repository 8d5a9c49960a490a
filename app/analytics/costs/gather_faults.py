"""What each fault lost in a month: its outages, hour by hour, priced in its pool (reference D.2).

The share is computed anew from history with the demand as known at the month's end, so it may differ a
little from what the fault's own clock showed when it closed; the line says that figure too.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import inf, sqrt
from typing import NamedTuple

import numpy as np
from sqlalchemy import func, or_, select

from app.analytics.costs.gather_silences import SILENT, silent_share
from app.analytics.costs.gather_unheard import charged_on, charging_on, expected_starts, has_charged
from app.analytics.costs.lost_revenue import PricedFault
from app.analytics.costs.material import DAY_MS, Material
from app.analytics.costs.periods import Span
from app.analytics.costs.pool_month import PoolMonth, pool_month, starts_of_one, waiting_share
from app.analytics.costs.queueing import Many, lost_of_one
from app.analytics.timelines import State, effective, intersect, subtract, union
from app.domain.money import major
from app.domain.records import FaultRecord
from app.faults.limits import Limits
from app.faults.money_limits import MoneyLimits
from app.faults.pools import Pool
from app.faults.pricing import HOUR_MS, Outage, lost_between
from app.faults.reach import Reach
from app.faults.standing import Place as Plug
from app.store.readers.faults import fault_record
from app.store.readers.statuses import status_words
from app.store.tables import fault

_OUT = (State.FAULTED, State.UNAVAILABLE)
ENERGY_SPREAD = 0.5
"""Variance of a session's energy over its mean squared, until a pool's own is known; for ranges only."""
MOSTLY, POINTS = 0.5, 5
FOREVER_MS = 1 << 60
TRACED = frozenset({"refused_starts", "zero_power_plug", "starts_without_energy"})
"""Who comes to such a connector tries it, and is counted one by one; what is modelled is not added."""


@dataclass(frozen=True, slots=True)
class FaultLoss:
    """The month's faults: what each lost, and where connectors were out (for what else is gathered)."""

    priced: tuple[PricedFault, ...]
    out: Mapping[Plug, tuple[Span, ...]]
    per_hour: Mapping[int, Decimal]
    """By fault what it lost an hour, with nobody coming back; faults without a price are not in it."""
    rows: Mapping[int, FaultRecord]
    waits: float = 0.0
    """The share of drivers who wait where all is taken."""
    months: dict[str, PoolMonth | None] = field(default_factory=dict)
    """The demand of pools, as far as somebody asked for it."""

    def demand(self, m: Material, pool: Pool) -> PoolMonth | None:
        """A pool's demand in the month; None where no stay is known in the whole network."""
        if pool.key not in self.months:
            self.months[pool.key] = pool_month(m, pool, self.waits, np.zeros_like)
        return self.months[pool.key]

    def lost_of_visit(self, m: Material, station: str, evse: int | None, at_ms: int) -> float:
        """How much of a visit in vain its pool lost, by who charged around it then."""
        pool = m.pool_of(station, evse)
        month = self.demand(m, pool) if pool is not None else None
        if pool is None or month is None:
            return 1.0
        usable, taken = 1, 0
        for plug in pool.members:
            if (plug.station, plug.evse) == (station, evse):
                continue
            if any(start <= at_ms < end for start, end in self.out.get(plug, ())):
                continue
            spans = m.stays.get((plug.station, plug.evse), ())
            place = bisect_right(spans, (at_ms, FOREVER_MS)) - 1
            usable, taken = usable + 1, taken + (place >= 0 and at_ms < spans[place][1])
        usable = min(usable, month.connectors)
        taken = min(taken, usable - 1)
        usual = float(month.load[m.network.calendar.cell(pool.site, at_ms)])
        loads = [usual * factor for factor in month.factors(at_ms)]
        return lost_of_one(month.away, usable, taken, loads)


class _Usual(NamedTuple):
    """The share of drivers who wait, and of stations that charge while nobody hears them."""

    waits: float
    charges_on: float


class _Stood(NamedTuple):
    """Faults that stood in the month, when they took which connectors, and the share of stations that charge
    while nobody hears them."""

    rows: dict[int, FaultRecord]
    outages: list[Outage]
    charges_on: float


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
    rows, outages, charges_on = _stood(m, limits)
    by_pool: dict[str, list[Outage]] = {}
    out: dict[Plug, list[Span]] = {}
    for outage in outages:
        traced = rows[outage.fault].rule in TRACED
        for plug in outage.places:
            if (pool := m.learner.pools.of(plug)) is not None and outage not in by_pool.setdefault(
                pool.key, []
            ):
                by_pool[pool.key].append(outage)
            if outage.to_ms is not None and not traced:
                out.setdefault(plug, []).append((outage.from_ms, outage.to_ms))
    priced: list[PricedFault] = []
    months: dict[str, PoolMonth | None] = {}
    usual = _Usual(waiting_share(m), charges_on)
    per_hour: dict[int, Decimal] = {}
    for key, mine in sorted(by_pool.items()):
        for one in _pool_losses(m, m.learner.pools[key], mine, rows, limits, usual, months):
            if rows[one.fault].rule not in TRACED:
                priced.append(one)
            if one.place.currency and one.hours:
                per_hour[one.fault] = per_hour.get(one.fault, Decimal(0)) + one.exact / one.hours
    joined = _by_fault(priced)
    return FaultLoss(
        joined, {plug: tuple(union(found)) for plug, found in out.items()}, per_hour, rows, usual.waits,
        months,
    )  # fmt: skip


def _stood(m: Material, limits: MoneyLimits) -> _Stood:
    """Which faults stood in the month and what they took. Here ends what stations said, a good part of what a
    month takes, before visits are read."""
    rows = {row.fault: row for row in _standing(m)}
    weights = _Weights(m, limits)
    places = {number: weights.places(row) for number, row in rows.items()}
    outages: list[Outage] = []
    seen, unheard = 0, []
    for number, row in rows.items():
        if not places[number]:
            continue
        span = m.stood(row)
        if span[1] <= span[0]:
            continue
        if row.rule in limits.ranged:
            on = has_charged(m, places[number], span)
            seen += on
            if on:
                continue
            unheard.append(expected_starts(m, places[number], span))
        outages += weights.outages(row, _root(row, rows, places), places[number], span)
    return _Stood(rows, outages, charging_on(seen, unheard))


def _standing(m: Material) -> list[FaultRecord]:
    c = fault.c
    over = func.coalesce(c.cleared_ms, c.closed_ms)
    query = select(fault).where(c.onset_ms < m.span[1], or_(over.is_(None), over > m.span[0]))
    return [fault_record(row) for row in m.connection.execute(query.order_by(c.fault))]


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
    m: Material, pool: Pool, outages: Sequence[Outage], rows: Mapping[int, FaultRecord], limits: MoneyLimits,
    usual: _Usual, months: dict[str, PoolMonth | None],
) -> Iterable[PricedFault]:  # fmt: skip
    members = frozenset(pool.members)
    start = min(o.from_ms for o in outages)
    end = max(o.to_ms or m.span[1] for o in outages)
    pieces = [
        piece
        for piece in m.network.calendar.open_pieces(pool.site, start, end)
        if any(o.from_ms < piece[1] and (o.to_ms or end) > piece[0] for o in outages)
    ]
    first = pool.members[0]
    worth = m.visit_worth(first.station, first.evse, start) if m.usual_kwh(pool) is not None else None
    month = months[pool.key] = pool_month(m, pool, usual.waits, _down_at(outages, members))
    value = _value_at(m, first)

    def priced(point: int) -> dict[int, float]:
        tables: dict[tuple[int, int, float], list[float]] = {}

        def table(at: int) -> list[float]:
            cell, each = m.network.calendar.cell(pool.site, at), value(at)
            key = (cell, at // DAY_MS, each)
            if month is not None and key not in tables:
                away = month.lost_an_hour(cell, month.factors(at)[point])
                most = each / month.stay_h if month.stay_h > 0 else inf
                tables[key] = [min(one * each, down * most) for down, one in enumerate(away)]
            return tables.get(key) or [0.0] * (len(members) + 1)

        return lost_between(outages, members, pieces, table)[0]

    points = [priced(point) for point in range(POINTS)]
    at = {piece[0] for piece in pieces}
    mean = sum(map(value, at)) / len(at) if at else 1.0
    level = 0.0 if month is None else month.level_sd * (month.connectors + 1)
    currency = worth.currency if worth is not None else ""
    for number in sorted(set().union(*points)):
        row, found = rows[number], [one.get(number, 0.0) for one in points]
        if month is not None and row.rule == SILENT:
            true = silent_share(m, pool, month, row, outages, rows)
            found = [one * true for one in found]
        amount = sum(found) / POINTS
        hours = _hours(outages, number)
        days = max(1.0, hours / 24)
        by_day = sum((one - amount) ** 2 for one in found) / POINTS / days
        spread = sqrt(by_day + (amount * level) ** 2 + amount * mean * (1 + ENERGY_SPREAD))
        low, high = max(0.0, amount - 1.96 * spread), amount + 1.96 * spread
        if row.rule in limits.ranged:
            low = 0.0
            if month is not None:
                missed = sum(starts_of_one(m, pool, month, m.stood(row)).values())
                amount *= 1 - charged_on(missed, usual.charges_on)
        station = row.station or first.station
        # Without a price the hours alone are told.
        told = (amount, low, high) if currency else (0.0, 0.0, 0.0)
        exact, below, above = (Decimal(repr(round(one, 6))) for one in told)
        yield PricedFault(
            m.place(station, pool.site, currency), number, row.rule, max(row.onset_ms, m.span[0]),
            Decimal(repr(round(hours, 4))), exact, below, above, _shown(row),
        )  # fmt: skip


def _value_at(m: Material, first: Plug) -> Callable[[int], float]:
    """What a visit is worth at an instant; 1 where nobody said a price."""
    values: dict[int, float] = {}

    def value(at: int) -> float:
        hour = at // HOUR_MS
        if hour not in values:
            here = m.visit_worth(first.station, first.evse, at)
            values[hour] = max(0.0, float(here.value)) if here is not None else 1.0
        return values[hour]

    return value


def _down_at(outages: Sequence[Outage], members: frozenset[Plug]) -> Callable[[Many], Many]:
    """How many connectors were out of use at instants."""
    by_place: dict[Plug, list[Span]] = {}
    for outage in outages:
        if outage.weight >= MOSTLY and outage.to_ms is not None:
            for place in outage.places & members:
                by_place.setdefault(place, []).append((outage.from_ms, outage.to_ms))

    def down(at: Many) -> Many:
        found = np.zeros_like(at)
        for spans in by_place.values():
            edges = np.array([edge for span in union(spans) for edge in span], np.float64)
            found += np.searchsorted(edges, at, "right") % 2
        return found

    return down


def _shown(row: FaultRecord) -> str:
    """What the fault's own clock showed at its end, by the demand and the share r of that time."""
    if row.lost_minor is None or row.closed_ms is None or not row.currency:
        return ""
    lost = major(row.lost_minor, row.currency)
    return f"its clock showed {lost} {row.currency} when it closed"


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
