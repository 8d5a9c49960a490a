"""The money clock's other hand: how long faults of a kind usually last, and when one is overdue (D.3)."""

from collections import deque
from statistics import median
from typing import NamedTuple

from app.domain.records import FaultRecord

HOUR_MS = 3_600_000
KEPT = 200
LEAST_MS = 60_000
SEEN = 5_000
"""A closed fault may be told again for a day; so many later ones no more."""


class Remaining(NamedTuple):
    """How long a fault will usually still last, ms (None: nothing like it lasted so long), and why.

    `of` says how many faults it stands on; 0 where it is assumed.
    """

    ms: int | None
    overdue: bool
    usual_ms: int
    of: int


class Repairs:
    """How long faults lasted, by site and kind, drawn to the fleet's median.

    Args:
        weight: how many faults the fleet's median counts for.
        assumed_h: the usual repair before any is known.
    """

    def __init__(self, weight: float, assumed_h: float) -> None:
        self._weight, self._assumed_ms = weight, assumed_h * HOUR_MS
        self._spans: dict[tuple[str, str], deque[int]] = {}
        self._seen: dict[int, None] = {}

    def hear(self, record: FaultRecord) -> None:
        """A fault's row; it counts once it is closed."""
        over = record.over_ms
        if record.closed_ms is None or over is None or record.fault in self._seen:
            return
        self._seen[record.fault] = None
        if len(self._seen) > SEEN:
            del self._seen[next(iter(self._seen))]
        span = over - record.onset_ms
        if span >= LEAST_MS:
            for site in {record.site, ""}:
                for rule in (record.rule, ""):
                    self._spans.setdefault((site, rule), deque(maxlen=KEPT)).append(span)

    def remaining(self, site: str, rule: str, age_ms: int) -> Remaining:
        """max(0, usual − age); past the ninth decile the median rest of those that lasted as long."""
        here, fleet = self._spans.get((site, rule), ()), self._fleet(rule)
        if not fleet:
            return Remaining(round(max(0.0, self._assumed_ms - age_ms)), False, round(self._assumed_ms), 0)
        usual = float(median(fleet))
        if here and site:
            usual = (len(here) * median(here) + self._weight * usual) / (len(here) + self._weight)
        ninth = sorted(fleet)[min(len(fleet) - 1, int(0.9 * len(fleet)))]
        if age_ms <= ninth or age_ms < usual:
            return Remaining(round(max(0.0, usual - age_ms)), False, round(usual), len(fleet))
        rest = [span - age_ms for span in fleet if span > age_ms]
        return Remaining(round(median(rest)) if rest else None, True, round(usual), len(fleet))

    def _fleet(self, rule: str) -> "deque[int] | tuple[int, ...]":
        return self._spans.get(("", rule)) or self._spans.get(("", "")) or ()
