"""Hours of the week in a site's own time, its opening hours and its holidays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.entries import body_of
from app.domain.records import EntryRecord

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
WEEK_MS = 168 * HOUR_MS
CELLS = 168
CELLS_KEPT = 1_000
"""So many hours are remembered of a site."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SUNDAY = 6


class _Site(NamedTuple):
    zone: ZoneInfo
    holidays: frozenset[str] = frozenset()
    hours: tuple[tuple[tuple[int, int], ...], ...] = ()
    """By weekday: spans of minutes of the day in which it is open; () for always."""


class Calendar:
    """What the clock on a site's wall says.

    Args:
        zone: of sites whose entry names none.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._usual = _Site(zone)
        self._sites: dict[str, _Site] = {}
        self._cells: dict[str, dict[int, int]] = {}

    def hear(self, record: EntryRecord) -> None:
        """Take in a `site` entry: `zone`, `holidays` (["2026-12-25"]), `hours` ({"mon": ["06:00-22:00"], …}).

        A day that `hours` does not name is closed; no `hours` at all means open at all times.
        """
        if record.kind != "site":
            return
        self._cells.pop(record.entry, None)
        if record.gone:
            self._sites.pop(record.entry, None)
            return
        body = body_of(record)
        zone = self._usual.zone
        if body.get("zone"):
            try:
                zone = ZoneInfo(str(body["zone"]))
            except (ZoneInfoNotFoundError, ValueError, OSError):
                # A zone nobody knows leaves the site in the operator's own.
                zone = self._usual.zone
        holidays = body.get("holidays")
        told = body.get("hours")
        hours = tuple(_spans(told.get(day)) for day in _DAYS) if isinstance(told, dict) and told else ()
        days = frozenset(str(day) for day in holidays) if isinstance(holidays, list) else frozenset()
        self._sites[record.entry] = _Site(zone, days, hours)

    def cell(self, site: str, at_ms: int) -> int:
        """The hour of the week of an instant, Monday 0 o'clock is 0; holidays are Sundays (D.1)."""
        hour = at_ms // HOUR_MS
        cells = self._cells.setdefault(site, {})
        found = cells.get(hour)
        if found is None:
            known = self._sites.get(site, self._usual)
            day, date, of_day = _local(known.zone, hour)
            found = cells[hour] = (_SUNDAY if date in known.holidays else day) * 24 + of_day
            if len(cells) > CELLS_KEPT:
                del cells[next(iter(cells))]
        return found

    def zone(self, site: str) -> ZoneInfo:
        """The zone of a site."""
        return self._sites.get(site, self._usual).zone

    @staticmethod
    def hours(from_ms: int, to_ms: int) -> Iterator[tuple[int, int]]:
        """The pieces of [from, to) that each lie within one hour."""
        return _pieces(from_ms, to_ms, HOUR_MS)

    @staticmethod
    def days(from_ms: int, to_ms: int) -> Iterator[tuple[int, int]]:
        """The pieces of [from, to) that each lie within one day of UTC."""
        return _pieces(from_ms, to_ms, DAY_MS)

    def open_pieces(self, site: str, from_ms: int, to_ms: int) -> Iterator[tuple[int, int]]:
        """The pieces of [from, to) within one hour each, in which the site is open."""
        known = self._sites.get(site, self._usual)
        for start, end in self.hours(from_ms, to_ms):
            if not known.hours:
                yield start, end
                continue
            local = datetime.fromtimestamp(start / 1000, UTC).astimezone(known.zone)
            midnight = start - (
                local - local.replace(hour=0, minute=0, second=0, microsecond=0)
            ) // timedelta(milliseconds=1)
            for first, last in known.hours[local.weekday()]:
                low, high = max(start, midnight + first * 60_000), min(end, midnight + last * 60_000)
                if high > low:
                    yield low, high

    def is_open(self, site: str, at_ms: int) -> bool:
        """Whether a site is open at an instant."""
        return any(True for _ in self.open_pieces(site, at_ms, at_ms + 1))


def _pieces(from_ms: int, to_ms: int, each_ms: int) -> Iterator[tuple[int, int]]:
    start = from_ms
    while start < to_ms:
        end = min(to_ms, (start // each_ms + 1) * each_ms)
        yield start, end
        start = end


@lru_cache(maxsize=8_192)
def _local(zone: ZoneInfo, hour: int) -> tuple[int, str, int]:
    local = datetime.fromtimestamp(hour * 3600, UTC).astimezone(zone)
    return local.weekday(), f"{local:%Y-%m-%d}", local.hour


def _spans(told: object) -> tuple[tuple[int, int], ...]:
    """ "06:00-22:00" as minutes of the day; "24:00" is the day's end."""
    found = []
    for text in told if isinstance(told, list) else []:
        first, _, last = str(text).partition("-")
        try:
            found.append((_minutes(first), _minutes(last)))
        except ValueError:
            continue
    return tuple(found)


def _minutes(text: str) -> int:
    hour, _, minute = text.strip().partition(":")
    return int(hour) * 60 + int(minute or 0)
