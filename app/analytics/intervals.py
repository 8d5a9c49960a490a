"""Small numbers, honestly: intervals and shrinkage, so that three sessions never look like a trend.

Reference section G (Wilson, gamma), E7 and H (Newcombe), E.3 (shrunken difference).
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from app.faults.statistics import Z as Z
from app.faults.statistics import newcombe as newcombe
from app.faults.statistics import shrunk
from app.faults.statistics import wilson as wilson

N = TypeVar("N", int, float)
ENDS = Decimal("1.96")
"""How many standard deviations the ends of a 95 % range lie off, as the ledger rounds it."""


@dataclass(frozen=True, slots=True)
class Share:
    """k of n with its 95 % Wilson interval; `low` and `high` are 0 and 1 where n is 0."""

    k: int
    n: int

    @property
    def value(self) -> float | None:
        """The share itself; None of nothing."""
        return self.k / self.n if self.n else None

    @property
    def exact(self) -> Fraction | None:
        """The same, exact."""
        return Fraction(self.k, self.n) if self.n else None

    @property
    def low(self) -> float:
        """The interval's lower end."""
        return wilson(self.k, self.n)[0]

    @property
    def high(self) -> float:
        """The interval's upper end."""
        return wilson(self.k, self.n)[1]


def shrunken_share(k: float, n: float, prior: float, weight: float = 10) -> float:
    """The posterior mean of a share: (k + w·p̄)/(n + w)."""
    return shrunk(k, n, prior, weight)


def shrunken_rate(events: float, exposure: float, prior: float, weight: float = 2) -> float:
    """The posterior mean of a rate: (f + w·r̄)/(T + w); exposure and weight in the same unit."""
    return shrunk(events, exposure, prior, weight)


def upper_of_few(mean: Decimal, sd: Decimal) -> Decimal:
    """What a sum of few losses does not exceed in 39 of 40 cases: it leans to the right, as a gamma
    distribution does (Wilson–Hilferty), and is never below the normal's."""
    normal = mean + ENDS * sd
    if mean <= 0 or sd <= 0:
        return normal
    spread = sd / mean
    return max(normal, mean * (1 - spread**2 / 9 + ENDS * spread / 3) ** 3)


def nearest_rank(values: Sequence[N], share: float) -> N | None:
    """The percentile by nearest rank; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    rank = -(-len(ordered) * Fraction(str(share)) // 1)
    return ordered[max(0, int(rank) - 1)]


def median(values: Sequence[float]) -> float | None:
    """The middle value, or the mean of the two; None of nothing."""
    return statistics.median(values) if values else None
