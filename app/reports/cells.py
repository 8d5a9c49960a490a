"""What a cell may hold, and how it is written."""

import math
from collections.abc import Sequence
from enum import Enum
from typing import Any, NamedTuple


class Kind(Enum):
    """The type of a column's cells. A None is an empty cell in every kind."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    TIME = "time"
    """Milliseconds UTC; written as ISO 8601 with Z."""
    WORDS = "words"
    """Several words; written with a blank between them."""
    MEASURE = "measure"
    """A number where there is one, else the text that came instead."""


class Column(NamedTuple):
    """One column: its name, which scripts rely on, and its kind."""

    name: str
    kind: Kind


Row = Sequence[Any]

_DAY_MS = 86_400_000
_days: dict[int, str] = {}


def iso(ms: int) -> str:
    """ISO 8601 UTC with milliseconds: 2026-01-05T08:00:00.000Z. Years before 1 or after 9999 are clamped."""
    day, rest = divmod(ms, _DAY_MS)
    date = _days.get(day)
    if date is None:
        if len(_days) > 4_096:
            _days.clear()
        date = _days[day] = _date(day)
    seconds, millis = divmod(rest, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{date}T{hours:02d}:{minutes:02d}:{seconds:02d}.{millis:03d}Z"


def _date(day: int) -> str:
    from datetime import date

    return date.fromordinal(min(max(day + 719_163, 1), 3_652_059)).isoformat()


def plain(number: float) -> int | float:
    """A whole float as an integer, so that 1000.0 is written 1000."""
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def typed(kind: Kind, value: Any) -> int | float | str | None:
    """A cell as JSON and spreadsheets take it: numbers as numbers, all else as text (not yet made safe)."""
    if value is None:
        return None
    if kind is Kind.TIME:
        return iso(value)
    if kind is Kind.WORDS:
        return " ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return plain(value) if math.isfinite(value) else str(value)
    if isinstance(value, int):
        return value
    return str(value)
