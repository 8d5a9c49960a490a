"""What is known of one pool's demand: weeks by hour of the week, stays, energies, shares."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.faults.calendar import CELLS
from app.faults.standing import Place
from app.faults.uneven import PoolDays

Vector = npt.NDArray[np.float64]
STAYS = 48
"""Stays are kept by the hour up to two days."""


@dataclass(slots=True)
class Learnt:
    """What is known of one pool. Thousands of pools are one quiet connector each, so it is kept small."""

    weeks: int
    half_life_weeks: float
    newest: int = -1
    """The newest week known."""
    by_week: dict[int, npt.NDArray[np.float32]] = field(default_factory=dict)
    """Starts (row 0) and observed hours (row 1) by hour of the week, of the weeks that had any."""
    open_since_ms: int | None = None
    pending: dict[int, Vector] = field(default_factory=dict)
    """Open hours since the last start, by week. They count once the next start comes."""
    pending_mu: float = 0.0
    left_out: dict[int, Vector] | None = None
    """Those of the gap before where it was suspect; none where they count already."""
    stays: npt.NDArray[np.float64] | None = None
    stays_count: float = 0.0
    energy_wh: float = 0.0
    energy_count: float = 0.0
    days: PoolDays = field(default_factory=PoolDays)
    """Since the last start."""
    shares: dict[Place, float] = field(default_factory=dict)
    shares_week: int = 0
    version: int = 0
    rates: tuple[int, int, Vector] | None = None
    mean: tuple[Vector, float] | None = None
    """The mean of such rates."""
    known: tuple[int, int, int, Vector, Vector] | None = None
    older: tuple[int, npt.NDArray[np.float64]] | None = None
    """All weeks but one, weighed as of that one: what a start changes is nearly always the running week."""
    a_day: tuple[int, int, int, Vector, Vector, float] | None = None

    def add(self, row: int, week: int, cell: int, amount: float) -> None:
        """Count starts (row 0) or hours (row 1) of a week, unless it is too old."""
        rows = self._rows(week)
        if rows is not None:
            rows[row, cell] += amount

    def open_for(self, week: int, cell: int, hours: float, mu: float) -> None:
        """It was open for so long, and `mu` starts were expected meanwhile."""
        self.pending_mu += mu
        open_hours = self.pending.get(week)
        if open_hours is None:
            # Where nobody ever comes it would grow for as long as the process runs.
            for old in [w for w in self.pending if w <= week - self.weeks]:
                del self.pending[old]
            open_hours = self.pending[week] = np.zeros(CELLS)
        open_hours[cell] += hours

    def gap_over(self, suspect_mu: float) -> bool:
        """A start came, so the gap before it is known to be one. Returns whether it is beyond suspicion.

        A gap with so many expected starts is left out, as whoever could have come may have found it broken.
        Two in a row say that the rate is too high instead: then both count, or it would stay so for months.
        """
        counting: tuple[dict[int, Vector], ...]
        sure = self.pending_mu < suspect_mu
        if sure:
            counting, self.left_out = (self.pending,), None
        elif self.left_out is None:
            counting, self.left_out = (), self.pending
        else:
            counting, self.left_out = (self.left_out, self.pending), {}
        for gap in counting:
            for week, hours in gap.items():
                rows = self._rows(week)
                if rows is not None:
                    rows[1] += hours
        self.pending, self.pending_mu = {}, 0.0
        return sure

    def _rows(self, week: int) -> npt.NDArray[np.float32] | None:
        """A week to count in; None where it is too old."""
        if week > self.newest:
            self.newest = week
            for old in [w for w in self.by_week if w <= week - self.weeks]:
                del self.by_week[old]
        elif week <= self.newest - self.weeks:
            return None
        if self.older is not None and self.older[0] != week:
            self.older = None
        rows = self.by_week.get(week)
        if rows is None:
            rows = self.by_week[week] = np.zeros((2, CELLS), np.float32)
        return rows

    def weighed(self, week: int) -> tuple[Vector, Vector]:
        """Starts and observed hours by hour of the week, older weeks less; as of a week."""
        age = (week, self.version, self.newest)
        if self.known is not None and self.known[:3] == age:
            return self.known[3:]
        if self.older is None or self.older[0] != week:
            total = np.zeros((2, CELLS))
            for told, rows in self.by_week.items():
                ago = max(0, week - told)
                if told != week and ago < self.weeks:
                    total += 0.5 ** (ago / self.half_life_weeks) * rows
            self.older = (week, total)
        now = self.by_week.get(week)
        starts, hours = self.older[1] if now is None else self.older[1] + now
        self.known = (*age, starts, hours)
        return starts, hours

    def daily(self, week: int) -> tuple[Vector, Vector, float]:
        """The same by hour of the day, and the hours in all."""
        age = (week, self.version, self.newest)
        if self.a_day is not None and self.a_day[:3] == age:
            return self.a_day[3:]
        starts, hours = self.weighed(week)
        found = starts.reshape(7, 24).sum(0), hours.reshape(7, 24).sum(0), float(hours.sum())
        self.a_day = (*age, *found)
        return found
