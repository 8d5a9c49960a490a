"""Faults as a file: the same columns as `forecourt export faults`."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QWidget

from app.reports.exports import EXPORTS, Asked
from app.reports.formats import to_file
from ui.shell.page import Workspace
from ui.theme.formats import count


def export_faults(connection: Any, asked: Asked, path: Path) -> int:
    """Write all kept faults to `path` as CSV; how many. Raises ForecourtError."""
    export = next(one for one in EXPORTS.values() if one.name == "faults")
    return to_file(path, "csv", export.columns, export.rows(connection, asked))


def ask_where(workspace: Workspace, window: QWidget) -> None:
    """Ask for a file and write it."""
    dialog = QFileDialog(window, "Export faults", "faults.csv", "Table (*.csv)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("csv")
    dialog.fileSelected.connect(lambda file: export_to(workspace, Path(file)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def export_to(workspace: Workspace, path: Path) -> None:
    """Write every kept fault to `path`."""
    asked = Asked(workspace.now_ms(), zone=workspace.zone)
    workspace.bridge.query(
        "faults/export",
        export_faults,
        asked,
        path,
        done=lambda written: workspace.toast(f"{count(written, 'fault')} written to {path}"),
        failed=workspace.toast,
    )
