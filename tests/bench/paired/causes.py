"""What goes wrong at a site in a year, seeded: outages a driver sees, and those he finds out."""

from dataclasses import dataclass

import numpy as np

from tests.bench.paired.plan import DAY_MS, HOUR_MS, START_MS, Site, _number


@dataclass(frozen=True, slots=True)
class Cause:
    """One outage of one connector (`place` in the site's stations) in [from, to).

    kind: "fault" is told by the station and seen by drivers; "dark" is a station without power, which nobody
    hears; "unlinked" lost its link and charges on; "silent" looks available to us and is unusable, which
    drivers see; "refuses" looks usable and starts nothing.
    """

    kind: str
    place: int
    from_ms: int
    to_ms: int


KINDS = {"fault": (5.0, 20.0), "dark": (1.5, 14.0), "unlinked": (4.0, 2.0), "silent": (0.7, 60.0),
         "refuses": (1.2, 24.0)}  # fmt: skip
"""Kind → how often a year and connector, and how many hours it lasts on average."""
SEEN = ("fault", "dark", "silent")
HICCUP = 0.012
"""So many starts fail by themselves."""


def causes(site: Site, days: int, seed: int, often: float = 1.0) -> tuple[tuple[Cause, ...], ...]:
    """By connector the outages of a year, in order, none over another."""
    rng = np.random.default_rng([seed, _number(site.name), 1])
    found = []
    for place in range(len(site.stations)):
        mine: list[Cause] = []
        for kind, (a_year, hours) in KINDS.items():
            for _ in range(rng.poisson(a_year * often * days / 365)):
                start = START_MS + int(rng.random() * days * DAY_MS)
                lasts = int(max(0.2, hours * rng.gamma(1.3, 1 / 1.3)) * HOUR_MS)
                mine.append(Cause(kind, place, start, min(start + lasts, START_MS + days * DAY_MS)))
        mine.sort(key=lambda cause: cause.from_ms)
        kept: list[Cause] = []
        for cause in mine:
            if not kept or cause.from_ms > kept[-1].to_ms + HOUR_MS:
                kept.append(cause)
        found.append(tuple(kept))
    return tuple(found)
