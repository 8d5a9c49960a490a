"""The command log as a table in a file."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app.analytics import questions
from app.domain.records import CommandRecord
from app.reports.cells import Column, Kind, Row
from app.reports.formats import to_file
from ui.models.command_words import title_of

COLUMNS = (
    Column("command", Kind.INTEGER), Column("station", Kind.TEXT), Column("asked_at", Kind.TIME),
    Column("asked_by", Kind.TEXT), Column("why", Kind.TEXT), Column("meant", Kind.TEXT),
    Column("operation", Kind.TEXT), Column("action", Kind.TEXT), Column("sent_payload", Kind.TEXT),
    Column("sent_at", Kind.TIME), Column("answered_at", Kind.TIME), Column("answer", Kind.TEXT),
    Column("state", Kind.TEXT), Column("proved_at", Kind.TIME), Column("proof", Kind.TEXT),
    Column("batch", Kind.INTEGER),
)  # fmt: skip


def export_commands(connection: Any, fits: Callable[[CommandRecord], bool], path: Path) -> int:
    """Write every kept command that fits, oldest first, to `path` as CSV; how many. Raises ForecourtError."""
    found = questions.commands(connection, limit=None)
    return to_file(path, "csv", COLUMNS, _rows(record for record in reversed(found) if fits(record)))


def _rows(records: Iterator[CommandRecord]) -> Iterator[Row]:
    for r in records:
        yield (
            r.command, str(r.station), r.asked_ms, r.asked_by, r.reason, title_of(r), r.operation, r.action,
            r.payload, r.sent_ms, r.answered_ms, r.answer, r.outcome, r.proved_ms, r.proof, r.batch,
        )  # fmt: skip
