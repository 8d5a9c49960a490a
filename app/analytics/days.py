"""Local days as spans of UTC: midnights of a zone, 23 or 25 hours apart where clocks change."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.errors import ForecourtError


class Day(NamedTuple):
    """One local day: `day` is "2026-03-29", [start, end) in ms UTC."""

    day: str
    start_ms: int
    end_ms: int


def zone_of(name: str) -> ZoneInfo:
    """A zone by its IANA name.

    Raises:
        ForecourtError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ForecourtError(f"There is no time zone {name!r}; choose one such as Europe/Berlin.") from error


def last_days(now_ms: int, zone: str, count: int) -> list[Day]:
    """The last `count` days, oldest first; the last is today, whole."""
    where = zone_of(zone)
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(where).date()
    dates = [today - timedelta(days=back) for back in range(count - 1, -2, -1)]
    edges = [midnight_ms(day, where) for day in dates]
    return [Day(dates[n].isoformat(), edges[n], edges[n + 1]) for n in range(count)]


def days_between(window: tuple[int, int], zone: str) -> list[Day]:
    """The local days that lie whole in [start, end), oldest first."""
    where = zone_of(zone)
    day = datetime.fromtimestamp(window[0] / 1000, UTC).astimezone(where).date()
    found: list[Day] = []
    start = midnight_ms(day, where)
    while start < window[1]:
        day += timedelta(days=1)
        end = midnight_ms(day, where)
        if window[0] <= start and end <= window[1]:
            found.append(Day((day - timedelta(days=1)).isoformat(), start, end))
        start = end
    return found


def midnight_ms(day: date, zone: ZoneInfo) -> int:
    """Where a local day begins, in ms UTC."""
    return round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
