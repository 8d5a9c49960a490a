"""Uptime by rule: one tiling, many views. Exact; what was not measured makes bounds.

A view (resources/uptime/views.toml) names the states that are up, the exclusion codes it honours
and their caps. Excluded is always outage ∩ exclusions, never an exclusion's own length (reference
A.3). Percentages are compared unrounded (A.4); a view passes only if its lower bound does (A7).
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple

import msgspec

from app.analytics.timelines import Span, State, Tile, intersect, length, subtract, union
from app.domain.errors import ForecourtError

CODES = ("GRID", "VEHICLE", "SCHED_MAINT", "VANDALISM", "DISASTER", "CLOSED_HOURS", "SITE_OWNER")
UNMEASURED = frozenset({State.BLIND, State.UNKNOWN})
HOUR_MS = 3_600_000
MINUTE_MS = 60_000


class Cap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At most so many hours of a code are excused, per calendar year or per incident."""

    hours: Annotated[int, msgspec.Meta(gt=0)]
    per: Literal["year", "incident"]


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of counting.

    `drops` are codes whose time leaves the denominator altogether (closed hours in the UK).
    `unmeasured_is_up`: the rule counts the ineligible as reliable (UK reg. 7(3)); the lower bound
    still does not. `above`: the threshold itself fails. `year_minutes`: the constant denominator
    of a full year (525,600 also in a leap year).
    """

    name: str
    title: str
    source: str
    up: frozenset[State]
    excuses: frozenset[str] = frozenset()
    drops: frozenset[str] = frozenset()
    caps: Mapping[str, Cap] = msgspec.field(default_factory=dict)
    unmeasured_is_up: bool = False
    threshold: str = ""
    above: bool = False
    year_minutes: int | None = None

    @property
    def target(self) -> Fraction | None:
        """The threshold in percent."""
        return Fraction(self.threshold) if self.threshold else None


class Exclusion(NamedTuple):
    """A span that may be excused: [start, end) in ms UTC, and why. `proved`: evidence is attached;
    without it a span is drawn as claimed and not subtracted (A.3)."""

    start: int
    end: int
    code: str
    proved: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """What a view makes of one or several EVSEs over a window, in ms; percentages are exact.

    `assessable_ms` is what `best` is a share of: measured time, or all time in a view that counts
    the unmeasured as up. `constant_ms` is the rule's fixed year where it applies, None else.
    """

    view: View
    assessable_ms: int
    outage_ms: int
    excluded_ms: int
    unmeasured_ms: int
    constant_ms: int | None = None

    @property
    def counted_ms(self) -> int:
        """Outage that is not excused."""
        return self.outage_ms - self.excluded_ms

    @property
    def total_ms(self) -> int:
        """The denominator of the bounds."""
        if self.constant_ms is not None:
            return self.constant_ms
        return self.assessable_ms + (0 if self.view.unmeasured_is_up else self.unmeasured_ms)

    @property
    def best(self) -> Fraction | None:
        """Percent by the rule over what was measured; None where nothing was."""
        base = self.assessable_ms
        if self.constant_ms is not None and not self.unmeasured_ms:
            base = self.constant_ms
        return Fraction((base - self.counted_ms) * 100, base) if base > 0 else None

    @property
    def true_minutes(self) -> Fraction | None:
        """Percent over the window's true length, beside a rule's constant year."""
        base = self.assessable_ms
        return Fraction((base - self.counted_ms) * 100, base) if base > 0 else None

    @property
    def low(self) -> Fraction | None:
        """Percent if all that was not measured had been down."""
        total = self.total_ms
        return Fraction((total - self.counted_ms - self.unmeasured_ms) * 100, total) if total > 0 else None

    @property
    def high(self) -> Fraction | None:
        """Percent if all that was not measured had been up."""
        total = self.total_ms
        return Fraction((total - self.counted_ms) * 100, total) if total > 0 else None

    @property
    def passes(self) -> bool | None:
        """Whether even the lower bound meets the threshold; None where the rule sets none."""
        target, low = self.view.target, self.low
        if target is None or low is None:
            return None
        return low > target if self.view.above else low >= target


@cache
def views() -> Mapping[str, View]:
    """The views by name."""
    text = (files("resources") / "uptime" / "views.toml").read_text("utf-8")
    found = msgspec.convert(tomllib.loads(text)["view"], list[View])
    return {view.name: view for view in found}


def view_named(name: str) -> View:
    """A view by its name.

    Raises:
        ForecourtError: there is none of that name.
    """
    view = views().get(name)
    if view is None:
        raise ForecourtError(f"There is no uptime rule {name!r}; choose one of {', '.join(views())}.")
    return view


def judge(
    view: View, tiles: Sequence[Tile], exclusions: Iterable[Exclusion] = (), zone: tzinfo = UTC
) -> Judged:
    """What a view makes of one EVSE's tiling.

    Args:
        view: the rule.
        tiles: the effective states, in order, without overlap.
        exclusions: spans with their codes; those the view does not honour change nothing.
        zone: where calendar years begin, for yearly caps.
    """
    named = [e for e in exclusions if e.end > e.start and e.proved]
    dropped = union((e.start, e.end) for e in named if e.code in view.drops)
    total = subtract(((t.start, t.end) for t in tiles), dropped)
    unmeasured = subtract(((t.start, t.end) for t in tiles if t.state in UNMEASURED), dropped)
    outage = subtract(
        ((t.start, t.end) for t in tiles if t.state not in view.up and t.state not in UNMEASURED), dropped
    )
    excused = _excused(view, outage, named, zone)
    assessable = length(total) - (0 if view.unmeasured_is_up else length(unmeasured))
    window = (tiles[0].start, tiles[-1].end) if tiles else (0, 0)
    return Judged(
        view, assessable, length(outage), length(excused), length(unmeasured), _constant(view, window, zone)
    )


def pooled(view: View, parts: Iterable[Judged]) -> Judged:
    """Several EVSEs as one: their times added up (the UK's literal reading)."""
    known = list(parts)
    constants = [part.constant_ms for part in known]
    constant = None if None in constants or not known else sum(c for c in constants if c is not None)
    return Judged(
        view,
        sum(part.assessable_ms for part in known),
        sum(part.outage_ms for part in known),
        sum(part.excluded_ms for part in known),
        sum(part.unmeasured_ms for part in known),
        constant,
    )


def _excused(view: View, outage: Sequence[Span], exclusions: Sequence[Exclusion], zone: tzinfo) -> list[Span]:
    """Outage that the view excuses, each code within its cap; overlaps count once."""
    found: list[Span] = []
    for code in sorted(view.excuses):
        of_code = [(e.start, e.end) for e in exclusions if e.code == code]
        if not of_code:
            continue
        cap = view.caps.get(code)
        if cap is None:
            found += intersect(outage, of_code)
        elif cap.per == "incident":
            for incident in union(of_code):
                found += _first(intersect(outage, [incident]), cap.hours * HOUR_MS)
        else:
            for year in _years(of_code, zone):
                found += _first(intersect(outage, intersect(of_code, [year])), cap.hours * HOUR_MS)
    return union(found)


def _first(spans: Sequence[Span], most_ms: int) -> list[Span]:
    """The first `most_ms` of the spans."""
    found = []
    for start, end in spans:
        if most_ms <= 0:
            break
        found.append((start, min(end, start + most_ms)))
        most_ms -= end - start
    return found


def _years(spans: Sequence[Span], zone: tzinfo) -> list[Span]:
    """The calendar years of the zone that the spans touch."""
    first = datetime.fromtimestamp(min(s for s, _ in spans) / 1000, zone).year
    last = datetime.fromtimestamp(max(e for _, e in spans) / 1000, zone).year
    edges = [round(datetime(year, 1, 1, tzinfo=zone).timestamp() * 1000) for year in range(first, last + 2)]
    return list(pairwise(edges))


def _constant(view: View, window: Span, zone: tzinfo) -> int | None:
    """The rule's fixed year, where the window is twelve whole months."""
    if view.year_minutes is None:
        return None
    start, end = (datetime.fromtimestamp(at / 1000, zone) for at in window)
    first, last = start.replace(tzinfo=None), end.replace(tzinfo=None)
    whole_days = first.time() == last.time() == time.min
    if whole_days and (last.year - first.year, last.month, last.day) == (1, first.month, first.day):
        return view.year_minutes * MINUTE_MS
    return None
