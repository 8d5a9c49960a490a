"""What each pool would have served with one more connector, in the hours it was whole (reference E.6, I)."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from app.analytics.costs.expansion import Candidate, HourType
from app.analytics.costs.gather_faults import FaultLoss
from app.analytics.costs.gather_field import money_of
from app.analytics.costs.material import Material
from app.analytics.costs.periods import Span
from app.analytics.timelines import intersect, length, subtract, union
from app.faults.calendar import HOUR_MS
from app.faults.pools import Pool

SOON_MS = 180_000
"""Who plugs in so soon after one left a full pool was waiting for it (I)."""


def candidates(m: Material, losses: FaultLoss) -> tuple[Candidate, ...]:
    """One for each pool that was ever used."""
    told = m.entries("expansion")
    stays = _stays(m)
    found = []
    for pool in m.learner.pools.all():
        one = _candidate(m, pool, losses, stays, told.get(pool.site, {}))
        if one is not None:
            found.append(one)
    return tuple(found)


def _candidate(
    m: Material, pool: Pool, losses: FaultLoss, stays: Mapping[tuple[str, int], Sequence[Span]],
    told: Mapping[str, object],
) -> Candidate | None:  # fmt: skip
    span = m.site_span(pool.site)
    if span[1] <= span[0] or not pool.members:
        return None
    broken = union(*(losses.out.get(plug, ()) for plug in pool.members))
    whole = subtract([span], broken)
    taken = [stay for plug in pool.members for stay in stays.get((plug.station, plug.evse), ())]
    if not taken:
        return None
    full = _full(taken, len(pool.members))
    first = pool.members[0]
    worth = m.visit_worth(first.station, first.evse, span[0])
    healthy = sum(
        length(subtract([span], losses.out.get(plug, ()))) for plug in pool.members
    )  # fmt: skip
    return Candidate(
        m.place("", pool.site, worth.currency if worth is not None else ""), pool.key, len(pool.members),
        _hours(m, pool, whole), worth.value if worth is not None else None,
        sum(end - start for start, end in taken) / HOUR_MS, healthy / HOUR_MS,
        length(intersect(full, whole)) / HOUR_MS, _waited(taken, full), money_of(told.get("fixed")),
        money_of(told.get("capex")), bool(told.get("wanted")),
    )  # fmt: skip


def _hours(m: Material, pool: Pool, whole: Sequence[Span]) -> tuple[HourType, ...]:
    """The healthy hours by hour of the week, with the demand of each."""
    demand, calendar = m.learner.demand, m.network.calendar
    at = m.span[1] - 1
    rates, load = demand.rates(pool, at), demand.load(pool, at)
    cells: dict[int, tuple[float, int]] = {}
    for start, end in whole:
        for low, high in calendar.open_pieces(pool.site, start, end):
            cell = calendar.cell(pool.site, low)
            hours, when = cells.get(cell, (0.0, low))
            cells[cell] = (hours + (high - low) / HOUR_MS, when)
    return tuple(
        HourType(
            round(hours, 4), round(float(rates[cell]), 6),
            0.0 if load is None else round(float(load[cell]), 6), round(demand.rate(pool, when).sd, 6),
        )
        for cell, (hours, when) in sorted(cells.items())
    )  # fmt: skip


def _stays(m: Material) -> dict[tuple[str, int], list[Span]]:
    found: dict[tuple[str, int], list[Span]] = {}
    for row in m.sessions:
        end = row.ended_ms if row.ended_ms is not None else m.span[1]
        if row.evse and end > row.started_ms:
            found.setdefault((row.station, row.evse), []).append((row.started_ms, min(end, m.span[1])))
    return {key: union(spans) for key, spans in found.items()}


def _full(taken: Sequence[Span], connectors: int) -> list[Span]:
    """When all connectors were taken at once."""
    edges = sorted([(start, 1) for start, _ in taken] + [(end, -1) for _, end in taken])
    found, count, since = [], 0, 0
    for at, step in edges:
        before = count
        count += step
        if count >= connectors > before:
            since = at
        elif before >= connectors > count:
            found.append((since, at))
    return found


def _waited(taken: Sequence[Span], full: Sequence[Span]) -> int:
    """Who plugged in within three minutes after a full pool had one free again."""
    starts = sorted(start for start, _ in taken)
    return sum(bisect_right(starts, end + SOON_MS) > bisect_right(starts, end) for _, end in full)
