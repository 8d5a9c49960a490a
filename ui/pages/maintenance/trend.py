"""A figure with what it is made of and its twelve months: the strip at the top of Maintenance."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import fonts
from ui.theme.theme import colour, px
from ui.widgets.painting import LEFT, RIGHT, draw_baseline, draw_text, hairline


class TrendCell(QWidget):
    """One figure. Months without a value break the line; a month alone is a dot."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self._value, self._unit, self._note = "–", "", ""
        self._months: tuple[float | None, ...] = ()
        self._ends = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(title)

    def show_value(self, value: str, unit: str, note: str) -> None:
        """The figure and the words under it."""
        self._value, self._unit, self._note = value, unit, note
        self.setToolTip(note)
        self._say()

    def show_months(self, months: Sequence[float | None], first: str, last: str) -> None:
        """The figures of the months, oldest first, with words for both ends."""
        self._months, self._ends = tuple(months), (first, last)
        self._say()

    def _say(self) -> None:
        known = [value for value in self._months if value is not None]
        told = f"{len(known)} of {len(self._months)} months known" if self._months else ""
        name = ", ".join(
            filter(
                None,
                (self.title, f"{self._value} {self._unit}".strip(), self._note.replace("\n", ", "), told),
            )
        )
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(260), px(104))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(150), px(104))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left, wide = px(16), self.width()
        room = wide * 0.46 if wide > px(240) else wide - left - px(8)
        draw_text(painter, QRectF(left, px(8), wide - left - px(8), px(18)), self.title, "small", "text2",
                  weight=500)  # fmt: skip
        x = left + draw_baseline(painter, left, px(54), self._value, "display")
        draw_baseline(painter, x + px(5), px(54), self._unit, "small", "text2")
        high = fonts.line_height("small")
        for line, text in enumerate(self._note.split("\n")):
            note = QRectF(left, px(62) + line * high, max(room - px(8), px(100)), high)
            draw_text(painter, note, text, "small", "text3")
        if wide > px(240):
            self._line(painter, QRectF(left + room, px(30), wide - left - room - px(16), px(42)))
        painter.end()

    def _line(self, painter: QPainter, plot: QRectF) -> None:
        caption = fonts.line_height("caption")
        hairline(painter, plot.left(), plot.bottom() + px(6), plot.width(), "line2")
        foot = QRectF(plot.left(), plot.bottom() + px(8), plot.width(), caption)
        draw_text(painter, foot, self._ends[0], "caption", "text3", LEFT)
        draw_text(painter, foot, self._ends[1], "caption", "text3", RIGHT)
        known = [value for value in self._months if value is not None]
        if not known:
            draw_text(painter, plot, "no months yet", "caption", "text3", LEFT)
            return
        top = max(known) or 1.0
        step = plot.width() / max(1, len(self._months) - 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("seriesMain"), 1.5))
        run, last = QPolygonF(), QPointF()
        for i, value in enumerate((*self._months, None)):
            if value is not None:
                last = QPointF(plot.left() + i * step, plot.bottom() - plot.height() * value / top)
                run.append(last)
                continue
            if run.count() == 1:
                painter.drawEllipse(run.at(0), 1.5, 1.5)
            elif run.count():
                painter.drawPolyline(run)
            run = QPolygonF()
        painter.setBrush(colour("seriesMain"))
        painter.drawEllipse(last, 3, 3)
