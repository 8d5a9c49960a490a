"""What every evidence shares: rows, ranges, and marks of the second set, always dashed."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from ui.models.insight_payback import NOT_CLEAR, PAYS
from ui.theme.theme import px
from ui.widgets.marked import Marked, told_box
from ui.widgets.painting import CENTRE, LEFT, RIGHT, draw_text, hairline, ink_of

PAD = 12
RANK_RADIUS = 9


class Drawn(Marked):
    """A painted chart or table of the insights."""

    def sizeHint(self) -> QSize:
        return QSize(px(560), px(236))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(320), px(200))

    def tell(self) -> None:
        """Say all that is shown to a screen reader, and paint anew."""
        self.marked = -1
        told = "; ".join(self.said(n) for n in range(min(self.items(), 12)))
        self.setAccessibleName(f"{self._name}: {told}" if told else self._name)
        self.update()

    def mark(self, item: int) -> None:
        """Mark an item and tell it; the pointer gets it beside itself, as a box would lie on the rows."""
        super().mark(item)
        self.setToolTip(self.accessibleDescription())

    def draw_told(self, painter: QPainter, words: str) -> None:
        if self.by_keyboard:
            told_box(painter, QRectF(self.rect()), words)


class DrawnRows(Drawn):
    """Rows of one height below a head; what does not fit is counted in the last line."""

    head = 24

    def row_height(self) -> int:
        """How high a row is now."""
        return px(32)

    def fitting(self) -> int:
        """How many rows fit."""
        room = self.height() - px(self.head) - self.foot_height()
        most = max(0, room // self.row_height())
        return self.items() if most >= self.items() else max(0, (room - px(18)) // self.row_height())

    def foot_height(self) -> int:
        """Room kept below the rows."""
        return 0

    def row_box(self, row: int) -> QRectF:
        """Where a row lies."""
        high = self.row_height()
        return QRectF(1, px(self.head) + row * high, self.width() - 2, high)

    def item_at(self, at: QPoint) -> int:
        row = (at.y() - px(self.head)) // self.row_height()
        return row if at.y() >= px(self.head) and 0 <= row < self.fitting() else -1

    def draw_rows(self, painter: QPainter) -> None:
        """Paint the rows that fit, and how many do not."""
        fits = self.fitting()
        for row in range(fits):
            box = self.row_box(row)
            if row == self.marked:
                painter.fillRect(box, ink_of("surface2"))
            hairline(painter, box.left(), box.top(), box.width())
            self.draw_row(painter, row, box)
        if fits < self.items():
            below = QRectF(
                px(PAD), px(self.head) + fits * self.row_height(), self.width() - 2 * px(PAD), px(18)
            )
            hairline(painter, 1, below.top(), self.width() - 2)
            draw_text(painter, below, f"and {self.items() - fits} more in the CSV", "caption", "text3")

    def draw_row(self, painter: QPainter, row: int, box: QRectF) -> None:
        """Paint one row."""


def ink_of_set(second: bool) -> str:
    """The token of a name: what only the second set has stands in its colour."""
    return "seriesSecond" if second else "text1"


def head(painter: QPainter, x: float, wide: float, text: str, right: bool = False, high: int = 24) -> None:
    """A column's title."""
    draw_text(painter, QRectF(x, 0, wide, px(high)), text, "caption", "text3", RIGHT if right else LEFT)


def whisker(
    painter: QPainter,
    line: QRectF,
    low: float,
    value: float,
    high: float,
    *,
    cut: bool = False,
    second: float | None = None,
) -> None:
    """A value with its range on an axis from 0 to 1; `cut`: the range goes on beyond the end.

    `second` is the other set's value: a dashed upright in its colour.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    y = round(line.center().y()) + 0.5
    at = [line.left() + line.width() * max(0.0, min(1.0, part)) for part in (low, value, high)]
    painter.setPen(QPen(ink_of("text3"), 1.5))
    painter.drawLine(QPointF(at[0], y), QPointF(at[2], y))
    cap = px(5)
    painter.drawLine(QPointF(at[0], y - cap), QPointF(at[0], y + cap))
    if cut or high > 1:
        painter.drawLine(QPointF(at[2], y), QPointF(at[2] - px(4), y - px(4)))
        painter.drawLine(QPointF(at[2], y), QPointF(at[2] - px(4), y + px(4)))
    else:
        painter.drawLine(QPointF(at[2], y - cap), QPointF(at[2], y + cap))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink_of("seriesMain"))
    painter.drawEllipse(QPointF(at[1], y), px(3.5), px(3.5))
    painter.restore()
    if second is not None:
        second_mark(painter, line.left() + line.width() * max(0.0, min(1.0, second)), y - px(9), px(18))


def second_mark(painter: QPainter, x: float, y: float, high: float) -> None:
    """An upright of the second set, dashed."""
    pen = QPen(ink_of("seriesSecond"), 2)
    pen.setDashPattern([2, 1])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLine(QPointF(x, y), QPointF(x, y + high))


def dashed(painter: QPainter, x: float, top: float, high: float) -> None:
    """An upright that marks a limit or a mean."""
    pen = QPen(ink_of("text3"), 1)
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.drawLine(QPointF(round(x) + 0.5, top), QPointF(round(x) + 0.5, top + high))


def rank_mark(painter: QPainter, at: QPointF, rank: int, reading: str, *, ground: bool = False) -> None:
    """The rank of a case: filled where it pays, a ring where it is not clear, dashed where not; on the
    `ground` of a map with the panel's colour inside."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side, ink = px(RANK_RADIUS), "text1"
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
        painter.setBrush(ink_of("surface1") if ground else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, side, side)
    painter.restore()
    box = QRectF(at.x() - side, at.y() - side, 2 * side, 2 * side)
    draw_text(painter, box, f"{rank}", "caption", ink, CENTRE, weight=600, elide=False)
