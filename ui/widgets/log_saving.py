"""Saving the lines a message log shows: where to, and word of what was written."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.fleet.views import MessageView
from ui.shell.page import Workspace
from ui.theme.formats import count
from ui.widgets.log_export import export_log


def ask_where(parent: QWidget, name: str, chosen: Callable[[Path], None]) -> None:
    """Ask for a file of the log form, with `name` proposed; `chosen` gets it unless it is cancelled."""
    dialog = QFileDialog(parent, "Export messages", name, "Log form (*.jsonl)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("jsonl")
    dialog.fileSelected.connect(lambda file: chosen(Path(file)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def save_log(workspace: Workspace, views: Sequence[MessageView], path: Path) -> None:
    """Write `views` in a worker, one JSON object a line, and say so."""
    workspace.bridge.work(
        export_log,
        views,
        path,
        done=lambda written: workspace.toast(f"{count(written, 'message')} written to {path}"),
        failed=workspace.toast,
    )
