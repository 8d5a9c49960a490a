"""Uptime by any view from this history: effective states, and what persons wrote down as excused."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from sqlalchemy import Connection, select

from app.analytics.history import absences, all_timelines
from app.analytics.timelines import Span, State, Tile, intersect, paint, union
from app.analytics.uptime_file import Row
from app.analytics.uptime_views import Exclusion, judge, pooled, view_named
from app.domain.entries import standing
from app.domain.records import EntryRecord
from app.store.readers.entries import current_entries
from app.store.readers.stations import all_stations
from app.store.tables import fault, session

LONGEST_MS = 7 * 86_400_000
"""A session that lasts longer was forgotten."""
RAPID_W = 50_000
"""The UK counts charge points of 50 kW and above (2023 regulations, reg. 2)."""


def uptime_by(connection: Connection, rule: str, window: Span, zone: tzinfo, station: str = "") -> list[Row]:
    """One row for each EVSE that the rule counts, in order, and last the whole.

    Args:
        rule: a view's name.
        window: [start, end) in ms UTC; time before a station's first contact does not count.
        zone: where calendar years begin.
        station: this one alone; "" all.
    """
    view = view_named(rule)
    known = [s for s in all_stations(connection) if station in ("", s.station)]
    sites = {str(s.station): s.site for s in known}
    rated = {(str(s.station), p.evse): p.rated_power_w for s in known for p in s.plan}
    excused = exclusions_of(current_entries(connection))
    silent = silences(connection, window)
    charged = sessions_between(connection, [window], station)
    ours = absences(connection, window)
    rows: list[Row] = []
    for one in all_timelines(connection, {str(s.station): s.plan for s in known}, window, ours):
        for evse, tiles in one.evses:
            power = rated.get((one.station, evse))
            if rule == "uk" and power is not None and power < RAPID_W:
                continue
            seen = paint_proved(tiles, charged.get((one.station, evse), ()))
            seen = paint_silent(seen, silent.get((one.station, evse), ()))
            told = exclusions_for(excused, sites[one.station], one.station, evse)
            rows.append(Row(one.station, evse, judge(view, seen, told, zone)))
    return [*rows, Row(None, None, pooled(view, [row.judged for row in rows]))]


def paint_proved(tiles: Sequence[Tile], sessions: Iterable[Span]) -> list[Tile]:
    """Offline time in which a session is known to have run becomes proven (A.2, backfill)."""
    offline = [(t.start, t.end) for t in tiles if t.state is State.OFFLINE]
    return paint(tiles, intersect(offline, sessions), State.PROVEN)


def paint_silent(tiles: Sequence[Tile], silent: Iterable[Span]) -> list[Tile]:
    """Available time in a confirmed silence becomes silent."""
    others = frozenset(State) - {State.AVAILABLE}
    return paint(tiles, silent, State.SILENT, others)


def exclusions_of(entries: Iterable[EntryRecord]) -> list[tuple[Mapping[str, Any], Exclusion]]:
    """Exclusions written down, with their bodies; planned work that was announced before it began is
    SCHED_MAINT. Without evidence a span is claimed, not proved (A.3)."""
    kept = list(entries)
    found: list[tuple[Mapping[str, Any], Exclusion]] = []
    for body in standing(kept, "exclusion").values():
        proved = bool(body.get("evidence"))
        found.append((body, Exclusion(int(body["start_ms"]), int(body["end_ms"]), str(body["code"]), proved)))
    written = {entry.entry: entry.at_ms for entry in kept if entry.kind == "planned-work"}
    for name, body in standing(kept, "planned-work").items():
        start, end = _span(body)
        announced = int(body.get("announced_ms", written[name])) < start
        found.append((body, Exclusion(start, end, "SCHED_MAINT", announced)))
    return found


def _span(body: Mapping[str, Any]) -> Span:
    """When announced work lasts; its two forms name the span differently."""
    start, end = body.get("start_ms", body.get("from_ms")), body.get("end_ms", body.get("to_ms"))
    return int(start or 0), int(end or 0)


def exclusions_for(
    excused: Iterable[tuple[Mapping[str, Any], Exclusion]], site: str, station: str, evse: int
) -> list[Exclusion]:
    """Those that concern an EVSE: a body names a site, stations, and EVSEs; what it leaves out is all."""
    found = []
    for body, exclusion in excused:
        stations, evses = body.get("stations") or (), body.get("evses") or ()
        if body.get("site") and body["site"] != site:
            continue
        if (stations and station not in stations) or (evses and evse not in evses):
            continue
        found.append(exclusion)
    return found


def silences(connection: Connection, window: Span) -> dict[tuple[str, int], list[Span]]:
    """Confirmed silences: faults of the rule `silence` whose evidence says so."""
    query = select(fault.c.station, fault.c.evse, fault.c.onset_ms, fault.c.cleared_ms, fault.c.detail).where(
        fault.c.rule == "silence", fault.c.onset_ms < window[1]
    )
    found: dict[tuple[str, int], list[Span]] = {}
    for station, evse, onset, cleared, detail in connection.execute(query):
        if '"confirmed":true' in str(detail).replace(" ", "") and evse:
            found.setdefault((station, evse), []).append((onset, cleared or window[1]))
    return found


def sessions_between(
    connection: Connection, windows: Iterable[Span], station: str = ""
) -> dict[tuple[str, int], list[Span]]:
    """When sessions ran that touch the windows, by EVSE. One that lasts longer than a week was forgotten,
    not running: it proves nothing."""
    c = session.c
    found: dict[tuple[str, int], list[Span]] = {}
    for window in windows:
        query = select(c.station, c.evse, c.started_ms, c.ended_ms).where(
            c.started_ms < window[1], c.started_ms >= window[0] - LONGEST_MS, c.ended_ms > window[0]
        )
        if station:
            query = query.where(c.station == station)
        for name, evse, start, end in connection.execute(query):
            if evse and end is not None and end - start <= LONGEST_MS:
                found.setdefault((name, evse), []).append((start, end))
    return {key: union(spans) for key, spans in found.items()}
