"""A line of a plot that stays quick at any width.

Qt strokes a path wider than one device pixel by filling its whole outline: 25 ms for 700 points, 800 ms for
1,300 at double scale. The same points as single segments in px cost 1 to 7 ms; dashes are cut beforehand,
because every segment would begin them anew.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from ui.widgets.charts.series import Floats

MOST_DASHES = 20_000
"""A longer line is a smear, in which no dash would be seen."""


class Line(pg.PlotCurveItem):
    """Broken at NaN, antialiased, as wide at any zoom."""

    def __init__(self) -> None:
        super().__init__(connect="finite", antialias=True)
        self._dashes: Sequence[float] = ()
        self._mapped: tuple[QTransform, list[QLineF]] | None = None

    def show_points(self, x: Floats, y: Floats, ink: QColor, width: float, dashes: Sequence[float]) -> None:
        """Show points in an ink; width and dashes in px."""
        pen = QPen(ink, width)
        pen.setCosmetic(True)
        if dashes:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self._dashes, self._mapped = dashes, None
        self.setData(x, y, pen=pen, connect="finite")

    def paint(self, painter: QPainter, *_: Any) -> None:
        placed = painter.worldTransform()
        if self._mapped is None or self._mapped[0] != placed:
            self._mapped = placed, self._segments(placed)
        pen = QPen(self.opts["pen"])
        pen.setCosmetic(False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.setWorldTransform(QTransform())
        painter.drawLines(self._mapped[1])
        painter.setWorldTransform(placed)

    def _segments(self, placed: QTransform) -> list[QLineF]:
        x, y = self.getData()
        if x is None or len(x) < 2:
            return []
        # Joints of smoothed segments show on a level line, so that one is drawn in one piece.
        level = np.concatenate([[False], (y[:-2] == y[1:-1]) & (y[1:-1] == y[2:]), [False]])
        x, y = x[~level], y[~level]
        made = np.column_stack([x[:-1], y[:-1], x[1:], y[1:]])
        made = made[np.isfinite(made).all(1)]
        view = self.getViewBox()
        if view is not None:
            made = clipped(made, *view.viewRange()[0])
        made = made * np.tile([placed.m11(), placed.m22()], 2) + np.tile([placed.dx(), placed.dy()], 2)
        if self._dashes:
            made = dashed(made, *self._dashes)
        return [QLineF(*ends) for ends in made.tolist()]


def clipped(segments: Floats, low: float, high: float) -> Floats:
    """What of segments that run to the right lies between `low` and `high`: a neighbour may be days away."""
    segments = segments[(segments[:, 2] >= low) & (segments[:, 0] <= high)]
    start, way = segments[:, :2], segments[:, 2:] - segments[:, :2]
    across = np.where(way[:, 0] > 0, way[:, 0], 1.0)
    first = np.clip((low - start[:, 0]) / across, 0.0, 1.0)[:, None]
    last = np.where(way[:, 0] > 0, np.clip((high - start[:, 0]) / across, 0.0, 1.0), 1.0)[:, None]
    return np.column_stack([start + first * way, start + last * way])


def dashed(segments: Floats, dash: float, gap: float) -> Floats:
    """Segments (x, y, x, y) that follow each other, cut into dashes along their whole length."""
    lengths = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    segments, lengths = segments[lengths > 0], lengths[lengths > 0]
    ends = np.cumsum(lengths)
    period = dash + gap
    if len(ends) == 0 or not ends[-1] <= MOST_DASHES * period:
        return segments
    cuts = np.arange(0.0, ends[-1], period)
    edges = np.unique(np.concatenate([[0.0], ends, cuts, cuts[cuts + dash < ends[-1]] + dash]))
    middles = (edges[:-1] + edges[1:]) / 2
    kept = middles % period < dash
    where = np.searchsorted(ends, middles[kept])
    begun = ends[where] - lengths[where]
    first = ((edges[:-1][kept] - begun) / lengths[where])[:, None]
    last = ((edges[1:][kept] - begun) / lengths[where])[:, None]
    start, way = segments[where, :2], segments[where, 2:] - segments[where, :2]
    return np.column_stack([start + first * way, start + last * way])
