"""Faults as a file: the same columns as `forecourt export faults`."""

from pathlib import Path
from typing import Any

from app.reports.exports import EXPORTS, Asked
from app.reports.formats import to_file
from ui.shell.page import Workspace
from ui.theme.formats import count


def export_faults(connection: Any, asked: Asked, path: Path) -> int:
    """Write all kept faults to `path` as CSV; how many. Raises ForecourtError."""
    export = next(one for one in EXPORTS.values() if one.name == "faults")
    return to_file(path, "csv", export.columns, export.rows(connection, asked))


def export_to(workspace: Workspace, path: Path) -> None:
    """Write every kept fault to `path`."""
    known = {number: view.money for number, view in workspace.faults.faults.items() if view.money}
    asked = Asked(workspace.now_ms(), zone=workspace.zone, prices=lambda _connection: known)
    workspace.bridge.query(
        "faults/export",
        export_faults,
        asked,
        path,
        done=lambda written: workspace.toast(f"{count(written, 'fault')} written to {path}"),
        failed=workspace.toast,
    )
