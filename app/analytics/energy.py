"""Energy by day and span. A session that crosses midnight is parted there by its own meter.

The parts of a session always add up to its energy; a session whose energy cannot be proved adds
nothing and is counted apart.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, func, literal, or_, select

from app.analytics.days import last_days
from app.analytics.results import Energy, EnergyDay
from app.domain.records import Flag
from app.store.readers.readings import session_readings
from app.store.tables import OPEN_STATES, session

_END = func.coalesce(session.c.ended_ms, session.c.last_sample_ms, session.c.started_ms)


def energy_between(connection: Connection, from_ms: int, to_ms: int) -> Energy:
    """Energy delivered in [from, to) by the whole network and by each station."""
    by_station: dict[str, int] = {}
    unproven = 0
    for row in _touching(connection, from_ms, to_ms, None):
        if row.energy_wh is None:
            unproven += 1
            continue
        share = parted(connection, row, [from_ms, to_ms])[1]
        if share:
            by_station[row.station] = by_station.get(row.station, 0) + share
    return Energy(from_ms, to_ms, sum(by_station.values()), tuple(sorted(by_station.items())), unproven)


def energy_today(connection: Connection, now_ms: int, zone: str) -> Energy:
    """Energy since local midnight."""
    today = last_days(now_ms, zone, 1)[0]
    return energy_between(connection, today.start_ms, today.end_ms)


def energy_per_day(
    connection: Connection, now_ms: int, zone: str, days: int, station: str | None = None
) -> tuple[EnergyDay, ...]:
    """Energy and sessions of the last local days, of one station or of all."""
    spans = last_days(now_ms, zone, days)
    edges = [day.start_ms for day in spans] + [spans[-1].end_ms]
    energy, counts = [0] * days, [0] * days
    for n, day in enumerate(spans):
        total, inside, last_end = connection.execute(_inside(day.start_ms, day.end_ms, station)).one()
        counts[n] += total
        energy[n] += inside or 0
        if last_end is not None and last_end > day.end_ms:
            _spread(connection, _crossing(connection, day.start_ms, day.end_ms, station), edges, energy)
    _spread(connection, _crossing(connection, None, edges[0], station), edges, energy)
    return tuple(
        EnergyDay(day.day, day.start_ms, day.end_ms, energy[n], counts[n]) for n, day in enumerate(spans)
    )


def _inside(start_ms: int, end_ms: int, station: str | None) -> Any:
    c = session.c
    whole = func.sum(c.energy_wh).filter(end_ms >= _END)
    query = select(func.count(), whole, func.max(_END)).where(c.started_ms >= start_ms, c.started_ms < end_ms)
    return query if station is None else query.where(c.station == station)


_WANTED = (
    session.c.session, session.c.station, session.c.started_ms, _END.label("end_ms"), session.c.energy_wh,
    session.c.meter_start_wh, session.c.flags,
)  # fmt: skip


def _crossing(connection: Connection, start_ms: int | None, end_ms: int, station: str | None) -> list[Any]:
    """Sessions that began in [start, end) (before `end` with None) and end after it, with energy."""
    c = session.c
    query = select(*_WANTED).where(c.energy_wh.is_not(None), end_ms < _END)
    if start_ms is not None:
        query = query.where(c.started_ms >= start_ms, c.started_ms < end_ms)
    else:
        # Whatever ends later either ended later or has not ended: both have an index.
        query = query.where(c.started_ms + 0 < end_ms, or_(c.ended_ms > end_ms, c.state.in_(_open_states())))
    if station is not None:
        query = query.where(c.station == station)
    return list(connection.execute(query))


def _open_states() -> list[Any]:
    return [literal(state, literal_execute=True) for state in OPEN_STATES]


def _touching(connection: Connection, from_ms: int, to_ms: int, station: str | None) -> list[Any]:
    """Sessions with any time in [from, to)."""
    c = session.c
    begun = select(*_WANTED).where(c.started_ms >= from_ms, c.started_ms < to_ms)
    # Few sessions ended since; the sum keeps the planner from walking all that ever started before.
    ended = select(*_WANTED).where(c.started_ms + 0 < from_ms, c.ended_ms > from_ms)
    still = select(*_WANTED).where(
        c.state.in_(_open_states()), c.started_ms + 0 < from_ms, c.ended_ms.is_(None)
    )
    found: list[Any] = []
    for query in (begun, ended, still):
        if station is not None:
            query = query.where(c.station == station)
        found.extend(row for row in connection.execute(query) if row.end_ms >= from_ms)
    return found


def _spread(connection: Connection, rows: Iterable[Any], edges: Sequence[int], energy: list[int]) -> None:
    for row in rows:
        for n, share in enumerate(parted(connection, row, edges)[1:-1]):
            energy[n] += share


def parted(connection: Connection, row: Any, edges: Sequence[int]) -> list[int]:
    """
    A session's energy before the first edge, between each two, and after the last.

    The register at an edge is read between the two readings around it; where the meter fell or
    told nothing, energy is taken to flow evenly. The parts add up to the session's energy.
    """
    start, end, energy = row.started_ms, row.end_ms, row.energy_wh
    first, last = bisect_right(edges, start), bisect_right(edges, end - 1 if end > start else end)
    parts = [0] * (len(edges) + 1)
    if first == last:
        parts[first] = energy
        return parts
    curve = _curve(connection, row)
    before = 0
    for n in range(first, last):
        until = _at(curve, edges[n])
        parts[n] = until - before
        before = until
    parts[last] = energy - before
    return parts


def _curve(connection: Connection, row: Any) -> list[tuple[int, int]]:
    even = [(row.started_ms, 0), (row.end_ms, row.energy_wh)]
    flags = row.flags.split(",")
    if row.meter_start_wh is None or Flag.METER_RESET in flags or Flag.METER_BACKWARDS in flags:
        return even
    told = [
        (record.reading.at_ms, record.reading.energy_wh - row.meter_start_wh)
        for record in session_readings(connection, row.session)
        if record.trusted and record.reading.energy_wh is not None
    ]
    between = [(at, wh) for at, wh in told if row.started_ms < at < row.end_ms and 0 <= wh <= row.energy_wh]
    curve = [even[0], *between, even[1]]
    rising = all(a[1] <= b[1] for a, b in pairwise(curve))
    return curve if rising else even


def _at(curve: Sequence[tuple[int, int]], at_ms: int) -> int:
    n = bisect_right(curve, at_ms, key=lambda point: point[0])
    (t0, e0), (t1, e1) = curve[n - 1], curve[min(n, len(curve) - 1)]
    return e0 if t1 <= t0 else e0 + (e1 - e0) * (at_ms - t0) // (t1 - t0)
