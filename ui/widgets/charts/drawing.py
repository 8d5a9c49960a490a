"""Lines, bands, spans, marks and the legend of a time chart."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.theme.shapes import soft_colour, state_colour
from ui.theme.theme import colour, px
from ui.widgets.charts.frame import Frame
from ui.widgets.charts.series import Band, Cut, Mark, Series, Span, thinned
from ui.widgets.painting import CENTRE, LEFT, draw_text, width_of
from ui.widgets.polygons import polygon

KINDS = {"main": "seriesMain", "second": "seriesSecond", "third": "seriesThird"}
GAP_LABEL_PX = 60


def pen_of(kind: str, points: int = 0) -> QPen:
    """The pen of a line: the second one is always dashed; many points are drawn thin."""
    pen = QPen(colour(KINDS.get(kind, "seriesThird")), 1.5 if points <= 700 else 1.0)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if kind == "second":
        pen.setDashPattern([6 / pen.widthF(), 2 / pen.widthF()])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def paint_line(painter: QPainter, frame: Frame, series: Series, line: Cut, dim: bool) -> None:
    """One series, piece by piece; a lone point is a dot."""
    columns = int(frame.plot.width())
    pieces = [thinned(piece, columns) for piece in line.pieces]
    pen = pen_of(series.kind, sum(len(piece.y) for piece in pieces))
    if dim:
        pen.setColor(colour("text3"))
    painter.setPen(pen)
    for piece in pieces:
        points = np.column_stack([frame.x(piece.t_ms), frame.y(piece.y, right=series.right)])
        if len(points) == 1:
            painter.setBrush(pen.color())
            painter.drawEllipse(QPointF(points[0][0], points[0][1]), 1.5, 1.5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.drawPolyline(polygon(points))


def paint_band(painter: QPainter, frame: Frame, band: Band) -> None:
    """The typical range, filled."""
    known = ~(np.isnan(band.low) | np.isnan(band.high))
    if known.sum() < 2:
        return
    x = frame.x(band.t_ms[known])
    upper = np.column_stack([x, frame.y(band.high[known])])
    lower = np.column_stack([x, frame.y(band.low[known])])[::-1]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("band"))
    painter.drawPolygon(polygon(np.concatenate([upper, lower])))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_gaps(
    painter: QPainter, frame: Frame, gaps: Sequence[tuple[int, int]], words: Sequence[str]
) -> None:
    """Says of wide gaps that nothing is known there."""
    for (start, end), text in zip(gaps, words, strict=True):
        left, right = frame.x_of(start), frame.x_of(end)
        if right - left < GAP_LABEL_PX:
            continue
        box = QRectF(left, frame.plot.bottom() - px(22), right - left, px(16))
        if width_of(text, "caption") > box.width():
            text = "no data"
        draw_text(painter, box, text, "caption", "text3", CENTRE)


def paint_span(painter: QPainter, frame: Frame, span: Span) -> None:
    """A shaded stretch with dashed edges."""
    left = max(frame.plot.left(), frame.x_of(span.from_ms))
    right = min(frame.plot.right(), frame.x_of(span.to_ms))
    if right <= left:
        return
    box = QRectF(left, frame.plot.top(), right - left, frame.plot.height())
    painter.fillRect(box, soft_colour(span.shown))
    pen = QPen(state_colour(span.shown), 1)
    pen.setDashPattern([3, 2])
    painter.setPen(pen)
    for x in (left, right):
        painter.drawLine(QLineF(round(x) + 0.5, box.top(), round(x) + 0.5, box.bottom()))
    if span.text and width_of(span.text, "caption") < box.width() - 6:
        draw_text(
            painter,
            QRectF(left, box.top() + px(2), box.width(), px(16)),
            span.text,
            "caption",
            "text1",
            CENTRE,
        )


def paint_mark(painter: QPainter, frame: Frame, mark: Mark) -> None:
    """A dashed upright with its words."""
    x = frame.x_of(mark.at_ms)
    if not frame.plot.left() - 1 <= x <= frame.plot.right() + 1:
        return
    pen = QPen(state_colour(mark.shown), 1)
    pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.drawLine(QLineF(round(x) + 0.5, frame.plot.top(), round(x) + 0.5, frame.plot.bottom()))
    wide = width_of(mark.text, "caption")
    start = x + px(6) if x + wide + px(10) < frame.plot.right() else x - wide - px(6)
    draw_text(
        painter, QRectF(start, frame.plot.top() + px(2), wide + 2, px(16)), mark.text, "caption", "text1"
    )


def paint_legend(
    painter: QPainter, x: float, middle: float, series: Sequence[Series], bands: Sequence[Band]
) -> float:
    """Samples of the lines with their names. Returns where it ends."""
    for line in series:
        painter.setPen(pen_of(line.kind))
        painter.drawLine(QLineF(x, middle, x + px(14), middle))
        x += px(20)
        x += draw_text(
            painter, QRectF(x, middle - px(9), px(200), px(18)), line.name, "small", "text2", LEFT
        ) + px(20)
    for band in bands:
        painter.fillRect(QRectF(x, middle - px(4), px(14), px(8)), colour("band"))
        x += px(20)
        x += draw_text(
            painter, QRectF(x, middle - px(9), px(200), px(18)), band.name, "small", "text2", LEFT
        ) + px(20)
    return x


def paint_dot(painter: QPainter, at: QPointF, ink: QColor) -> None:
    """The dot on a line under the pointer."""
    painter.setPen(QPen(colour("surface1"), 1.5))
    painter.setBrush(ink)
    painter.drawEllipse(at, 4.5, 4.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
