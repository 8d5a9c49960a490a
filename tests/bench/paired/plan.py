"""A network and its year of wishes to charge, seeded: who wants to come when, for how much, how patient.

Nothing that goes wrong is in here, and nothing here depends on it: a year with causes and its twin
without them are made of the same wishes (common random numbers).
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from app.simulator.demand import PROFILES, hour_of_week

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
START_MS = 1_767_222_000_000
"""2026-01-01 in Berlin."""
ZONE = ZoneInfo("Europe/Berlin")
AFTER_DAYS = 365
"""Wishes are known so long beyond the end, so that what a driver's next twelve months are worth is."""
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Use:
    """How sites of a kind are used.

    `a_day`: wishes a day and connector; `stay_min` 0: as long as it takes.
    """

    profile: str
    a_day: float
    kw: float
    kwh: float
    stay_min: float
    price: str


USES = {
    "highway": Use("highway", 5.5, 90.0, 28.0, 0.0, "0.59"),
    "retail": Use("retail", 3.4, 40.0, 17.0, 55.0, "0.49"),
    "work": Use("work", 1.3, 11.0, 19.0, 290.0, "0.39"),
    "residential": Use("residential", 1.2, 11.0, 22.0, 420.0, "0.42"),
}
ENERGY_COST = "0.21"
PLACES = (("highway", 4), ("retail", 3), ("work", 5), ("residential", 3), ("retail", 2), ("highway", 3))
"""Sites of twenty stations: kind and how many stations, each of one connector."""
FEW = (("highway", 2), ("retail", 3), ("work", 3), ("residential", 2))
"""The same of ten, for series of many seeds."""
HOLIDAYS = (1, 93, 96, 121, 134, 145, 276, 359, 360, 365)
"""Days of the year on which few come."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site: `stations` of one connector each."""

    name: str
    use: Use
    stations: tuple[str, ...]

    @property
    def margin(self) -> float:
        """Money a kWh, net of tax (none) and energy."""
        return float(self.use.price) - float(ENERGY_COST)


@dataclass(frozen=True, slots=True)
class Wishes:
    """A site's wishes in order of time; arrays of one length.

    `driver` is a number in `tokens` ("" has no card). `kwh` wanted; `stay_ms` how long he stays where it
    works; `patience_ms` how long he waits for a free one; `dice` uniform numbers by which all is decided.
    `index` counts a driver's wishes.
    """

    at_ms: Ints
    driver: Ints
    index: Ints
    kwh: Floats
    charge_ms: Ints
    stay_ms: Ints
    patience_ms: Ints
    dice: Floats
    tokens: tuple[str, ...]
    old: frozenset[int]
    """Drivers who were customers before the year began."""


DICE = 10
"""Uniform numbers of a wish: which connector first, next one, back, when back, hiccup, its end, leaving,
and three more."""


def network(stations: int) -> tuple[Site, ...]:
    """So many stations, in the mix of PLACES, or of FEW for ten and fewer."""
    places = FEW if stations <= 10 else PLACES
    sites: list[Site] = []
    left, n = stations, 0
    while left > 0:
        kind, size = places[n % len(places)]
        size = min(size, left)
        name = f"{kind.title()} {n + 1}"
        sites.append(
            Site(name, USES[kind], tuple(f"{kind[:2].upper()}{n + 1:02d}-{i + 1}" for i in range(size)))
        )
        left -= size
        n += 1
    return tuple(sites)


