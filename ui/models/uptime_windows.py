"""The windows over which uptime is looked at: months, quarters, years of the operator's zone, any days."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from app.analytics.days import midnight_ms
from ui.theme.formats import local

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """[start, end) in ms UTC with its name; one that is not over ends now."""

    key: str
    name: str
    start_ms: int
    end_ms: int


def windows(now_ms: int, zone: ZoneInfo) -> list[Window]:
    """What is offered: this and the last month, quarter and year, and the last 90 days."""
    today = local(now_ms, zone).date()
    month = today.replace(day=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    year = date(today.year, 1, 1)
    found = []
    for key, start, back in (("month", month, 1), ("quarter", quarter, 3), ("year", year, 12)):
        before = months_before(start, back)
        found.append(_made(key, f"{_name(key, start)} so far", start, None, now_ms, zone))
        found.append(_made(f"{key}-1", _name(key, before), before, start, now_ms, zone))
    found.append(_made("90", "Last 90 days", today - timedelta(days=89), None, now_ms, zone))
    return found


def days_window(first: date, last: date, now_ms: int, zone: ZoneInfo) -> Window:
    """Whole days, both included; what is still to come is left out."""
    name = first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
    return _made("days", name, first, last + timedelta(days=1), now_ms, zone)


def months_before(day: date, months: int) -> date:
    """The first of the month so many months earlier."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def day_of(text: str) -> date | None:
    """A day from "2026-10-15"; None if it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _name(key: str, start: date) -> str:
    if key == "month":
        return f"{MONTHS[start.month - 1]} {start.year}"
    return f"Q{(start.month - 1) // 3 + 1} {start.year}" if key == "quarter" else str(start.year)


def _made(key: str, name: str, start: date, end: date | None, now_ms: int, zone: ZoneInfo) -> Window:
    until = now_ms if end is None else min(now_ms, midnight_ms(end, zone))
    return Window(key, name, midnight_ms(start, zone), max(until, midnight_ms(start, zone)))
