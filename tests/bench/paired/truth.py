"""What a year truly cost, by site, cost and month: the difference between the year and its twins.

Three worlds of the same wishes: as it was; the same drivers gone, but nothing wrong (what is missing
against it is lost revenue, net of who came back); nothing wrong and nobody gone because of it (what is
missing against that is the future margin of who left).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from app.analytics.costs.periods import months_until, span_of
from tests.bench.paired.causes import causes
from tests.bench.paired.deeds import Deeds
from tests.bench.paired.plan import DAY_MS, START_MS, ZONE, Ints, Site, Wishes, network, wishes
from tests.bench.paired.records import FIXED, Played
from tests.bench.paired.world import DISPUTED, KNOWN, Habits, Year, play

WORTH_MS = {"churn": 365 * DAY_MS, "brand": 90 * DAY_MS}
"""So long the margin of somebody who left is counted (reference E.7, E.3)."""
Key = tuple[str, str, str]
"""(site, cost, month)."""


@dataclass(frozen=True, slots=True)
class Paired:
    """A year with its truth. `truth` by (site, cost, month); `until_ms` its end; `margin` of the twin."""

    seed: int
    sites: tuple[Site, ...]
    played: tuple[Played, ...]
    until_ms: int
    months: tuple[str, ...]
    truth: Mapping[Key, float]
    margin: float
    left: int
    deeds: Deeds
    one_more: Mapping[tuple[str, str], float]
    """By site and month what one more connector would have brought while all were whole, less its cost."""


def paired(
    seed: int, stations: int, days: int = 365, *, often: float = 1.0, habits: Habits | None = None,
    kinds: frozenset[str] | None = None,
) -> Paired:  # fmt: skip
    """Play a network's year and its twins.

    `often` 0: nothing goes wrong at all; `kinds`: only these go wrong.
    """
    sites = network(stations)
    until = START_MS + days * DAY_MS
    last = datetime.fromtimestamp((until - 1) / 1000, ZONE)
    months = months_until(f"{last:%Y-%m}", round(days / 30.4))
    edges = np.array([*(span_of(month, ZONE)[0] for month in months), until])
    truth: dict[Key, float] = defaultdict(float)
    played: list[Played] = []
    margin, left = 0.0, 0
    deeds = Deeds(sites, days, seed)
    one_more: dict[tuple[str, str], float] = {}
    for site in sites:
        wished = wishes(site, days, seed)
        wrong = causes(site, days, seed, often) if often else ()
        if kinds is not None:
            wrong = tuple(tuple(cause for cause in mine if cause.kind in kinds) for mine in wrong)
        hiccups = kinds is None or "hiccup" in kinds
        year = play(site, wished, until, wrong, habits=habits or Habits(), hiccups=hiccups)
        whole = play(site, wished, until, gone=year.left)
        never = play(site, wished, until)
        each = site.margin / 1000
        lost = (whole.wh - year.wh) * each
        larger = play(site, wished, until, gone=year.left, connectors=len(site.stations) + 1)
        healthy = np.ones(len(wished.at_ms), bool)
        for cause in (cause for mine in wrong for cause in mine if cause.kind != "unlinked"):
            healthy &= (wished.at_ms < cause.from_ms) | (wished.at_ms >= cause.to_ms)
        gained = np.where(healthy, (larger.wh - whole.wh) * each, 0.0)
        _disputes(site, wished, year, months, edges, truth)
        for n, month in enumerate(months):
            inside = (wished.at_ms >= edges[n]) & (wished.at_ms < edges[n + 1])
            truth[site.name, "lost-revenue", month] += float(lost[inside].sum())
            one_more[site.name, month] = float(gained[inside].sum()) - FIXED
        _gone(site, wished, year, never, until, months, edges, truth)
        margin += float(never.wh.sum()) * each
        left += len(year.left)
        played.append((site, wished, wrong, year))
    for key, amount in deeds.truth.items():
        truth[key] += amount
    return Paired(
        seed, sites, tuple(played), until, months, dict(truth), margin, left, deeds, one_more
    )  # fmt: skip


def _disputes(
    site: Site, wished: Wishes, year: Year, months: Sequence[str], edges: Ints, truth: dict[Key, float]
) -> None:
    """Sessions whose energy could not be proved and whose drivers did not pay."""
    for s in year.sessions:
        if not s.proved(wished.dice) and wished.dice[s.wish, 8] < DISPUTED:
            month = months[int(np.searchsorted(edges, s.from_ms, "right")) - 1]
            truth[site.name, "data", month] += s.wh / 1000 * float(site.use.price)


def _gone(
    site: Site, wished: Wishes, year: Year, never: Year, until: int, months: Sequence[str], edges: Ints,
    truth: dict[Key, float],
) -> None:  # fmt: skip
    """The margin of the months after somebody left for good, to the month of his bad experience."""
    at_ms, driver, kwh = wished.at_ms, wished.driver, wished.kwh
    inside = at_ms < until
    served = float(never.wh.sum() / 1000 / kwh[inside].sum()) if inside.any() else 0.0
    worth = np.where(inside, never.wh / 1000, kwh * served) * site.margin
    for one in year.left.values():
        cost = "churn" if one.visits >= KNOWN else "brand"
        mine = (driver == one.driver) & (at_ms > one.at_ms) & (at_ms <= one.at_ms + WORTH_MS[cost])
        month = months[int(np.searchsorted(edges, one.at_ms, "right")) - 1]
        truth[site.name, cost, month] += float(worth[mine].sum())
