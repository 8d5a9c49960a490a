"""Who came when and how it went, small enough to hold years of it: what newcomers and churn are told from.

A card's visits over the whole network, as numbers; names stay outside.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.analytics.costs.periods import Span

DAY_MS = 86_400_000


class Came(NamedTuple):
    """One visit of a known card."""

    at_ms: int
    site: int
    good: bool
    bad: bool


@dataclass(slots=True)
class DriversLog:
    """Visits by card, a stretch of time at a time.

    `tokens` and `sites` are numbers of cards and sites; stretches that were read are not read again.
    """

    tokens: dict[str, int] = field(default_factory=dict)
    sites: dict[str, int] = field(default_factory=dict)
    stretches: dict[Span, npt.NDArray[np.int64]] = field(default_factory=dict)

    def add(self, span: Span, visits: Iterable[tuple[str, str, int, bool, bool]]) -> None:
        """Keep the visits of a stretch: (card, site, at, good, bad)."""
        rows = [
            (self._number(self.tokens, token), at, self._number(self.sites, site), good + 2 * bad)
            for token, site, at, good, bad in visits
            if token
        ]
        self.stretches[span] = np.array(rows, np.int64).reshape(len(rows), 4)

    def forget(self, start_ms: int) -> None:
        """Forget a stretch that began there."""
        for span in [span for span in self.stretches if span[0] == start_ms]:
            del self.stretches[span]

    def between(self, spans: Iterable[Span]) -> Mapping[int, list[Came]]:
        """By card what it did in these stretches, in order of time."""
        found = [self.stretches[span] for span in spans if len(self.stretches[span])]
        if not found:
            return {}
        rows = np.concatenate(found)
        rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
        cuts = np.flatnonzero(np.diff(rows[:, 0])) + 1
        return {int(part[0, 0]): [_came(row) for row in part.tolist()] for part in np.split(rows, cuts)}

    def names(self) -> Callable[[int], str]:
        """Cards by number."""
        known = {number: token for token, number in self.tokens.items()}
        return known.__getitem__

    def site_names(self) -> Callable[[int], str]:
        """Sites by number."""
        known = {number: site for site, number in self.sites.items()}
        return known.__getitem__

    @staticmethod
    def _number(known: dict[str, int], name: str) -> int:
        return known.setdefault(name, len(known))


def _came(row: list[int]) -> Came:
    _, at_ms, site, how = row
    return Came(at_ms, site, bool(how & 1), bool(how & 2))


def gaps_days(visits: Iterable[Came]) -> Iterator[float]:
    """The pauses between visits, in days."""
    before: int | None = None
    for visit in visits:
        if before is not None:
            yield (visit.at_ms - before) / DAY_MS
        before = visit.at_ms
