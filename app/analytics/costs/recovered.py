"""Drivers who came back within a day: the share r that is not lost (reference D.2).

Two kinds of drivers are lost, and come back differently. Who failed at a connector is seen; some of them stop
coming for good. Who found all taken is not seen, and met nothing that drives him away: what he does is
told by regulars who failed and did not stop coming.
"""

from dataclasses import dataclass
from math import sqrt

PRIOR_K, PRIOR_N = 2.0, 8.0
"""Beta(2, 6): a quarter, until own drivers tell."""
WITHIN_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Recovered:
    """Drivers who failed: `back` of `of` charged on this network within a day; `base` of them would have
    anyway, by how often they come."""

    of: int
    back: int
    base: float

    def __add__(self, other: "Recovered") -> "Recovered":
        return Recovered(self.of + other.of, self.back + other.back, self.base + other.base)

    @property
    def share(self) -> float:
        """r: the posterior mean, less the base rate, never below zero."""
        return max(0.0, (PRIOR_K + self.back - self.base) / (PRIOR_N + self.of))

    @property
    def range(self) -> tuple[float, float]:
        """Its 95 % range by the posterior's spread."""
        n = PRIOR_N + self.of
        raw = min(1.0, (PRIOR_K + self.back) / n)
        usual = min(1.0, self.base / n)
        half = 1.96 * sqrt((raw * (1 - raw) + usual * (1 - usual)) / (n + 1))
        return max(0.0, self.share - half), min(1.0, self.share + half)
