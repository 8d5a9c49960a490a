"""Lines of evidence, painted: day, where, what, how much, money; a click or Enter opens one."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.models.cost_events import EventRow
from ui.theme import fonts
from ui.theme.theme import px
from ui.widgets.painting import RIGHT, draw_text, draw_with, focus_ring, ink_of, width_of


class EventRows(QWidget):
    """Rows in the order given."""

    opened = Signal(str, str)

    def __init__(self, name: str, day_px: int = 52, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._day_px = name, day_px
        self.rows: tuple[EventRow, ...] = ()
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[EventRow]) -> None:
        """Show these."""
        self.rows = tuple(rows)
        self._current = -1
        told = "; ".join(f"{r.day} {r.link} {r.text} {r.amount}" for r in self.rows)
        self.setAccessibleName(f"{self._name}: {told or 'none'}")
        self.updateGeometry()
        self.update()

    def _pitch(self) -> int:
        return fonts.line_height("small") + px(8)

    def sizeHint(self) -> QSize:
        return QSize(px(260), max(1, len(self.rows)) * self._pitch())

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), self.sizeHint().height())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = int(event.position().y()) // self._pitch()
        leads = 0 <= row < len(self.rows) and bool(self.rows[row].route)
        self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._open(int(event.position().y()) // self._pitch())

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.rows) and self.rows[row].route:
            self.opened.emit(self.rows[row].route, self.rows[row].argument)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}.get(
            Qt.Key(event.key()), 0
        )
        if step and self.rows:
            self._current = max(0, min(len(self.rows) - 1, self._current + step))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self._open(self._current)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pitch = self._pitch()
        days = px(self._day_px)
        links = min(
            self.width() * 0.3, max((width_of(r.link, "mono") for r in self.rows), default=0) + px(12)
        )
        money = max((width_of(r.amount, "small", 600) for r in self.rows), default=0) + px(12)
        much = max((width_of(r.quantity, "small") for r in self.rows), default=0) + px(12)
        if self.width() < px(320):
            much = 0
        for i, row in enumerate(self.rows):
            top = i * pitch
            if i == self._current and self.hasFocus():
                painter.fillRect(QRectF(0, top, self.width(), pitch), ink_of("accentSoft"))
            draw_text(painter, QRectF(0, top, days, pitch), row.day, "small", "text3")
            link = QRectF(days, top, links - px(8), pitch)
            draw_with(painter, link, row.link, fonts.font("mono"), "accent" if row.route else "text1")
            end = self.width() - money - much
            draw_text(
                painter, QRectF(days + links, top, end - days - links, pitch), row.text, "small", "text2"
            )
            if much:
                draw_text(painter, QRectF(end, top, much, pitch), row.quantity, "small", "text3", RIGHT)
            draw_text(
                painter, QRectF(self.width() - money, top, money, pitch), row.amount, "small", "text1", RIGHT,
                weight=600,
            )  # fmt: skip
        if not self.rows:
            draw_text(painter, QRectF(0, 0, self.width(), pitch), "No events", "small", "text3")
        if self.hasFocus() and self._current < 0 and self.window().property("keyboardFocus"):
            focus_ring(painter, QRectF(self.rect()), 4)
        painter.end()
