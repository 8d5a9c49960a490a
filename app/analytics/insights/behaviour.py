"""What drivers do: when they arrive, how long they stay, what they take, how long they block when full."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from app.analytics.days import zone_of
from app.analytics.insights.chosen import Chosen, stations_of
from app.analytics.insights.tallies import tallies
from app.analytics.insights.tries import MINUTE_MS, TRIES
from app.analytics.written_prices import written_prices
from app.store.readers.stations import station_count
from app.store.tables import session

SPLIT = "\n"
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
    idle_worth: Mapping[str, Decimal] = field(default_factory=dict)
    """What that time makes at the prices per minute that held, by currency; empty where there is none."""
    idle_priced: int = 0
    """Of so many sites, a price per minute was set."""


def behaviour(connection: Connection, chosen: Chosen, zone: str) -> Behaviour:
    """What the drivers of a span did."""
    names = stations_of(connection, chosen)
    found = list(tallies(connection, TRIES, names, (chosen.from_ms, chosen.to_ms), zone))
    prices = written_prices(connection, zone_of(zone))
    worth: dict[str, Decimal] = {}
    priced: set[str] = set()
    arrivals, stays, energies, idles = (Counter[int]() for _ in range(4))
    by_site: dict[str, list[int]] = {}
    for name, piece, tally in found:
        arrivals.update(tally.hours)
        stays.update(tally.stays)
        energies.update(tally.energies)
        idles.update(tally.idles)
        if tally.idles:
            both = by_site.setdefault(names[name].site, [0, 0])
            both[0], both[1] = both[0] + tally.idle_ms, both[1] + tally.stay_ms
            price = prices.price(names[name].site, piece[0])
            if price is not None and price.per_minute > 0:
                priced.add(names[name].site)
                minutes = Decimal(tally.idle_ms) / MINUTE_MS
                worth[price.currency] = worth.get(price.currency, Decimal(0)) + minutes * price.per_minute
    blocked, present = (sum(both[n] for both in by_site.values()) for n in (0, 1))
    returning, drivers = _returning(connection, chosen, names)
    return Behaviour(
        arrivals.total(), tuple(arrivals[hour] for hour in range(24)), _spread(stays, STAY_EDGES_MIN),
        _spread(energies, ENERGY_EDGES_KWH, 10), _spread(idles, STAY_EDGES_MIN), idles.total(),
        blocked / present if present else None, returning, drivers,
        {site: idle / stayed for site, (idle, stayed) in by_site.items() if stayed}, worth, len(priced),
    )  # fmt: skip


def _returning(connection: Connection, chosen: Chosen, names: Mapping[str, Any]) -> tuple[int, int]:
    """How many drivers charged more than once, and how many there were."""
    c = session.c
    # All cards joined to one text: groups of cards, or of stations, would be sorted row by row.
    query = select(func.aggregate_strings(c.token, SPLIT)).where(
        c.started_ms >= chosen.from_ms, c.started_ms < chosen.to_ms, c.ended_ms.is_not(None), c.energy_wh > 0,
        c.token != "",
    )  # fmt: skip
    if len(names) < station_count(connection):
        query = query.where(c.station.in_(list(names)))
    cards = connection.execute(query).scalar()
    visits = Counter(cards.split(SPLIT) if cards else ())
    return sum(times > 1 for times in visits.values()), len(visits)


def _spread(values: Counter[int], edges: tuple[int, ...], parts: int = 1) -> Spread:
    """How whole units are spread, of which an edge has `parts`."""
    counts = [0] * (len(edges) + 1)
    ordered = sorted(values)
    ranks, below = [], 0
    for value in ordered:
        counts[bisect_right(edges, value // parts)] += values[value]
        below += values[value]
        ranks.append(below)
    if not below:
        return Spread(edges, tuple(counts), None, None)

    def at(rank: int) -> float:
        return ordered[bisect_left(ranks, rank)] / parts

    middle = (at((below + 1) // 2) + at(below // 2 + 1)) / 2
    return Spread(edges, tuple(counts), middle, at(-(-9 * below // 10)))
