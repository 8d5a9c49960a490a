"""Uptime as a file: the columns of `forecourt export uptime`, one line a view and EVSE."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from app.analytics.uptime import truncated
from app.analytics.uptime_file import Row as FileRow
from app.analytics.uptime_table import EvseViews
from app.analytics.uptime_views import Judged
from app.reports.cells import Row
from app.reports.exports import EXPORTS
from app.reports.formats import to_file

PASSES = {True: "true", False: "false", None: None}


def export_table(rows: Sequence[EvseViews], window: tuple[int, int], path: Path) -> int:
    """Write EVSEs by every view; how many lines. Raises ForecourtError where it cannot be written."""
    made = (
        _line(row.station, row.evse, rule, window, judged)
        for row in rows
        for rule, judged in row.judged.items()
    )
    return _write(made, path)


def export_file(rows: Iterable[FileRow], window: tuple[int, int], path: Path) -> int:
    """Write the result of another system's statuses, the whole last. Raises ForecourtError."""
    made = (_line(r.station or "", r.evse, r.judged.view.name, window, r.judged) for r in rows)
    return _write(made, path)


def _write(rows: Iterator[Row], path: Path) -> int:
    return to_file(path, "csv", EXPORTS["uptime"].columns, rows)


def _line(station: str, evse: int | None, rule: str, window: tuple[int, int], judged: Judged) -> Row:
    low, high = judged.low, judged.high
    figures = [float(truncated(value)) if value is not None else None for value in (judged.best, low, high)]
    return (
        station, evse, rule, *window, *figures, judged.assessable_ms, judged.outage_ms, judged.excluded_ms,
        judged.unmeasured_ms, PASSES[judged.passes],
    )  # fmt: skip
