"""Causes or places by size: name, how much, money, and a bar in the pattern of how it is known."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.models.cost_words import euro
from ui.models.costs import Slice
from ui.theme import fonts
from ui.theme.theme import px
from ui.widgets.confidence import paint_shares
from ui.widgets.painting import RIGHT, draw_text, fill_round, focus_ring, ink_of, width_of


class SliceBars(QWidget):
    """Rows by size; a click or Enter tells the key. The first `most` are shown, the rest are counted."""

    chosen = Signal(str)

    def __init__(self, name: str, most: int = 5, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._most = name, most
        self._slices: tuple[Slice, ...] = ()
        self._currency, self._current, self._rest = "", -1, 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)

    def show_slices(self, slices: Sequence[Slice], currency: str) -> None:
        """Show them in the order given."""
        self._slices, self._currency = tuple(slices[: self._most]), currency
        self._rest = len(slices) - len(self._slices)
        said = "; ".join(f"{one.name} {euro(one.amount, currency)}" for one in self._slices)
        self.setAccessibleName(f"{self._name}: {said or 'nothing'}")
        self._current = -1
        self.updateGeometry()
        self.update()

    def _pitch(self) -> int:
        return fonts.line_height("small") + px(13)

    def sizeHint(self) -> QSize:
        rows = len(self._slices) + (1 if self._rest else 0)
        return QSize(px(240), max(1, rows) * self._pitch())

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), self.sizeHint().height())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A name that does not fit its line is told whole."""
        row = int(event.position().y()) // self._pitch()
        self.setToolTip(self._slices[row].name if 0 <= row < len(self._slices) else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = int(event.position().y()) // self._pitch()
        if 0 <= row < len(self._slices):
            self.chosen.emit(self._slices[row].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}.get(
            Qt.Key(event.key()), 0
        )
        if step and self._slices:
            self._current = max(0, min(len(self._slices) - 1, self._current + step))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self.chosen.emit(self._slices[self._current].key)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pitch, line = self._pitch(), fonts.line_height("small")
        most = max((one.amount for one in self._slices if one.amount is not None), default=Decimal(0))
        for i, one in enumerate(self._slices):
            top = i * pitch
            if i == self._current and self.hasFocus():
                painter.fillRect(QRectF(0, top, self.width(), pitch), ink_of("accentSoft"))
            money = euro(one.amount, self._currency) if one.amount is not None else "not known yet"
            wide = max(px(74), width_of(money, "small", 600))
            right = QRectF(self.width() - wide, top, wide, line)
            draw_text(painter, right, money, "small", "text1", RIGHT, weight=600)
            how_much = width_of(one.quantity, "small") + px(12)
            middle = QRectF(right.left() - how_much, top, how_much - px(12), line)
            draw_text(painter, middle, one.quantity, "small", "text3", RIGHT, elide=False)
            draw_text(painter, QRectF(0, top, middle.left() - px(10), line), one.name, "small")
            track = QRectF(0, top + line + px(3), self.width(), px(5))
            fill_round(painter, track, 1, "surface2")
            paint_shares(painter, track, one.shares, most)
        if self._rest:
            rest = QRectF(0, len(self._slices) * pitch, self.width(), line)
            draw_text(painter, rest, f"and {self._rest} more", "small", "text3")
        if not self._slices:
            draw_text(painter, QRectF(0, 0, self.width(), line), "Nothing booked here", "small", "text3")
        if self.hasFocus() and self._current < 0 and self.window().property("keyboardFocus"):
            focus_ring(painter, QRectF(self.rect()), 4)
        painter.end()
