"""Saving the lines a message log shows, and word of what was written."""

from collections.abc import Sequence
from pathlib import Path

from app.fleet.views import MessageView
from ui.shell.page import Workspace
from ui.theme.formats import count
from ui.widgets.log_export import export_log


def save_log(workspace: Workspace, views: Sequence[MessageView], path: Path) -> None:
    """Write `views` in a worker, one JSON object a line, and say so."""
    workspace.bridge.work(
        export_log,
        views,
        path,
        done=lambda written: workspace.toast(f"{count(written, 'message')} written to {path}"),
        failed=workspace.toast,
    )
