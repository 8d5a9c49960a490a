"""How much days differ, beyond what chance lets starts scatter: told by the network's own days.

On a poor day fewer drivers come, so that a long gap proves less than its length says. With a day's demand
spread like a gamma variable around the usual, of variance u over its mean squared, the chance that nobody
comes where μ were usual is (1 + uμ)^(−1/u); as u falls to nothing it is Poisson's exp(−μ).
"""

from dataclasses import dataclass
from math import log1p


def weighed(mu: float, uneven: float) -> float:
    """−ln of the chance that nobody comes on a day, of which `mu` starts are usual; `mu` itself where all
    days are alike.

    Args:
        mu: starts expected on a usual day, or in a part of one.
        uneven: u, the variance of a day's demand over its mean squared.
    """
    return log1p(uneven * mu) / uneven if uneven > 0 else mu


@dataclass(slots=True)
class PoolDays:
    """A pool's days (of UTC): how many starts came and how many were due while it was open.

    `excess` and `square` are sums over the whole days since it was settled last: of the squared distances
    beyond Poisson's, and of squared means.
    """

    day: int = -1
    seen: int = 0
    due: float = 0.0
    count: int = 0
    excess: float = 0.0
    square: float = 0.0

    def open_on(self, day: int, mu: float) -> None:
        """It was open on a day, and `mu` starts were expected meanwhile."""
        if day != self.day:
            if self.due > 0:
                self.count += 1
                self.excess += (self.seen - self.due) ** 2 - self.due
                self.square += self.due**2
            self.day, self.seen, self.due = day, 0, 0.0
        self.due += mu

    def started(self, day: int) -> None:
        """A driver came."""
        self.open_on(day, 0.0)
        self.seen += 1

    def settle(self) -> tuple[int, float, float]:
        """Hand out `count`, `excess` and `square` of the days that are over, and begin anew."""
        found = self.count, self.excess, self.square
        self.count, self.excess, self.square = 0, 0.0, 0.0
        return found


class Uneven:
    """Learns u from whole days of pools.

    Args:
        prior, prior_days: u before anything is known, and how many days of a pool that weighs.
        half_life_weeks: older days count less.
    """

    def __init__(self, prior: float, prior_days: float, half_life_weeks: float) -> None:
        self._prior, self._prior_days = prior, prior_days
        self._half_life_weeks = half_life_weeks
        self._week = 0
        self._count = self._excess = self._square = 0.0

    def add(self, week: int, count: int, excess: float, square: float) -> None:
        """Take in days of a pool (see `PoolDays.settle`)."""
        if week > self._week:
            fade = 0.5 ** ((week - self._week) / self._half_life_weeks)
            self._count, self._excess, self._square = (
                fade * held for held in (self._count, self._excess, self._square)
            )
            self._week = week
        self._count += count
        self._excess += excess
        self._square += square

    @property
    def variance(self) -> float:
        """u, from 0 on."""
        usual = self._prior_days * (self._square / self._count if self._count else 1.0)
        return max(0.0, (self._excess + usual * self._prior) / (self._square + usual))
