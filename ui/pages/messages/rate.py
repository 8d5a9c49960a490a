"""How many lines of the log pass: a small line of the last minute, and the figure per minute.

Calls and answers are lines of their own, so that it is more than the messages that the status bar counts.
"""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.formats import count, number
from ui.theme.theme import colour, px, size
from ui.widgets.painting import draw_text, width_of

SECONDS = 60
LINE = 86


class RateLine(QWidget):
    """Counts what is put in; a step each second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = [0] * SECONDS
        self._now = 0
        self._per_minute = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def hear(self, messages: int) -> None:
        """So many passed just now."""
        self._now += messages

    def step(self, per_minute: int) -> None:
        """A second has passed; `per_minute` is the figure to show."""
        self._counts = [*self._counts[1:], self._now]
        self._now, self._per_minute = 0, per_minute
        self.setAccessibleName(f"{count(per_minute, 'line')} per minute")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = width_of("9,999", "small", 600) + width_of(" lines per min", "small")
        return QSize(round(px(LINE) + px(8) + words + px(4)), size("button"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, high, wide = px(7), self.height() - px(14), px(LINE)
        most = max(1, *self._counts)
        line = QPolygonF(
            [
                QPointF(i * wide / (SECONDS - 1), top + high - high * value / most)
                for i, value in enumerate(self._counts)
            ]
        )
        painter.setPen(QPen(colour("seriesMain"), 1.2))
        painter.drawPolyline(line)
        x = float(wide + px(8))
        text = number(self._per_minute)
        x += draw_text(painter, QRectF(x, 0, px(60), self.height()), text, "small", "text1", weight=600)
        words = "line per min" if self._per_minute == 1 else "lines per min"
        draw_text(painter, QRectF(x + px(4), 0, px(90), self.height()), words, "small", "text2")
        painter.end()
