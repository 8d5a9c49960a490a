"""Uptime evidence for regulators and hosts: by a rule, each EVSE, each outage, what is excused and why."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import Connection

from app.analytics.history import absences, all_timelines
from app.analytics.timelines import Span, State, Tile, intersect, length, union
from app.analytics.uptime import truncated
from app.analytics.uptime_file import Row
from app.analytics.uptime_history import (
    exclusions_for,
    exclusions_of,
    paint_proved,
    paint_silent,
    sessions_between,
    silences,
    uptime_by,
)
from app.analytics.uptime_views import UNMEASURED, Exclusion, Judged, View, pooled, view_named
from app.domain.entries import standing
from app.reports.document import (
    Cell,
    Column,
    Document,
    Draft,
    Figure,
    Formula,
    day,
    moment,
    number,
    span_text,
    text,
)
from app.store.readers.entries import current_entries
from app.store.readers.stations import all_stations

WORDS = {
    State.FAULTED: "faulted", State.UNAVAILABLE: "unavailable", State.OFFLINE: "offline",
    State.SILENT: "available but earned nothing",
    State.BLOCKED: "bay blocked", State.PROVEN: "offline while it charged",
}  # fmt: skip
CODES = {
    "GRID": "utility supply", "VEHICLE": "vehicle", "SCHED_MAINT": "scheduled maintenance",
    "VANDALISM": "vandalism", "DISASTER": "natural disaster", "CLOSED_HOURS": "outside opening hours",
    "SITE_OWNER": "site owner",
}  # fmt: skip


STATES = WORDS | {
    State.AVAILABLE: "available", State.OCCUPIED: "occupied",
    State.RESERVED: "reserved",
}  # fmt: skip


FEW = 20
"""More outages than these begin a page of their own."""


class Outage(NamedTuple):
    """One outage of an EVSE: its span, what it was, and the excused part with its codes."""

    station: str
    evse: int
    start: int
    end: int
    states: tuple[State, ...]
    excused_ms: int
    codes: tuple[str, ...]


def uptime_report(
    connection: Connection, rule: str, window: Span, zone: tzinfo, now_ms: int, organisation: str = "",
    site: str = "", *, demo: bool = False,
) -> Document:  # fmt: skip
    """The evidence for one rule over a window; one site alone, or all.

    Raises:
        ForecourtError: there is no such rule.
    """
    view = view_named(rule)
    until = (window[0], min(window[1], max(window[0] + 1, now_ms)))
    sites = {str(s.station): s.site for s in all_stations(connection)}
    rows = [row for row in uptime_by(connection, rule, until, zone) if _at(row, sites, site)]
    parts = [row for row in rows if row.evse is not None]
    whole = _whole(view, parts) if site else rows[-1].judged
    here = [name for name in sites if site in ("", sites[name])]
    outages = outages_of(connection, view, until, here)
    draft = Draft()
    draft.say(_verdict(view, whole), strong=True)
    draft.figures(
        Figure("Uptime", _percent(whole.best), "over measured time"),
        Figure("At least", _percent(whole.low), "if all that was not measured had been down"),
        Figure("At most", _percent(whole.high), "if all that was not measured had been up"),
        Figure("Not measured", span_text(whole.unmeasured_ms), "our own blind time and stations never heard"),
    )
    draft.heading("Each EVSE")
    draft.grid(_EVSE_COLUMNS, [_evse_row(row, sites) for row in parts], empty="No EVSE was in service.")
    draft.heading("Outages, each with what is excused", annex=len(outages) > FEW)
    together = _together(outages)
    draft.grid(_OUTAGE_COLUMNS, [_outage_row(*one, zone) for one in together], empty="There was no outage.")
    draft.heading("Exclusions and their evidence")
    draft.grid(_EXCLUSION_COLUMNS, _exclusions(connection, until, zone), empty="Nothing was excused.")
    place = f" – {site}" if site else ""
    return Document(
        "uptime", f"Uptime evidence: {view.title}{place}",
        f"{organisation + ', ' if organisation else ''}{day(window[0], zone)} to {day(window[1] - 1, zone)}",
        now_ms, tuple(draft.blocks), _method(view, whole, zone), demo,
        f"uptime-{rule}-{day(window[0], zone)}",
    )  # fmt: skip


def outages_of(connection: Connection, view: View, window: Span, stations: Iterable[str]) -> list[Outage]:
    """Every outage by a view, in order of station, EVSE and time; adjoining ones are one."""
    known = {str(s.station): s for s in all_stations(connection)}
    plans = {name: known[name].plan for name in stations if name in known}
    excused = exclusions_of(current_entries(connection))
    silent = silences(connection, window)
    charged = sessions_between(connection, [window])
    found: list[Outage] = []
    for one in all_timelines(connection, plans, window, absences(connection, window)):
        for evse, tiles in one.evses:
            place = (one.station, evse)
            seen = paint_silent(paint_proved(tiles, charged.get(place, ())), silent.get(place, ()))
            told = exclusions_for(excused, known[one.station].site, one.station, evse)
            found += _joined(view, one.station, evse, seen, told)
    return found


def _together(outages: Iterable[Outage]) -> list[tuple[Outage, tuple[int, ...]]]:
    """Outages in which several EVSEs of a station shared all, as one, with the EVSEs it held."""
    found: dict[Outage, list[int]] = {}
    for outage in outages:
        found.setdefault(outage._replace(evse=0), []).append(outage.evse)
    return [(outage, tuple(evses)) for outage, evses in sorted(found.items(), key=_station_and_time)]


def _station_and_time(one: tuple[Outage, list[int]]) -> tuple[str, int, list[int]]:
    return one[0].station, one[0].start, one[1]


def _joined(
    view: View, station: str, evse: int, tiles: Sequence[Tile], told: Sequence[Exclusion]
) -> list[Outage]:
    down = [t for t in tiles if t.state not in view.up and t.state not in UNMEASURED]
    honoured = [e for e in told if e.proved and e.code in view.excuses | view.drops]
    outages = []
    for start, end in union((t.start, t.end) for t in down):
        states = tuple(dict.fromkeys(t.state for t in down if t.start < end and t.end > start))
        within = [e for e in honoured if e.start < end and e.end > start]
        excused = length(intersect([(start, end)], [(e.start, e.end) for e in within]))
        outages.append(
            Outage(station, evse, start, end, states, excused, tuple(dict.fromkeys(e.code for e in within)))
        )
    return outages


def _at(row: Row, sites: dict[str, str], site: str) -> bool:
    return row.station is None or not site or sites.get(row.station) == site


def _whole(view: View, rows: Sequence[Row]) -> Judged:
    return pooled(view, [row.judged for row in rows])


def _verdict(view: View, whole: Judged) -> str:
    if whole.best is None:
        return "Nothing was measured in this time, so nothing can be said."
    if view.target is None:
        return f"Uptime was {_percent(whole.best)}. This rule sets no threshold."
    than = "above" if view.above else "at least"
    asked = f"{view.title} asks for {than} {view.threshold}%"
    if whole.passes:
        return f"Uptime was {_percent(whole.best)}: passed. {asked}."
    high = whole.high
    could = high is not None and (high > view.target if view.above else high >= view.target)
    if could:
        blind = span_text(whole.unmeasured_ms)
        return f"Uptime was {_percent(whole.best)}: not proven. {asked}, and {blind} were not measured."
    return f"Uptime was {_percent(whole.best)}: not passed. {asked}."


_EVSE_COLUMNS = (
    Column("Station", wide=True), Column("Site", wide=True), Column("EVSE", right=True),
    Column("Assessable h", right=True), Column("Outage h", right=True), Column("Excused h", right=True),
    Column("Not measured h", right=True), Column("Uptime %", right=True), Column("Passes"),
)  # fmt: skip
_OUTAGE_COLUMNS = (
    Column("Station"), Column("EVSE"), Column("From"), Column("To"),
    Column("Lasted"), Column("Was", wide=True), Column("Excused"), Column("Because", wide=True),
)  # fmt: skip
_EXCLUSION_COLUMNS = (
    Column("Where", wide=True), Column("From"), Column("To"), Column("Because", wide=True),
    Column("Evidence", wide=True), Column("By"), Column("Counts"),
)  # fmt: skip


def _evse_row(row: Row, sites: dict[str, str]) -> list[tuple[Cell, str]]:
    j = row.judged
    hours = [ms / 3_600_000 for ms in (j.assessable_ms, j.outage_ms, j.excluded_ms, j.unmeasured_ms)]
    # A rule's constant year is what its percentage is a share of, once all of the year was measured.
    base = "D{row}" if j.constant_ms is None or j.unmeasured_ms else str(j.constant_ms // 3_600_000)
    share = f"({base}-E{{row}}+F{{row}})/{base}*100"
    formula = Formula(f'=IF(D{{row}}=0,"",{share})', "" if j.best is None else float(j.best))
    passes = {True: "yes", False: "no", None: "–"}[j.passes]
    return [
        text(row.station), text(sites.get(row.station or "", "")), number(row.evse),
        *(number(value, 2) for value in hours), (formula, truncated(j.best) or "–"), text(passes),
    ]  # fmt: skip


def _outage_row(outage: Outage, evses: Sequence[int], zone: tzinfo) -> list[tuple[Cell, str]]:
    return [
        text(outage.station), text(", ".join(map(str, evses))),
        moment(outage.start, zone), moment(outage.end, zone),
        text(span_text(outage.end - outage.start)),
        text(", ".join(WORDS.get(state, state.value) for state in outage.states)),
        text(span_text(outage.excused_ms) if outage.excused_ms else ""),
        text(", ".join(CODES.get(code, code) for code in outage.codes)),
    ]  # fmt: skip


def _exclusions(connection: Connection, window: Span, zone: tzinfo) -> list[list[tuple[Cell, str]]]:
    entries = current_entries(connection)
    authors = {entry.entry: entry.by for entry in entries if entry.kind == "exclusion"}
    rows = []
    for name, body in standing(entries, "exclusion").items():
        start, end = int(body.get("start_ms", 0)), int(body.get("end_ms", 0))
        if end <= window[0] or start >= window[1]:
            continue
        evidence = [str(piece) for piece in body.get("evidence") or ()]
        named = ", ".join(str(s) for s in body.get("stations") or ())
        where = named or str(body.get("site") or "all stations")
        rows.append(
            [
                text(where), moment(start, zone), moment(end, zone),
                text(CODES.get(str(body.get("code")), str(body.get("code")))), text("; ".join(evidence)),
                text(authors.get(name, "")), text("yes" if evidence else "claimed only"),
            ]
        )  # fmt: skip
    return rows


def _percent(percent: Fraction | None) -> str:
    shown = truncated(percent)
    return f"{shown}%" if shown else "–"


def _method(view: View, whole: Judged, zone: tzinfo) -> tuple[str, ...]:
    up = ", ".join(sorted(STATES.get(state, state.value) for state in view.up))
    lines = [
        f"Rule: {view.source}. Counted as up: {up}. Times are in {zone}.",
        "Computed from stored status and link timelines; percentages are cut, never rounded up.",
        "Excused time is outage within a written exclusion with evidence, never the exclusion's own length.",
        "Time in which Forecourt itself could not see is not counted as up; it widens the range.",
    ]
    if whole.constant_ms is not None:
        lines.append(
            "The rule's year has 525,600 minutes; by the window's true minutes uptime is "
            f"{truncated(whole.true_minutes, 4)} %."
        )
    if view.caps:
        capped = ", ".join(f"{CODES[code]} {cap.hours} h per {cap.per}" for code, cap in view.caps.items())
        lines.append(f"Excused at most: {capped}.")
    return tuple(lines)
