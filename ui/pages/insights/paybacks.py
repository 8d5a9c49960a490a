"""Where one more connector would pay: months until it is paid, with the range, against the limit."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from ui.models.cost_words import short_euro
from ui.models.insight_payback import MOST_MONTHS, NO_GAIN, NOT_CLEAR, PAYS, UNKNOWN, Map, SiteRow, said
from ui.pages.insights.drawn import PAD, DrawnRows, dashed, head, ink_of_set, whisker
from ui.theme.formats import UNKNOWN as DASH
from ui.theme.formats import number
from ui.theme.theme import px
from ui.widgets.painting import CENTRE, LEFT, RIGHT, draw_text, ink_of


class Paybacks(DrawnRows):
    """A row for each pool, the best first; what costs nothing stands in its row."""

    def __init__(self) -> None:
        super().__init__("Where would one more connector pay")
        self.map: Map | None = None

    def show_map(self, shown: Map) -> None:
        """Show cases."""
        self.map = shown
        self.tell()

    def items(self) -> int:
        return len(self.map.rows) if self.map is not None else 0

    def said(self, item: int) -> str:
        return said(self.map.rows[item], self.map.currency) if self.map is not None else ""

    def row_height(self) -> int:
        return px(37)

    def _columns(self) -> tuple[float, float, float, float, float]:
        """Right ends of name, drivers and money; the axis' left end and width."""
        wide = self.width()
        reading = px(92)
        name = px(PAD) + px(32) + min(px(220), wide * 0.3)
        drivers, gain = name + px(56), name + px(56) + px(66)
        left = gain + px(18)
        return name, drivers, gain, left, wide - left - reading - px(PAD)

    def draw(self, painter: QPainter) -> None:
        shown = self.map
        if shown is None:
            return
        name, drivers, gain, left, wide = self._columns()
        head(painter, px(PAD) + px(32), name, "Site, one more")
        head(painter, drivers - px(56), px(56), "Drivers", True)
        head(painter, gain - px(70), px(70), "a month", True)
        head(painter, left, wide, f"Months, 0 to {MOST_MONTHS:.0f}")
        head(painter, left + wide, px(92), "Paid back", True)
        self.draw_rows(painter)

    def draw_row(self, painter: QPainter, row: int, box: QRectF) -> None:
        assert self.map is not None
        one, (name, drivers, gain, left, wide) = self.map.rows[row], self._columns()
        _number(painter, QPointF(px(PAD) + px(11), box.center().y()), row + 1, one.reading)
        half = px(16)
        upper, lower = box.center().y() - half, box.center().y()
        x = px(PAD) + px(32)
        draw_text(painter, QRectF(x, upper, name - x, half), one.name, "small", ink_of_set(one.second))
        note = one.remedy.split(",")[0] if one.remedy else one.note
        draw_text(painter, QRectF(x, lower, name - x, half), note, "caption",
                  "text2" if one.remedy else "text3",
                  weight=600 if one.remedy else 400)  # fmt: skip
        tall = QRectF(drivers - px(56), box.top(), px(56), box.height())
        if one.before is None:
            draw_text(painter, tall, _few(one.drivers), "small", "text1", RIGHT)
        else:
            draw_text(
                painter, QRectF(tall.left(), upper, px(56), half), _few(one.drivers), "small", "text1", RIGHT
            )
            draw_text(painter, QRectF(tall.left(), lower, px(56), half), _few(one.before), "caption",
                      "seriesSecond", RIGHT)  # fmt: skip
        money = DASH if one.gain is None else short_euro(one.gain, self.map.currency)
        draw_text(
            painter, QRectF(gain - px(70), box.top(), px(70), box.height()), money, "small", "text2", RIGHT
        )
        self._axis(painter, one, QRectF(left, box.top(), wide, box.height()))
        right = QRectF(left + wide, upper, px(92), half)
        draw_text(painter, right, DASH if one.months is None else number(one.months), "small", "text1", RIGHT,
                  weight=600)  # fmt: skip
        loud = one.reading == PAYS
        draw_text(painter, QRectF(right.left(), lower, px(92), half), one.reading, "caption",
                  "text1" if loud else "text2", RIGHT, weight=600 if loud else 400)  # fmt: skip

    def _axis(self, painter: QPainter, one: SiteRow, line: QRectF) -> None:
        if one.months is None or one.months > MOST_MONTHS:
            words = {UNKNOWN: "an input is missing", NO_GAIN: "does not earn what it costs"}
            text = words.get(one.reading, f"not within {MOST_MONTHS / 12:.0f} years")
            draw_text(painter, line, text, "caption", "text3", LEFT)
            return
        assert self.map is not None
        dashed(
            painter,
            line.left() + line.width() * min(1.0, self.map.limit / MOST_MONTHS),
            line.top(),
            line.height(),
        )
        low = (one.low or 0.0) / MOST_MONTHS
        high = 2.0 if one.high is None else one.high / MOST_MONTHS
        whisker(painter, line, low, one.months / MOST_MONTHS, high)


def _number(painter: QPainter, at: QPointF, rank: int, reading: str) -> None:
    """The rank: filled where it pays, a ring where it is not clear, dashed where not."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side, ink = px(9), "text1"
    if reading == PAYS:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink_of("text1"))
        ink = "bg"
    else:
        pen = QPen(ink_of("text1" if reading == NOT_CLEAR else "text3"), 1.5)
        if reading != NOT_CLEAR:
            pen.setDashPattern([2, 2])
            ink = "text2"
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, side, side)
    painter.restore()
    box = QRectF(at.x() - side, at.y() - side, 2 * side, 2 * side)
    draw_text(painter, box, f"{rank}", "caption", ink, CENTRE, weight=600, elide=False)


def _few(value: float) -> str:
    return number(value, 0 if value >= 10 else 1)