def wishes(site: Site, days: int, seed: int) -> Wishes:
    """All wishes at a site over so many days, and AFTER_DAYS beyond."""
    rng = np.random.default_rng([seed, _number(site.name)])
    clock = _Clock(site, days + AFTER_DAYS, seed, rng)
    a_day = site.use.a_day * len(site.stations)
    tokens: list[str] = []
    old: set[int] = set()
    rows: list[tuple[Floats, int]] = []

    def add(times: Floats, card: bool) -> None:
        if len(times):
            tokens.append(f"{_number(site.name):04X}{len(tokens):05X}" if card else "")
            rows.append((times, len(tokens) - 1))

    # Regulars, who stay customers for two years on average, and those who come in the place of others.
    rate = 0.0
    while rate < 0.6 * a_day:
        gap = float(np.clip(9.0 * np.exp(rng.normal(0, 0.6)), 3.0, 30.0))
        rate += 1 / gap
        began = 0.0
        while began < clock.whole:
            ends = began + rng.exponential(730)
            first = began + (gap * rng.random() if began == 0 else 0.0)
            count = int((min(ends, clock.whole) - first) / gap * 1.6) + 12
            times = first + np.concatenate(([0.0], np.cumsum(rng.gamma(2.0, gap / 2, count))))
            if began == 0:
                old.add(len(tokens))
            add(times[times < min(ends, clock.whole)], True)
            began = ends + rng.exponential(10)
    # Newcomers: each comes once, and some come again for a while.
    for at in _poisson(rng, 0.09 * a_day, clock.whole):
        times = [at]
        if rng.random() < 0.42:
            ends = at + rng.exponential(60) + 4
            while (after := times[-1] + rng.gamma(2.0, 7.0)) < ends + 14 and after < clock.whole:
                times.append(after)
                if times[-1] > ends:
                    break
        add(np.array(times), True)
    # Who pays without a card is not known again.
    adhoc = _poisson(rng, 0.2 * a_day, clock.whole)
    for at in adhoc:
        add(np.array([at]), False)
    drivers = np.concatenate([np.full(len(t), d) for t, d in rows])
    index = np.concatenate([np.arange(len(t)) for t, _ in rows])
    at_ms = clock.real(np.concatenate([t for t, _ in rows]), rng)
    order = np.lexsort((index, at_ms))
    count = len(order)
    use = site.use
    kwh = np.clip(use.kwh * np.exp(rng.normal(-0.1, 0.45, count)), 3.0, 90.0)
    charge = kwh / (use.kw * 0.75)
    idle = np.exp(rng.normal(np.log(6 / 60), 0.6, count))
    stay = charge + idle
    if use.stay_min:
        stay = np.maximum(stay, use.stay_min / 60 * np.exp(rng.normal(0, 0.4, count)))
    stay = np.minimum(stay, 20.0)
    waits = rng.random(count) < 0.6
    patience = np.where(waits, rng.exponential(12 * 60_000, count), 0.0)
    return Wishes(
        at_ms[order], drivers[order], index[order], kwh[order], (charge[order] * HOUR_MS).astype(np.int64),
        (stay[order] * HOUR_MS).astype(np.int64), patience[order].astype(np.int64),
        rng.random((count, DICE)), tuple(tokens), frozenset(old),
    )  # fmt: skip


class _Clock:
    """Time as drivers live it: hours in which many come are longer, so a habit of days falls into them.

    `whole` is its length in days; a day of it brings as many as an average one.
    """

    def __init__(self, site: Site, days: int, seed: int, rng: np.random.Generator) -> None:
        shared = np.random.default_rng([seed, 7])
        weights = np.array(PROFILES[site.use.profile].weights)
        hours = days * 24
        cells = np.array([hour_of_week(ZONE.key, START_MS + h * HOUR_MS) for h in range(hours)])
        day = np.arange(days)
        busy = rng.gamma(10.0, 0.1, days) * shared.gamma(25.0, 0.04, days)
        season = 1 + 0.18 * np.sin(2 * np.pi * (day - 60) / 365)
        quiet = np.where(np.isin((day % 365) + 1, HOLIDAYS), 0.45, 1.0)
        pace = weights[cells] * np.repeat(busy * season * quiet, 24) / 24
        self._edges = np.concatenate(([0.0], np.cumsum(pace)))
        self.whole = float(self._edges[-1])
        self._hours = START_MS + np.arange(hours + 1) * float(HOUR_MS)

    def real(self, times: Floats, rng: np.random.Generator) -> Ints:
        """Instants, ms UTC."""
        found = np.interp(times, self._edges, self._hours)
        return (found + rng.random(len(times))).astype(np.int64)


def _poisson(rng: np.random.Generator, a_day: float, days: float) -> Floats:
    return np.sort(rng.random(rng.poisson(a_day * days)) * days)


def _number(name: str) -> int:
    return sum((n + 1) * ord(c) for n, c in enumerate(name)) % 65_521
