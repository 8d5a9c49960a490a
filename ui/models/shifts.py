"""When shifts end, in the operator's zone, and how long a fault may be put aside."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.faults.lifecycle import HOUR_MS, SHELVE_MOST_MS, SHELVE_SAFETY_MOST_MS
from ui.theme.formats import clock, local

USUAL_ENDS = ("06:00", "14:00", "22:00")
"""Three shifts of eight hours, until the operator says otherwise on the page Shift."""


def read_ends(text: str) -> tuple[str, ...]:
    """Times of day in order, from "06:00 14:00 22:00".

    Raises:
        ValueError: a word is no time of day, or there is none.
    """
    ends = sorted({f"{time.fromisoformat(word):%H:%M}" for word in text.replace(",", " ").split()})
    if not ends:
        raise ValueError("no time")
    return tuple(ends)


def next_end(now_ms: int, zone: ZoneInfo, ends: Sequence[str] = USUAL_ENDS) -> int:
    """When the shift that runs now ends, ms UTC."""
    now = local(now_ms, zone)
    for days in (0, 1):
        for end in ends:
            at = _on(now + timedelta(days=days), end, zone)
            if at > now_ms:
                return at
    return now_ms + 24 * HOUR_MS


def shift_at(now_ms: int, zone: ZoneInfo, ends: Sequence[str] = USUAL_ENDS) -> tuple[int, int]:
    """From when to when the shift lasts that runs now, ms UTC."""
    now = local(now_ms, zone)
    started = [_on(now - timedelta(days=days), end, zone) for days in (0, 1) for end in ends]
    return max((at for at in started if at <= now_ms), default=now_ms - 8 * HOUR_MS), next_end(
        now_ms, zone, ends
    )


def _on(day: datetime, end: str, zone: ZoneInfo) -> int:
    at = datetime.combine(day.date(), time.fromisoformat(end), zone)
    return int(at.timestamp() * 1000)


def shelve_choices(
    now_ms: int, zone: ZoneInfo, ends: Sequence[str] = USUAL_ENDS, *, safety: bool = False
) -> list[tuple[int, str]]:
    """(end, words) of what a fault may be shelved until; a safety fault for an hour at most."""
    if safety:
        return [(now_ms + SHELVE_SAFETY_MOST_MS, "60 min")]
    found = [(now_ms + HOUR_MS, "1 h"), (now_ms + 4 * HOUR_MS, "4 h")]
    end = min(next_end(now_ms, zone, ends), now_ms + SHELVE_MOST_MS)
    return [*found, (end, f"End of shift, {clock(end, zone)}")]
