"""Ticks of a time axis in a zone: they stand on local hours and days, also over a clock change. Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ui.theme.formats import MONTHS

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
STEPS = (
    MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
    HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR,
    DAY, 2 * DAY, 7 * DAY, 14 * DAY,
)  # fmt: skip


def ticks(from_ms: int, to_ms: int, zone: ZoneInfo, most: int) -> list[tuple[int, str]]:
    """(instant, words) of at most about `most` ticks from `from_ms` to `to_ms`."""
    if to_ms <= from_ms or most < 1:
        return []
    span = to_ms - from_ms
    step = next((step for step in STEPS if span / step <= most), 0)
    if not step:
        return _months(from_ms, to_ms, zone, most)
    if step >= DAY:
        return _days(from_ms, to_ms, zone, step // DAY)
    return _clock(from_ms, to_ms, zone, step)


def _clock(from_ms: int, to_ms: int, zone: ZoneInfo, step: int) -> list[tuple[int, str]]:
    """Instants whose local time of day is a multiple of `step`; walked in real time, named in local."""
    pace = min(step, 15 * MINUTE) if step >= 15 * MINUTE else step
    at = from_ms - from_ms % pace
    found = []
    while at <= to_ms:
        local = datetime.fromtimestamp(at / 1000, zone)
        if at >= from_ms and (local.hour * HOUR + local.minute * MINUTE) % step == 0:
            midnight = local.hour == 0 and local.minute == 0
            if midnight and to_ms - from_ms > DAY:
                words = f"{local.day} {MONTHS[local.month - 1]}"
            else:
                words = "24:00" if midnight and at == to_ms else f"{local:%H:%M}"
            found.append((at, words))
        at += pace
    return found


def _days(from_ms: int, to_ms: int, zone: ZoneInfo, step: int) -> list[tuple[int, str]]:
    day = datetime.fromtimestamp(from_ms / 1000, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    while (at := round(day.timestamp() * 1000)) <= to_ms:
        if at >= from_ms and day.toordinal() % step == 0:
            found.append((at, f"{day.day} {MONTHS[day.month - 1]}"))
        day = (day + timedelta(days=1)).replace(tzinfo=zone)
    return found


def _months(from_ms: int, to_ms: int, zone: ZoneInfo, most: int) -> list[tuple[int, str]]:
    start = datetime.fromtimestamp(from_ms / 1000, zone)
    months = (to_ms - from_ms) / (30.44 * DAY)
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if months / step <= most), 120)
    number = start.year * 12 + start.month - 1
    found: list[tuple[int, str]] = []
    while True:
        year, month = divmod(number, 12)
        at = round(datetime(year, month + 1, 1, tzinfo=zone).timestamp() * 1000)
        if at > to_ms:
            return found
        if at >= from_ms and number % step == 0:
            found.append((at, f"{MONTHS[month]} {year}" if month == 0 or step >= 12 else MONTHS[month]))
        number += 1
