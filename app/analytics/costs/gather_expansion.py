"""What each pool would have served with one more connector, in the hours it was whole (reference E.6, I)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log

from app.analytics.costs.expansion import Candidate, HourType
from app.analytics.costs.gather_faults import FaultLoss
from app.analytics.costs.gather_field import money_of
from app.analytics.costs.material import Material
from app.analytics.costs.periods import Span
from app.analytics.costs.pool_month import PoolMonth, full_spans, who_waited
from app.analytics.costs.queueing import gamma_points
from app.analytics.timelines import intersect, length, subtract, union
from app.faults.calendar import HOUR_MS
from app.faults.pools import Pool

STEPS = 8
"""Hours whose loads are within an eighth of an e-fold are one kind."""


def candidates(m: Material, losses: FaultLoss) -> tuple[Candidate, ...]:
    """One for each pool that was ever used."""
    told = m.entries("expansion")
    found = []
    for pool in m.learner.pools.all():
        one = _candidate(m, pool, losses, told.get(pool.site, {}))
        if one is not None:
            found.append(one)
    return tuple(found)


def _candidate(m: Material, pool: Pool, losses: FaultLoss, told: Mapping[str, object]) -> Candidate | None:
    span = m.site_span(pool.site)
    if span[1] <= span[0] or not pool.members:
        return None
    broken = union(*(losses.out.get(plug, ()) for plug in pool.members))
    whole = subtract([span], broken)
    taken = [stay for plug in pool.members for stay in m.stays.get((plug.station, plug.evse), ())]
    if not taken:
        return None
    month = losses.demand(m, pool)
    if month is None:
        return None
    full = full_spans(taken, len(pool.members))
    first = pool.members[0]
    worth = m.visit_worth(first.station, first.evse, span[0])
    healthy = sum(
        length(subtract([span], losses.out.get(plug, ()))) for plug in pool.members
    )  # fmt: skip
    return Candidate(
        m.place("", pool.site, worth.currency if worth is not None else ""), pool.key, len(pool.members),
        _hours(m, pool, whole, month), worth.value if worth is not None else None,
        sum(end - start for start, end in taken) / HOUR_MS, healthy / HOUR_MS,
        length(intersect(full, whole)) / HOUR_MS, len(who_waited(taken, full)), money_of(told.get("fixed")),
        money_of(told.get("capex")), bool(told.get("wanted")), round(month.stay_h, 4), round(losses.waits, 4),
    )  # fmt: skip


def _hours(m: Material, pool: Pool, whole: Sequence[Span], month: PoolMonth) -> tuple[HourType, ...]:
    """The healthy hours by how busy they are: hours of the week, and days that are more or less so."""
    calendar = m.network.calendar
    cells: dict[int, float] = defaultdict(float)
    for start, end in whole:
        for low, high in calendar.open_pieces(pool.site, start, end):
            cells[calendar.cell(pool.site, low)] += (high - low) / HOUR_MS
    kinds: dict[int, list[float]] = defaultdict(lambda: [0.0] * 4)
    factors = gamma_points(1.0, month.uneven)
    for cell, hours in cells.items():
        for factor in factors:
            load, starts = float(month.load[cell]) * factor, float(month.rates[cell]) * factor
            found = kinds[round(STEPS * log(max(load, 1e-4)))]
            each = hours / len(factors)
            for n, amount in enumerate((1.0, starts, load, starts * float(month.rate_doubt[cell]))):
                found[n] += each * amount
    return tuple(
        HourType(
            round(h, 4), round(starts / h, 6), round(load / h, 6), round(sd / h, 6),
            round(sd / starts, 4) if starts else 0.0,
        )
        for _, (h, starts, load, sd) in sorted(kinds.items())
    )  # fmt: skip
