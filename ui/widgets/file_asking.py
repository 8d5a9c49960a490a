"""Asks for a file in the system's own dialog: where to write one, or which to read; and reads a text."""

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import ForecourtError

Chosen = Callable[[Path], object]
"""Gets the file; not called when the dialog is cancelled."""

LOG, PDF, PICTURE, TABLE = "Log form (*.jsonl)", "PDF (*.pdf)", "Picture (*.png)", "Table (*.csv)"
TABLES = "Tables (*.csv *.txt);;All files (*)"
"""Name filters that several pages ask with."""
MOST_BYTES = 5_000_000
"""A larger file is none that people wrote lists or settings into."""


def ask_where(parent: QWidget | None, title: str, name: str, kinds: str, chosen: Chosen) -> QFileDialog:
    """Ask where to write; an ending that was not typed is added, of the kind that is chosen.

    Args:
        parent: what the dialog stands before.
        title: the dialog's title.
        name: the proposed name, in the person's own folder.
        kinds: Qt's name filters: "Table (*.csv);;Picture (*.png)"; "" for any.
        chosen: what writes it.
    """
    dialog = QFileDialog(parent, title, str(Path.home() / name), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(_ending(kind)))
    dialog.setDefaultSuffix(_ending(kinds))
    return _open(dialog, chosen)


def ask_which(parent: QWidget | None, title: str, kinds: str, chosen: Chosen) -> QFileDialog:
    """Ask for a file that exists; `kinds` are Qt's name filters, "" for any."""
    dialog = QFileDialog(parent, title, str(Path.home()), kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _open(dialog, chosen)


def text_of(path: Path, what: str, most: int = MOST_BYTES) -> str:
    """The text of a file of `most` bytes that was chosen as `what`; for a worker.

    Raises:
        ForecourtError: it cannot be read, or is too large for that.
    """
    try:
        if path.stat().st_size > most:
            raise ForecourtError(f"{path.name} is too large for {what}.")
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ForecourtError(f"{path.name} is no UTF-8 text.") from error
    except OSError as error:
        raise ForecourtError(f"{path.name} cannot be read: {error.strerror or error}.") from error


def _open(dialog: QFileDialog, chosen: Chosen) -> QFileDialog:
    dialog.fileSelected.connect(lambda file: chosen(Path(file)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def _ending(kinds: str) -> str:
    """The first ending of name filters, without its dot."""
    found = re.search(r"\*\.(\w+)", kinds)
    return found[1] if found else ""
