"""The table of the fault queue: rows of their own heights, folding, ticking, and a deed in a row."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from ui.models.fault_queue import QueueRow
from ui.models.fault_rows import RowWords
from ui.models.row_model import RowModel
from ui.theme.theme import px
from ui.widgets.fault_rows import FaultDelegate
from ui.widgets.row_table import RowTable


class FaultTable(RowTable):
    """Shows a queue. Enter opens a fault, Left and Right fold its children, Space ticks."""

    deed_asked = Signal(int)
    """The button in a fault's row was pressed."""

    def __init__(self, words: RowWords, ticks: dict[object, None], parent: QWidget | None = None) -> None:
        self.words = words
        self._special: set[int] = set()
        made: RowModel[QueueRow] = RowModel((words.column(),), lambda row: row.key, heading=_heading)
        super().__init__(made, "Faults", parent)
        made.setParent(self)
        self.rows_model = made
        self.delegate = FaultDelegate(words, lambda: ticks, self)
        self.setItemDelegate(self.delegate)
        self.horizontalHeader().hide()
        self.ticks = True
        self.set_short(False)

    def set_short(self, short: bool) -> None:
        """Two lines a row instead of three."""
        self.delegate.short = short
        self.verticalHeader().setDefaultSectionSize(self.delegate.usual_height())
        self._special.clear()
        self.fit_rows()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "delegate"):
            self.set_short(self.delegate.short)

    def show_rows(self, rows: list[QueueRow]) -> None:
        """Show these rows, each at its height."""
        self.rows_model.show(rows)
        self.fit_rows()

    def fit_rows(self) -> None:
        """Give rows their heights; most have the usual one and are not touched."""
        header, usual = self.verticalHeader(), self.delegate.usual_height()
        rows = self.rows_model.rows
        wanted = {
            i: high
            for i, row in enumerate(rows)
            if (row.view is None or row.depth or row.band == "safety")
            and (high := self.delegate.height_of(row)) != usual
        }
        for i in self._special - wanted.keys():
            if i < len(rows):
                header.resizeSection(i, usual)
        for i, high in wanted.items():
            if header.sectionSize(i) != high:
                header.resizeSection(i, high)
        self._special = set(wanted)

    def step(self, by: int) -> None:
        """J and K go from fault to fault, past headings."""
        rows = self.rows_model.rows
        start = self.currentIndex().row()
        at = start + by if abs(by) == 1 else max(0, min(len(rows) - 1, start + by))
        way = 1 if by > 0 else -1
        if abs(by) > 1:
            way = -way
        while 0 <= at < len(rows) and rows[at].view is None:
            at += way
        if 0 <= at < len(rows):
            self.setCurrentIndex(self.rows_model.index(at, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        rows = self.rows_model.rows
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() == Qt.Key.Key_P:
            event.ignore()
            return
        folds = plain and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
        if folds and 0 <= row < len(rows) and rows[row].folded is not None:
            self.fold_asked.emit(rows[row].key, event.key() == Qt.Key.Key_Left)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index = self.indexAt(point)
        row = self.rows_model.rows[index.row()] if index.isValid() else None
        if row is not None and row.view is not None:
            rect = self.visualRect(index)
            words = self.words.of(row)
            if words.button and self.delegate.button_rect(rect, words).contains(event.position()):
                self.setCurrentIndex(index)
                self.deed_asked.emit(row.view.record.fault)
                return
            if not row.depth and self.delegate.mark_rect(rect).contains(point):
                self.tick_asked.emit(row.key)
                return
            if row.folded is not None and point.x() < px(6):
                self.fold_asked.emit(row.key, not row.folded)
                return
        super().mousePressEvent(event)

    def fault_at(self, row: int) -> int | None:
        """The fault of a row; None of a heading."""
        rows = self.rows_model.rows
        view = rows[row].view if 0 <= row < len(rows) else None
        return None if view is None else view.record.fault


def _heading(row: QueueRow) -> bool | None:
    return bool(row.folded) if row.view is None else None
