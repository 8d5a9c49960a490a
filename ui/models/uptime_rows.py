"""Uptime by rule as rows: sites, stations or EVSEs, each view in a column, and a result in words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.analytics.uptime import truncated
from app.analytics.uptime_table import EvseViews, together
from app.analytics.uptime_views import Judged, View, views
from ui.models.cells import DASH, Cell, Column, Tone
from ui.theme.formats import count, duration

LEVELS = (("site", "Sites"), ("station", "Stations"), ("evse", "EVSEs"))
SHORT = {"raw": "House", "nevi": "NEVI", "uk": "UK", "cec": "CEC", "afir": "AFIR", "contract": "Contract"}
"""The views by the word of their column."""
YIELDS = {"cec": 5, "afir": 4, "uk": 3, "nevi": 2}


@dataclass(frozen=True, slots=True)
class UptimeRow:
    """One site, station or EVSE by each view; `key` names it, "" is the whole network."""

    key: str
    name: str
    below: str
    judged: Mapping[str, Judged]
    evses: int
    blind_ms: int
    unknown_ms: int

    @property
    def raw(self) -> Fraction | None:
        """By the house view, which orders the rows."""
        found = self.judged.get("raw")
        return found.best if found is not None else None


def rows(evses: Iterable[EvseViews], level: str, text: str = "") -> list[UptimeRow]:
    """Worst first by the house view; the whole network first of all. `text` filters by site and station."""
    words = text.casefold().split()
    kept = [row for row in evses if all(w in f"{row.site} {row.station}".casefold() for w in words)]
    groups: dict[tuple[str, str, str], list[EvseViews]] = {}
    for row in kept:
        groups.setdefault(_group(row, level), []).append(row)
    made = [_row(key, name, below, members) for (key, name, below), members in groups.items()]
    made.sort(key=lambda row: (row.raw is None, row.raw or 0, row.name.casefold()))
    if not kept:
        return []
    return [_row("", "All of them" if words else "The whole network", "", kept), *made]


def _group(row: EvseViews, level: str) -> tuple[str, str, str]:
    if level == "site":
        return row.site or f"station:{row.station}", row.site or row.station, ""
    if level == "station":
        return row.station, row.station, row.site
    return f"{row.station}/{row.evse}", f"{row.station}, EVSE {row.evse}", row.site


def _row(key: str, name: str, below: str, members: Sequence[EvseViews]) -> UptimeRow:
    counted = count(len(members), "EVSE")
    return UptimeRow(
        key, name, ", ".join(part for part in (below, counted) if part), together(members), len(members),
        sum(row.blind_ms for row in members), sum(row.unknown_ms for row in members),
    )  # fmt: skip


def columns() -> tuple[Column[UptimeRow], ...]:
    """Name, then each view."""
    first: Column[UptimeRow] = Column(
        "name", "Where",
        lambda row: Cell(row.name, strong=row.key == "", below=row.below, spoken=f"{row.name}, {row.below}"),
        "VTP-03, EVSE 2", stretch=True, fixed=True,
    )  # fmt: skip
    return (first, *(_column(view) for view in views().values()), _out())


def _column(view: View) -> Column[UptimeRow]:
    target = f"; target {'above ' if view.above else ''}{view.threshold}%" if view.threshold else ""
    return Column(
        view.name, SHORT[view.name], _cell(view.name), "not proven", right=True, fixed=view.name == "raw",
        hint=f"{view.title}: {view.source}{target}",
        yields=YIELDS.get(view.name, 1),
    )  # fmt: skip


def _cell(name: str) -> Callable[[UptimeRow], Cell]:
    def cell(row: UptimeRow) -> Cell:
        judged = row.judged.get(name)
        if judged is None or judged.best is None:
            return Cell(DASH.text, tone=Tone.FAINT, spoken="nothing measured" if judged else "not counted")
        word = verdict(judged)
        return Cell(percent(judged.best), strong=word in ("missed", "not proven"), below=word,
                    spoken=f"{percent(judged.best)} {word}".strip())  # fmt: skip

    return cell


def _out() -> Column[UptimeRow]:
    def cell(row: UptimeRow) -> Cell:
        judged = row.judged.get("raw")
        return DASH if judged is None else Cell(duration(judged.outage_ms), tone=Tone.QUIET)

    return Column(
        "out",
        "Out",
        cell,
        "47 h 59 min",
        right=True,
        hint="Outage by the house view, EVSEs added up",
        yields=6,
    )


def percent(value: Fraction | None) -> str:
    """ "97.12%", cut, never rounded up; an en dash where there is none."""
    return f"{truncated(value)}%" if value is not None else "–"


def bounds(low: Fraction | None, high: Fraction | None) -> str:
    """ "98.01% to 100.00%": what time that was not measured leaves open; "" where both are shown alike."""
    ends = percent(low), percent(high)
    return "" if ends[0] == ends[1] else " to ".join(ends)


def verdict(judged: Judged) -> str:
    """ "met", "missed", or "not proven" where that hangs on what was not measured; "" without a target."""
    passes = judged.passes
    if passes is None:
        return ""
    if passes:
        return "met"
    target, high = judged.view.target, judged.high
    if target is None or high is None:
        return ""
    could = high > target if judged.view.above else high >= target
    return "not proven" if could else "missed"


def facts(judged: Judged) -> list[tuple[str, str]]:
    """What a view makes of it, as label and value."""
    found = [("By the rule", f"{percent(judged.best)} {verdict(judged)}".strip())]
    if over_all := bounds(judged.low, judged.high):
        found.append(("Over all of the time", over_all))
    if judged.view.threshold:
        found.append(("Target", f"{'above ' if judged.view.above else ''}{judged.view.threshold}%"))
    found.append(("Outage", duration(judged.outage_ms)))
    if judged.excluded_ms:
        found.append(("Excused of it", duration(judged.excluded_ms)))
    if judged.unmeasured_ms:
        found.append(("Not measured", duration(judged.unmeasured_ms)))
    if judged.constant_ms is not None and judged.true_minutes is not None:
        found.append(("By true minutes", percent(judged.true_minutes)))
    return found
