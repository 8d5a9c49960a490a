"""Months as a site's own wall clock has them. A period is written "2026-03"."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

Span = tuple[int, int]


def period_of(at_ms: int, zone: tzinfo) -> str:
    """The month of an instant."""
    return f"{datetime.fromtimestamp(at_ms / 1000, zone):%Y-%m}"


def span_of(period: str, zone: tzinfo) -> Span:
    """A month's first instant and that of the next, ms UTC.

    Raises:
        ValueError: it is no month.
    """
    year, month = (int(part) for part in period.split("-"))
    after = (year + month // 12, month % 12 + 1)
    edges = [datetime(y, m, 1, tzinfo=zone).timestamp() for y, m in ((year, month), after)]
    return round(edges[0] * 1000), round(edges[1] * 1000)


def widest(period: str, zones: Iterable[tzinfo]) -> Span:
    """From where the month begins first to where it ends last."""
    spans = [span_of(period, zone) for zone in zones]
    return min(start for start, _ in spans), max(end for _, end in spans)


def months_until(last: str, count: int) -> tuple[str, ...]:
    """So many months up to `last`, oldest first."""
    year, month = (int(part) for part in last.split("-"))
    ordinals = range(year * 12 + month - count, year * 12 + month)
    return tuple(f"{n // 12}-{n % 12 + 1:02d}" for n in ordinals)


def months_between(from_ms: int, to_ms: int, zone: tzinfo) -> tuple[str, ...]:
    """The months that [from, to) touches, oldest first."""
    if to_ms <= from_ms:
        return ()
    first, last = period_of(from_ms, zone), period_of(to_ms - 1, zone)
    (a, b), (c, d) = ([int(part) for part in one.split("-")] for one in (first, last))
    return months_until(last, (c * 12 + d) - (a * 12 + b) + 1)


MONTH, QUARTER, YEAR = "month", "quarter", "year"


def group_of(month: str, size: str) -> str:
    """The period of a size that a month lies in: "2026-10", "2026-Q4" or "2026"."""
    year, number = month.split("-")
    if size == MONTH:
        return month
    return year if size == YEAR else f"{year}-Q{(int(number) + 2) // 3}"


def size_of(period: str) -> str:
    """Whether a period is a month, a quarter or a year."""
    return YEAR if "-" not in period else QUARTER if "Q" in period else MONTH


def months_in(period: str) -> tuple[str, ...]:
    """The months of a period, in order."""
    year, _, rest = period.partition("-")
    if not rest:
        return tuple(f"{year}-{n:02d}" for n in range(1, 13))
    if rest.startswith("Q"):
        last = 3 * int(rest[1:])
        return tuple(f"{year}-{n:02d}" for n in range(last - 2, last + 1))
    return (period,)


def stepped(period: str, by: int) -> str:
    """The period of the same size so many after."""
    size, months = size_of(period), months_in(period)
    year, month = (int(part) for part in months[0].split("-"))
    n = year * 12 + month - 1 + by * len(months)
    return group_of(f"{n // 12}-{n % 12 + 1:02d}", size)


def periods_until(last: str, count: int) -> tuple[str, ...]:
    """So many periods of one size up to `last`, oldest first."""
    return tuple(stepped(last, by) for by in range(1 - count, 1))
