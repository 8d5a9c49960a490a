"""A station's past as its page tells it: day by day."""

from zoneinfo import ZoneInfo

from app.analytics.results import DayState, EnergyDay, Strip
from app.domain.status import Shown
from ui.models.station_columns import day_state
from ui.theme import formats
from ui.theme.shapes import word

BAD = (Shown.FAULTED, Shown.OFFLINE, Shown.DEGRADED)


def strip_days(strip: Strip) -> tuple[Shown | None, ...]:
    """The bar of each day."""
    return tuple(day_state(day) for day in strip.days)


def day_tip(day: DayState, zone: ZoneInfo) -> str:
    """ "Thu 15 Oct: up 98.21%, faulted 24 min, offline 1 h"."""
    name = formats.day(day.start_ms, zone, weekday=True)
    if day_state(day) is None:
        return f"{name}: nothing is known"
    best = day.uptime.best
    parts = [f"up {formats.percent(float(best) / 100 if best is not None else None)}"]
    parts += [f"{word(s).lower()} {formats.duration(ms)}" for s, ms in day.state_ms if s in BAD and ms > 0]
    if day.uptime.unmeasured_ms:
        parts.append(f"not measured {formats.duration(day.uptime.unmeasured_ms)}")
    return f"{name}: {', '.join(parts)}"


def uptime_words(strip: Strip) -> tuple[str, str]:
    """Percent, and what stands beside it: lost time, and what could not be measured."""
    best = strip.uptime.best
    percent = formats.percent(float(best) / 100 if best is not None else None)
    parts = [f"{formats.duration(strip.uptime.down_ms)} down"] if strip.uptime.down_ms else []
    if strip.uptime.unmeasured_ms and strip.uptime.total_ms:
        measured = formats.percent(float(strip.uptime.measured or 0) / 100)
        low, high = strip.uptime.low, strip.uptime.high
        ends = [formats.percent(float(end or 0) / 100) for end in (low, high)]
        if ends[0] != ends[1]:
            bounds = " to ".join(ends)
            parts.append(f"of the {measured} of the time that was measured; over all of it {bounds}")
    return percent, ", ".join(parts)


def energy_tip(day: EnergyDay, zone: ZoneInfo) -> str:
    """ "Thu 15 Oct: 212.4 kWh in 12 sessions"."""
    name = formats.day(day.start_ms, zone, weekday=True)
    sessions = formats.count(day.sessions, "session")
    return f"{name}: {formats.energy_text(day.energy_wh)} in {sessions}"
