"""A station's command log as a table: who, when, why, what was sent, what came of it."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from app.analytics import care
from app.domain.records import CommandRecord
from app.domain.spreadsheet import safe_text
from app.reports.cells import iso
from app.reports.formats import whole
from ui.models.command_words import title_of
from ui.shell.page import Workspace
from ui.theme.formats import count

ALL = 1_000_000
HEADER = (
    "command", "station", "what", "asked_at", "asked_by", "why", "state", "proof", "action", "sent_at",
    "answered_at", "proved_at", "payload", "answer", "batch",
)  # fmt: skip


def export_commands(workspace: Workspace, station: str, path: Path) -> None:
    """Read the whole log, write it to `path` in a worker, and say so."""

    def write(page: care.CommandPage) -> None:
        workspace.bridge.work(
            write_commands, page.commands, path,
            done=lambda written: workspace.toast(f"{count(written, 'command')} written to {path}"),
            failed=workspace.toast,
        )  # fmt: skip

    workspace.bridge.query(
        "station/export-commands", care.station_commands, station, None, ALL,
        done=write, failed=workspace.toast,
    )  # fmt: skip


def write_commands(records: Iterable[CommandRecord], path: Path) -> int:
    """Write them as CSV, oldest first, whole or not at all; how many. Raises ForecourtError."""
    rows = sorted(records, key=lambda record: (record.asked_ms, record.command))

    def write(out: BinaryIO) -> int:
        text = io.StringIO()
        table = csv.writer(text)
        table.writerow(HEADER)
        for r in rows:
            table.writerow(_row(r))
        out.write(text.getvalue().encode("utf-8-sig"))
        return len(rows)

    return whole(path, write)


def _row(r: CommandRecord) -> tuple[object, ...]:
    batch = "" if r.batch is None else r.batch
    told = (
        r.command, r.station, title_of(r), iso(r.asked_ms), r.asked_by, r.reason, r.outcome, r.proof,
        r.action, _at(r.sent_ms), _at(r.answered_ms), _at(r.proved_ms), r.payload, r.answer, batch,
    )  # fmt: skip
    return tuple(safe_text(cell) if isinstance(cell, str) else cell for cell in told)


def _at(at_ms: int | None) -> str:
    return "" if at_ms is None else iso(at_ms)
