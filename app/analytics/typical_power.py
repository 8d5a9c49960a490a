"""The power of a day against what is typical of its weekday: the same days of the eight weeks before.

Typical is drawn only of four weeks or more. A day on which clocks change, or of which less than
four fifths is known, is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import Connection

from app.analytics.days import midnight_ms, zone_of
from app.analytics.power import network_power
from app.analytics.results import PowerSeries

DAY_MS = 86_400_000
WEEKS, LEAST_WEEKS = 8, 4
KNOWN = 0.8


@dataclass(frozen=True, slots=True)
class TypicalPower:
    """Power in W by steps of a day; None where fewer than four weeks know of it."""

    step_ms: int
    weeks: int
    low: tuple[float | None, ...]
    """The 10th percentile."""
    median: tuple[float | None, ...]
    high: tuple[float | None, ...]
    """The 90th percentile."""


def todays_power(connection: Connection, now_ms: int, zone: str, step_ms: int = 300_000) -> PowerSeries:
    """Power of the whole network since local midnight; the steps to come are None."""
    where = zone_of(zone)
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(where).date()
    start, end = midnight_ms(today, where), midnight_ms(today + timedelta(days=1), where)
    return network_power(connection, start, end, now_ms, step_ms)


def typical_power(
    connection: Connection, now_ms: int, zone: str, step_ms: int = 300_000
) -> TypicalPower | None:
    """What is typical of this weekday; None where fewer than four weeks are known."""
    where = zone_of(zone)
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(where).date()
    days: list[Sequence[float | None]] = []
    for week in range(1, WEEKS + 1):
        day = today - timedelta(weeks=week)
        start, end = midnight_ms(day, where), midnight_ms(day + timedelta(days=1), where)
        if end - start != DAY_MS:
            continue
        values = network_power(connection, start, end, end, step_ms).values
        if sum(value is not None for value in values) >= KNOWN * len(values):
            days.append(values)
    if len(days) < LEAST_WEEKS:
        return None
    steps = [sorted(value for value in step if value is not None) for step in zip(*days, strict=True)]
    enough = [step if len(step) >= LEAST_WEEKS else [] for step in steps]
    return TypicalPower(
        step_ms, len(days),
        tuple(percentile(step, 0.1) if step else None for step in enough),
        tuple(median(step) if step else None for step in enough),
        tuple(percentile(step, 0.9) if step else None for step in enough),
    )  # fmt: skip


def percentile(ordered: Sequence[float], share: float) -> float:
    """A percentile of values in order, between neighbours in proportion (the usual linear one)."""
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
