"""Which make holds up: failures a connector-year with their ranges, and starts that ended well. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from app.analytics.insights.answers import Make, Makes, Starts
from app.analytics.intervals import Share
from app.analytics.maintenance_page import ScoreRow
from ui.models.insight_choice import make_words
from ui.models.insight_starts import Answer, Table
from ui.models.scores import top_of
from ui.theme.formats import count, number, percent


@dataclass(frozen=True, slots=True)
class MakeRow:
    """A make: failures a connector-year with the range, the second set's, and its share ended well."""

    make: Make
    units: int
    failures: int
    per_year: float | None
    low: float
    high: float
    reading: str
    well: Share
    before: float | None
    second: bool = False
    """Only the second set has it."""


@dataclass(frozen=True, slots=True)
class Card:
    """The scorecard as it is drawn; `top` is where the axis ends, `mean` all makes together."""

    rows: tuple[MakeRow, ...]
    top: float
    mean: float | None
    well: Share
    failures: int


def card(first: Makes, second: Makes | None, starts: Starts | None) -> Card:
    """The scorecard, the worst first."""
    well = dict(starts.by_make) if starts is not None else {}
    before = {_key(row): row.score.per_year for row in second.rows} if second is not None else {}
    rows = tuple(
        MakeRow(
            _key(row), row.units, row.score.failures, row.score.per_year, row.score.low, row.score.high,
            row.score.reading, well.get(_key(row), Share(0, 0)), before.get(_key(row)),
        )
        for row in first.rows
    )  # fmt: skip
    mine = {row.make for row in rows}
    rows += tuple(
        MakeRow(
            _key(row), row.units, row.score.failures, row.score.per_year, row.score.low, row.score.high,
            row.score.reading, Share(0, 0), None, True,
        )
        for row in (second.rows if second is not None else ())
        if _key(row) not in mine
    )  # fmt: skip
    return Card(
        rows,
        top_of(first.rows),
        first.per_year,
        starts.well if starts is not None else Share(0, 0),
        sum(row.failures for row in rows if not row.second),
    )


def answer(shown: Card) -> Answer:
    """Which is worse or better than all, if that is clear."""
    if not shown.rows:
        return Answer("No station ran in this time.")
    foot = f"{number(shown.mean, 1)} a year"
    failures = count(shown.failures, "failure")
    quiet = f"of all connectors, {failures}; worst first, few data weigh less"
    right = "a station counts with each firmware it ran"
    worse = [row for row in shown.rows if row.reading == "worse" and not row.second]
    better = [row for row in shown.rows if row.reading == "better" and not row.second]
    if worse:
        row = worse[0]
        told = _sibling(row, shown.rows)
        strong = f"{make_words(row.make)} fails most: {number(row.per_year, 1)} times a connector-year."
        return Answer(strong, told, foot, quiet, right)
    if better:
        row = better[-1]
        strong = f"{make_words(row.make)} holds up best: {number(row.per_year, 1)} failures a connector-year."
        return Answer(strong, "None is clearly worse than all", foot, quiet, right)
    return Answer("Not clear yet.", "No make lies clearly off all others", foot, quiet, right)


def said(row: MakeRow) -> str:
    """A make in words."""
    told = f"{make_words(row.make)}, {count(row.units, 'station')}: {number(row.per_year, 1)} failures a year"
    told += f", {range_words(row)}, {row.reading}"
    if row.well.n:
        told += f"; {percent(row.well.value, 1)} of {number(row.well.n)} starts ended well"
    return told if row.before is None else f"{told}; second {number(row.before, 1)}"


def range_words(row: MakeRow) -> str:
    """ "95% range 3.1 to 8.0"."""
    high = number(row.high, 1) if isfinite(row.high) else "no end"
    return f"95% range {number(row.low, 1)} to {high}"


def table(sets: Sequence[tuple[str, Makes]], starts: Starts | None) -> Table:
    """Each set's scorecard; what ended well belongs to the first."""
    well = dict(starts.by_make) if starts is not None else {}
    found = [
        ["set", "vendor", "model", "firmware", "stations", "connector_years", "failures",
         "failures_per_connector_year", "low_95", "high_95", "reading", "attempts", "ended_well"]
    ]  # fmt: skip
    for n, (name, makes) in enumerate(sets):
        for row in makes.rows:
            share = well.get(_key(row), Share(0, 0)) if n == 0 else None
            score = row.score
            found.append(
                [name, *_key(row), str(row.units), f"{score.exposure_years:.4f}", str(score.failures),
                 "" if score.per_year is None else f"{score.per_year:.4f}", f"{score.low:.4f}",
                 f"{score.high:.4f}" if isfinite(score.high) else "", score.reading,
                 "" if share is None else str(share.n), "" if share is None else str(share.k)]
            )  # fmt: skip
    return found


def _sibling(row: MakeRow, rows: Sequence[MakeRow]) -> str:
    """The same model with another firmware, where it does better."""
    same = [r for r in rows if r.make[:2] == row.make[:2] and r.make != row.make and r.per_year is not None]
    best = min(same, key=lambda r: r.per_year or 0, default=None)
    if best is None or (best.per_year or 0) >= (row.per_year or 0):
        return range_words(row)
    quiet = "" if best.reading != "few data" else ", of few data"
    return f"With {best.make[2] or 'another firmware'} the same model has {number(best.per_year, 1)}{quiet}"


def _key(row: ScoreRow) -> Make:
    return (row.make.vendor, row.make.model, row.make.firmware)
