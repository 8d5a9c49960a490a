"""What panels of settings share: a table of a few rows, a row of buttons, keeping an entry."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.intents import RemoveEntry, SaveEntry
from ui.models.cells import Column
from ui.models.row_model import RowModel
from ui.shell.page import Workspace
from ui.theme.theme import px, size
from ui.widgets.labels import Label
from ui.widgets.row_table import RowTable

MOST_ROWS = 8


class ShortTable(QWidget):
    """Rows under a sentence, as high as they are many (at most eight, then it scrolls), and buttons.

    Those of `on_row` do something with the current row, and wait for the first.
    """

    def __init__(
        self, name: str, meaning: str, columns: Sequence[Column[Any]], key: Callable[[Any], Any],
        buttons: Sequence[QWidget] = (), on_row: Sequence[QWidget] = (), row: int = 0,
    ) -> None:  # fmt: skip
        super().__init__()
        self.model: RowModel[Any] = RowModel(columns, key, self)
        self.table = RowTable(self.model, name)
        self._row, self._on_row = row, on_row
        if row:
            self.table.set_row_height(row)
        self.meaning = Label(meaning, "small", "text3", wrap=True)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 8)
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(name, "body", weight=500))
        words.addWidget(self.meaning)
        head.addLayout(words, 1)
        for button in (*on_row, *buttons):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table)
        self.show_rows(())

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows."""
        self.model.show(list(rows))
        high = px(self._row) if self._row else size("rowDense")
        self.table.setFixedHeight(px(30) + min(MOST_ROWS, len(rows)) * high + 2)
        self.table.setVisible(bool(rows))
        for button in self._on_row:
            button.setEnabled(bool(rows))

    def current(self) -> Any:
        """The current row; None without one."""
        place = self.model.row_of(self.table.current_key())
        return self.model.rows[place] if place is not None else None


def keep(
    workspace: Workspace, kind: str, entry: str, body: Mapping[str, Any], then: Callable[[], None],
    done: Callable[[object], None] | None = None, failed: Callable[[str], None] | None = None,
) -> None:  # fmt: skip
    """Keep an entry, then read again."""

    def kept(result: object) -> None:
        then()
        if done is not None:
            done(result)
        else:
            workspace.toast("Kept.")

    workspace.bridge.do(SaveEntry(kind, entry, body), "", done=kept, failed=failed or workspace.toast)


def take_back(
    workspace: Workspace, kind: str, entry: str, body: Mapping[str, Any], then: Callable[[], None]
) -> None:
    """Take an entry back, with Undo; its versions stay."""

    def undo() -> None:
        keep(workspace, kind, entry, body, then)

    def gone(_result: object) -> None:
        then()
        workspace.toast("Taken back; what it was stays on record.", undo=undo)

    workspace.bridge.do(RemoveEntry(kind, entry), "", done=gone, failed=workspace.toast)


def clock_of(minute: int) -> str:
    """ "22:00" of 1320."""
    return f"{minute // 60:02}:{minute % 60:02}"


def span_text(span: object) -> str:
    """ "22:00 to 06:00" of [1320, 360]; "" of nothing."""
    if isinstance(span, list | tuple) and len(span) == 2:
        return f"{clock_of(int(span[0]))} to {clock_of(int(span[1]))}"
    return ""
