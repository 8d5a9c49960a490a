"""What is known of one pool's demand: a ring of weeks by hour of the week, stays, energies, shares."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.faults.calendar import CELLS
from app.faults.standing import Place

Vector = npt.NDArray[np.float64]
STAYS = 48
"""Stays are kept by the hour up to two days."""


@dataclass(slots=True)
class Learnt:
    """What is known of one pool."""

    half_life_weeks: float
    starts: npt.NDArray[np.float32]
    hours: npt.NDArray[np.float32]
    newest: int = -1
    """The newest week in the ring."""
    open_since_ms: int | None = None
    pending: list[tuple[int, int, float]] = field(default_factory=list)
    """Open hours since the last start: (week, cell, hours). They count once the next start comes."""
    pending_mu: float = 0.0
    stays: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(STAYS))
    stays_count: float = 0.0
    energy_wh: float = 0.0
    energy_count: float = 0.0
    shares: dict[Place, float] = field(default_factory=dict)
    shares_week: int = 0
    version: int = 0
    rates: tuple[int, int, Vector] | None = None
    known: tuple[int, int, int, Vector, Vector] | None = None

    def turn(self, week: int) -> bool:
        """Make room for a week in the ring; False for one that is too old."""
        weeks = len(self.starts)
        if self.newest < 0:
            self.newest = week
        for fresh in range(self.newest + 1, min(week, self.newest + weeks) + 1):
            self.starts[fresh % weeks] = 0
            self.hours[fresh % weeks] = 0
        if week > self.newest + weeks:
            self.starts[:], self.hours[:] = 0, 0
        self.newest = max(self.newest, week)
        return week > self.newest - weeks

    def weighed(self, week: int) -> tuple[Vector, Vector]:
        """Starts and observed hours by hour of the week, older weeks less; as of a week."""
        if self.newest < 0:
            return np.zeros(CELLS), np.zeros(CELLS)
        age = (week, self.version, self.newest)
        if self.known is not None and self.known[:3] == age:
            return self.known[3:]
        weeks = len(self.starts)
        ages = np.array([max(0, week - (self.newest - back)) for back in range(weeks)])
        weights = np.where(ages < weeks, 0.5 ** (ages / self.half_life_weeks), 0.0)
        order = [(self.newest - back) % weeks for back in range(weeks)]
        used = [n for n in range(weeks) if weights[n] > 0]
        picked = [order[n] for n in used]
        starts: Vector = (weights[used] @ self.starts[picked]).astype(np.float64)
        hours: Vector = (weights[used] @ self.hours[picked]).astype(np.float64)
        self.known = (*age, starts, hours)
        return starts, hours


def nothing_learnt(weeks: int, half_life_weeks: float) -> Learnt:
    """A pool nobody knows yet."""
    return Learnt(half_life_weeks, np.zeros((weeks, CELLS), np.float32), np.zeros((weeks, CELLS), np.float32))
