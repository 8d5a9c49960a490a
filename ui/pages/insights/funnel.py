"""The start funnel: how many came to each step, and why the others were lost there."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.analytics.insights.answers import Starts
from ui.models.funnel import cause_words
from ui.models.insight_starts import StepRow, rows, said, second_line
from ui.pages.insights.drawn import PAD, DrawnRows, head, second_mark
from ui.theme.formats import MINUS, UNKNOWN, number, percent
from ui.theme.theme import px
from ui.widgets.painting import LEFT, RIGHT, draw_text, ink_of, width_of

SHADES = ("seriesMain", "seriesThird", "lineControl", "line2")
CAUSES = 3


class Funnel(DrawnRows):
    """Five steps."""

    def __init__(self) -> None:
        super().__init__("Where do starts get lost")
        self.rows: list[StepRow] = []
        self._second = ""

    def show_starts(self, first: Starts, second: Starts | None) -> None:
        """Show the funnel of both sets."""
        self.rows = rows(first, second)
        self._second = second_line(second) if second is not None else ""
        self.tell()

    def items(self) -> int:
        return len(self.rows)

    def said(self, item: int) -> str:
        return said(self.rows[item])

    def row_height(self) -> int:
        return max(px(38), (self.height() - px(self.head)) // 5)

    def _columns(self) -> tuple[float, float, float, float, float]:
        """Right ends of count, passed and lost; where causes begin and how wide they are."""
        name = px(PAD) + max(px(108), width_of("Energy flowed", "bodyStrong") + px(12))
        count = name + px(58)
        passed, lost = count + px(58), count + px(58) + px(52)
        left = lost + px(16)
        return count, passed, lost, left, self.width() - left - px(PAD)

    def draw(self, painter: QPainter) -> None:
        count, passed, lost, left, wide = self._columns()
        head(painter, px(PAD), px(100), "Step")
        head(painter, count - px(60), px(60), "Attempts", True)
        head(painter, passed - px(56), px(56), "Passed", True)
        head(painter, lost - px(50), px(50), "Lost", True)
        head(painter, left, wide, "Why they were lost")
        self.draw_rows(painter)

    def draw_row(self, painter: QPainter, row: int, box: QRectF) -> None:
        one = self.rows[row]
        count, passed, lost, left, wide = self._columns()
        middle, half = box.center().y(), px(18)
        upper, lower = middle - half + px(1), middle + px(1)
        track = px(92)
        draw_text(painter, QRectF(px(PAD), upper, count, half), one.name, "bodyStrong", elide=False)
        bar = QRectF(px(PAD), lower + px(6), track, px(4))
        painter.fillRect(bar, ink_of("surface3"))
        painter.fillRect(
            QRectF(bar.left(), bar.top(), track * one.of_all, bar.height()), ink_of("seriesThird")
        )
        if one.before_of_all is not None:
            second_mark(painter, bar.left() + track * one.before_of_all, bar.top() - px(3), px(10))
        draw_text(
            painter, QRectF(count - px(70), box.top(), px(70), box.height()), number(one.count), "bodyStrong",
            "text1", RIGHT,
        )  # fmt: skip
        told = percent(one.passed, 1) if one.passed is not None else UNKNOWN
        if one.before is not None:
            draw_text(painter, QRectF(passed - px(60), upper, px(60), half), told, "small", "text1", RIGHT)
            before = percent(one.before, 1)
            draw_text(
                painter,
                QRectF(passed - px(60), lower, px(60), half),
                before,
                "caption",
                "seriesSecond",
                RIGHT,
            )
        else:
            draw_text(
                painter,
                QRectF(passed - px(60), box.top(), px(60), box.height()),
                told,
                "small",
                "text1",
                RIGHT,
            )
        gone = f"{MINUS}{number(one.lost)}" if one.lost else ("0" if row else UNKNOWN)
        draw_text(
            painter, QRectF(lost - px(50), box.top(), px(50), box.height()), gone, "small", "text1", RIGHT,
            weight=600,
        )  # fmt: skip
        if row == 0:
            line = QRectF(left, box.top(), wide, box.height())
            if self._second:
                second_mark(painter, left + 1, middle - px(7), px(14))
                line.setLeft(left + px(8))
                draw_text(painter, line, self._second, "small", "seriesSecond")
            return
        self._causes(painter, one, QRectF(left, upper, wide, half), QRectF(left, lower, wide, half))

    def _causes(self, painter: QPainter, row: StepRow, bar: QRectF, line: QRectF) -> None:
        most = max((one.lost for one in self.rows), default=0)
        if not row.lost or not most:
            draw_text(painter, QRectF(bar.left(), bar.top(), bar.width(), 2 * bar.height()), "none", "small",
                      "text3")  # fmt: skip
            return
        shown = list(row.causes[:CAUSES])
        rest = row.lost - sum(times for _, times in shown)
        if rest > 0:
            shown.append(("other", rest))
        x = bar.left()
        for shade, (_, times) in zip(SHADES, shown, strict=False):
            wide = bar.width() * times / most
            piece = QRectF(x, bar.center().y() - px(2), max(1.0, wide - 1), px(7))
            painter.fillRect(piece, ink_of(shade))
            x += wide
        x = line.left()
        for shade, (cause, times) in zip(SHADES, shown, strict=False):
            word, figure = cause_words(cause), number(times)
            need = px(12) + width_of(word, "caption") + px(5) + width_of(figure, "caption", 600) + px(10)
            if x + need - px(10) > line.right() and x > line.left():
                break
            painter.fillRect(QRectF(x, line.center().y() - px(3), px(7), px(7)), ink_of(shade))
            at = x + px(12)
            at += draw_text(
                painter, QRectF(at, line.top(), max(0.0, line.right() - at - px(30)), line.height()), word,
                "caption", "text2", LEFT,
            ) + px(5)  # fmt: skip
            draw_text(painter, QRectF(at, line.top(), px(60), line.height()), figure, "caption", "text1",
                      weight=600, elide=False)  # fmt: skip
            x += need
