"""A pyqtgraph plot dressed in the design: no frame, menu or mouse of its own; the ground shows through."""

from collections.abc import Callable, Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsItem, QWidget

from ui.widgets.charts.axes import Axis, ValueAxis
from ui.widgets.charts.frame import Frame
from ui.widgets.charts.overlay import Overlay

pg.setConfigOptions(
    antialias=False,
    useOpenGL=False,
    useNumba=False,
    useCupy=False,
    enableExperimental=False,
    exitCleanup=True,
)

EDGE, ABOVE, BELOW = 1, 6, 2
"""The view reaches so many px past the plot area, so that lines on its edge are whole."""


def cosmetic(ink: QColor, width: float, dashes: Sequence[float] = ()) -> QPen:
    """A pen as wide at any zoom; width and dashes in pixels of the device."""
    pen = QPen(ink, width)
    pen.setCosmetic(True)
    if dashes:
        pen.setDashPattern([length / width for length in dashes])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


class Words(QGraphicsItem):
    """Texts on a plot, at places that depend on its size: painted in px of the view, above all."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self._paint: Callable[[QPainter], None] | None = None
        self.setZValue(100)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def show_what(self, paint: Callable[[QPainter], None] | None) -> None:
        """What draws the texts."""
        self._paint = paint
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        return self.parentItem().boundingRect() if self._paint is not None else QRectF()

    def paint(self, painter: QPainter, *_: Any) -> None:
        if self._paint is not None:
            self._paint(painter)


class PlotView(pg.PlotWidget):
    """Draws; pointer and keys are its chart's. Its px are its chart's too: it fills it."""

    def __init__(self, parent: QWidget | None = None, bottom: Axis | None = None) -> None:
        self.left, self.right = ValueAxis("left"), ValueAxis("right")
        self.bottom = bottom if bottom is not None else Axis("bottom")
        self.overlay: Overlay | None = None
        axes = {"left": self.left, "right": self.right, "bottom": self.bottom}
        super().__init__(parent, background=None, axisItems=axes, enableMenu=False)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setBackgroundBrush(QBrush(Qt.BrushStyle.NoBrush))
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        plot = self.plotItem
        plot.hideButtons()
        plot.layout.setSpacing(0)
        self.box = plot.getViewBox()
        self.box.setMouseEnabled(False, False)
        self.box.disableAutoRange()
        self.left.setZValue(-1000)
        self.words = Words(plot)
        self.ratio = 1.0
        """Device pixels of one px where it is drawn: cosmetic pens count those."""
        self.overlay = Overlay(self.viewport())
        self.overlay.setGeometry(self.viewport().rect())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if self.overlay is not None:
            self.overlay.setGeometry(self.viewport().rect())

    def arrange(self, frame: Frame, units: tuple[float, float]) -> None:
        """Give the view the plot area of `frame` and a range of `units` across; with room at its edges."""
        plot, area = self.plotItem, frame.plot
        right = self.width() - area.right() - EDGE
        self.left.setWidth(round(area.left() - EDGE))
        self.bottom.setHeight(round(self.height() - area.bottom() - BELOW))
        plot.showAxis("right", bool(frame.right))
        if frame.right:
            self.right.setWidth(round(right))
        plot.layout.setContentsMargins(0, round(area.top()) - ABOVE, 0 if frame.right else round(right), 0)
        for axis in (self.left, self.right, self.bottom):
            axis.set_edge(EDGE)
        low, high = frame.left[0], frame.left[-1]
        per_px = (high - low) / max(1.0, area.height())
        across = (units[1] - units[0]) / max(1.0, area.width()) * EDGE
        self.box.setRange(
            xRange=(units[0] - across, units[1] + across),
            yRange=(low - BELOW * per_px, high + ABOVE * per_px),
            padding=0,
            disableAutoRange=True,
        )
        plot.layout.activate()

    def span_of(self, frame: Frame) -> tuple[float, float]:
        """From where to where the plot area reaches in the view, as shares of its height."""
        high = frame.plot.height() + ABOVE + BELOW
        return BELOW / high, 1 - ABOVE / high

    def restyle(self) -> None:
        """Forget what was drawn in colours or sizes that are no longer in force."""
        self.words.update()
        for axis in (self.left, self.right, self.bottom):
            axis.prepareGeometryChange()
            axis.update()

    def render_into(self, painter: QPainter, at: QPointF) -> None:
        """Draw the plot, without what follows the pointer, at a point of another device."""
        source = self.viewport().rect()
        self.render(painter, QRectF(at.x(), at.y(), source.width(), source.height()), source)
