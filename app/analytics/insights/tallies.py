"""Counts of any span: from the cache by whole weeks and days, the rest counted now.

`refresh` counts what is over, in a reader's thread, and keeps it in the writer's. A station's days
wait while a session that began on or before them still runs; the newest day and a half is always counted
anew.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, func, literal, select

from app.analytics.attempt_history import own_cards
from app.analytics.day_cache import network
from app.analytics.days import Day, days_between
from app.analytics.insights.tally import Tally, counted, merged, pack, unpack
from app.analytics.timelines import Span
from app.store.groups import GroupWriter
from app.store.tables import OPEN_STATES, link, session
from app.store.tallies import NEAR_MS, TallyRow, tallies_between, tally_counts

KIND = "tries"
VERSION = 1
"""Rises when something is counted in another way."""
DAY_MS = 86_400_000
BACK_MS = 2 * 366 * DAY_MS
"""So far back is counted ahead: a year and the one before it."""
FEW = 20
"""Of more stations than these, what is missing is read for all at once."""


def rule_of(connection: Connection, zone: str) -> str:
    """What was counted and how: the version, whose cards are tests, and whose midnights."""
    tests = json.dumps(sorted(own_cards(connection))).encode()
    return f"{KIND} {VERSION} {blake2b(tests, digest_size=4).hexdigest()} {zone}"


def tallies(
    connection: Connection, stations: Iterable[str], span: Span, zone: str
) -> Iterator[tuple[str, Tally]]:
    """
    The counts of a span: several for a station, which add up.

    Args:
        connection: reading.
        stations: that count.
        span: [from, to) in ms UTC.
        zone: whose weeks and midnights.
    """
    names = set(stations)
    low = max(span[0], _first_ms(connection) or span[1])
    days = days_between((low // DAY_MS * DAY_MS - DAY_MS, span[1]), zone)
    days = [day for day in days if day.start_ms >= span[0]]
    weeks = _weeks(days)
    rule = rule_of(connection, zone)
    missing: dict[str, list[Day]] = {
        name: [day for day in days if day.start_ms not in weeks] for name in names
    }
    if weeks:
        found = _read(connection, rule, 7, min(weeks.values()), max(weeks.values()) + 1, names)
        begins: dict[int, list[Day]] = {}
        for day in days:
            if day.start_ms in weeks:
                begins.setdefault(weeks[day.start_ms], []).append(day)
        for name in names:
            for start, mine in begins.items():
                known = found.get((name, start))
                if known is None:
                    missing[name] += mine
                else:
                    yield name, known
    yield from _by_days(connection, rule, zone, missing, _edges(span, days, low))


def _by_days(
    connection: Connection, rule: str, zone: str, missing: Mapping[str, list[Day]], edges: Sequence[Span]
) -> Iterator[tuple[str, Tally]]:
    """The days of weeks that are not whole, and the pieces of days at both ends of a span."""
    wanted = sorted({day.start_ms for days in missing.values() for day in days})
    left: dict[str, list[Span]] = {name: list(edges) for name in missing}
    if wanted:
        found = _read(connection, rule, 1, wanted[0], wanted[-1] + 1, missing.keys())
        for name, days in missing.items():
            for day in days:
                known = found.get((name, day.start_ms))
                if known is None:
                    left[name].append((day.start_ms, day.end_ms))
                else:
                    yield name, known
    yield from _now(connection, zone, {name: sorted(spans) for name, spans in left.items() if spans})


def _now(
    connection: Connection, zone: str, left: Mapping[str, list[Span]]
) -> Iterator[tuple[str, Tally]]:  # fmt: skip
    """What is not cached, counted now: each run of days on its own, for all stations at once where many."""
    if len(left) <= FEW:
        for name, spans in left.items():
            for run in _runs(spans):
                yield from ((name, tally) for tally in counted(connection, run, zone, name).values())
        return
    for run in _runs(sorted({span for spans in left.values() for span in spans})):
        for (name, n), tally in counted(connection, run, zone).items():
            if name in left and run[n] in left[name]:
                yield name, tally


def _runs(spans: Sequence[Span]) -> list[list[Span]]:
    """Spans in order, joined to runs where one begins where another ends."""
    found: list[list[Span]] = []
    for span in spans:
        if found and found[-1][-1][1] == span[0]:
            found[-1].append(span)
        else:
            found.append([span])
    return found


def _read(
    connection: Connection, rule: str, days: int, from_ms: int, to_ms: int, names: Iterable[str]
) -> dict[tuple[str, int], Tally]:
    wanted = set(names)
    only = sorted(wanted) if len(wanted) <= FEW else ()
    return {
        (row[0], row[1]): unpack(row[2])
        for row in tallies_between(connection, rule, days, from_ms, to_ms, only)
        if row[0] in wanted
    }


def _weeks(days: Sequence[Day]) -> dict[int, int]:
    """Of each day that lies in a whole week from Monday on: where that week begins."""
    found: dict[int, int] = {}
    for n in range(len(days) - 6):
        if date.fromisoformat(days[n].day).weekday() == 0:
            found |= {day.start_ms: days[n].start_ms for day in days[n : n + 7]}
    return found


def _edges(span: Span, days: Sequence[Day], low: int) -> list[Span]:
    """What of a span lies before its first whole day and after its last."""
    if not days:
        return [span] if low < span[1] else []
    ends = ((span[0], days[0].start_ms), (days[-1].end_ms, span[1]))
    return [(start, end) for start, end in ends if end > max(start, low)]


def _first_ms(connection: Connection) -> int | None:
    """Since when anything is known."""
    sessions = select(func.min(session.c.started_ms)).where(session.c.started_ms > 0)
    known = [connection.execute(query).scalar() for query in (sessions, _FIRST_LINK)]
    return min((int(one) for one in known if one is not None), default=None)


_FIRST_LINK = select(link.c.at_ms).order_by(link.c.seq).limit(1)


def refresh(
    read: Callable[..., Any], call: Callable[[Callable[[GroupWriter], Any]], Any], now_ms: int, zone: str
) -> int:
    """
    Count and keep some of the days and weeks that are over; how many rows, 0 when all are there.

    For a worker thread: `read` is a store's, `call` its writer's.
    """
    call(lambda group: group.watch_tallies())
    rule, rows = read(due, now_ms, zone)
    return int(call(lambda group: group.write_tallies(KIND, rule, rows))) if rows else 0


def due(
    connection: Connection, now_ms: int, zone: str, *, most: int = 2_000
) -> tuple[str, list[TallyRow]]:  # fmt: skip
    """The rule, and rows that are not kept yet, station by station, about `most` at a time."""
    rule, first = rule_of(connection, zone), _first_ms(connection)
    if first is None:
        return rule, []
    window = (max(first, now_ms - BACK_MS) // DAY_MS * DAY_MS - 2 * DAY_MS, now_ms - NEAR_MS)
    days = days_between(window, zone)
    if not days:
        return rule, []
    edges = (days[0].start_ms, days[-1].end_ms)
    still = _running(connection)
    have, whole = (tally_counts(connection, rule, length, *edges) for length in (1, 7))
    weeks = set(_weeks(days).values())
    found: list[TallyRow] = []
    for name in network(connection):
        if have.get(name, 0) < len(days):
            found += _days_due(connection, rule, zone, name, days, still.get(name))
        if whole.get(name, 0) < len(weeks):
            found += _weeks_due(connection, rule, name, days)
        if len(found) >= most:
            break
    return rule, found


def _days_due(
    connection: Connection, rule: str, zone: str, name: str, days: Sequence[Day], still: int | None
) -> list[TallyRow]:
    edges = (days[0].start_ms, days[-1].end_ms)
    have = {row[1] for row in tallies_between(connection, rule, 1, *edges, [name])}
    due_ = [
        (day.start_ms, day.end_ms)
        for day in days
        if day.start_ms not in have and (still is None or day.end_ms <= still)
    ]
    rows = []
    for run in _runs(due_):
        found = counted(connection, run, zone, name)
        for n, (start, end) in enumerate(run):
            rows.append(TallyRow(1, start, name, rule, end, pack(found.get((name, n), Tally()))))
    return rows


def _weeks_due(connection: Connection, rule: str, name: str, days: Sequence[Day]) -> list[TallyRow]:
    """Weeks whose seven days are kept."""
    edges = (days[0].start_ms, days[-1].end_ms)
    have = {row[1] for row in tallies_between(connection, rule, 7, *edges, [name])}
    starts = _weeks(days)
    if len(have) == len(set(starts.values())):
        return []
    kept = {row[1]: row[2] for row in tallies_between(connection, rule, 1, *edges, [name])}
    by_week: dict[int, list[Day]] = {}
    for day in days:
        if day.start_ms in starts:
            by_week.setdefault(starts[day.start_ms], []).append(day)
    return [
        TallyRow(7, start, name, rule, mine[-1].end_ms,
                 pack(merged(unpack(kept[day.start_ms]) for day in mine)))
        for start, mine in by_week.items()
        if start not in have and all(day.start_ms in kept for day in mine)
    ]  # fmt: skip


def _running(connection: Connection) -> dict[str, int]:
    """When the oldest session that still runs began, by station."""
    states = [literal(state, literal_execute=True) for state in OPEN_STATES]
    query = select(session.c.station, func.min(session.c.started_ms)).where(session.c.state.in_(states))
    return {row[0]: row[1] for row in connection.execute(query.group_by(session.c.station))}
