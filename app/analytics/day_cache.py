"""Whole days, computed once: what a year of a hundred stations is answered from.

`refresh` computes what is missing in a reader's thread and writes it in the writer's. Readers
take a day from the cache only if it tells of exactly the EVSEs the station has; else they compute.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from app.analytics.days import Day, last_days
from app.analytics.history import StationTimelines, absences, evses_of, station_timelines
from app.analytics.results import Uptime
from app.analytics.timelines import State, clip, durations
from app.analytics.uptime import uptime_of
from app.domain.records import ConnectorPlan
from app.domain.status import Admission
from app.store.day_states import DayRow, day_counts, days_of
from app.store.groups import GroupWriter
from app.store.readers.links import first_contacts
from app.store.readers.stations import all_stations
from app.store.tables import day_state, outlet

VERSION = "2"
"""Rises when the meaning of a timeline changes; days of another version are not read."""
SETTLED_MS = 600_000
"""How old a day's end must be: marks of our own run and of its blind spans come a little late."""
_STATE_MS = msgspec.json.Decoder(dict[str, int]).decode

Evses = tuple[int, ...]


def rule_of(zone: str) -> str:
    """The key of a cache: the version of the rules and whose midnights."""
    return f"{VERSION} {zone}"


def network(connection: Connection) -> dict[str, tuple[tuple[ConnectorPlan, ...], Evses]]:
    """Stations that are of the network or were, with their plan and EVSEs; not those at the door."""
    said: dict[str, list[tuple[int, int]]] = {}
    for name, evse, connector in connection.execute(
        select(outlet.c.station, outlet.c.evse, outlet.c.connector)
    ):
        said.setdefault(name, []).append((evse, connector))
    return {
        known.station: (
            known.plan,
            tuple(evse for evse, _ in evses_of(known.plan, said.get(known.station, ()))),
        )
        for known in all_stations(connection)
        if known.admission in (Admission.ACCEPTED, Admission.RETIRED)
    }


def refresh(
    read: Callable[..., Any], call: Callable[[Callable[[GroupWriter], Any]], Any], now_ms: int, zone: str
) -> int:
    """
    Compute and cache some of the days that are over; how many rows, 0 when all are there.

    For a worker thread: `read` is a store's, `call` its writer's.
    """
    call(lambda group: group.watch_days(now_ms))
    rows = read(due, now_ms, zone)
    return int(call(lambda group: group.write_days(rows))) if rows else 0


def due(
    connection: Connection, now_ms: int, zone: str, days: int = 366, *, most: int = 4_000
) -> list[DayRow]:
    """Days in service that are over and not cached yet, station by station, about `most` rows at a time."""
    rule = rule_of(zone)
    spans = [day for day in last_days(now_ms, zone, days + 1) if day.end_ms <= now_ms - SETTLED_MS]
    if not spans:
        return []
    window = (spans[0].start_ms, spans[-1].end_ms)
    ours = absences(connection, window)
    found: list[DayRow] = []
    stations = network(connection)
    since = first_contacts(connection)
    counts = day_counts(connection, rule, *window)
    for name, (plan, evses) in stations.items():
        served = in_service(spans, since.get(name))
        if counts.get(name, 0) == len(served) * (len(evses) + 1):
            continue
        have = _whole(days_of(connection, rule, *window, name), stations).get(name, {})
        missing = [day for day in served if day.start_ms not in have]
        if not missing:
            continue
        span = (missing[0].start_ms, missing[-1].end_ms)
        history = station_timelines(connection, name, span, ours, plan)
        found.extend(day_rows(history, missing, rule))
        if len(found) >= most:
            break
    return found


def in_service(spans: Sequence[Day], since_ms: int | None) -> list[Day]:
    """The days that do not all lie before a station's first contact."""
    return [] if since_ms is None else [day for day in spans if day.end_ms > since_ms]


def day_rows(history: StationTimelines, days: Sequence[Day], rule: str) -> Iterable[DayRow]:
    """The cache rows of a station's days."""
    for evse, tiles in ((0, history.worst()), *history.evses):
        for day in days:
            part = clip(tiles, (day.start_ms, day.end_ms))
            times = uptime_of(part)
            lasted = {state.value: ms for state, ms in durations(part).items()}
            yield DayRow(
                history.station, day.start_ms, evse, rule, day.end_ms, times.up_ms, times.down_ms,
                times.unmeasured_ms, msgspec.json.encode(lasted).decode(),
            )  # fmt: skip


class CachedDay:
    """One station's day: how long its worst state lasted, and the uptime of each EVSE."""

    __slots__ = ("_states", "by_evse")

    def __init__(self, states: str, by_evse: dict[int, Uptime]) -> None:
        self._states = states
        self.by_evse = by_evse

    @property
    def lasted(self) -> dict[State, int]:
        """How long each state lasted, the worst EVSE's at each instant."""
        return {State(state): ms for state, ms in _STATE_MS(self._states).items()}


def cached_days(
    connection: Connection,
    zone: str,
    from_ms: int,
    to_ms: int,
    stations: Mapping[str, tuple[Any, Evses]],
    station: str = "",
) -> dict[str, dict[int, CachedDay]]:
    """Cached whole days in [from, to), by station and start, that may be trusted."""
    return _whole(days_of(connection, rule_of(zone), from_ms, to_ms, station), stations)


def _whole(rows: Iterable[Any], stations: Mapping[str, tuple[Any, Evses]]) -> dict[str, dict[int, CachedDay]]:
    found: dict[str, dict[int, CachedDay]] = {}
    for (name, day_ms), group in groupby(rows, key=lambda row: (row[0], row[1])):
        known = stations.get(name)
        if known is None:
            continue
        states, by_evse = "", {}
        for _, _, evse, _, _, up, down, unmeasured, state_ms in group:
            if evse == 0:
                states = state_ms
            else:
                by_evse[evse] = Uptime(up, down, unmeasured)
        if states and tuple(by_evse) == known[1]:
            found.setdefault(name, {})[day_ms] = CachedDay(states, by_evse)
    return found


def cached_sums(
    connection: Connection, from_ms: int, to_ms: int, stations: Mapping[str, tuple[Any, Evses]]
) -> tuple[int, int, dict[str, dict[int, Uptime]]]:
    """
    The uptime of each EVSE summed over the cached days that lie whole in [from, to).

    Returns the span that is covered, start and end, and the stations of which all of it is cached.
    """
    c = day_state.c
    rule = connection.execute(select(c.rule).limit(1)).scalar()
    if rule is None or not rule.startswith(f"{VERSION} "):
        return to_ms, to_ms, {}
    sums = select(
        c.station, c.evse, func.min(c.day_ms), func.max(c.end_ms), func.sum(c.end_ms - c.day_ms),
        func.sum(c.up_ms), func.sum(c.down_ms), func.sum(c.unmeasured_ms),
    ).where(c.day_ms >= from_ms, c.end_ms <= to_ms, c.rule == rule, c.evse > 0)  # fmt: skip
    query = sums.group_by(c.station, c.evse).order_by(c.station, c.evse)
    rows = connection.execute(query).all()
    if not rows:
        return to_ms, to_ms, {}
    start, end = min(row[2] for row in rows), max(row[3] for row in rows)
    found: dict[str, dict[int, Uptime]] = {}
    # Days by one rule lie beside each other: only those of all days last as long.
    for name, evse, _, _, lasted, up, down, unmeasured in rows:
        if lasted == end - start:
            found.setdefault(name, {})[evse] = Uptime(up, down, unmeasured)
    whole = {name: by for name, by in found.items() if name in stations and tuple(by) == stations[name][1]}
    return start, end, whole
