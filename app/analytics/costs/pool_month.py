"""A pool's demand in a month, as the ledger prices it: hours of the week, smoothed; days as they were.

Loss bends upwards with demand, so that noise in an hour's rate, and days that differ, both move its mean
(the first up, the second down). Hours are therefore drawn to their kind of day by as much as the pool's own
counts leave no doubt of it, and each day to what was seen on it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from app.analytics.costs.material import DAY_MS, Material
from app.analytics.costs.periods import Span
from app.analytics.costs.queueing import TurnedAway, fading, gamma_points, served_after_waiting, turned_away
from app.faults.calendar import CELLS
from app.faults.learnt import STAYS
from app.faults.pools import Pool
from app.faults.pricing import HOUR_MS

Vector = npt.NDArray[np.float64]
UNEVEN_DAYS = 30
"""Days that the network's unevenness weighs against a pool's own in the month."""
LEVEL = 20.0
"""Starts that the usual level weighs against the month's own."""
SHAPE_H = 12.0
"""Hours at which a kind of day's shape is drawn to the mean of both kinds."""
MOST_SHAPE = 200.0
SOON_MS = 180_000
"""Who plugs in so soon after one left a full pool was waiting for it (I)."""
PRIOR_WAITED = (1.0, 2.0)
"""As if one of two had waited: nothing is known of it until the network's own drivers tell."""
_BACK = (np.arange(CELLS)[None, :] - np.arange(STAYS)[:, None]) % CELLS
_WEEKEND = np.arange(CELLS) // 24 >= 5
_HOUR = np.arange(CELLS) % 24


