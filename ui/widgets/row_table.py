"""A table of immutable rows: painted by one delegate, moved by keys, widths from font metrics."""

from collections.abc import Collection
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QCursor, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleFactory, QTableView, QWidget

from ui.models.cells import Column
from ui.models.row_model import RowModel
from ui.theme import fonts
from ui.theme.theme import colour, px, size, theme
from ui.widgets.row_painting import PAD, CellDelegate, RowHeader

Index = QModelIndex | QPersistentModelIndex


class RowTable(QTableView):
    """Shows a RowModel. One row is current; Enter or a double click opens it.

    J, K and the arrows move, Home and End jump, Left and Right fold a heading, Space asks for
    a look (`peeked`). With `ticks` Space asks to tick instead and P for a look, Shift+J and
    Shift+K (or with the arrows) tick on the way, and so does a click on the check box. A click on
    a title asks for that order (`sort_asked`); the page sorts.
    """

    opened = Signal(object)
    peeked = Signal(object)
    tick_asked = Signal(object)
    """A key whose tick is to be turned; None: that of the title, for all rows."""
    tick_on_asked = Signal(object)
    """A key that is to be ticked, in passing."""
    moved = Signal(object)
    fold_asked = Signal(object, bool)
    sort_asked = Signal(str, bool)

    def __init__(self, model: RowModel[Any], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._chosen: tuple[str, ...] | None = None
        self._usual: tuple[str, ...] = tuple(column.key for column in model.columns)
        self._sorted = ("", False)
        self._row_px = 0
        self._lent = False
        self.ticks = False
        """Whether rows can be ticked; the first column then is one of marks."""
        self.leaves_end = False
        """Whether End belongs to who holds the table (a log that follows)."""
        # The view draws a row's panel through the style for each cell: a style in C++ costs nothing.
        self._plain_style = QStyleFactory.create("Fusion")
        self.setStyle(self._plain_style)
        self.setModel(model)
        model.visible = self.visible_rows
        self.setAccessibleName(name)
        self._painter = CellDelegate(self)
        self.setItemDelegate(self._painter)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = RowHeader(self)
        header.came.connect(lambda: self._point_at(-1))
        self.setHorizontalHeader(header)
        self.horizontalHeader().sectionClicked.connect(self._title_clicked)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.entered.connect(lambda index: self._point_at(index.row()))
        self.viewportEntered.connect(lambda: self._point_at(-1))
        self.verticalScrollBar().valueChanged.connect(self._scrolled_under)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        theme().changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take sizes and colours from the theme anew."""
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(px(self._row_px) if self._row_px else size("rowDense"))
        self.horizontalHeader().setFixedHeight(px(30))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, colour("surface1"))
        self.setPalette(palette)
        self._model.refresh()
        self.fit_columns()
        self.viewport().update()

    def set_row_height(self, pixels: int) -> None:
        """Row height at scale 1; the design's dense row where none is set."""
        self._row_px = pixels
        self.restyle()

    def usual_columns(self, keys: Collection[str]) -> None:
        """Columns shown while nobody has chosen any; those that do not fit give way, last first."""
        self._usual = tuple(keys)
        self.fit_columns()

    def choose_columns(self, keys: Collection[str] | None) -> None:
        """Show exactly these (and the fixed ones), scrolling if need be; None: the usual ones."""
        self._chosen = None if keys is None else tuple(keys)
        self.fit_columns()

    def shown_columns(self) -> list[str]:
        """Keys of the columns on screen."""
        return [c.key for i, c in enumerate(self._model.columns) if not self.isColumnHidden(i)]

    def show_sort(self, key: str, descending: bool) -> None:
        """Mark a title as the one that gives the order."""
        self._sorted = (key, descending)
        header = self.horizontalHeader()
        assert isinstance(header, RowHeader)
        header.mark(key, descending)

    def show_ticks(self, on: bool | None) -> None:
        """In the title of the marks: whether all rows are ticked, none, or (None) some."""
        header = self.horizontalHeader()
        assert isinstance(header, RowHeader)
        header.show_ticks(on)

    def current_key(self) -> Any:
        """The key of the current row; None without one."""
        return self._model.key_at(self.currentIndex().row())

    def go_to(self, key: Any) -> bool:
        """Make the row of `key` current and bring it into view; False if it is not listed."""
        row = self._model.row_of(key)
        if row is None:
            return False
        self.setCurrentIndex(self._model.index(row, self._first_column()))
        return True

    def visible_rows(self) -> tuple[int, int]:
        """First and last row on screen; an empty range while hidden."""
        if not self.isVisible():
            return 0, -1
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        return max(0, first), self._model.rowCount() - 1 if last < 0 else last

    def lend_focus(self) -> None:
        """Take the focus for who may use keys, as in a page that opens; nobody works in it for that."""
        self._lent = True
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def in_hand(self) -> bool:
        """Whether somebody works in it, so that rows must keep their places."""
        return self.underMouse() or (self.hasFocus() and not self._lent)

    def fit_columns(self) -> None:
        """Set widths from samples; usual columns that do not fit give way, the last one first."""
        columns = self._model.columns
        keys = self._usual if self._chosen is None else self._chosen
        shown = [column for column in columns if column.fixed or column.key in keys]
        widths = {column.key: self._width_of(column) for column in columns}
        room = self.viewport().width()
        if self._chosen is None and room > px(120):
            order = {key: i for i, key in enumerate(keys)}
            while len(shown) > 2 and sum(widths[c.key] for c in shown) > room:
                yielding = [c for c in shown if not c.fixed]
                if not yielding:
                    break
                shown.remove(
                    max(yielding, key=lambda c: order.get(c.key, 0) if c.yields is None else c.yields)
                )
        left = room - sum(widths[c.key] for c in shown)
        stretch = [c for c in shown if c.stretch] or [c for c in shown if not c.mark]
        for i, column in enumerate(columns):
            self.setColumnHidden(i, column not in shown)
            extra = max(0, left // len(stretch)) if column in stretch else 0
            self.setColumnWidth(i, widths[column.key] + extra)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(-1)

    def _point_at(self, row: int) -> None:
        """Mark the whole row under the pointer: the view knows only the cell."""
        before, self._painter.pointed = self._painter.pointed, row
        if row != before:
            for one in (before, row):
                top, high = self.rowViewportPosition(one), self.rowHeight(one)
                self.viewport().update(0, top, self.viewport().width(), high)

    def _scrolled_under(self, _value: int) -> None:
        """Another row came under a pointer that stands still."""
        if self._painter.pointed >= 0:
            self._point_at(self.rowAt(self.viewport().mapFromGlobal(QCursor.pos()).y()))

    def event(self, event: QEvent) -> bool:
        taken = super().event(event)
        # Other keys, as the Ctrl of a shortcut, only pass through here.
        if event.type() == QEvent.Type.KeyPress and event.isAccepted():
            self._lent = False
        return taken

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if self.ticks and self._tick_key(event, row):
            return
        match event.key():
            case Qt.Key.Key_J if plain:
                self.step(1)
            case Qt.Key.Key_K if plain:
                self.step(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._open(row)
            case Qt.Key.Key_Space:
                self.peeked.emit(self._model.key_at(row))
            case Qt.Key.Key_Left if plain and self._model.is_heading(row):
                self.fold_asked.emit(self._model.key_at(row), True)
            case Qt.Key.Key_Right if plain and self._model.is_heading(row):
                self.fold_asked.emit(self._model.key_at(row), False)
            case Qt.Key.Key_Home:
                self.step(-self._model.rowCount())
            case Qt.Key.Key_End if not self.leaves_end:
                self.step(self._model.rowCount())
            case Qt.Key.Key_Up | Qt.Key.Key_Down | Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                super().keyPressEvent(event)
            case _:
                event.ignore()

    def _tick_key(self, event: QKeyEvent, row: int) -> bool:
        """Take a key that ticks; whether it was one."""
        key, shift = event.key(), event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        down = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}.get(Qt.Key(key), 0)
        if key == Qt.Key.Key_Space:
            self.tick_asked.emit(self._model.key_at(row))
        elif key == Qt.Key.Key_P:
            self.peeked.emit(self._model.key_at(row))
        elif shift and down:
            self.tick_on_asked.emit(self._model.key_at(row))
            self.step(down)
            self.tick_on_asked.emit(self.current_key())
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._lent = False
        index = self.indexAt(event.position().toPoint())
        if self._is_tick(index):
            self.tick_asked.emit(self._model.key_at(index.row()))
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._is_tick(self.indexAt(event.position().toPoint())):
            super().mouseDoubleClickEvent(event)

    def _is_tick(self, index: QModelIndex) -> bool:
        if not self.ticks or not index.isValid() or not self._model.columns[index.column()].mark:
            return False
        return self._model.cell(index.row(), index.column()).tick is not None

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands of the window here, not a search."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._model.is_heading(index.row()) and not self._is_tick(index):
            self.fold_asked.emit(self._model.key_at(index.row()), not self._model.is_folded(index.row()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        keyboard = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._lent = self._lent and not keyboard
        if keyboard and not self.currentIndex().isValid() and self._model.rowCount():
            self.setCurrentIndex(self._model.index(0, self._first_column()))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def _first_column(self) -> int:
        return next((i for i in range(len(self._model.columns)) if not self.isColumnHidden(i)), 0)

    def step(self, by: int) -> None:
        """Move the current row down (or up, for a negative number), staying inside the list."""
        count = self._model.rowCount()
        if not count:
            return
        row = self.currentIndex().row()
        wanted = 0 if row < 0 else min(count - 1, max(0, row + by))
        self.setCurrentIndex(self._model.index(wanted, self._first_column()))

    def _open(self, row: int) -> None:
        if self._model.is_heading(row):
            self.fold_asked.emit(self._model.key_at(row), not self._model.is_folded(row))
        elif row >= 0:
            self.opened.emit(self._model.key_at(row))

    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.moved.emit(self._model.key_at(current.row()))

    def _title_clicked(self, section: int) -> None:
        column = self._model.columns[section]
        if column.mark and self.ticks:
            self.tick_asked.emit(None)
        if column.order is not None:
            key, descending = self._sorted
            turned = not descending if key == column.key else column.descending_first
            self.sort_asked.emit(column.key, turned)

    def _width_of(self, column: Column[Any]) -> int:
        text = max(
            fonts.metrics("body", 600).horizontalAdvance(column.sample),
            fonts.metrics("caption").horizontalAdvance(column.title) + (px(14) if column.order else 0),
        )
        return (
            2
            + round(max(text, 0 if column.sample else px(column.extra_px)))
            + (px(column.extra_px) if column.sample else 0)
            + 2 * px(PAD)
        )
