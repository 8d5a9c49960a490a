"""What recovery saved: proved recoveries against faults of the same kind that nobody treated.

Never against a bad first month. Where either side has fewer than five, or the range reaches zero, it
reads "not clear yet".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import mean, variance

ENOUGH = 5
NOT_CLEAR = "not clear yet"


@dataclass(frozen=True, slots=True)
class Treated:
    """A fault that ended: how long it lasted, what it lost an hour, and whether a proved recovery ended it.

    `per_hour` is in major units of `currency`, with nobody coming back; None where no price is known.
    """

    fault: int
    rule: str
    site: str
    station: str
    at_ms: int
    hours: float
    per_hour: Decimal | None
    currency: str
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Saving:
    """What proved recoveries of one kind of fault saved; amounts None where it is not clear yet."""

    rule: str
    currency: str
    treated: int
    untreated: int
    hours: float | None
    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    automatic: int = 0

    @property
    def clear(self) -> bool:
        """Whether the range lies above zero."""
        return self.low is not None and self.low > 0


def savings(treated: Iterable[Treated], untreated: Iterable[Treated], kept: Decimal) -> tuple[Saving, ...]:
    """By kind of fault, the greatest first.

    Args:
        treated: faults that a proved recovery ended.
        untreated: faults of the same months that ended otherwise.
        kept: 1 − r.
    """
    sides: dict[tuple[str, str], tuple[list[Treated], list[Treated]]] = {}
    for side, found in ((0, treated), (1, untreated)):
        for one in found:
            sides.setdefault((one.rule, one.currency), ([], []))[side].append(one)
    made = [_saving(rule, currency, a, b, kept) for (rule, currency), (a, b) in sides.items() if a]
    return tuple(sorted(made, key=lambda s: (-(s.amount or Decimal(0)), s.rule)))


def _saving(
    rule: str, currency: str, mine: Sequence[Treated], others: Sequence[Treated], kept: Decimal
) -> Saving:
    auto = sum(one.automatic for one in mine)
    if len(mine) < ENOUGH or len(others) < ENOUGH:
        return Saving(rule, currency, len(mine), len(others), None, None, None, None, auto)
    gained, half = difference([o.hours for o in mine], [o.hours for o in others])
    rate = sum((one.per_hour or Decimal(0) for one in mine), Decimal(0)) * kept
    if any(one.per_hour is None for one in mine):
        return Saving(rule, currency, len(mine), len(others), gained * len(mine), None, None, None, auto)
    ends = [rate * Decimal(repr(gained + sign * half)) for sign in (-1, 1)]
    clear = ends[0] > 0
    amount = rate * Decimal(repr(gained)) if clear else None
    return Saving(
        rule, currency, len(mine), len(others), gained * len(mine), amount, ends[0], ends[1], auto
    )  # fmt: skip


def difference(mine: Sequence[float], others: Sequence[float]) -> tuple[float, float]:
    """How many hours shorter `mine` lasted on average, and half its 95 % range (Welch)."""
    spread = sqrt(variance(mine) / len(mine) + variance(others) / len(others))
    return mean(others) - mean(mine), 1.96 * spread
