"""The grid of settings and stations: a dot is equal, the degraded shape differs. Painted whole."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.domain.status import Shown
from app.operations.configuration.drift import Cell, CellState
from ui.models.drift import Matrix, spoken
from ui.theme.icons import paint_icon
from ui.theme.shapes import paint_state_at, soft_colour
from ui.theme.theme import px, theme
from ui.widgets.painting import CENTRE, RIGHT, draw_text, focus_ring, hairline, ink_of, upright, width_of
from ui.widgets.row_painting import paint_tick

ROW, HEAD, CELL, WANTED = 25, 24, 48, 72


class MatrixView(QAbstractScrollArea):
    """Arrows move, Space ticks a setting, Enter opens a cell; the settings stay in view at the left."""

    opened = Signal(object)
    moved = Signal(object)
    ticked = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix = Matrix()
        self.ticks: set[str] = set()
        self.row = self.column = 0
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Settings and stations")
        theme().changed.connect(self.viewport().update)

    def show_matrix(self, matrix: Matrix) -> None:
        """Show a grid; the place of the cursor and the ticks stay where they can."""
        self.matrix = matrix
        self.ticks &= {row.name for row in matrix.rows}
        self.row = min(self.row, max(0, len(matrix.rows) - 1))
        self.column = min(self.column, max(0, len(matrix.columns) - 1))
        self._range()
        self._say()
        self.viewport().update()

    @property
    def current(self) -> Cell | None:
        """The cell under the cursor."""
        return self.matrix.cell(self.row, self.column)

    def shown_columns(self) -> tuple[int, int]:
        """How many stations are in view, and how many there are."""
        room = self.viewport().width() - self._left()
        return min(len(self.matrix.columns), max(0, room // self._cell())), len(self.matrix.columns)

    def turn_tick(self, row: int) -> None:
        """Tick a setting, or not."""
        if 0 <= row < len(self.matrix.rows):
            name = self.matrix.rows[row].name
            self.ticks ^= {name}
            self._say()
            self.viewport().update()
            self.ticked.emit()

    def sizeHint(self) -> QSize:
        return QSize(px(700), self._top() + len(self.matrix.rows) * px(ROW) + px(14))

    def _left(self) -> int:
        return px(36) + self._name_wide() + px(WANTED)

    def _name_wide(self) -> int:
        longest = max((width_of(row.name, "mono") for row in self.matrix.rows), default=0.0)
        return round(min(max(longest, px(150)), self.viewport().width() * 0.32)) + px(10)

    def _cell(self) -> int:
        return px(CELL)

    def _top(self) -> int:
        return 2 * px(HEAD)

    def _range(self) -> None:
        wide = len(self.matrix.columns) * self._cell() - (self.viewport().width() - self._left())
        high = len(self.matrix.rows) * px(ROW) - (self.viewport().height() - self._top())
        self.horizontalScrollBar().setRange(0, max(0, wide))
        self.horizontalScrollBar().setPageStep(max(1, self.viewport().width() - self._left()))
        self.horizontalScrollBar().setSingleStep(self._cell())
        self.verticalScrollBar().setRange(0, max(0, high))
        self.verticalScrollBar().setPageStep(max(1, self.viewport().height() - self._top()))
        self.verticalScrollBar().setSingleStep(px(ROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._range()
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {
            Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_K: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_J: (1, 0),
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Home: (0, -10_000),
            Qt.Key.Key_End: (0, 10_000), Qt.Key.Key_PageUp: (-10, 0), Qt.Key.Key_PageDown: (10, 0),
        }.get(Qt.Key(event.key()))  # fmt: skip
        if by is not None and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.go_to(self.row + by[0], self.column + by[1])
        elif event.key() == Qt.Key.Key_Space:
            self.turn_tick(self.row)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.current)
        else:
            event.ignore()

    def go_to(self, row: int, column: int) -> None:
        """Put the cursor on a cell and bring it into view."""
        self.row = max(0, min(len(self.matrix.rows) - 1, row))
        self.column = max(0, min(len(self.matrix.columns) - 1, column))
        wide = self.viewport().width() - self._left()
        high = self.viewport().height() - self._top()
        for bar, place, step, room in (
            (self.horizontalScrollBar(), self.column * self._cell(), self._cell(), wide),
            (self.verticalScrollBar(), self.row * px(ROW), px(ROW), high),
        ):
            if place < bar.value():
                bar.setValue(place)
            elif place + step > bar.value() + room:
                bar.setValue(place + step - room)
        self._say()
        self.viewport().update()
        self.moved.emit(self.current)

    def _say(self) -> None:
        cell = self.current
        ticked = ", setting ticked" if cell is not None and cell.line in self.ticks else ""
        self.setAccessibleDescription(f"{spoken(cell)}{ticked}" if cell is not None else "")

    def _at(self, at: QPoint) -> tuple[int, int]:
        row = (at.y() - self._top() + self.verticalScrollBar().value()) // px(ROW)
        column = (at.x() - self._left() + self.horizontalScrollBar().value()) // self._cell()
        return (
            row if at.y() >= self._top() and row < len(self.matrix.rows) else -1,
            column if at.x() >= self._left() and column < len(self.matrix.columns) else -1,
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row, column = self._at(event.position().toPoint())
        if row < 0:
            return
        if event.position().x() < px(36):
            self.turn_tick(row)
        self.go_to(row, column if column >= 0 else self.column)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row, column = self._at(event.position().toPoint())
        if row >= 0 and column >= 0:
            self.opened.emit(self.matrix.cell(row, column))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), ink_of("surface1"))
        self._paint_cells(painter)
        self._paint_names(painter)
        self._paint_heads(painter)
        painter.end()

    def _paint_cells(self, painter: QPainter) -> None:
        left, top, cell = self._left(), self._top(), self._cell()
        wide, high = self.viewport().width(), self.viewport().height()
        painter.save()
        painter.setClipRect(left, top, wide - left, high - top)
        x0, y0 = left - self.horizontalScrollBar().value(), top - self.verticalScrollBar().value()
        first_row = max(0, (top - y0) // px(ROW))
        first_column = max(0, (left - x0) // cell)
        for row in range(first_row, len(self.matrix.rows)):
            y = y0 + row * px(ROW)
            if y > high:
                break
            if row == self.row:
                painter.fillRect(QRectF(left, y, wide - left, px(ROW)), ink_of("accentSoft"))
            for column in range(first_column, len(self.matrix.columns)):
                x = x0 + column * cell
                if x > wide:
                    break
                found = self.matrix.cell(row, column)
                if found is not None:
                    self._paint_cell(painter, QRectF(x, y, cell, px(ROW)), found)
                upright(painter, x + cell - 1, y, px(ROW), "line1")
            hairline(
                painter, left, y + px(ROW) - 1, min(wide - left, x0 + len(self.matrix.columns) * cell - left)
            )
        if self.hasFocus() and self.current is not None:
            box = QRectF(x0 + self.column * cell, y0 + self.row * px(ROW), cell - 1, px(ROW) - 1)
            focus_ring(painter, box, 3)
        painter.restore()

    def _paint_cell(self, painter: QPainter, box: QRectF, cell: Cell) -> None:
        middle, side = box.center(), px(10)
        match cell.state:
            case CellState.EQUAL:
                painter.fillRect(QRectF(middle.x() - 1.5, middle.y() - 1.5, 3, 3), ink_of("text2"))
            case CellState.DIFFERS:
                painter.fillRect(box.adjusted(0, 0, -1, -1), soft_colour(Shown.DEGRADED))
                text = cell.short or cell.found or ""
                wide = min(width_of(text, "caption", 600), box.width() - side - px(4))
                start = middle.x() - (side + px(3) + wide) / 2
                paint_state_at(painter, start, middle.y() - side / 2, side, Shown.DEGRADED)
                line = QRectF(start + side + px(3), box.top(), wide + 1, box.height())
                draw_text(painter, line, text, "caption", "text1", weight=600)
            case CellState.LOCKED:
                paint_icon(painter, middle.x() - side / 2, middle.y() - side / 2, "lock", side, "text2")
            case CellState.NOT_READ | CellState.UNKNOWN:
                large = px(13)
                x, y = middle.x() - large / 2, middle.y() - large / 2
                paint_state_at(painter, x, y, large, Shown.UNKNOWN)
            case _:
                draw_text(painter, box, "–", "small", "text3", CENTRE)

    def _paint_names(self, painter: QPainter) -> None:
        left, top, high = self._left(), self._top(), self.viewport().height()
        painter.save()
        painter.setClipRect(0, top, left, high - top)
        y0 = top - self.verticalScrollBar().value()
        for place, row in enumerate(self.matrix.rows):
            y = y0 + place * px(ROW)
            if y + px(ROW) < top or y > high:
                continue
            on = place == self.row
            painter.fillRect(QRectF(0, y, left, px(ROW)), ink_of("accentSoft" if on else "surface1"))
            if on:
                painter.fillRect(QRectF(0, y, 3, px(ROW)), ink_of("accent"))
            paint_tick(painter, QRectF(px(6), y, px(28), px(ROW)).toRect(), row.name in self.ticks)
            name = QRectF(px(36), y, self._name_wide() - px(6), px(ROW))
            draw_text(painter, name, row.name, "mono", "text1")
            wanted = QRectF(px(36) + self._name_wide(), y, px(WANTED) - px(10), px(ROW))
            draw_text(painter, wanted, row.wanted, "small", "text1", RIGHT, weight=600)
            hairline(painter, 0, y + px(ROW) - 1, left)
        painter.restore()
        upright(painter, left - 1, 0, high, "line2")

    def _paint_heads(self, painter: QPainter) -> None:
        left, top, cell, head = self._left(), self._top(), self._cell(), px(HEAD)
        wide = self.viewport().width()
        painter.fillRect(QRectF(0, 0, wide, top), ink_of("surface1"))
        draw_text(painter, QRectF(px(12), 0, px(120), head), "Key", "caption", "text3")
        draw_text(painter, QRectF(0, 0, left - px(10), head), "Template", "caption", "text3", RIGHT)
        painter.save()
        painter.setClipRect(left, 0, wide - left, top)
        x0 = left - self.horizontalScrollBar().value()
        start = 0
        for place, column in enumerate(self.matrix.columns):
            x = x0 + place * cell
            ink = "text1" if place == self.column else "text2"
            draw_text(painter, QRectF(x + 2, head, cell - 4, head), column.short, "small", ink, CENTRE)
            last = place + 1 == len(self.matrix.columns) or self.matrix.columns[place + 1].site != column.site
            if last:
                box = QRectF(x0 + start * cell, 0, (place + 1 - start) * cell, head)
                visible = box.intersected(QRectF(left, 0, wide - left, head))
                draw_text(
                    painter,
                    visible.adjusted(px(4), 0, -px(4), 0),
                    column.site or "No site yet",
                    "small",
                    "text1",
                    CENTRE,
                )
                upright(painter, box.right() - 1, 0, top, "line2")
                start = place + 1
            else:
                upright(painter, x + cell - 1, head, head, "line1")
        painter.restore()
        hairline(painter, left, head, wide - left)
        hairline(painter, 0, top - 1, wide, "line2")
        upright(painter, left - 1, 0, top, "line2")
