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
    # Of next to nothing the quotient has no digits left.
    return log1p(uneven * mu) / uneven if uneven * mu > 1e-9 else mu


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
        weeks, half_life_weeks: the window, and how older days in it count less. What lies before it is
            forgotten, so that u is the same however long somebody has been learning.
    """

    def __init__(self, prior: float, prior_days: float, weeks: int, half_life_weeks: float) -> None:
        self._prior, self._prior_days = prior, prior_days
        self._window, self._half_life_weeks = weeks, half_life_weeks
        self._weeks: dict[int, tuple[int, float, float]] = {}
        self.variance = prior
        """u, from 0 on."""

    def add(self, week: int, count: int, excess: float, square: float) -> None:
        """Take in days of a pool (see `PoolDays.settle`)."""
        held = self._weeks.get(week, (0, 0.0, 0.0))
        self._weeks[week] = held[0] + count, held[1] + excess, held[2] + square
        newest = max(self._weeks)
        for old in [one for one in self._weeks if one <= newest - self._window]:
            del self._weeks[old]
        weighed_days = weighed_excess = weighed_square = 0.0
        for one, (days, beyond, squares) in self._weeks.items():
            weight = 0.5 ** ((newest - one) / self._half_life_weeks)
            weighed_days += weight * days
            weighed_excess += weight * beyond
            weighed_square += weight * squares
        usual = self._prior_days * weighed_square / weighed_days
        found = (weighed_excess + usual * self._prior) / (weighed_square + usual)
        self.variance = max(0.0, found)
