"""Lines, typical ranges, spans and marks as items of a pyqtgraph plot."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPen
from PySide6.QtWidgets import QWidget

from app.domain.status import Shown
from ui.theme.shapes import soft_colour, state_colour
from ui.theme.theme import colour
from ui.widgets.charts.axes import TimeAxis
from ui.widgets.charts.curve import Line
from ui.widgets.charts.drawing import DASHES, ink_of_kind
from ui.widgets.charts.frame import Frame
from ui.widgets.charts.plot import PlotView, cosmetic
from ui.widgets.charts.series import MOST_POINTS, Band, Cut, Mark, Series, Span, joined

NO_PEN = QPen(Qt.PenStyle.NoPen)
MARK_DASHES = (3, 2)


THIN_FROM = 700
"""With more points in all, lines are 1 px wide, else 1.5: dense ones would run together."""


class LinesPlot(PlotView):
    """Time runs in ms from the start of the range in view, which keeps coordinates small."""

    def __init__(self, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        self.times = TimeAxis(zone)
        super().__init__(parent, self.times)
        self._curves: list[Line] = []
        self._lone: list[pg.ScatterPlotItem] = []
        self._behind: list[pg.GraphicsObject] = []

    def draw(
        self,
        frame: Frame,
        lines: Sequence[Series],
        cuts: Sequence[Cut],
        bands: Sequence[Band],
        spans: Sequence[Span],
        marks: Sequence[Mark],
        *,
        dim: bool,
        empty: bool,
    ) -> None:
        """Draw what lies in `frame`; each line of at most 2,000 points, never over a gap."""
        self.times.show_range(frame.start, frame.end, silent=empty)
        self.left.show_values([] if empty else frame.left)
        self.right.show_values([] if empty else frame.right, () if empty else frame.left[: len(frame.right)])
        self.arrange(frame, (0.0, float(frame.end - frame.start)))
        self._draw_behind(frame, bands, spans, marks)
        self._match(len(lines))
        drawn = [joined(made, int(frame.plot.width())) for made in cuts]
        wide = 1.5 if sum(len(x) for x, _ in drawn) <= THIN_FROM else 1.0
        for curve, line, made, points in zip(self._curves, lines, cuts, drawn, strict=True):
            ink = colour("text3") if dim else ink_of_kind(line.kind)
            heights = frame.on_left(points[1], right=line.right)
            x = (points[0] - frame.start).astype(np.float64)
            curve.show_points(x, heights, ink, wide, DASHES.get(line.kind, ()))
            self._draw_lone(frame, line, made, ink)

    def _match(self, count: int) -> None:
        while len(self._curves) < count:
            curve = Line()
            self.box.addItem(curve, ignoreBounds=True)
            self._curves.append(curve)
        for curve in self._curves[count:]:
            self.box.removeItem(curve)
        del self._curves[count:]
        for dots in self._lone:
            self.box.removeItem(dots)
        self._lone.clear()

    def _draw_lone(self, frame: Frame, line: Series, made: Cut, ink: QColor) -> None:
        """Points without a neighbour, which no line shows, as dots."""
        alone = [piece for piece in made.pieces if len(piece.y) == 1][:MOST_POINTS]
        if not alone:
            return
        heights = frame.on_left(np.array([piece.y[0] for piece in alone]), right=line.right)
        dots = pg.ScatterPlotItem(size=3, pen=NO_PEN, brush=QBrush(ink), antialias=True)
        dots.setData(np.array([float(piece.t_ms[0] - frame.start) for piece in alone]), heights)
        self.box.addItem(dots, ignoreBounds=True)
        self._lone.append(dots)

    def _draw_behind(
        self, frame: Frame, bands: Sequence[Band], spans: Sequence[Span], marks: Sequence[Mark]
    ) -> None:
        for item in self._behind:
            self.box.removeItem(item)
        self._behind.clear()
        reach = self.span_of(frame)
        for band in bands:
            self._draw_band(frame, band)
        for span in spans:
            pen = self._dashed(span.shown)
            ends = (span.from_ms - frame.start, span.to_ms - frame.start)
            region = pg.LinearRegionItem(
                ends, movable=False, pen=pen, brush=QBrush(soft_colour(span.shown)), span=reach
            )
            self._put(region, -5)
        for mark in marks:
            pen = self._dashed(mark.shown)
            upright = pg.InfiniteLine(mark.at_ms - frame.start, 90, pen=pen, movable=False)
            upright.setSpan(*reach)
            self._put(upright, 5)

    def _dashed(self, shown: Shown) -> QPen:
        dashes = [length * self.ratio for length in MARK_DASHES]
        return cosmetic(state_colour(shown), self.ratio, dashes)

    def _draw_band(self, frame: Frame, band: Band) -> None:
        known = ~(np.isnan(band.low) | np.isnan(band.high))
        if known.sum() < 2:
            return
        x = (band.t_ms[known] - frame.start).astype(np.float64)
        low, high = (pg.PlotCurveItem(x, edge[known], pen=NO_PEN) for edge in (band.low, band.high))
        self._put(pg.FillBetweenItem(low, high, brush=QBrush(colour("band"))), -10)

    def _put(self, item: pg.GraphicsObject, height: int) -> None:
        item.setZValue(height)
        self.box.addItem(item, ignoreBounds=True)
        self._behind.append(item)
