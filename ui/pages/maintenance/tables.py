"""Tables of Maintenance: stops that move by Alt and an arrow, ranges drawn as whiskers."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from ui.models.row_model import RowModel
from ui.models.scores import Whisker
from ui.theme.theme import colour, px
from ui.widgets.painting import upright
from ui.widgets.row_painting import PAD, CellDelegate
from ui.widgets.row_table import RowTable


class StopTable(RowTable):
    """A table whose current row can be moved: Alt+Up and Alt+Down ask for it."""

    move_asked = Signal(object, int)
    """(key, −1 up or 1 down)"""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if by and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            key = self.current_key()
            if key is not None:
                self.move_asked.emit(key, by)
            return
        super().keyPressEvent(event)


class WhiskerDelegate(CellDelegate):
    """Paints the columns named by `whiskers` as a range with its value and the line of all."""

    def __init__(self, whiskers: dict[str, Callable[[Any], Whisker | None]], parent: QWidget) -> None:
        super().__init__(parent)
        self._whiskers = whiskers

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        model = index.model()
        assert isinstance(model, RowModel)
        tell = self._whiskers.get(model.columns[index.column()].key)
        found = tell(model.rows[index.row()]) if tell is not None else None
        if found is not None:
            paint_whisker(painter, QRectF(option.rect).adjusted(px(PAD), 0, -px(PAD), 0), found)


def paint_whisker(painter: QPainter, box: QRectF, told: Whisker) -> None:
    """A range: its ends, the line between, the value as a dot, and a dotted line for all."""
    middle, high = box.center().y(), px(4)

    def at(value: float) -> float:
        return box.left() + box.width() * value

    painter.save()
    if told.all is not None:
        pen = QPen(colour("text3"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.drawLine(QPointF(at(told.all), box.top()), QPointF(at(told.all), box.bottom()))
    painter.setPen(QPen(colour("seriesThird"), 1.5))
    painter.drawLine(QPointF(at(told.low), middle), QPointF(at(told.high), middle))
    for end in (told.low, told.high):
        upright(painter, at(end), middle - high, 2 * high, "seriesThird")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("seriesMain"))
    painter.drawEllipse(QPointF(at(told.value), middle), px(3), px(3))
    painter.restore()
