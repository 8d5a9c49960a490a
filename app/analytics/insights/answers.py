"""The answers of the page of insights: each one question about what was chosen, read in one go.

Each takes a connection and what is chosen, so that a page may ask it in a reader's thread and keep it.
"""

from collections import Counter
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.analytics.attempts import STEPS, Step
from app.analytics.driver_kpis import FunnelStep
from app.analytics.insights.chosen import Chosen, stations_of
from app.analytics.insights.tallies import tallies
from app.analytics.insights.tries import TRIES
from app.analytics.insights.week import Cell, Forecast, forecast, week_hours, week_of
from app.analytics.intervals import Share
from app.analytics.maintenance_page import ScoreRow, scores_between
from app.store.readers.sessions import first_session_ms
from app.store.readers.stations import all_stations

DAY_MS = 86_400_000
FULL_DAYS = 28
"""Whether all connectors were taken is told of the last so many days: the whole past would take seconds."""
PAST_DAYS = 84
"""What a forecast looks back on."""
Make = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Starts:
    """How far drivers came, and how many of each make's attempts ended well."""

    funnel: tuple[FunnelStep, ...]
    well: Share
    """Attempts that ended well; cancelled ones and those that still run are left out."""
    by_make: tuple[tuple[Make, Share], ...]
    worst: tuple[tuple[str, Make, int], ...]
    """Of each cause: the maker, model and firmware it happened at most, and how often there."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The week of a span. `full_from_ms`: since when it is known whether all was taken.

    `ahead` forecasts the week that begins now; `names` are its hours.
    """

    cells: tuple[Cell, ...]
    full_from_ms: int
    ahead: Forecast
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Makes:
    """Failures a connector-year of each maker, model and firmware, and of all of them."""

    rows: tuple[ScoreRow, ...]
    per_year: float | None


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen: sites, makes as (vendor, model, firmware), and the first session."""

    sites: tuple[str, ...]
    makes: tuple[Make, ...]
    stations: int
    first_ms: int | None


def offered(connection: Connection) -> Offered:
    """What there is to choose from."""
    known = [s for s in all_stations(connection) if Chosen(0, 0).has(s)]
    makes = {(s.vendor, s.model, s.firmware) for s in known if s.vendor or s.model}
    return Offered(
        tuple(sorted({s.site for s in known if s.site})), tuple(sorted(makes)), len(known),
        first_session_ms(connection),
    )  # fmt: skip


def starts(connection: Connection, chosen: Chosen, zone: str) -> Starts:
    """Where starts get lost."""
    names = stations_of(connection, chosen)
    by_make: dict[Make, Counter[str]] = {}
    for name, _, tally in tallies(connection, TRIES, names, (chosen.from_ms, chosen.to_ms), zone):
        known = names[name]
        by_make.setdefault((known.vendor, known.model, known.firmware), Counter()).update(tally.lost)
    whole: Counter[str] = sum(by_make.values(), Counter())
    causes: dict[str, dict[Make, int]] = {}
    # In order, as what is kept by weeks meets a cause sooner than what is counted day by day.
    for make, counts in sorted(by_make.items()):
        for key, times in sorted(counts.items()):
            step, cause = key.split("|", 1)
            if step != Step.ENDED_WELL:
                at = causes.setdefault(cause, {})
                at[make] = at.get(make, 0) + times
    worst = []
    for cause, by in causes.items():
        make = max(by, key=lambda one: (by[one], one))
        worst.append((cause, make, by[make]))
    return Starts(
        _funnel(whole), _well(whole),
        tuple((make, _well(counts)) for make, counts in sorted(by_make.items()) if counts.total()),
        tuple(worst),
    )  # fmt: skip


def _well(counts: Counter[str]) -> Share:
    return Share(counts[f"{Step.ENDED_WELL}|"], counts.total())


def _funnel(counts: Counter[str]) -> tuple[FunnelStep, ...]:
    """How many came to each step, and why those that came no further did not."""
    stuck: dict[str, Counter[str]] = {step: Counter() for step in STEPS}
    for key, times in sorted(counts.items()):
        step, cause = key.split("|", 1)
        stuck[step][cause] += times
    found, came = [], counts.total()
    for step in STEPS:
        lost = stuck[step] if step is not Step.ENDED_WELL else Counter[str]()
        found.append(FunnelStep(step, came, tuple(lost.most_common())))
        came -= lost.total()
    return tuple(found)


def hours(connection: Connection, chosen: Chosen, zone: str, now_ms: int) -> Hours:
    """When drivers come, when all was taken, and what the coming week brings."""
    cells = week_of(connection, chosen, zone, FULL_DAYS)
    first = first_session_ms(connection)
    since = now_ms if first is None else max(first, now_ms - PAST_DAYS * DAY_MS)
    ahead = forecast(connection, replace(chosen, from_ms=since, to_ms=now_ms))
    full_from = max(chosen.from_ms, chosen.to_ms - FULL_DAYS * DAY_MS)
    return Hours(cells, full_from, ahead, tuple(week_hours(ahead.from_ms, zone)))


def makes(connection: Connection, chosen: Chosen) -> Makes:
    """Which make holds up."""
    rows = scores_between(
        connection, chosen.from_ms, chosen.to_ms, frozenset(stations_of(connection, chosen))
    )
    exposed = sum(row.score.exposure_years for row in rows)
    return Makes(rows, sum(row.score.failures for row in rows) / exposed if exposed else None)
