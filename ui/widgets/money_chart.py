"""The money clock's line: what was lost so far, and dashed what it comes to if nothing is done."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.models.fault_money import Clock
from ui.theme import fonts
from ui.theme.formats import when
from ui.theme.theme import colour, px
from ui.widgets.painting import CENTRE, LEFT, RIGHT, draw_text, hairline


class MoneyChart(QWidget):
    """A straight line through what is known: nothing at the onset, the loss now, the forecast at its end."""

    def __init__(self, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._clock: Clock | None = None
        self._now_ms = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_clock(self, clock: Clock, now_ms: int) -> None:
        """Show a fault's clock as of now."""
        self._clock, self._now_ms = clock, now_ms
        self.setVisible(clock.lost_minor is not None and clock.start_ms > 0)
        told = f", {clock.forecast}" if clock.forecast else ""
        self.setAccessibleName(f"Lost so far {clock.lost}{told}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(280), px(104))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(104))

    def paintEvent(self, event: QPaintEvent) -> None:
        told = self._clock
        if told is None or told.lost_minor is None:
            return
        painter = QPainter(self)
        caption = fonts.line_height("caption")
        plot = QRectF(px(4), caption + px(4), self.width() - px(8), self.height() - 2 * caption - px(12))
        end = told.end_ms if told.end_ms is not None else self._now_ms
        span = max(1, end - told.start_ms)
        share = min(1.0, max(0.0, (self._now_ms - told.start_ms) / span))
        top = max(1, told.forecast_minor or 0, told.lost_minor)
        now = QPointF(
            plot.left() + plot.width() * share, plot.bottom() - plot.height() * told.lost_minor / top
        )
        start = QPointF(plot.left(), plot.bottom())
        hairline(painter, plot.left(), plot.bottom(), plot.width(), "line2")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("surface3"))
        painter.drawPolygon(QPolygonF([start, now, QPointF(now.x(), plot.bottom())]))
        painter.setPen(QPen(colour("seriesMain"), 1.75))
        painter.drawLine(start, now)
        if told.forecast_minor is not None and told.end_ms is not None:
            pen = QPen(colour("text2"), 1.5)
            pen.setDashPattern([3, 3])
            painter.setPen(pen)
            painter.drawLine(
                now, QPointF(plot.right(), plot.bottom() - plot.height() * told.forecast_minor / top)
            )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("text1"))
        painter.drawEllipse(now, px(3), px(3))
        self._words(painter, plot, now, caption)
        painter.end()

    def _words(self, painter: QPainter, plot: QRectF, now: QPointF, caption: int) -> None:
        told = self._clock
        assert told is not None
        draw_text(painter, QRectF(0, 0, self.width(), caption), told.forecast, "caption", "text2", RIGHT)
        y = plot.bottom() + px(4)
        ends = QRectF(plot.left(), y, plot.width(), caption)
        first = when(told.start_ms, self._now_ms, self._zone)
        draw_text(painter, ends, first, "caption", "text3", LEFT)
        room = fonts.metrics("caption").horizontalAdvance(first) + px(30)
        if told.end_ms is not None:
            draw_text(painter, ends, when(told.end_ms, self._now_ms, self._zone), "caption", "text3", RIGHT)
        if now.x() - plot.left() > room and plot.right() - now.x() > (room if told.end_ms is not None else 0):
            here = QRectF(now.x() - px(30), y, px(60), caption)
            draw_text(painter, here, when(self._now_ms, self._now_ms, self._zone), "caption", "text3", CENTRE)
        elif told.end_ms is None:
            draw_text(painter, ends, when(self._now_ms, self._now_ms, self._zone), "caption", "text3", RIGHT)
