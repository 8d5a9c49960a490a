"""The sessions of a filter as a file: the same columns as `forecourt export sessions`, formula-safe."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.analytics import questions
from app.analytics.results import SessionFilter
from app.reports.cells import Row
from app.reports.exports import EXPORTS
from app.reports.formats import to_file

PAGE = 2_000


def export_sessions(connection: Any, wanted: SessionFilter, path: Path, form: str) -> int:
    """Write all sessions of the filter, newest first, to `path`; how many. Raises ForecourtError."""
    return to_file(path, form, EXPORTS["sessions"].columns, _rows(connection, wanted))


def _rows(connection: Any, wanted: SessionFilter) -> Iterator[Row]:
    cursor: tuple[int, int] | None = None
    while True:
        page = questions.sessions_page(connection, wanted, cursor, PAGE)
        for line in page.rows:
            s = line.session
            yield (
                s.session, s.station, s.evse, s.connector, s.transaction, s.token, s.started_ms, s.ended_ms,
                s.meter_start_wh, s.meter_stop_wh, s.energy_wh, s.stop_reason, s.state, s.flags,
            )  # fmt: skip
        if page.cursor is None:
            return
        cursor = page.cursor
