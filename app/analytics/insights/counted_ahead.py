"""Days and weeks counted once they are over, so that a page finds them kept.

A station's days wait while a session that began on or before them still runs.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, literal, select

from app.analytics.day_cache import network
from app.analytics.days import Day, days_between
from app.analytics.insights.meters import METERS
from app.analytics.insights.taken import TAKEN
from app.analytics.insights.tallies import DAY_MS, Kind, T, first_ms, runs, weeks_of
from app.analytics.insights.tries import TRIES
from app.store.groups import GroupWriter
from app.store.tables import OPEN_STATES, session
from app.store.tallies import NEAR_MS, TallyRow, tallies_between, tally_counts

KINDS: tuple[Kind[Any], ...] = (TRIES, TAKEN, METERS)


def refresh(
    read: Callable[..., Any], call: Callable[[Callable[[GroupWriter], Any]], Any], now_ms: int, zone: str
) -> int:
    """
    Count and keep some of the days and weeks that are over; how many rows, 0 when all are there.

    For a worker thread: `read` is a store's, `call` its writer's.
    """
    kept = 0
    for kind in KINDS:
        call(lambda group: group.watch_tallies())
        rule, rows = read(due, kind, now_ms, zone)
        if rows:
            kept += int(call(partial(_keep, name=kind.name, rule=rule, rows=rows)))
    return kept


def _keep(group: GroupWriter, name: str, rule: str, rows: Sequence[TallyRow]) -> int:
    return group.write_tallies(name, rule, rows)


def due(
    connection: Connection, kind: Kind[Any], now_ms: int, zone: str, *, most: int = 2_000
) -> tuple[str, list[TallyRow]]:
    """The rule, and rows that are not kept yet, station by station, about `most` at a time."""
    rule, first = kind.rule(connection, zone), first_ms(connection)
    if first is None:
        return rule, []
    window = (max(first, now_ms - kind.back_ms) // DAY_MS * DAY_MS - 2 * DAY_MS, now_ms - NEAR_MS)
    days = days_between(window, zone)
    if not days:
        return rule, []
    edges = (days[0].start_ms, days[-1].end_ms)
    still = _running(connection)
    have, whole = (tally_counts(connection, rule, length, *edges) for length in (1, 7))
    weeks = len(set(weeks_of(days).values())) if kind.merged is not None else 0
    found: list[TallyRow] = []
    for name in network(connection):
        if have.get(name, 0) < len(days):
            found += _days_due(connection, kind, rule, zone, name, days, still.get(name))
        if whole.get(name, 0) < weeks:
            found += _weeks_due(connection, kind, rule, name, days)
        if len(found) >= most:
            break
    return rule, found


def _days_due(
    connection: Connection,
    kind: Kind[T],
    rule: str,
    zone: str,
    name: str,
    days: Sequence[Day],
    still: int | None,
) -> list[TallyRow]:
    edges = (days[0].start_ms, days[-1].end_ms)
    have = {row[1] for row in tallies_between(connection, rule, 1, *edges, [name])}
    over = [
        (day.start_ms, day.end_ms)
        for day in days
        if day.start_ms not in have and (still is None or day.end_ms <= still)
    ]
    rows = []
    for run in runs(over):
        found = kind.counted(connection, run, zone, name)
        for n, (start, end) in enumerate(run):
            known = found.get((name, n))
            packed = kind.pack(kind.empty() if known is None else known)
            rows.append(TallyRow(1, start, name, rule, end, packed))
    return rows


def _weeks_due(
    connection: Connection, kind: Kind[T], rule: str, name: str, days: Sequence[Day]
) -> list[TallyRow]:
    """Weeks whose seven days are kept."""
    edges = (days[0].start_ms, days[-1].end_ms)
    have = {row[1] for row in tallies_between(connection, rule, 7, *edges, [name])}
    begins = weeks_of(days)
    if kind.merged is None or len(have) == len(set(begins.values())):
        return []
    kept = {row[1]: row[2] for row in tallies_between(connection, rule, 1, *edges, [name])}
    by_week: dict[int, list[Day]] = {}
    for day in days:
        if day.start_ms in begins:
            by_week.setdefault(begins[day.start_ms], []).append(day)
    found = []
    for start, mine in by_week.items():
        if start not in have and all(day.start_ms in kept for day in mine):
            whole = kind.merged(kind.unpack(kept[day.start_ms]) for day in mine)
            found.append(TallyRow(7, start, name, rule, mine[-1].end_ms, kind.pack(whole)))
    return found


def _running(connection: Connection) -> dict[str, int]:
    """When the oldest session that still runs began, by station."""
    states = [literal(state, literal_execute=True) for state in OPEN_STATES]
    query = select(session.c.station, func.min(session.c.started_ms)).where(session.c.state.in_(states))
    return {row[0]: row[1] for row in connection.execute(query.group_by(session.c.station))}
