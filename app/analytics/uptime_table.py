"""Every view of uptime for every EVSE over any window, quick enough for a year of a hundred stations.

Exact: the same figures as `uptime_history`, which reads every change. Whole days come from the cache
of days, where only sums are needed: no exclusion, no confirmed silence and no session that proves
an offline station touches them. All other time is read change by change.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, func, select

from app.analytics.day_cache import in_service, network, rule_of
from app.analytics.days import Day, days_between, zone_of
from app.analytics.history import absences, all_timelines, station_timelines
from app.analytics.timelines import (
    GRACE_MS,
    Span,
    State,
    Tile,
    intersect,
    length,
    offline_spans,
    subtract,
    union,
)
from app.analytics.uptime_history import (
    LONGEST_MS,
    RAPID_W,
    exclusions_for,
    exclusions_of,
    paint_proved,
    paint_silent,
    sessions_between,
    silences,
)
from app.analytics.uptime_views import Exclusion, Judged, judge, pooled, views
from app.domain.records import ConnectorPlan
from app.store.readers.entries import current_entries
from app.store.readers.links import first_contacts, links_of_all
from app.store.readers.stations import all_stations
from app.store.tables import day_state, session

Plug = tuple[str, int]
FEW = 8
"""So many stations are quicker read one by one than all together."""


@dataclass(frozen=True, slots=True)
class EvseViews:
    """One EVSE over the window by each view; a view that does not count it (UK below 50 kW) is left out.

    `blind_ms` is when Forecourt itself did not see, `unknown_ms` when the station had not told yet.
    """

    station: str
    site: str
    evse: int
    judged: Mapping[str, Judged]
    blind_ms: int
    unknown_ms: int


@dataclass(frozen=True, slots=True)
class UptimeTable:
    """All EVSEs of a window, and when Forecourt itself was blind in it."""

    window: Span
    evses: tuple[EvseViews, ...]
    blind: tuple[Span, ...]


def uptime_table(connection: Connection, window: Span, zone: str, station: str = "") -> UptimeTable:
    """Each EVSE of the network, or of one station, by every view.

    Args:
        window: [start, end) in ms UTC; time before a station's first contact does not count.
        zone: where days and calendar years begin; the operator's, whose days are cached.
        station: this one alone; "" all.
    """
    made = _Reading(connection, window, zone, station)
    rows: list[EvseViews] = []
    for name in made.stations:
        for evse in made.stations[name][1]:
            tiles = made.tiles(name, evse)
            if tiles:
                rows.append(made.judged(name, evse, tiles))
    return UptimeTable(window, tuple(rows), tuple(intersect(made.ours.blind, [window])))


def together(rows: Iterable[EvseViews]) -> dict[str, Judged]:
    """Several EVSEs as one by each view: their times added up."""
    known = list(rows)
    found = {}
    for name, view in views().items():
        parts = [row.judged[name] for row in known if name in row.judged]
        if parts:
            found[name] = pooled(view, parts)
    return found


class _Reading:
    """What is read for a window: sums of clean days, and exact tiles of all other time."""

    def __init__(self, connection: Connection, window: Span, zone: str, station: str) -> None:
        self._zone = zone_of(zone)
        known = {str(s.station): s for s in all_stations(connection) if station in ("", s.station)}
        self.stations = {n: found for n, found in network(connection).items() if n in known}
        self._sites = {name: record.site for name, record in known.items()}
        self._rated = {(n, p.evse): p.rated_power_w for n, record in known.items() for p in record.plan}
        self._excused = exclusions_of(current_entries(connection))
        self._silent = silences(connection, window)
        self.ours = absences(connection, window)
        since = first_contacts(connection)
        days = days_between(window, zone)
        self._served = {n: in_service(days, since.get(n)) for n in self.stations}
        self._sums = _sums(connection, rule_of(zone), days, station)
        self._proven: dict[Plug, list[Span]] = {}
        dirty = self._dirty(connection, rule_of(zone), days)
        self._clean: dict[str, list[Day]] = {}
        for name, (_, evses) in self.stations.items():
            whole = [day for day in self._served[name] if day.start_ms >= since.get(name, day.end_ms)]
            if all(self._sums.get((name, evse), _NONE).days == len(whole) for evse in evses):
                self._clean[name] = [d for d in whole if (name, d.start_ms) not in dirty]
        gone = {(n, d.start_ms) for n, ds in self._served.items() for d in ds if (n, d.start_ms) in dirty}
        self._less = _of_days(connection, rule_of(zone), gone)
        self._exact = self._read(connection, window, station)

    def _dirty(self, connection: Connection, rule: str, days: Sequence[Day]) -> set[tuple[str, int]]:
        """Days of which sums do not tell enough."""
        found: set[tuple[str, int]] = set()
        touched: dict[str, list[Span]] = defaultdict(list)
        for (name, _), spans in self._silent.items():
            touched[name] += spans
        for name in self.stations:
            for _, evse_spans in self._claims(name):
                touched[name] += evse_spans
        for name, told in touched.items():
            spans = union(told)
            for day in days:
                if any(start < day.end_ms and day.start_ms < end for start, end in spans):
                    found.add((name, day.start_ms))
        if days:
            found |= self._prove(connection, rule, days)
        return found

    def _claims(self, name: str) -> Iterator[tuple[int, list[Span]]]:
        for evse in self.stations[name][1]:
            told = exclusions_for(self._excused, self._sites[name], name, evse)
            yield evse, [(e.start, e.end) for e in told]

    def _prove(self, connection: Connection, rule: str, days: Sequence[Day]) -> set[tuple[str, int]]:
        """When sessions ran while their station was offline, kept in `_proven`.

        Returned are the days in which that cannot be told without reading more: shortly after
        Forecourt itself was away.
        """
        window = (days[0].start_ms, days[-1].end_ms)
        d, s = day_state.c, session.c
        query = (
            select(d.station, s.evse, s.started_ms, s.ended_ms)
            .select_from(day_state.join(session, s.station == d.station))
            .where(
                d.rule == rule, d.evse == 0, d.day_ms >= window[0], d.end_ms <= window[1],
                d.state_ms.contains('"offline"'), s.started_ms < d.end_ms,
                s.started_ms >= d.day_ms - LONGEST_MS, s.ended_ms > d.day_ms, s.evse > 0,
            )
            .order_by(d.station, s.evse)
        )  # fmt: skip
        rows = connection.execute(query).all()
        links = links_of_all(connection, *window) if rows else {}
        unsure = union((back, back + GRACE_MS) for _, back in self.ours.away)
        found = set()
        for name, of_station in groupby(rows, key=lambda row: row[0]):
            offline = subtract(offline_spans(links.get(name, []), window, self.ours.away), self.ours.blind)
            for evse, group in groupby(of_station, key=lambda row: row[1]):
                ran = [(start, end) for _, _, start, end in group if end - start <= LONGEST_MS]
                proven = self._proven[name, evse] = intersect(offline, ran)
                for start, end in intersect(proven, unsure):
                    found |= {
                        (name, day.start_ms) for day in days if day.start_ms < end and start < day.end_ms
                    }
        return found

    def _read(self, connection: Connection, window: Span, station: str) -> dict[Plug, list[Tile]]:
        """Exact tiles of all time that is not clean, those of stations that miss the same together."""
        together_: dict[Span, dict[str, tuple[ConnectorPlan, ...]]] = {}
        for name, (plan, _) in self.stations.items():
            clean = [(day.start_ms, day.end_ms) for day in self._clean.get(name, ())]
            for span in subtract([window], clean):
                together_.setdefault(span, {})[name] = plan
        sessions = sessions_between(connection, union(together_), station)
        exact: dict[Plug, list[Tile]] = defaultdict(list)
        for span, plans in sorted(together_.items()):
            few = len(plans) <= FEW
            alone = (station_timelines(connection, n, span, self.ours, p) for n, p in plans.items())
            for history in alone if few else all_timelines(connection, plans, span, self.ours):
                for evse, tiles in history.evses:
                    plug = (history.station, evse)
                    seen = paint_proved(tiles, sessions.get(plug, ()))
                    # Painted piece by piece: what lies between two pieces is not theirs.
                    exact[plug] += paint_silent(seen, self._silent.get(plug, ()))
        return exact

    def tiles(self, name: str, evse: int) -> list[Tile]:
        """An EVSE's states over the window; clean days as one block of each state."""
        exact = self._exact.get((name, evse), [])
        clean = self._clean.get(name)
        if not clean:
            return exact
        sums = self._sums[name, evse].less(self._less.get((name, evse), _NONE))
        runs = union((day.start_ms, day.end_ms) for day in clean)
        proven = length(intersect(runs, self._proven.get((name, evse), ())))
        return sorted([*exact, *sums.laid(runs, proven)])

    def judged(self, name: str, evse: int, tiles: Sequence[Tile]) -> EvseViews:
        """An EVSE by every view."""
        told: list[Exclusion] = exclusions_for(self._excused, self._sites[name], name, evse)
        power = self._rated.get((name, evse))
        slow = power is not None and power < RAPID_W
        judged = {
            view.name: judge(view, tiles, told, self._zone)
            for view in views().values()
            if not (view.name == "uk" and slow)
        }
        blind = sum(t.end - t.start for t in tiles if t.state is State.BLIND)
        unknown = sum(t.end - t.start for t in tiles if t.state is State.UNKNOWN)
        return EvseViews(name, self._sites[name], evse, judged, blind, unknown)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Cached days of one EVSE added up, ms."""

    days: int = 0
    up: int = 0
    down: int = 0
    offline: int = 0
    unmeasured: int = 0
    blind: int = 0

    def less(self, other: "_Sums") -> "_Sums":
        """Without some of the days."""
        return _Sums(
            self.days - other.days, self.up - other.up, self.down - other.down,
            self.offline - other.offline, self.unmeasured - other.unmeasured, self.blind - other.blind,
        )  # fmt: skip

    def laid(self, runs: Iterable[Span], proven: int) -> Iterator[Tile]:
        """Tiles over the runs that last as long in sum; no view asks where in them a state was.

        `proven` of the offline time was charging.
        """
        rest = [
            (State.AVAILABLE, self.up), (State.OFFLINE, self.offline - proven), (State.PROVEN, proven),
            (State.FAULTED, self.down - self.offline), (State.BLIND, self.blind),
            (State.UNKNOWN, self.unmeasured - self.blind),
        ]  # fmt: skip
        for start, end in runs:
            at = start
            while at < end and rest:
                state, left = rest[0]
                until = min(end, at + left)
                if until > at:
                    yield Tile(at, until, state)
                at, left = until, left - (until - at)
                rest[0] = (state, left)
                if not left:
                    rest.pop(0)


_NONE = _Sums()


def _sums(connection: Connection, rule: str, days: Sequence[Day], station: str) -> dict[Plug, _Sums]:
    """What the cache has of whole days, by EVSE; a day that tells of less than all of itself is left out."""
    if not days:
        return {}
    c = day_state.c
    up, down, unmeasured = c.up_ms, c.down_ms, c.unmeasured_ms
    # Most days have neither: what is inside the JSON is looked at only where it is needed.
    offline = func.iif(down > 0, func.json_extract(c.state_ms, "$.offline"), 0)
    blind = func.iif(unmeasured > 0, func.json_extract(c.state_ms, "$.blind"), 0)
    query = select(
        c.station, c.evse, func.count(), func.sum(up), func.sum(down), func.sum(offline),
        func.sum(unmeasured), func.sum(blind),
    ).where(
        c.rule == rule, c.evse > 0, c.day_ms >= days[0].start_ms, c.end_ms <= days[-1].end_ms,
        up + down + unmeasured == c.end_ms - c.day_ms,
    )  # fmt: skip
    if station:
        query = query.where(c.station == station)
    return {
        (name, evse): _Sums(*(value or 0 for value in values))
        for name, evse, *values in connection.execute(query.group_by(c.station, c.evse))
    }


def _of_days(connection: Connection, rule: str, days: Iterable[tuple[str, int]]) -> dict[Plug, _Sums]:
    """The same of single days, by station and start."""
    by_station: dict[str, set[int]] = defaultdict(set)
    for name, start in days:
        by_station[name].add(start)
    c = day_state.c
    found: dict[Plug, _Sums] = {}
    for name, starts in by_station.items():
        offline, blind = (func.json_extract(c.state_ms, f"$.{word}") for word in ("offline", "blind"))
        query = select(c.evse, c.day_ms, c.up_ms, c.down_ms, offline, c.unmeasured_ms, blind).where(
            c.station == name, c.rule == rule, c.evse > 0, c.day_ms >= min(starts), c.day_ms <= max(starts),
            c.up_ms + c.down_ms + c.unmeasured_ms == c.end_ms - c.day_ms,
        )  # fmt: skip
        for evse, start, *values in connection.execute(query):
            if start in starts:
                was = found.get((name, evse), _NONE)
                now = _Sums(-1, *(-(value or 0) for value in values))
                found[name, evse] = was.less(now)
    return found
