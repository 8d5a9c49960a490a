"""Small numbers, honestly: intervals and shrinkage, so that three sessions never look like a trend.

Reference section G (Wilson, gamma), E7 and H (Newcombe), E.3 (shrunken difference). z is the normal's 97.5 %.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

Z = 1.959964


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


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson interval of k in n."""
    if n == 0:
        return 0.0, 1.0
    p, z2 = k / n, Z * Z
    middle = p + z2 / (2 * n)
    half = Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    base = 1 + z2 / n
    return max(0.0, (middle - half) / base), min(1.0, (middle + half) / base)


def newcombe(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float]:
    """The 95 % interval of a difference of two shares, k1/n1 − k2/n2 (Newcombe's method 10)."""
    p1, p2 = (k1 / n1 if n1 else 0.0), (k2 / n2 if n2 else 0.0)
    low1, high1 = wilson(k1, n1)
    low2, high2 = wilson(k2, n2)
    difference = p1 - p2
    return (
        difference - sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2),
        difference + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2),
    )


def shrunken_share(k: float, n: float, prior: float, weight: float = 10) -> float:
    """The posterior mean of a share: (k + w·p̄)/(n + w)."""
    return (k + weight * prior) / (n + weight)


def shrunken_rate(events: float, exposure: float, prior: float, weight: float = 2) -> float:
    """The posterior mean of a rate: (f + w·r̄)/(T + w); exposure and weight in the same unit."""
    return (events + weight * prior) / (exposure + weight)


def compared(low: float, high: float, all_low: float, all_high: float) -> str:
    """ "above", "below" or "not clear": only where the whole range lies on one side of all others'."""
    if low > all_high:
        return "above"
    if high < all_low:
        return "below"
    return "not clear"


def nearest_rank(values: list[float], share: float) -> float | None:
    """The percentile by nearest rank; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    rank = -(-len(ordered) * Fraction(str(share)) // 1)
    return ordered[max(0, int(rank) - 1)]


def median(values: list[float]) -> float | None:
    """The middle value, or the mean of the two; None of nothing."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
