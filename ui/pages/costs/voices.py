"""Brings in what drivers said and were paid for it: complaints, reviews and credits of a CSV file."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from app.domain.intents import SaveEntry
from app.domain.voices import Voice, voices_from_csv
from ui.shell.page import Workspace
from ui.theme.formats import count
from ui.widgets.file_asking import TABLES, ask_which, text_of


def ask_voices(workspace: Workspace, window: QWidget, currency: str) -> None:
    """Ask for the file and keep its lines."""
    ask_which(
        window, "Complaints, reviews and credits", TABLES, lambda path: bring_in(workspace, path, currency)
    )


def bring_in(workspace: Workspace, path: Path, currency: str) -> None:
    """Keep every line of a file, or none where one cannot be read."""
    sites = {str(name): view.site for name, view in workspace.picture.stations.items()}
    workspace.bridge.work(
        read_voices, path, sites, workspace.zone, currency,
        done=lambda found: _keep(workspace, found), failed=workspace.toast,
    )  # fmt: skip


def read_voices(path: Path, sites: Mapping[str, str], zone: ZoneInfo, currency: str) -> list[Voice]:
    """The lines of a file.

    Raises:
        ForecourtError: it cannot be read; the sentence names the line.
    """
    return voices_from_csv(text_of(path, "a list of complaints"), sites, zone, currency)


def _keep(workspace: Workspace, found: list[Voice]) -> None:
    paid = sum(one.kind == "credit" for one in found)
    words = count(len(found) - paid, "complaint or review", "complaints and reviews")
    workspace.bridge.do_all(
        [SaveEntry(one.kind, one.entry, one.body) for one in found], "Imported",
        lambda _: workspace.toast(f"{words} and {count(paid, 'credit')} kept."), workspace.toast,
    )  # fmt: skip
