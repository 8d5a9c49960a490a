"""A small power line with its scale and ends in words: for panels where a whole chart is too much."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import fonts
from ui.theme.formats import number
from ui.theme.theme import colour, px
from ui.widgets.painting import LEFT, RIGHT, draw_text, hairline, width_of


def nice_top(value: float) -> float:
    """The next round figure at or above `value`: 1, 1.5, 2, 3, 5 or 8 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next((power * step for step in (1, 1.5, 2, 3, 5, 8, 10) if power * step >= value), power * 10)


class Spark(QWidget):
    """Values at even steps; None breaks the line and is never bridged. The axis starts at zero."""

    def __init__(self, name: str, unit: str = "kW", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._unit = name, unit
        self._values: tuple[float | None, ...] = ()
        self._ends = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_values(self, values: Sequence[float | None], first: str, last: str) -> None:
        """Show `values` in the unit, with words for both ends of the time axis."""
        self._values, self._ends = tuple(values), (first, last)
        known = [value for value in values if value is not None]
        if known:
            told = f"last {number(known[-1])}, lowest {number(min(known))}, highest {number(max(known))}"
        else:
            told = "nothing known"
        self.setAccessibleName(f"{self._name}, {self._unit}, {told}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(260), px(96))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), px(80))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        known = [value for value in self._values if value is not None]
        top = nice_top(max(known, default=0.0))
        caption = fonts.line_height("caption")
        digits = next(d for d in range(6) if d == 5 or abs(round(top / 2, d) - top / 2) < 1e-9)
        labels = [number(top, digits if top < 1 else 0), number(top / 2, digits), "0"]
        left = max(width_of(text, "caption") for text in labels) + px(8)
        plot = QRectF(left, caption / 2, self.width() - left - 2, self.height() - caption * 1.5 - px(6))
        for i, text in enumerate(labels):
            y = plot.top() + plot.height() * i / 2
            hairline(painter, plot.left(), y, plot.width(), "line2" if i == 2 else "line1")
            line = QRectF(0, y - caption / 2, left - px(8), caption)
            draw_text(painter, line, text, "caption", "text3", RIGHT, elide=False)
        foot = QRectF(plot.left(), plot.bottom() + px(4), plot.width(), caption)
        draw_text(painter, foot, self._ends[0], "caption", "text3", LEFT)
        draw_text(painter, foot, self._ends[1], "caption", "text3", RIGHT)
        if known:
            self._line(painter, plot, top)
        else:
            draw_text(painter, plot, "No values in this time", "small", "text3", LEFT)
        painter.end()

    def _line(self, painter: QPainter, plot: QRectF, top: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(colour("seriesMain"), 1.5)
        painter.setPen(pen)
        step = plot.width() / max(1, len(self._values) - 1)
        run = QPolygonF()
        for i, value in enumerate((*self._values, None)):
            if value is not None:
                run.append(QPointF(plot.left() + i * step, plot.bottom() - plot.height() * value / top))
                continue
            if run.count() == 1:
                run.append(QPointF(run.at(0).x() + max(1.0, step / 2), run.at(0).y()))
            if run.count():
                painter.drawPolyline(run)
                run = QPolygonF()
