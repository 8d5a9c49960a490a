"""What a painter draws on and beside a plot: its words, the legend, the box under the pointer."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.theme.theme import colour, px, radius
from ui.widgets.charts.frame import Frame
from ui.widgets.charts.series import Band, Mark, Series, Span
from ui.widgets.painting import CENTRE, LEFT, RIGHT, draw_text, fill_round, ink_of, width_of

KINDS = {"main": "seriesMain", "second": "seriesSecond", "third": "seriesThird"}
DASHES = {"second": (6, 2)}
GAP_LABEL_PX = 60


def ink_of_kind(kind: str) -> QColor:
    """The colour of a kind of line."""
    return colour(KINDS.get(kind, "seriesThird"))


def paint_gaps(
    painter: QPainter, frame: Frame, gaps: Sequence[tuple[int, int]], words: Sequence[str]
) -> None:
    """Says of wide gaps that nothing is known there."""
    for (start, end), text in zip(gaps, words, strict=True):
        left = max(frame.plot.left(), frame.x_of(start))
        right = min(frame.plot.right(), frame.x_of(end))
        if right - left < GAP_LABEL_PX:
            continue
        box = QRectF(left, frame.plot.bottom() - px(22), right - left, px(16))
        if width_of(text, "caption") > box.width():
            text = "no data"
        draw_text(painter, box, text, "caption", "text3", CENTRE)


def paint_span_words(painter: QPainter, frame: Frame, span: Span) -> None:
    """The words at the top of a shaded stretch, where there is room."""
    left = max(frame.plot.left(), frame.x_of(span.from_ms))
    right = min(frame.plot.right(), frame.x_of(span.to_ms))
    if span.text and width_of(span.text, "caption") < right - left - 6:
        box = QRectF(left, frame.plot.top() + px(2), right - left, px(16))
        draw_text(painter, box, span.text, "caption", "text1", CENTRE)


def paint_mark_words(painter: QPainter, frame: Frame, mark: Mark) -> None:
    """The words beside an upright."""
    x = frame.x_of(mark.at_ms)
    if not frame.plot.left() - 1 <= x <= frame.plot.right() + 1:
        return
    wide = width_of(mark.text, "caption")
    start = x + px(6) if x + wide + px(10) < frame.plot.right() else x - wide - px(6)
    place = QRectF(start, frame.plot.top() + px(2), wide + 2, px(16))
    painter.fillRect(place.adjusted(-px(2), 0, px(2), 0), ink_of("surface1"))
    draw_text(painter, place, mark.text, "caption", "text1")


def paint_legend(
    painter: QPainter, x: float, middle: float, series: Sequence[Series], bands: Sequence[Band]
) -> float:
    """Samples of the lines with their names. Returns where it ends."""
    for line in series:
        pen = QPen(ink_of_kind(line.kind), 1.5)
        if line.kind in DASHES:
            pen.setDashPattern([length / pen.widthF() for length in DASHES[line.kind]])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(QLineF(x, middle, x + px(14), middle))
        x = _name(painter, x, middle, line.name)
    for band in bands:
        painter.fillRect(QRectF(x, middle - px(4), px(14), px(8)), colour("band"))
        x = _name(painter, x, middle, band.name)
    return x


def _name(painter: QPainter, x: float, middle: float, name: str) -> float:
    x += px(20)
    box = QRectF(x, middle - px(9), px(200), px(18))
    return x + draw_text(painter, box, name, "small", "text2", LEFT) + px(20)


def paint_dot(painter: QPainter, at: QPointF, ink: QColor) -> None:
    """The dot on a line under the pointer."""
    painter.setPen(QPen(colour("surface1"), 1.5))
    painter.setBrush(ink)
    painter.drawEllipse(at, 4.5, 4.5)


def box_beside(frame: Frame, x: float, head: str, rows: Sequence[tuple[str, str]]) -> QRectF:
    """Where the box of these rows stands: left of the pointer, right of it where there is no room."""
    names = max((width_of(name, "small") for name, _ in rows), default=0.0)
    values = max((width_of(value, "small", 500) for _, value in rows), default=0.0)
    wide = max(width_of(head, "small", 600), names + values + px(24)) + px(20)
    left = x - wide - px(12) if x - wide - px(12) > frame.plot.left() - px(20) else x + px(12)
    left = min(left, frame.plot.right() - wide) if left > x else left
    return QRectF(left, frame.plot.top() + px(6), wide, px(30) + px(17) * len(rows))


def paint_box(painter: QPainter, box: QRectF, head: str, rows: Sequence[tuple[str, str]]) -> None:
    """The time and all values at it."""
    fill_round(painter, box, radius("control"), "surface3", "line2")
    inside = QRectF(box.left() + px(10), box.top() + px(6), box.width() - px(20), px(18))
    draw_text(painter, inside, head, "small", "text1", weight=600)
    for row, (name, value) in enumerate(rows):
        line = QRectF(inside.left(), box.top() + px(25) + row * px(17), inside.width(), px(17))
        draw_text(painter, line, name, "small", "text2")
        draw_text(painter, line, value, "small", "text1", RIGHT, weight=500)
