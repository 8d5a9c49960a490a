"""Energy by day and span. A session that crosses midnight is parted there by its own meter.

The parts of a session always add up to its energy; a session whose energy cannot be proved adds
nothing and is counted apart.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    String,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    values,
)

from app.analytics.days import Day, last_days
from app.analytics.results import Energy, EnergyDay
from app.domain.records import Flag
from app.store.groups import GroupWriter
from app.store.readers.readings import session_readings
from app.store.session_parts import Part, parts_between
from app.store.tables import OPEN_STATES, session

_FEW = 500
"""Sessions that are named in one statement."""

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
    """Energy and sessions of the last local days, of one station or of all.

    Each session counts whole on the day it began; what it delivered after a midnight is then moved
    over that midnight, from the cache of parts where it is there.
    """
    spans = last_days(now_ms, zone, days)
    edges = [day.start_ms for day in spans] + [spans[-1].end_ms]
    energy, counts = [0] * days, [0] * days
    crossing: set[int] = {row.session for row in _began_before(connection, edges[0], station)}
    for start_ms, total, whole, over in connection.execute(_by_start(spans, station)):
        n = bisect_right(edges, start_ms) - 1
        energy[n], counts[n] = whole or 0, total
        if over:
            crossing.update(map(int, over.split(",")))
    for edge_ms, after_wh in _moved(connection, zone, edges, crossing):
        n = bisect_right(edges, edge_ms) - 1
        if n > 0:
            energy[n - 1] -= after_wh
        if n < days:
            energy[n] += after_wh
    return tuple(
        EnergyDay(day.day, day.start_ms, day.end_ms, energy[n], counts[n]) for n, day in enumerate(spans)
    )


def _by_start(spans: Sequence[Day], station: str | None) -> Any:
    """Of each day with sessions: its start, how many began, their energy, and which last beyond it."""
    c = session.c
    bounds = values(column("start_ms", BigInteger), column("end_ms", BigInteger), name="day")
    day = bounds.data([(span.start_ms, span.end_ms) for span in spans]).cte("day")
    over = func.aggregate_strings(cast(c.session, String), ",").filter(
        day.c.end_ms < _END, c.energy_wh.is_not(None)
    )
    query = select(day.c.start_ms, func.count(), func.sum(c.energy_wh), over).select_from(
        day.join(session, (c.started_ms >= day.c.start_ms) & (c.started_ms < day.c.end_ms))
    )
    if station is not None:
        query = query.where(c.station == station)
    return query.group_by(day.c.start_ms)


def _moved(
    connection: Connection, zone: str, edges: Sequence[int], crossing: Collection[int]
) -> Iterator[tuple[int, int]]:
    """(edge, Wh after it) of each session for each edge it crosses."""
    few = list(crossing) if len(crossing) <= _FEW else None
    known: set[int] = set()
    for part in parts_between(connection, zone, edges[0], edges[-1], few):
        if part.session in crossing:
            known.add(part.session)
            yield part.edge_ms, part.after_wh
    left = [number for number in crossing if number not in known]
    for at in range(0, len(left), _FEW):
        wanted = select(*_WANTED).where(session.c.session.in_(left[at : at + _FEW]))
        for row in connection.execute(wanted).all():
            for part in parts_of(connection, row, zone, edges):
                yield part.edge_ms, part.after_wh


def parts_of(connection: Connection, row: Any, zone: str, edges: Sequence[int]) -> list[Part]:
    """What a session delivered after each of the edges that it crosses."""
    shares = parted(connection, row, edges)
    after = list(accumulate(reversed(shares)))[-2::-1]
    return [
        Part(row.session, zone, edge, wh)
        for edge, wh in zip(edges, after, strict=True)
        if row.started_ms < edge < row.end_ms
    ]


def refresh_parts(
    read: Callable[..., Any], call: Callable[[Callable[[GroupWriter], Any]], Any], now_ms: int, zone: str
) -> int:
    """
    Part the closed sessions of the last year at their midnights, where that is not cached yet.

    For a worker thread: `read` is a store's, `call` its writer's. How many rows were written; a
    bounded number at a time, 0 at the end.
    """
    call(lambda group: group.watch_parts())
    parts = read(due_parts, now_ms, zone)
    return int(call(lambda group: group.write_parts(parts)))


def due_parts(
    connection: Connection, now_ms: int, zone: str, days: int = 366, *, most: int = 500
) -> list[Part]:
    """Parts of closed sessions that are not cached yet, about `most` at a time."""
    spans = last_days(now_ms, zone, days)
    edges = [day.start_ms for day in spans] + [spans[-1].end_ms]
    known = {part.session for part in parts_between(connection, zone, edges[0], edges[-1])}
    left: list[int] = []
    for _, _, _, over in connection.execute(_by_start(spans, None)):
        if over:
            left += [number for number in map(int, over.split(",")) if number not in known]
    c = session.c
    # One that ends after tomorrow's midnight, by a wrong clock, has more parts than are asked for here.
    closed = select(*_WANTED).where(c.state.not_in(_open_states()), edges[-1] >= _END)
    found: list[Part] = []
    for at in range(0, len(left), _FEW):
        rows = connection.execute(closed.where(c.session.in_(left[at : at + _FEW]))).all()
        for row in rows:
            found += parts_of(connection, row, zone, edges)
        if len(found) >= most:
            break
    return found


_WANTED = (
    session.c.session, session.c.station, session.c.started_ms, _END.label("end_ms"), session.c.energy_wh,
    session.c.meter_start_wh, session.c.flags,
)  # fmt: skip


def _began_before(connection: Connection, edge_ms: int, station: str | None) -> list[Any]:
    """Sessions with energy that began before an instant and end after it."""
    c = session.c
    # Whatever ends later either ended later or has not ended: both have an index.
    query = select(*_WANTED).where(
        c.energy_wh.is_not(None), edge_ms < _END, c.started_ms + 0 < edge_ms,
        or_(c.ended_ms > edge_ms, c.state.in_(_open_states())),
    )  # fmt: skip
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
