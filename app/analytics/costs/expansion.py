"""Slowed expansion: what one more connector would have served while all were healthy (reference E.6, I).

For each pool Σ H·λ·[B(c, a) − B(c+1, a)] over the hours in which nothing of it was out of use; only the
best next site is booked, and only if it pays back within the limit or the operator wants it anyway.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from app.analytics.costs.assumptions import AssumptionSet
from app.analytics.costs.ledger import Claims, Confidence, Cost, Line, Nature, Part, Stream
from app.analytics.costs.lost_revenue import Place
from app.analytics.costs.periods import span_of
from app.analytics.costs.queueing import turned_away

Many = npt.NDArray[np.float64]
DRAWS = 400
SEED = 20_260_301
CLUMPS, DOUBT = 3.0, 0.25
"""Variance of a month's blocked drivers over their mean, as they come in clumps and take more or less; and
the doubt of a pool's demand over itself, as blocking makes of it. For ranges only."""
INPUTS = ("expansion.fixed", "expansion.capex")


@dataclass(frozen=True, slots=True)
class HourType:
    """So many healthy hours of a month with λ starts an hour (its posterior's sd) and offered load a.

    `noise` is the spread of λ and a over themselves as they were counted, where it is to be taken off.
    """

    hours: float
    starts: float
    load: float
    sd: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pool in a month. `value` is a visit's margin, None where no price is known.

    `fixed`, `capex`: what one more would cost here, where the operator wrote it down; `wanted`: he wants
    it whatever it pays. `full_h`: hours in which all of it was taken; `turned_away`: signs of it.
    """

    place: Place
    pool: str
    connectors: int
    hours: tuple[HourType, ...]
    value: Decimal | None
    occupied_h: float = 0.0
    healthy_h: float = 0.0
    full_h: float = 0.0
    turned_away: int = 0
    fixed: Decimal | None = None
    capex: Decimal | None = None
    wanted: bool = False
    stay_h: float = 0.0
    waits: float = 0.0
    """The mean stay, and the share of drivers who wait where all is taken; 0 and 0: nobody waits."""

    @property
    def utilisation(self) -> float | None:
        """Occupied by healthy hours, never calendar hours."""
        return self.occupied_h / self.healthy_h if self.healthy_h else None


@dataclass(frozen=True, slots=True)
class Case:
    """What one more connector at a pool would do: money a month; None where an input is not known.

    `payback` in months; None: never, or not known. `payback_low`, `payback_high`: its 80 % range.
    """

    candidate: Candidate
    extra: float
    blocked: float
    gain: Decimal | None
    gain_low: Decimal | None
    gain_high: Decimal | None
    payback: float | None
    payback_low: float | None
    payback_high: float | None
    missing: tuple[str, ...]
    worth_it: bool


def blocked(hours: Iterable[HourType], connectors: int, stay_h: float = 0.0, waits: float = 0.0) -> float:
    """Starts a month that find all connectors taken and are lost.

    Noise in an hour's rate raises it, and is taken off again to second order.
    """
    given = list(hours)
    lasts, starts, load, noise = (
        np.array([getattr(h, name) for h in given]) for name in ("hours", "starts", "load", "noise")
    )

    def lost(side: float) -> Many:
        by_side = 1 + side * np.minimum(0.9, noise)
        found: Many = lasts * starts * by_side * turned_away(connectors, load * by_side, stay_h, waits)
        return found

    middle = lost(0.0)
    return float(np.clip(2 * middle - (lost(1.0) + lost(-1.0)) / 2, 0.0, middle).sum())


def extra_served(
    hours: Sequence[HourType], connectors: int, stay_h: float = 0.0, waits: float = 0.0
) -> float:
    """Starts a month that one more connector would serve; not all that is blocked."""
    now, then = (blocked(hours, many, stay_h, waits) for many in (connectors, connectors + 1))
    return max(0.0, now - then)


def payback_months(capex: Decimal, gain: Decimal) -> Decimal | None:
    """capex / gain; None where it never pays back."""
    return capex / gain if gain > 0 else None


def resampled(candidate: Candidate) -> Sequence[float]:
    """`extra_served` under λ drawn from its posterior, with a fixed seed: the same every time."""
    used = [hour for hour in candidate.hours if hour.starts > 0]
    if not used:
        return [0.0] * DRAWS
    hours, starts, load, sd = (
        np.array([getattr(hour, name) for hour in used])[:, None]
        for name in ("hours", "starts", "load", "sd")
    )
    variance = np.maximum(sd, 1e-9) ** 2
    rng = np.random.default_rng(SEED)
    drawn = rng.gamma(starts**2 / variance, variance / starts, (len(used), DRAWS))
    tried = (hours * drawn * _served_by_one_more(candidate.connectors, drawn * load / starts)).sum(0)
    return [float(one) for one in np.sort(tried)]


def _served_by_one_more(connectors: int, load: Many) -> Many:
    """B(c, a) − B(c+1, a) of many loads at once."""
    now, then = (turned_away(many, load, 0.0) for many in (connectors, connectors + 1))
    served: Many = now - then
    return served


def case(candidate: Candidate, held: AssumptionSet, recovered: Decimal, *, ranged: bool = True) -> Case:
    """What one more would do at a pool, with what is known of its price; without `ranged` its ranges, which
    take hundreds of draws, stay None."""
    fixed = candidate.fixed if candidate.fixed is not None else held.get("expansion.fixed")
    capex = candidate.capex if candidate.capex is not None else held.get("expansion.capex")
    known = (candidate.hours, candidate.connectors, candidate.stay_h, candidate.waits)
    extra, stuck = extra_served(*known), blocked(*known)
    missing = tuple(
        name for name, value in zip(INPUTS, (fixed, capex), strict=True) if value is None
    ) + (() if candidate.value is not None else ("price",))  # fmt: skip
    if candidate.value is None or fixed is None:
        return Case(candidate, extra, stuck, None, None, None, None, None, None, missing, candidate.wanted)
    each = candidate.value * (1 - recovered)
    gain = Decimal(repr(extra)) * each - fixed
    low, high = _range(candidate, each, fixed, (0.1, 0.9)) if ranged else (None, None)
    back = [None if capex is None or one is None else payback_months(capex, one) for one in (gain, high, low)]
    limit = held.need("expansion.limit")
    worth_it = candidate.wanted or (back[0] is not None and back[0] <= limit)
    middle, soon, late = (None if one is None else float(one) for one in back)
    return Case(candidate, extra, stuck, gain, low, high, middle, soon, late, missing, worth_it)


def cases(
    candidates: Iterable[Candidate], held: AssumptionSet, recovered: Decimal, *, ranged: bool = True
) -> tuple[Case, ...]:
    """All, the best first: by gain where it is known, else by what one more would serve."""
    made = [case(one, held, recovered, ranged=ranged) for one in candidates]
    return tuple(
        sorted(made, key=lambda c: (c.gain is None, -(c.gain or Decimal(0)), -c.extra, c.candidate.pool))
    )


def slowed_expansion(
    candidates: Iterable[Candidate], held: AssumptionSet, recovered: Decimal, claims: Claims
) -> list[Part]:
    """The part of the best next site; without its costs it is told in sessions and has no amount."""
    # A ledger is made anew for every rate that is tried out, and only the part it books needs a range.
    ranked = cases(candidates, held, recovered, ranged=False)
    known = [one for one in ranked if one.gain is not None and one.gain > 0 and one.worth_it]
    asking = [one for one in ranked if one.missing and one.extra >= 1]
    chosen = known[0] if known else asking[0] if asking else None
    if chosen is None:
        return []
    best = chosen.candidate
    place = best.place
    quantity = Decimal(repr(round(chosen.extra, 6)))
    each = (best.value or Decimal(0)) * (1 - recovered)
    object_ = f"pool:{best.pool}"
    first_ms = span_of(place.period, UTC)[0]
    if not claims.take(Stream.BLOCKED, f"{object_}/{place.period}", Cost.EXPANSION, quantity * each):
        return []
    lines = [Line(object_, first_ms, quantity, "session", each, quantity * each, "one more connector")]
    if chosen.gain is not None:
        fixed = quantity * each - chosen.gain
        lines.append(Line(object_, first_ms, Decimal(-1), "month", fixed, -fixed, "fixed cost of one more"))
    low = high = None
    if chosen.gain is not None:
        chance = Decimal(repr(CLUMPS * chosen.extra + (DOUBT * chosen.extra) ** 2)) * (each * 196 / 100) ** 2
        ends = _range(best, each, quantity * each - chosen.gain, (0.025, 0.975))
        below, above = (((end - chosen.gain) ** 2 + chance).sqrt() for end in ends)
        low, high = max(Decimal(0), chosen.gain - below), chosen.gain + above
    return [
        Part(
            Cost.EXPANSION, place.period, place.site, place.station, "one more connector would be used",
            Confidence.MODELLED, place.currency, Nature.MARGIN, tuple(lines), low, high,
            missing="" if chosen.gain is not None and not chosen.missing else chosen.missing[0],
            assumptions=("revenue.recovered_share", *(key for key in INPUTS if held.get(key) is not None)),
        )
    ]  # fmt: skip


def _range(
    candidate: Candidate, each: Decimal, fixed: Decimal, ends: tuple[float, float]
) -> tuple[Decimal, Decimal]:
    """What one more would gain a month at two quantiles of the posterior."""
    tried = resampled(candidate)
    low, high = (Decimal(repr(tried[round(q * (DRAWS - 1))])) * each - fixed for q in ends)
    return low, high