@dataclass(frozen=True, slots=True)
class PoolMonth:
    """The demand of a pool in a month.

    `rates` and `load` by hour of the week on a usual day, `rate_doubt` and `load_doubt` their spread over
    themselves; `days` by day (of UTC) five equally likely factors of it; `stay_h` the mean stay, `waits` the
    share who wait where all is taken; `level_sd` the doubt of the whole level, relative.
    """

    rates: Vector
    load: Vector
    rate_doubt: Vector
    load_doubt: Vector
    stay_h: float
    waits: float
    level_sd: float
    uneven: float
    days: Mapping[int, tuple[float, ...]]
    connectors: int
    away: TurnedAway

    def factors(self, at_ms: int) -> tuple[float, ...]:
        """What the day of an instant was like."""
        found = self.days.get(at_ms // DAY_MS)
        return found if found is not None else gamma_points(1.0, self.uneven)

    def lost_an_hour(self, cell: int, factor: float) -> list[float]:
        """Drivers an hour who are lost with 0, 1, … connectors down, beyond those with none down."""
        # Loss bends upwards: noise in an hour's rate raises its mean, and is taken off again to second order.
        middle, above, below = (self._lost(cell, factor, side) for side in (0.0, 1.0, -1.0))
        return [
            max(0.0, min(one, 2 * one - (high + low) / 2))
            for one, high, low in zip(middle, above, below, strict=True)
        ]

    def _lost(self, cell: int, factor: float, side: float) -> list[float]:
        load = float(self.load[cell]) * factor * (1 + side * float(self.load_doubt[cell]))
        away = [self.away(self.connectors - down, load) for down in range(self.connectors + 1)]
        starts = float(self.rates[cell]) * factor * (1 + side * float(self.rate_doubt[cell]))
        return [starts * (one - away[0]) for one in away]


def pool_month(
    m: Material, pool: Pool, waits: float, down: Callable[[Vector], Vector]
) -> PoolMonth | None:  # fmt: skip
    """The demand of a pool; None where no stay is known in the whole network.

    Args:
        m: the month.
        pool: the pool.
        waits: the share of drivers who wait.
        down: of instants, how many connectors were out of use then.
    """
    demand, at = m.learner.demand, m.span[1] - 1
    stays = demand.stay_hours(pool)
    if stays is None:
        return None
    starts, hours = demand.observed(pool, at)
    fade = fading(demand.limits.weeks, demand.limits.half_life_weeks)
    rates, noise = smoothed(starts, hours, demand.rates(pool, at), fade)
    load = stays @ rates[_BACK]
    # Hours that lie behind a load are each in doubt by themselves.
    doubt = np.sqrt(stays**2 @ (rates * noise)[_BACK] ** 2) / np.maximum(load, 1e-9)
    made = PoolMonth(
        rates, load, noise, np.minimum(doubt, 0.9), float(stays.sum()), waits, 0.0, demand.uneven, {},
        len(pool.members), TurnedAway(len(pool.members), float(stays.sum()), waits),
    )  # fmt: skip
    # What is usual lags behind seasons and growth by weeks; the month's own starts say where it stands.
    seen, due = _seen_and_due(m, pool, made, down)
    level = (LEVEL + sum(seen.values())) / (LEVEL + sum(due.values()))
    level_sd = 1 / (LEVEL + sum(seen.values())) ** 0.5
    made = replace(made, rates=rates * level, load=load * level, level_sd=level_sd)
    days, uneven = _days(*_seen_and_due(m, pool, made, down), demand.uneven)
    return replace(made, days=days, uneven=uneven)


def starts_of_one(m: Material, pool: Pool, month: PoolMonth, span: Span) -> Mapping[int, float]:
    """Starts expected at one connector of a pool, by day (of UTC), were each a usual one."""
    found: dict[int, float] = defaultdict(float)
    for low, high in m.network.calendar.open_pieces(pool.site, *span):
        rate = float(month.rates[m.network.calendar.cell(pool.site, low)]) / month.connectors
        found[low // DAY_MS] += rate * (high - low) / HOUR_MS
    return found


def smoothed(starts: Vector, hours: Vector, usual: Vector, fade: float) -> tuple[Vector, Vector]:
    """Starts an hour by hour of the week, drawn to the shape of working days or weekends; their spread
    over themselves.

    How strongly is told by the counts themselves: as far as they scatter no more than chance lets them,
    the shape is believed and single hours are not.
    """
    if starts.sum() <= 0:
        return usual, np.zeros(CELLS)
    shape, told = np.zeros(CELLS), np.ones(CELLS)
    for kind in (~_WEEKEND, _WEEKEND):
        n, t = np.zeros(24), np.zeros(24)
        np.add.at(n, _HOUR[kind], starts[kind])
        np.add.at(t, _HOUR[kind], hours[kind])
        both = np.zeros(24)
        np.add.at(both, _HOUR, usual / 7)
        daily = (n + SHAPE_H * both * _level(n, t, both)) / (t + SHAPE_H)
        shape[kind], told[kind] = daily[_HOUR[kind]], n[_HOUR[kind]]
    expected = shape * hours
    excess = float(((starts - expected) ** 2 - fade * expected).sum())
    square = float((expected**2).sum())
    # The variance of hours around their shape, over its square: 1 / weight in a gamma prior.
    spread = excess / square if square > 0 else 0.0
    weight = MOST_SHAPE if spread <= 1 / MOST_SHAPE else 1 / spread
    held, prior = np.where(shape > 0, hours / fade, 0.0), weight / np.maximum(shape, 1e-12)
    found: Vector = np.where(shape > 0, (starts / fade + weight) / (held + prior), usual)
    own = held / (held + prior)
    of_shape = np.sqrt(fade / np.maximum(told, 1.0))
    of_own = np.sqrt(1 / np.maximum(starts / fade, 1.0))
    noise: Vector = np.minimum(0.9, np.sqrt(((1 - own) * of_shape) ** 2 + (own * of_own) ** 2))
    return found, noise


def _level(n: Vector, t: Vector, both: Vector) -> float:
    would = float((both * t).sum())
    return float(n.sum()) / would if would > 0 else 1.0


def _seen_and_due(
    m: Material, pool: Pool, usual: PoolMonth, down: Callable[[Vector], Vector]
) -> tuple[Mapping[int, int], Mapping[int, float]]:
    """By day (of UTC), whole ones of the month: how many came, and how many were expected to."""
    start, end = m.site_span(pool.site)
    pieces = [
        piece
        for piece in m.network.calendar.open_pieces(pool.site, start, end)
        if piece[0] // DAY_MS < m.span[1] // DAY_MS
    ]
    if not pieces:
        return {}, {}
    at = np.array([low for low, _ in pieces], np.float64)
    lasts = np.array([(high - low) / HOUR_MS for low, high in pieces])
    cells = np.array([m.network.calendar.cell(pool.site, low) for low, _ in pieces])
    load, starts = usual.load[cells], usual.rates[cells] * lasts
    out = np.minimum(np.rint(down(at)), usual.connectors).astype(int)
    served = np.zeros_like(load)
    for many in set(out.tolist()):
        here = out == many
        served[here] = 1 - turned_away(usual.connectors - many, load[here], usual.stay_h, usual.waits)
    expected: dict[int, float] = defaultdict(float)
    for low, mu in zip(at.tolist(), (starts * served).tolist(), strict=True):
        expected[int(low) // DAY_MS] += mu
    seen = started(m, pool)
    return {day: seen.get(day, 0) for day in expected}, expected


def _days(
    seen: Mapping[int, int], due: Mapping[int, float], usual: float
) -> tuple[dict[int, tuple[float, ...]], float]:  # fmt: skip
    """By day what it was like, and how uneven days are; `usual` is how uneven those of the network are."""
    square = sum(mu * mu for mu in due.values())
    mean = square / len(due) if due else 1.0
    excess = sum((seen[day] - mu) ** 2 - mu for day, mu in due.items())
    uneven = (excess + UNEVEN_DAYS * usual * mean) / (square + UNEVEN_DAYS * mean)
    uneven = min(1.0, max(0.02, uneven))
    shape = 1 / uneven
    days = {}
    for day, mu in due.items():
        factor = (shape + seen[day]) / (shape + mu)
        days[day] = gamma_points(factor, factor / (shape + mu))
    return days, uneven


def started(m: Material, pool: Pool) -> dict[int, int]:
    """Visits a day (of UTC) at a pool."""
    mine = {(plug.station, plug.evse) for plug in pool.members}
    found: dict[int, int] = defaultdict(int)
    for key in mine:
        for at in m.came_at.get(key, ()):
            found[at // DAY_MS] += 1
    return found


def waiting_share(m: Material) -> float:
    """The share of drivers who wait where all is taken, of those who would have been served had they.

    Told by who plugged in as one left a full pool, beyond chance; the month's pools together.
    """
    waited, blocked = PRIOR_WAITED
    demand, at = m.learner.demand, m.span[1] - 1
    for pool in m.learner.pools.all():
        taken = [stay for plug in pool.members for stay in m.stays.get((plug.station, plug.evse), ())]
        if not taken:
            continue
        full = full_spans(taken, len(pool.members))
        stays, rates = demand.stay_hours(pool), demand.rates(pool, at)
        if not full or stays is None:
            continue
        cell = m.network.calendar.cell
        served = served_after_waiting(len(pool.members), float(stays.sum()))
        for start, end in full:
            for low, high in m.network.calendar.hours(start, end):
                blocked += float(rates[cell(pool.site, low)]) * (high - low) / HOUR_MS * served
        ends = who_waited(taken, full)
        by_chance = sum(float(rates[cell(pool.site, end)]) for _, end in full) * SOON_MS / HOUR_MS
        waited += max(0.0, len(ends) - by_chance)
    return min(1.0, max(0.0, waited / blocked))


def who_waited(taken: Sequence[Span], full: Sequence[Span]) -> list[int]:
    """When somebody plugged in within three minutes after a full pool had one free again."""
    starts = sorted(start for start, _ in taken)
    return [end for _, end in full if bisect_right(starts, end + SOON_MS) > bisect_right(starts, end)]


def full_spans(taken: Sequence[Span], connectors: int) -> list[Span]:
    """When all connectors were taken at once."""
    edges = sorted([(start, 1) for start, _ in taken] + [(end, -1) for _, end in taken])
    found, count, since = [], 0, 0
    for at, step in edges:
        before = count
        count += step
        if count >= connectors > before:
            since = at
        elif before >= connectors > count:
            found.append((since, at))
    return found
