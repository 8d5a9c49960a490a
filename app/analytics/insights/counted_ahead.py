"""Days and weeks counted once they are over, so that a page finds them kept.

A station's days wait while a session still runs that began on them, before, or less than half a day after:
what is told of it would overtake them.
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
from app.store.tallies import NEAR_MS, TallyRow, tallies_between, tally_counts, tally_starts

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
    have, whole = (tally_counts(connection, rule, length, *edges) for length in (1, 7))
    still = _running(connection)
    weeks = weeks_of(days) if kind.merged is not None else {}
    lacking: dict[str, list[Day]] = {}
    for name in network(connection):
        over, begun = days, set(weeks.values())
        if name in still:
            over = [day for day in days if day.end_ms + NEAR_MS <= still[name]]
            begun = set(weeks_of(over).values()) & begun
        if have.get(name, 0) < len(over) or whole.get(name, 0) < len(begun):
            lacking[name] = over
    if not lacking:
        return rule, []
    # Once for all: those of one station are no quicker to find, as the key of a row begins with its day.
    kept, kept_weeks = (tally_starts(connection, rule, length, *edges, lacking) for length in (1, 7))
    found: list[TallyRow] = []
    for name, over in lacking.items():
        left = [day for day in over if day.start_ms not in kept[name]]
        found += _days_due(connection, kind, rule, zone, name, left)
        by_week: dict[int, list[Day]] = {}
        for day in over:
            start = weeks.get(day.start_ms)
            if start is not None and start not in kept_weeks[name] and day.start_ms in kept[name]:
                by_week.setdefault(start, []).append(day)
        found += _weeks_due(
            connection, kind, rule, name, [week for week in by_week.values() if len(week) == 7]
        )
        if len(found) >= most:
            break
    return rule, found


def _days_due(
    connection: Connection, kind: Kind[T], rule: str, zone: str, name: str, days: Sequence[Day]
) -> list[TallyRow]:  # fmt: skip
    rows = []
    for run in runs([(day.start_ms, day.end_ms) for day in days]):
        found = kind.counted(connection, run, zone, name)
        for n, (start, end) in enumerate(run):
            known = found.get((name, n))
            packed = kind.pack(kind.empty() if known is None else known)
            rows.append(TallyRow(1, start, name, rule, end, packed))
    return rows


def _weeks_due(
    connection: Connection, kind: Kind[T], rule: str, name: str, weeks: Sequence[Sequence[Day]]
) -> list[TallyRow]:
    """Weeks whose seven days are kept; days that were overtaken meanwhile are not there."""
    if kind.merged is None or not weeks:
        return []
    edges = (weeks[0][0].start_ms, weeks[-1][-1].end_ms)
    kept = {row[1]: row[2] for row in tallies_between(connection, rule, 1, *edges, [name])}
    found = []
    for week in weeks:
        if all(day.start_ms in kept for day in week):
            whole = kind.merged(kind.unpack(kept[day.start_ms]) for day in week)
            found.append(TallyRow(7, week[0].start_ms, name, rule, week[-1].end_ms, kind.pack(whole)))
    return found


def _running(connection: Connection) -> dict[str, int]:
    """When the oldest session that still runs began, by station."""
    states = [literal(state, literal_execute=True) for state in OPEN_STATES]
    query = select(session.c.station, func.min(session.c.started_ms)).where(session.c.state.in_(states))
    return {row[0]: row[1] for row in connection.execute(query.group_by(session.c.station))}
