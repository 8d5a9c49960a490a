"""Wasted manpower: desk minutes that a good tool avoids (reference E.2). Travel and work on site are
maintenance; useful work is no cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.analytics.costs.assumptions import AssumptionSet
from app.analytics.costs.ledger import Claims, Confidence, Cost, Line, Nature, Part, Stream
from app.analytics.costs.lost_revenue import Place

ENOUGH = 20
"""So many measured spans make their median the minutes of an action."""

DEFAULTS = {
    "nuisance alarm": "manpower.nuisance_minutes",
    "repeated command": "manpower.repeat_minutes",
    "duplicate ticket": "manpower.duplicate_minutes",
}
"""Actions by the assumption that stands in until enough were measured."""


@dataclass(frozen=True, slots=True)
class Avoidable:
    """One avoidable action at the desk. `minutes` is its measured span, None where it was not measured.

    `action` is a key of DEFAULTS, or "call" for a timed phone call about a fault.
    """

    place: Place
    action: str
    object: str
    at_ms: int
    minutes: Decimal | None = None


def manpower(actions: Iterable[Avoidable], held: AssumptionSet, claims: Claims) -> list[Part]:
    """The parts: counts measured, minutes measured or assumed, the rate as held."""
    given = list(actions)
    rate = held.need("manpower.rate") / 60
    usual = {
        action: _usual([a.minutes for a in given if a.action == action], held, action) for action in DEFAULTS
    }
    made: dict[tuple[Place, str, Confidence], list[Line]] = {}
    spans: dict[tuple[Place, str, Confidence], Decimal] = {}
    for one in given:
        if not claims.take(Stream.MINUTE, one.object, Cost.MANPOWER):
            continue
        if one.action in DEFAULTS:
            minutes, measured = usual[one.action]
        else:
            minutes, measured = one.minutes or Decimal(0), True
        how = Confidence.MEASURED if measured and not held.assumed("manpower.rate") else Confidence.ASSUMED
        line = Line(one.object, one.at_ms, minutes, "min", rate, minutes * rate, one.action)
        made.setdefault((one.place, one.action, how), []).append(line)
        took = minutes if one.minutes is None else min(one.minutes, held.need("manpower.idle_minutes"))
        key = (one.place, one.action, how)
        spans[key] = spans.get(key, Decimal(0)) + (took if one.action in DEFAULTS else minutes) * rate
    return [
        Part(
            Cost.MANPOWER, place.period, place.site, place.station, action, how, place.currency, Nature.TIME,
            tuple(lines), *_ends(lines, spans[place, action, how]),
            minutes=sum((o.quantity for o in lines), Decimal(0)),
            assumptions=_uses(held, action, action in usual and not usual[action][1]),
        )
        for (place, action, how), lines in made.items()
    ]  # fmt: skip


def _ends(lines: Sequence[Line], measured: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """From the usual minutes of an act to those that were measured; None where they are the same."""
    exact = sum((line.exact for line in lines), Decimal(0))
    return (None, None) if exact == measured else (min(exact, measured), max(exact, measured))


def _uses(held: AssumptionSet, action: str, minutes: bool) -> tuple[str, ...]:
    """The defaults behind a part: the rate's, and the minutes' where they were not measured."""
    keys = ("manpower.rate", DEFAULTS[action]) if minutes else ("manpower.rate",)
    return tuple(key for key in keys if held.assumed(key))


def _usual(spans: Sequence[Decimal | None], held: AssumptionSet, action: str) -> tuple[Decimal, bool]:
    """Minutes of an action and whether they were measured."""
    limit = held.need("manpower.idle_minutes")
    known = sorted(min(span, limit) for span in spans if span is not None)
    if len(known) < ENOUGH:
        return held.need(DEFAULTS[action]), False
    half = len(known) // 2
    return (known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2), True
