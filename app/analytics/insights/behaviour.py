"""What drivers do: when they arrive, how long they stay, what they take, how long they block when full."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from app.analytics.days import zone_of
from app.analytics.insights.chosen import Chosen, stations_of
from app.analytics.intervals import median, nearest_rank
from app.domain.status import ConnectorStatus
from app.store.tables import outlet, session, status

IDLE = (ConnectorStatus.SUSPENDED_EV.value, ConnectorStatus.FINISHING.value)
STAY_EDGES_MIN = (15, 30, 60, 120, 240, 480, 1440)
ENERGY_EDGES_KWH = (5, 10, 20, 30, 40, 60, 80)


@dataclass(frozen=True, slots=True)
class Spread:
    """How a quantity is spread: counts in the classes below each edge, and above the last; and its middle."""

    edges: tuple[int, ...]
    counts: tuple[int, ...]
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Of ended sessions that took energy. `idle_min` is time at the plug without taking any, where the
    station tells of it; `idle_known` counts the sessions of which that is known."""

    sessions: int
    arrivals: tuple[int, ...]
    stay_min: Spread
    energy_kwh: Spread
    idle_min: Spread
    idle_known: int
    idle_share: float | None
    returning: int
    drivers: int
    idle_by_site: Mapping[str, float] = field(default_factory=dict)
    """The same share at each site where stations tell of it."""


def behaviour(connection: Connection, chosen: Chosen, zone: str) -> Behaviour:
    """What the drivers of a span did."""
    where = zone_of(zone)
    names = stations_of(connection, chosen)
    c = session.c
    query = select(c.station, c.evse, c.started_ms, c.ended_ms, c.energy_wh, c.token).where(
        c.started_ms >= chosen.from_ms, c.started_ms < chosen.to_ms, c.ended_ms.is_not(None), c.energy_wh > 0
    )
    rows = [row for row in connection.execute(query) if row[0] in names]
    idle = _idle(connection, chosen)
    arrivals = [0] * 24
    stays, energies, idles = [], [], []
    visits: dict[str, int] = {}
    by_site: dict[str, list[float]] = {}
    for name, evse, start, end, energy, token in rows:
        arrivals[datetime.fromtimestamp(start / 1000, where).hour] += 1
        stays.append((end - start) / 60_000)
        energies.append(energy / 1000)
        if token:
            visits[token] = visits.get(token, 0) + 1
        spans = idle.get((name, evse))
        if spans is not None:
            waited = _within(spans, start, end) / 60_000
            idles.append(waited)
            both = by_site.setdefault(names[name].site, [0.0, 0.0])
            both[0], both[1] = both[0] + waited, both[1] + (end - start) / 60_000
    blocked, present = (sum(both[n] for both in by_site.values()) for n in (0, 1))
    return Behaviour(
        len(rows), tuple(arrivals), _spread(stays, STAY_EDGES_MIN), _spread(energies, ENERGY_EDGES_KWH),
        _spread(idles, STAY_EDGES_MIN), len(idles), blocked / present if present else None,
        sum(count > 1 for count in visits.values()), len(visits),
        {site: waited / stayed for site, (waited, stayed) in by_site.items() if stayed},
    )  # fmt: skip


def _idle(connection: Connection, chosen: Chosen) -> dict[tuple[str, int], list[tuple[int, int]]]:
    """Spans in which a connector was plugged in and took nothing, of plugs that ever tell of it."""
    query = (
        select(outlet.c.station, outlet.c.evse, status.c.at_ms, status.c.status)
        .select_from(status.join(outlet, status.c.outlet == outlet.c.outlet))
        .where(status.c.at_ms >= chosen.from_ms, status.c.at_ms < chosen.to_ms, outlet.c.evse > 0)
        .order_by(status.c.outlet, status.c.at_ms, status.c.received_ms)
    )
    spans: dict[tuple[str, int], list[tuple[int, int]]] = {}
    last: tuple[tuple[str, int], int] | None = None
    for name, evse, at, word in connection.execute(query):
        if last is not None and last[0] == (name, evse):
            spans.setdefault(last[0], []).append((last[1], at))
        last = ((name, evse), at) if word in IDLE else None
    return spans


def _within(spans: Sequence[tuple[int, int]], start: int, end: int) -> int:
    """How much of [start, end) the spans take, which are in order and apart."""
    found, n = 0, max(0, bisect_right(spans, (start, 0)) - 1)
    while n < len(spans) and spans[n][0] < end:
        found += max(0, min(end, spans[n][1]) - max(start, spans[n][0]))
        n += 1
    return found


def _spread(values: list[float], edges: tuple[int, ...]) -> Spread:
    counts = [0] * (len(edges) + 1)
    for value in values:
        counts[next((n for n, edge in enumerate(edges) if value < edge), len(edges))] += 1
    return Spread(edges, tuple(counts), median(values), nearest_rank(values, 0.9))
