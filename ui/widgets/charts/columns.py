"""Bars as one item of a pyqtgraph plot, on whole device pixels."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPen
from PySide6.QtWidgets import QWidget

from ui.theme.theme import colour
from ui.widgets.charts.frame import Frame
from ui.widgets.charts.plot import PlotView


class BarsPlot(PlotView):
    """Bars from zero; one of which nothing is known is a low mark in another ink."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = [pg.BarGraphItem(x0=[], width=[], y0=[], height=[]) for _ in range(2)]
        for item in self._items:
            self.box.addItem(item, ignoreBounds=True)

    def draw(
        self,
        frame: Frame,
        known: Sequence[QRectF],
        unknown: Sequence[QRectF],
        names: Sequence[tuple[float, str]],
    ) -> None:
        """Draw these boxes, given in px of the plot, and names under them."""
        self.left.show_values(frame.left)
        self.bottom.show_ticks([(frame.unit_of(x), name) for x, name in names])
        self.arrange(frame, (float(frame.start), float(frame.end)))
        for item, boxes, ink in zip(self._items, (known, unknown), ("seriesThird", "line2"), strict=True):
            item.setOpts(
                x0=np.array([frame.unit_of(box.left()) for box in boxes]),
                width=np.array([frame.unit_of(box.right()) - frame.unit_of(box.left()) for box in boxes]),
                y0=np.array([frame.value_of(box.bottom()) for box in boxes]),
                height=np.array([frame.value_of(box.top()) - frame.value_of(box.bottom()) for box in boxes]),
                pen=QPen(Qt.PenStyle.NoPen),
                brush=QBrush(colour(ink)),
            )
