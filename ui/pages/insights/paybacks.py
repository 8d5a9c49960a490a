"""Where one more connector would pay: months until it is paid, with the range, against the limit."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from ui.models.cost_words import short_euro
from ui.models.insight_payback import MOST_MONTHS, NO_GAIN, PAYS, UNKNOWN, Map, SiteRow, said
from ui.pages.insights.drawn import PAD, DrawnRows, dashed, head, ink_of_set, rank_mark, whisker
from ui.pages.insights.pay_map import PayMap, Places
from ui.theme.formats import UNKNOWN as DASH
from ui.theme.formats import number
from ui.theme.theme import px
from ui.widgets.painting import LEFT, RIGHT, draw_text, width_of


class Paybacks(DrawnRows):
    """A row for each pool, the best first; what costs nothing stands in its row."""

    def __init__(self) -> None:
        super().__init__("Where would one more connector pay")
        self.map: Map | None = None
        self.pay_map = PayMap(self)
        self.pay_map.changed.connect(self.update)

    def show_map(self, shown: Map, places: Places) -> None:
        """Show cases, and where their sites lie."""
        self.map = shown
        self.pay_map.show_places(places)
        self.tell()

    def _strip(self) -> float:
        """How wide the map beside the list is; 0 where it has no room or nothing to show."""
        return px(140) if self.pay_map.known and self.width() >= px(600) else 0.0

    def row_box(self, row: int) -> QRectF:
        box = super().row_box(row)
        box.setRight(self.width() - 1 - self._strip())
        return box

    def items(self) -> int:
        return len(self.map.rows) if self.map is not None else 0

    def said(self, item: int) -> str:
        return said(self.map.rows[item], self.map.currency) if self.map is not None else ""

    def row_height(self) -> int:
        return px(37)

    def _columns(self) -> tuple[float, float, float, float, float]:
        """Right ends of name, drivers and money; the axis' left end and width."""
        wide = self.width() - self._strip()
        reading = px(76)
        name = px(PAD) + px(32) + min(px(220), wide * 0.3)
        drivers, gain = name + px(48), name + px(48) + px(62)
        left = gain + px(14)
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
        head(painter, left + wide, px(76), "Paid back", True)
        self.draw_rows(painter)
        if strip := self._strip():
            box = QRectF(self.width() - strip, px(8), strip - px(PAD), self.height() - px(12))
            self.pay_map.paint(painter, box, shown.rows[: self.fitting()], self.devicePixelRatioF())

    def draw_row(self, painter: QPainter, row: int, box: QRectF) -> None:
        assert self.map is not None
        one, (name, drivers, gain, left, wide) = self.map.rows[row], self._columns()
        rank_mark(painter, QPointF(px(PAD) + px(11), box.center().y()), row + 1, one.reading)
        half = px(16)
        upper, lower = box.center().y() - half, box.center().y()
        x = px(PAD) + px(32)
        draw_text(painter, QRectF(x, upper, name - x, half), one.name, "small", ink_of_set(one.second))
        note = one.remedy or one.note
        if one.remedy and width_of(note, "caption", 600) > name - x:
            note = "idle fee first"
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
        if one.reading == UNKNOWN:
            # What is missing stands where the range would.
            draw_text(painter, QRectF(left + wide, box.top(), px(76), box.height()), DASH, "small", "text2",
                      RIGHT)  # fmt: skip
            return
        right = QRectF(left + wide, upper, px(76), half)
        draw_text(painter, right, DASH if one.months is None else number(one.months), "small", "text1", RIGHT,
                  weight=600)  # fmt: skip
        loud = one.reading == PAYS
        draw_text(painter, QRectF(right.left(), lower, px(76), half), one.reading, "caption",
                  "text1" if loud else "text2", RIGHT, weight=600 if loud else 400)  # fmt: skip

    def _axis(self, painter: QPainter, one: SiteRow, line: QRectF) -> None:
        if one.months is None or one.months > MOST_MONTHS:
            words = {UNKNOWN: "an input is missing", NO_GAIN: "earns too little"}
            text = words.get(one.reading, f"over {MOST_MONTHS / 12:.0f} years")
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


def _few(value: float) -> str:
    return number(value, 0 if value >= 10 else 1)
