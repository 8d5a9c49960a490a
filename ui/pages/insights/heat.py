"""The week: grey by demand, a number where all connectors were taken."""

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor, QPainter

from app.analytics.insights.answers import Hours
from ui.models.insight_week import DAYS, Heat, heat, said
from ui.pages.insights.drawn import PAD, Drawn, second_mark
from ui.theme.formats import UNKNOWN, number
from ui.theme.theme import px
from ui.widgets.painting import CENTRE, LEFT, RIGHT, draw_text, fill_round, ink_of, width_of

SHADES = 8
HEAD, FOOT = 22, 28


class HeatMap(Drawn):
    """7 rows of 24 hours."""

    step_across = 24

    def __init__(self) -> None:
        super().__init__("When do drivers come, and when is it full")
        self.shown: Heat | None = None

    def show_hours(self, first: Hours, second: Hours | None) -> None:
        """Show the week of the first set, with the second's totals a day."""
        self.shown = heat(first, second)
        self.tell()

    def items(self) -> int:
        return 168 if self.shown is not None else 0

    def said(self, item: int) -> str:
        return said(self.shown, item) if self.shown is not None else ""

    def _plot(self) -> QRectF:
        left = px(PAD) + width_of("Wed", "caption") + px(10)
        right = px(PAD) + px(46)
        return QRectF(left, px(HEAD), self.width() - left - right, self.height() - px(HEAD) - px(FOOT))

    def cell(self, hour: int) -> QRectF:
        """Where an hour of the week is drawn."""
        plot = self._plot()
        wide, high = plot.width() / 24, plot.height() / 7
        return QRectF(
            plot.left() + hour % 24 * wide, plot.top() + hour // 24 * high, wide - px(2), high - px(2)
        )  # fmt: skip

    def item_at(self, at: QPoint) -> int:
        plot = self._plot()
        if self.shown is None or not plot.contains(at):
            return -1
        day = int((at.y() - plot.top()) / plot.height() * 7)
        return min(6, day) * 24 + min(23, int((at.x() - plot.left()) / plot.width() * 24))

    def draw(self, painter: QPainter) -> None:
        shown = self.shown
        if shown is None:
            return
        plot = self._plot()
        for hour in range(0, 24, 3):
            box = QRectF(self.cell(hour).left(), 0, px(44), px(HEAD))
            draw_text(painter, box, f"{hour:02}:00", "caption", "text3", LEFT)
        right = QRectF(plot.right(), 0, self.width() - px(PAD) - plot.right(), px(HEAD))
        draw_text(painter, right, "a day", "caption", "text3", RIGHT)
        for day, name in enumerate(DAYS):
            row = self.cell(day * 24)
            line = QRectF(px(PAD), row.top(), plot.left() - px(PAD) - px(8), row.height())
            draw_text(painter, line, name, "caption", "text2", RIGHT)
            self._total(painter, day, QRectF(plot.right(), row.top(), right.width(), row.height()))
        for hour in range(168):
            self._cell(painter, shown, hour)
        self._legend(painter, shown, plot)

    def _total(self, painter: QPainter, day: int, box: QRectF) -> None:
        assert self.shown is not None
        value = self.shown.a_day[day]
        text = _few(value)
        before = self.shown.before[day] if self.shown.before is not None else None
        if before is None:
            draw_text(painter, box, text, "small", "text1", RIGHT)
            return
        half = box.height() / 2
        draw_text(
            painter, QRectF(box.left(), box.top() - 1, box.width(), half + 2), text, "caption", "text1", RIGHT
        )
        low = QRectF(box.left(), box.top() + half - 1, box.width(), half + 2)
        draw_text(painter, low, _few(before), "caption", "seriesSecond", RIGHT)

    def _cell(self, painter: QPainter, shown: Heat, hour: int) -> None:
        box, wanted, full = self.cell(hour), shown.wanted[hour], shown.full[hour]
        fill = shade(wanted / shown.top if wanted is not None and shown.top else 0.0)
        edge = "accent" if hour == self.marked else None
        if wanted is None:
            fill_round(painter, box, 2, None, edge or "line1", dashed=True)
            return
        fill_round(painter, box, 2, fill, edge)
        if full is not None:
            figure = f"{max(1, round(full * 100))}"
            wide = min(box.width() - 2, max(px(14), width_of(figure, "caption", 600) + px(6)))
            high = min(box.height() - 2, px(17))
            chip = QRectF(box.center().x() - wide / 2, box.center().y() - high / 2, wide, high)
            fill_round(painter, chip, 3, "bg", "text2")
            draw_text(painter, chip, figure, "caption", "text1", CENTRE, weight=600, elide=False)

    def _legend(self, painter: QPainter, shown: Heat, plot: QRectF) -> None:
        y, high = self.height() - px(FOOT), px(FOOT) - px(4)
        line = QRectF(px(PAD), y, self.width(), high)
        x = line.left() + draw_text(painter, line, "Starts an hour  0", "caption", "text3") + px(6)
        for n in range(SHADES):
            painter.fillRect(QRectF(x, y + high / 2 - px(5), px(10), px(10)), shade((n + 0.5) / SHADES))
            x += px(10)
        x += px(6)
        top = number(shown.top, 0 if shown.top >= 10 else 1)
        x += draw_text(painter, QRectF(x, y, px(60), high), top, "caption", "text3") + px(18)
        chip = QRectF(x, y + high / 2 - px(8), px(18), px(16))
        fill_round(painter, chip, 3, "bg", "text2")
        draw_text(painter, chip, "9", "caption", "text1", CENTRE, weight=600, elide=False)
        right = f"{_few(shown.a_week)} a week"
        room = self.width() - px(PAD) - width_of(right, "caption") - px(12)
        x += px(24)
        words = "% of the time all taken or out of use"
        x += draw_text(painter, QRectF(x, y, room - x, high), words, "caption", "text2") + px(16)
        if shown.before is not None and x + px(60) < room:
            second_mark(painter, x, y + high / 2 - px(6), px(12))
            draw_text(painter, QRectF(x + px(6), y, room - x, high), "second", "caption", "seriesSecond")
        draw_text(painter, QRectF(0, y, self.width() - px(PAD), high), right, "caption", "text3", RIGHT)


def shade(part: float) -> QColor:
    """A grey between the panel and the first series, in eight steps."""
    step = min(SHADES - 1, int(max(0.0, part) * SHADES)) / (SHADES - 1)
    low, high = ink_of("surface2"), ink_of("seriesMain")
    mix = 0.04 + 0.72 * step if step else 0.0
    parts = ((low.red(), high.red()), (low.green(), high.green()), (low.blue(), high.blue()))
    return QColor(*(round(a + (b - a) * mix) for a, b in parts))


def _few(value: float | None) -> str:
    return UNKNOWN if value is None else number(value, 0 if value >= 10 else 1)
