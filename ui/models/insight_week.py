"""When drivers come and when all is taken: the week as cells, its answer, the coming week. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.analytics.insights.answers import Hours
from app.analytics.insights.week import Cell
from ui.models.insight_starts import FEW, Answer, Table
from ui.theme.formats import count, day, number, percent

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WIDE = 3
"""Hours of the window that is named."""
LEAST = 0.005
"""Below half a percent of its time an hour is not marked as full."""


@dataclass(frozen=True, slots=True)
class Heat:
    """Starts an hour by hour of the week (None: never observed), the share full, and totals a day."""

    wanted: tuple[float | None, ...]
    full: tuple[float | None, ...]
    a_day: tuple[float | None, ...]
    before: tuple[float | None, ...] | None
    top: float
    a_week: float
    ahead: tuple[float | None, ...]


def heat(first: Hours, second: Hours | None) -> Heat:
    """The week as it is drawn."""
    wanted = tuple(cell.per_hour for cell in first.cells)
    known = [value for value in wanted if value is not None]
    return Heat(
        wanted,
        tuple(cell.full if (cell.full or 0) >= LEAST else None for cell in first.cells),
        _days(first.cells),
        _days(second.cells) if second is not None else None,
        max([1.0, *known]),
        sum(known),
        _ahead(first),
    )


def answer(first: Hours, zone: ZoneInfo) -> Answer:
    """The busiest hours, how often all was taken, and what the coming week brings."""
    best = busiest(first.cells)
    if best is None:
        return Answer("No driver came in this time.", foot_right=_error(first))
    came = sum(cell.starts for cell in first.cells)
    if came < FEW:
        few = f"Only {count(came, 'session')}: too few to tell when most come."
        return Answer(few, _full_words(first, zone))
    wanted = sum(first.cells[best + n].per_hour or 0 for n in range(WIDE))
    strong = f"{hours_words(best)}: {_few(wanted)} starts a week."
    return Answer(strong, _full_words(first, zone), *_coming(first, best), _error(first))


def busiest(cells: Sequence[Cell]) -> int | None:
    """The first of the three hours of a day in which most start; None where nobody did."""
    best, most = None, 0.0
    for start in range(len(cells)):
        if start % 24 <= 24 - WIDE:
            found = sum(cells[start + n].per_hour or 0 for n in range(WIDE))
            if found > most:
                best, most = start, found
    return best


def hours_words(start: int) -> str:
    """ "Friday 16 to 19 h"."""
    return f"{LONG[start // 24]} {start % 24} to {start % 24 + WIDE} h"


def said(shown: Heat, hour: int) -> str:
    """An hour of the week in words."""
    wanted, full = shown.wanted[hour], shown.full[hour]
    told = f"{DAYS[hour // 24]} {hour % 24:02}:00: "
    told += "not observed" if wanted is None else f"{_few(wanted)} starts an hour"
    if full is not None:
        told += f", all taken or out of use {percent(full, 0)} of the time"
    coming = shown.ahead[hour]
    return told if coming is None else f"{told}, {_few(coming)} expected next"


def table(sets: Sequence[tuple[str, Hours]]) -> Table:
    """Each set's week, and the coming one by the first."""
    found = [["set", "day", "hour", "starts", "times_observed", "starts_per_hour", "share_all_taken"]]
    for name, hours in sets:
        for cell in hours.cells:
            found.append(
                [name, DAYS[cell.hour // 24], f"{cell.hour % 24}", str(cell.starts), f"{cell.weeks:g}",
                 _raw(cell.per_hour), _raw(cell.full)]
            )  # fmt: skip
    ahead = sets[0][1] if sets else None
    if ahead is not None and ahead.ahead.hours:
        found.append(["forecast", "day_and_hour", "expected", "low_80", "high_80", "", ""])
        found += [
            ["forecast", name, f"{value:.4f}", f"{low:.4f}", f"{high:.4f}", "", ""]
            for name, value, low, high in zip(
                ahead.names, ahead.ahead.hours, ahead.ahead.low, ahead.ahead.high, strict=False
            )
        ]
    return found


def _full_words(first: Hours, zone: ZoneInfo) -> str:
    full = [cell for cell in first.cells if (cell.full or 0) >= LEAST]
    if not full:
        never = all(cell.full is None for cell in first.cells)
        return "Whether all was taken: no site has two connectors" if never else "Never were all taken"
    most = max(full, key=lambda cell: cell.full or 0)
    when = f"{LONG[most.hour // 24]} {most.hour % 24} h"
    since = day(first.full_from_ms, zone)
    return f"All taken or out of use most {when}: {percent(most.full, 0)}, from {since}"


def _coming(first: Hours, best: int) -> tuple[str, str]:
    ahead = _ahead(first)
    if not first.ahead.hours:
        return "", "Too little past for a forecast: it needs two weeks"
    week = sum(first.ahead.hours)
    error = first.ahead.error
    if error is None:
        return "Coming 7 days", f"{number(week)} starts expected"
    busy = sum(ahead[best + n] or 0 for n in range(WIDE))
    return (
        f"Coming {hours_words(best)}", f"{_few(busy)} expected, {number(week)} in 7 days"
    )  # fmt: skip


def _error(first: Hours) -> str:
    ahead = first.ahead
    if ahead.error is None or ahead.naive is None:
        return ""
    return f"off by {_few(ahead.error)} a day, “as last week” by {_few(ahead.naive)}"


def _ahead(first: Hours) -> tuple[float | None, ...]:
    found: list[float | None] = [None] * 168
    for name, value in zip(first.names, first.ahead.hours, strict=False):
        found[DAYS.index(name[:3]) * 24 + int(name[4:6])] = value
    return tuple(found)


def _days(cells: Sequence[Cell]) -> tuple[float | None, ...]:
    found: list[float | None] = []
    for start in range(0, len(cells), 24):
        known = [cell.per_hour for cell in cells[start : start + 24] if cell.per_hour is not None]
        found.append(sum(known) if known else None)
    return tuple(found)


def _few(value: float) -> str:
    return number(value, 0 if value >= 10 else 1)


def _raw(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
