"""What peaks cost: each site's highest quarter hour, and the lowest that would have done."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from ui.models.cost_words import euro, short_month
from ui.models.insight_peaks import PeakRow, said
from ui.pages.insights.drawn import PAD, DrawnRows, head, ink_of_set, second_mark
from ui.theme.formats import number
from ui.theme.theme import px
from ui.widgets.painting import RIGHT, draw_text, fill_round, ink_of


class Peaks(DrawnRows):
    """A row for each site: the bar is the peak, its light part what would have done."""

    def __init__(self) -> None:
        super().__init__("What do peaks cost")
        self.rows: Sequence[PeakRow] = ()
        self._currency = ""

    def show_peaks(self, rows: Sequence[PeakRow], currency: str) -> None:
        """Show sites."""
        self.rows, self._currency = rows, currency
        self.tell()

    def items(self) -> int:
        return len(self.rows)

    def said(self, item: int) -> str:
        return said(self.rows[item], self._currency)

    def row_height(self) -> int:
        return px(29)

    def _columns(self) -> tuple[float, float, float, float, float, float]:
        """Left and width of the name and of the bar; right ends of peak and of cost."""
        name = min(px(190), self.width() * 0.3)
        cost = self.width() - px(PAD)
        above = cost - px(82)
        peak = name + px(PAD) + px(44) + px(64)
        left = peak + px(14)
        return name, left, above - px(70) - left, peak, above, cost

    def draw(self, painter: QPainter) -> None:
        name, left, wide, peak, above, cost = self._columns()
        top = max((row.peak_kw for row in self.rows), default=0.0)
        head(painter, px(PAD), name, "Site")
        head(painter, px(PAD) + name, px(44), "Month")
        head(painter, peak - px(64), px(64), "Peak kW", True)
        head(painter, left, wide, f"0 to {number(top)}, solid would do")
        head(painter, above - px(66), px(66), "Above", True)
        head(painter, cost - px(80), px(80), "Cost", True)
        self.draw_rows(painter)

    def draw_row(self, painter: QPainter, row: int, box: QRectF) -> None:
        one = self.rows[row]
        name, left, wide, peak, above, cost = self._columns()

        def cell(right: float, span: float, text: str, ink: str = "text1", weight: int = 400) -> None:
            line = QRectF(right - span, box.top(), span, box.height())
            draw_text(painter, line, text, "small", ink, RIGHT, weight=weight)

        draw_text(
            painter,
            QRectF(px(PAD), box.top(), name - px(8), box.height()),
            one.site,
            "small",
            ink_of_set(one.second),
        )
        month = QRectF(px(PAD) + name, box.top(), px(44), box.height())
        draw_text(painter, month, short_month(one.period), "small", "text3")
        cell(peak, px(64), number(one.peak_kw), weight=600)
        cell(above, px(66), f"{number(one.above_kw)} kW", "text2")
        cell(cost, px(80), euro(one.cost, self._currency), "text1" if one.cost is not None else "text3")
        top = max((r.peak_kw for r in self.rows), default=0.0) or 1.0
        track = QRectF(left, box.center().y() - px(5), wide, px(10))
        fill_round(painter, track, 1, "surface3")
        whole, part = (min(1.0, value / top) for value in (one.peak_kw, one.achievable_kw))
        painter.fillRect(QRectF(left, track.top(), wide * whole, px(10)), ink_of("lineControl"))
        painter.fillRect(QRectF(left, track.top(), wide * min(whole, part), px(10)), ink_of("seriesMain"))
        if one.before is not None:
            second_mark(painter, left + wide * min(1.0, one.before / top), track.top() - px(4), px(18))
