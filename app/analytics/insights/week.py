"""When drivers come: starts by hour of the week, how often all connectors were taken, and a forecast
whose own past error stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, literal, select

from app.analytics.days import zone_of
from app.analytics.insights.chosen import Chosen, stations_of
from app.analytics.insights.taken import TAKEN
from app.analytics.insights.tallies import tallies
from app.analytics.timelines import Span, intersect, union
from app.store.readers.stations import station_count
from app.store.tables import session

HOURS = 168
HOUR_MS = 3_600_000
WEEKS_BACK = 8
"""A forecast is the mean of the same hour of so many weeks before."""
Z_80 = 1.2816
"""The normal's 90 %: between it and its negative lie 80 %."""
TRIED_WEEKS = 4
"""Its error is what it would have had in the last so many weeks."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of the week, Monday 0:00 is 0. `per_hour` None: never observed.

    `full` is the share of its time in which every connector of the site was taken or down.
    """

    hour: int
    starts: int
    weeks: float
    per_hour: float | None
    full: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Starts expected in each coming hour from `from_ms`; between `low` and `high` lie 80 % of such counts.

    That is so where starts come by chance about the mean of so few weeks (Poisson, by the normal's 10 and
    90 %). `error` is the mean absolute error a day of the forecast tried on the last weeks, `naive` that of
    "as last week". None where there is too little past.
    """

    from_ms: int
    hours: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    error: float | None
    naive: float | None


def week_of(
    connection: Connection, chosen: Chosen, zone: str, full_days: int | None = None
) -> tuple[Cell, ...]:
    """The 168 hours of the week over a span, in the zone's own hours.

    With `full_days`, whether all was taken is told of the last so many days only; it takes long of many.
    """
    where = zone_of(zone)
    counts = [0] * HOURS
    for at, times in _starts(connection, chosen, _step_ms(chosen, where)):
        counts[_hour(at, where)] += times
    lasted = _lasted(chosen, where)
    since = chosen.from_ms if full_days is None else chosen.to_ms - full_days * 24 * HOUR_MS
    newest = replace(chosen, from_ms=max(chosen.from_ms, since))
    taken, of = _full(connection, newest, where), _lasted(newest, where)
    return tuple(
        Cell(
            hour, counts[hour], lasted[hour], counts[hour] / lasted[hour] if lasted[hour] else None,
            taken[hour] / of[hour] if of[hour] and taken is not None else None,
        )
        for hour in range(HOURS)
    )  # fmt: skip


def _step_ms(chosen: Chosen, zone: ZoneInfo) -> int:
    """What lies in one local hour whatever the offset: hours, or quarters where an offset has minutes."""
    ends = (datetime.fromtimestamp(at / 1000, zone).utcoffset() for at in (chosen.from_ms, chosen.to_ms))
    return HOUR_MS if all(one is not None and one.seconds % 3600 == 0 for one in ends) else HOUR_MS // 4


def _lasted(chosen: Chosen, zone: ZoneInfo) -> list[float]:
    """How often each hour of the week was in the span."""
    found = [0.0] * HOURS
    at = chosen.from_ms
    while at < chosen.to_ms:
        end = min(chosen.to_ms, (at // HOUR_MS + 1) * HOUR_MS)
        found[_hour(at, zone)] += (end - at) / HOUR_MS
        at = end
    return found


def forecast(connection: Connection, chosen: Chosen) -> Forecast:
    """The coming week from the end of the span, by the same hours of the weeks before it."""
    end = chosen.to_ms // HOUR_MS * HOUR_MS
    span = (WEEKS_BACK + TRIED_WEEKS) * HOURS
    first = end - span * HOUR_MS
    past = [0] * span
    known_from = chosen.from_ms
    asked = Chosen(max(first, known_from), end, chosen.sites, chosen.vendor, chosen.model, chosen.firmware)
    for at, times in _starts(connection, asked, HOUR_MS):
        past[(at - first) // HOUR_MS] += times
    begins = max(0, -(-(known_from - first) // HOUR_MS))
    known = past[begins:]
    if len(known) < 2 * HOURS:
        return Forecast(end, (), (), (), None, None)
    same = [_same_hour(known, len(known) + n) for n in range(HOURS)]
    ahead = [sum(hours) / len(hours) for hours in same]
    misses, naive = _tried(known)
    # A mean of few weeks is itself in doubt, by as much again as one hour over their number.
    spread = [
        Z_80 * sqrt(max(value, 0.05) * (1 + 1 / len(hours))) for value, hours in zip(ahead, same, strict=True)
    ]
    return Forecast(
        end, tuple(ahead), tuple(max(0.0, a - s) for a, s in zip(ahead, spread, strict=True)),
        tuple(a + s for a, s in zip(ahead, spread, strict=True)), misses, naive,
    )  # fmt: skip


def _same_hour(known: Sequence[int], at: int) -> list[int]:
    """The same hour of the weeks before, as far as it is known."""
    before = (at - week * HOURS for week in range(1, WEEKS_BACK + 1))
    return [known[hour] for hour in before if 0 <= hour < len(known)]


def _expected(known: Sequence[int], at: int) -> float:
    same = _same_hour(known, at)
    return sum(same) / len(same) if same else 0.0


def _tried(known: Sequence[int]) -> tuple[float | None, float | None]:
    """Mean absolute errors a day of the forecast and of "as last week", on the last weeks."""
    begin = max(2 * HOURS, len(known) - TRIED_WEEKS * HOURS)
    mine, last, days = 0.0, 0.0, 0
    for day in range(begin, len(known) - 23, 24):
        truth = sum(known[day : day + 24])
        told = sum(_expected(known[:day], day + n) for n in range(24))
        before = sum(known[day - HOURS : day - HOURS + 24])
        mine, last, days = mine + abs(truth - told), last + abs(truth - before), days + 1
    return (mine / days, last / days) if days else (None, None)


def _starts(connection: Connection, chosen: Chosen, step_ms: int) -> list[tuple[int, int]]:
    """How many sessions began in each step of a span: (its first instant, starts), where any did."""
    c = session.c
    place = c.started_ms // literal(step_ms, literal_execute=True)
    query = select(place, func.count()).where(c.started_ms >= chosen.from_ms, c.started_ms < chosen.to_ms)
    names = stations_of(connection, chosen)
    if len(names) < station_count(connection):
        query = query.where(c.station.in_(list(names)))
    return [(int(n) * step_ms, count) for n, count in connection.execute(query.group_by(place))]


def _full(connection: Connection, chosen: Chosen, zone: ZoneInfo) -> list[float] | None:
    """Hours by hour of the week in which every connector of a chosen site was taken or down; the mean
    over the sites. None where no site has two connectors or more."""
    known = stations_of(connection, chosen)
    by_plug: dict[tuple[str, str, int], list[Span]] = {}
    for name, piece, taken in tallies(connection, TAKEN, known, (chosen.from_ms, chosen.to_ms), zone.key):
        for evse, flat in taken.items():
            spans = by_plug.setdefault((known[name].site or name, name, evse), [])
            ends = iter(flat)
            spans += ((piece[0] + start, piece[0] + end) for start, end in zip(ends, ends, strict=True))
    by_site: dict[str, list[list[Span]]] = {}
    for (site, _, _), spans in by_plug.items():
        by_site.setdefault(site, []).append(union(spans))
    sums, sites = [0.0] * HOURS, 0
    for plugs in by_site.values():
        if len(plugs) < 2:
            continue
        sites += 1
        full = plugs[0]
        for other in plugs[1:]:
            full = intersect(full, other)
        for start, end in full:
            while start < end:
                edge = min(end, (start // HOUR_MS + 1) * HOUR_MS)
                sums[_hour(start, zone)] += (edge - start) / HOUR_MS
                start = edge
    return [value / sites for value in sums] if sites else None


def _hour(at_ms: int, zone: ZoneInfo) -> int:
    local = datetime.fromtimestamp(at_ms / 1000, zone)
    return local.weekday() * 24 + local.hour


def week_hours(from_ms: int, zone: str) -> list[str]:
    """The names of the coming 168 hours, for a chart and its table: "Mon 07:00"."""
    start = datetime.fromtimestamp(from_ms / 1000, zone_of(zone))
    return [f"{start + timedelta(hours=n):%a %H:00}" for n in range(HOURS)]
