"""Quantities, times and ages in words a person reads. Pure: no Qt, no clock.

Their numbers are written as `app.domain.forms` says.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.forms import MINUS as MINUS
from app.domain.forms import UNKNOWN as UNKNOWN
from app.domain.forms import number as number

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WIDEST_DAY = "30 May"
"""No day of a year is wider: for columns that have room for every one."""


def power(watts: float | None, *, decimals: int | None = None) -> tuple[str, str]:
    """Value and unit: kW below 1,000 kW, else MW with two decimals."""
    return _scaled(watts, "kW", "MW", decimals)


def energy(watt_hours: float | None, *, decimals: int | None = None) -> tuple[str, str]:
    """Value and unit: kWh below 1,000 kWh, else MWh with two decimals."""
    return _scaled(watt_hours, "kWh", "MWh", decimals)


def power_text(watts: float | None) -> str:
    """ "58.4 kW", "1.84 MW", "–"."""
    return _joined(power(watts))


def energy_text(watt_hours: float | None) -> str:
    """ "47.6 kWh", "14.62 MWh", "–"."""
    return _joined(energy(watt_hours))


def _scaled(value: float | None, small: str, large: str, decimals: int | None) -> tuple[str, str]:
    if value is None:
        return UNKNOWN, small
    if abs(value) >= 999_950:
        return number(value / 1_000_000, 2), large
    return number(value / 1000, 1 if decimals is None else decimals), small


def _joined(pair: tuple[str, str]) -> str:
    return pair[0] if pair[0] == UNKNOWN else f"{pair[0]} {pair[1]}"


def percent(fraction: float | None, decimals: int = 2) -> str:
    """ "98.33%" of 0.9833, truncated: 0.99999 is never shown as 100%."""
    if fraction is None:
        return UNKNOWN
    steps = 10**decimals
    return f"{number(int(fraction * 100 * steps + 1e-6) / steps, decimals)}%"


def size_text(count: int | None) -> str:
    """Bytes on disk: "312 kB", "1.84 GB"."""
    if count is None:
        return UNKNOWN
    for unit, factor in (("GB", 10**9), ("MB", 10**6)):
        if count >= factor:
            value = count / factor
            return f"{number(value, 2 if value < 10 else 1)} {unit}"
    return f"{number(-(-count // 1000))} kB"


def duration(milliseconds: float | None) -> str:
    """ "41 s", "38 min", "2 h 14 min", "3 d 4 h"."""
    if milliseconds is None:
        return UNKNOWN
    seconds = int(abs(milliseconds) // 1000)
    sign = MINUS if milliseconds < 0 and seconds else ""
    if seconds < 60:
        return f"{sign}{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{sign}{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{sign}{hours} h {minutes:02} min" if minutes else f"{sign}{hours} h"
    days, hours = divmod(hours, 24)
    return f"{sign}{number(days)} d {hours} h" if hours else f"{sign}{number(days)} d"


def age(at_ms: int | None, now_ms: int, zone: ZoneInfo) -> str:
    """ "4 s ago" up to an hour, then the clock time, then date and time."""
    if at_ms is None:
        return UNKNOWN
    passed = max(0, now_ms - at_ms)
    if passed < 3_600_000:
        return f"{duration(passed)} ago"
    return when(at_ms, now_ms, zone)


def when(at_ms: int | None, now_ms: int, zone: ZoneInfo) -> str:
    """ "14:31" today, "Wed 14:31" within six days, else "3 Oct 14:31" or "3 Oct 2025 14:31"."""
    if at_ms is None:
        return UNKNOWN
    at, now = local(at_ms, zone), local(now_ms, zone)
    clock_text = f"{at:%H:%M}{_fold(at)}"
    if at.date() == now.date():
        return clock_text
    if timedelta(0) < now.date() - at.date() < timedelta(days=7):
        return f"{_DAYS[at.weekday()]} {clock_text}"
    year = "" if at.year == now.year else f" {at.year}"
    return f"{at.day} {MONTHS[at.month - 1]}{year} {clock_text}"


def local(at_ms: int, zone: ZoneInfo) -> datetime:
    """The instant in a zone."""
    return datetime.fromtimestamp(at_ms / 1000, zone)


def clock(at_ms: int | None, zone: ZoneInfo, *, seconds: bool = False, millis: bool = False) -> str:
    """ "14:32", "14:32:08" or "14:32:07.418"; the doubled hour carries its offset."""
    if at_ms is None:
        return UNKNOWN
    at = datetime.fromtimestamp(at_ms // 1000, zone)
    if millis:
        return f"{at:%H:%M:%S}.{at_ms % 1000:03}{_fold(at)}"
    return f"{at:%H:%M:%S}{_fold(at)}" if seconds else f"{at:%H:%M}{_fold(at)}"


def day(at_ms: int | None, zone: ZoneInfo, *, weekday: bool = False, year: bool = False) -> str:
    """ "15 Oct", "Thu 15 Oct 2026"."""
    if at_ms is None:
        return UNKNOWN
    at = local(at_ms, zone)
    text = f"{at.day} {MONTHS[at.month - 1]}"
    if weekday:
        text = f"{_DAYS[at.weekday()]} {text}"
    return f"{text} {at.year}" if year else text


def stamp(at_ms: int | None, zone: ZoneInfo) -> str:
    """ "15 Oct 2026 14:32:08", for details and copied text."""
    return UNKNOWN if at_ms is None else f"{day(at_ms, zone, year=True)} {clock(at_ms, zone, seconds=True)}"


def zone_text(at_ms: int, zone: ZoneInfo) -> str:
    """ "CEST (UTC+2)"."""
    at = local(at_ms, zone)
    offset = at.utcoffset() or timedelta(0)
    minutes = int(offset.total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = MINUS if minutes < 0 else "+"
    utc = f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
    name = at.tzname() or ""
    return utc if name in ("", "UTC") or not name[0].isalpha() else f"{name} ({utc})"


def _fold(at: datetime) -> str:
    """The offset, where this wall time happens twice."""
    if at.replace(fold=0).utcoffset() == at.replace(fold=1).utcoffset():
        return ""
    early, late = at.replace(fold=0).utcoffset(), at.replace(fold=1).utcoffset()
    if early is None or late is None or early < late:
        return ""
    offset = at.utcoffset() or timedelta(0)
    hours = offset.total_seconds() / 3600
    return f" ({MINUS if hours < 0 else '+'}{abs(hours):g})"


def count(value: int, one: str, many: str | None = None) -> str:
    """ "1 station", "46 stations"."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"
