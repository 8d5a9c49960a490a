"""What drivers do: four small charts of shares of sessions, the second set as a dashed line of steps."""

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.analytics.insights.behaviour import Behaviour
from ui.models.insight_drivers import Bars, charts, said
from ui.pages.insights.drawn import PAD, Drawn
from ui.theme import fonts
from ui.theme.theme import px
from ui.widgets.painting import CENTRE, LEFT, RIGHT, draw_text, fill_round, hairline, ink_of, width_of


class Spreads(Drawn):
    """Arrival, stay, energy, idle after full."""

    def __init__(self) -> None:
        super().__init__("What do drivers do")
        self.charts: tuple[Bars, ...] = ()

    def show_behaviour(self, first: Behaviour, second: Behaviour | None) -> None:
        """Show both sets."""
        self.charts = charts(first, second)
        self.tell()

    def items(self) -> int:
        return sum(len(bars.shares) for bars in self.charts)

    def said(self, item: int) -> str:
        chart, n = self._of(item)
        return said(self.charts[chart], n)

    def _of(self, item: int) -> tuple[int, int]:
        for chart, bars in enumerate(self.charts):
            if item < len(bars.shares):
                return chart, item
            item -= len(bars.shares)
        return 0, 0

    def _plot(self, chart: int) -> QRectF:
        wide, high = (self.width() - 3 * px(PAD)) / 2, (self.height() - px(8)) / 2
        x, y = px(PAD) + chart % 2 * (wide + px(PAD)), px(4) + chart // 2 * high
        caption = fonts.line_height("caption")
        return QRectF(x, y + px(20), wide, high - px(24) - caption)

    def item_at(self, at: QPoint) -> int:
        before = 0
        for chart, bars in enumerate(self.charts):
            plot = self._plot(chart)
            if plot.contains(QPointF(at)):
                return before + min(
                    len(bars.shares) - 1, int((at.x() - plot.left()) / plot.width() * len(bars.shares))
                )
            before += len(bars.shares)
        return -1

    def draw(self, painter: QPainter) -> None:
        chart, n = self._of(self.marked) if self.marked >= 0 else (-1, -1)
        for index, bars in enumerate(self.charts):
            self._chart(painter, bars, self._plot(index), n if index == chart else -1)

    def _chart(self, painter: QPainter, bars: Bars, plot: QRectF, marked: int) -> None:
        title = QRectF(plot.left(), plot.top() - px(20), plot.width(), px(18))
        used = draw_text(painter, title, bars.title, "caption", "text2", LEFT, weight=600)
        told = said(bars, marked).split(", ", 1)[-1] if marked >= 0 else bars.told
        title.setLeft(title.left() + used + px(10))
        draw_text(painter, title, told, "caption", "text3", RIGHT)
        top = max((*bars.shares, *(bars.before or ())), default=0.0) or 1.0
        step = plot.width() / len(bars.shares)
        gap = px(1) if len(bars.shares) > 12 else px(3)
        for n, share in enumerate(bars.shares):
            high = (plot.height() - px(4)) * share / top
            box = QRectF(plot.left() + n * step + gap, plot.bottom() - high, step - 2 * gap, high)
            fill_round(painter, box, 1, "accent" if n == marked else "seriesThird")
        hairline(painter, plot.left(), plot.bottom(), plot.width(), "line2")
        if bars.before is not None and any(bars.before):
            line = QPolygonF()
            for n, share in enumerate(bars.before):
                y = plot.bottom() - (plot.height() - px(4)) * share / top
                line.append(QPointF(plot.left() + n * step, y))
                line.append(QPointF(plot.left() + (n + 1) * step, y))
            pen = QPen(ink_of("seriesSecond"), 1.5)
            pen.setDashPattern([6, 2])
            painter.setPen(pen)
            painter.drawPolyline(line)
        self._names(painter, bars, plot, step)

    def _names(self, painter: QPainter, bars: Bars, plot: QRectF, step: float) -> None:
        widest = max(width_of(name, "caption") for name in bars.names) + px(4)
        every = 3 if len(bars.names) == 24 else 1
        while every * step < widest:
            every += 1
        for n in range(0, len(bars.names), every):
            middle = plot.left() + (n + 0.5) * step
            box = QRectF(middle - widest, plot.bottom() + px(2), 2 * widest, fonts.line_height("caption"))
            draw_text(painter, box, bars.names[n], "caption", "text3", CENTRE, elide=False)
