"""Axes of a plot: value ticks with the grid, local hours of a zone, names under bars."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from ui.theme.formats import number
from ui.theme.theme import px
from ui.widgets.charts.frame import decimals
from ui.widgets.charts.time_axis import ticks
from ui.widgets.painting import CENTRE, LEFT, RIGHT, draw_text, hairline, width_of

Levels = list[tuple[float, list[float]]]


class Axis(pg.AxisItem):
    """Labels in the design's type. The left axis draws the grid: horizontal hairlines only."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self._marks: Sequence[tuple[float, str]] = ()
        self._edge = 0.0
        self.enableAutoSIPrefix(False)
        if orientation == "left":
            self.setGrid(255)

    def show_ticks(self, marks: Sequence[tuple[float, str]]) -> None:
        """These ticks with their words, in the units of the view."""
        self._marks = tuple(marks)
        self.update()

    def tickValues(self, low: float, high: float, size: float) -> Levels:
        return [(1.0, [at for at, _ in self._marks if low <= at <= high])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        named = dict(self._marks)
        return [named.get(value, "") for value in values]

    def boundingRect(self) -> QRectF:
        """With room for labels that reach past the ends."""
        return super().boundingRect().adjusted(-px(60), -px(12), px(60), px(12))

    def paint(self, painter: QPainter, *_: object) -> None:
        """Straight onto the device, so that lines and letters stand on its pixels."""
        box = self.mapRectFromParent(self.geometry())
        low, high = self.range
        upright = self.orientation in ("left", "right")
        length = box.height() if upright else box.width()
        if high <= low or length <= 0:
            return
        for spacing, values in self.tickValues(low, high, length):
            for value, text in zip(values, self.tickStrings(values, 1.0, spacing), strict=True):
                way = (value - low) / (high - low) * length
                if upright:
                    self._paint_value(painter, box, box.bottom() - way, text)
                else:
                    self._paint_name(painter, box, box.left() + way, text)

    def _paint_value(self, painter: QPainter, box: QRectF, y: float, text: str) -> None:
        if self.orientation == "right":
            place = QRectF(box.left() + px(8), y - px(8), px(60), px(16))
            draw_text(painter, place, text, "caption", "text3", LEFT, elide=False)
            return
        view = self.linkedView()
        if view is not None and self.grid is not False:
            wide = view.width() - 2 * self._edge
            hairline(painter, box.right() + self._edge, y, wide)
        place = QRectF(box.left() - px(20), y - px(8), box.width() + px(20) - px(8) + self._edge, px(16))
        draw_text(painter, place, text, "caption", "text3", RIGHT, elide=False)

    def _paint_name(self, painter: QPainter, box: QRectF, x: float, text: str) -> None:
        wide = width_of(text, "caption")
        scene = self.parentItem().boundingRect()
        left, right = scene.left() - self.pos().x(), scene.right() - self.pos().x()
        x = min(max(x, left + wide / 2), min(right, box.right() + px(8)) - wide / 2)
        place = QRectF(x - wide, box.bottom() - px(24), 2 * wide, px(16))
        draw_text(painter, place, text, "caption", "text3", CENTRE, elide=False)

    def set_edge(self, edge: float) -> None:
        """How many px of the view lie outside of the plot area on either side."""
        self._edge = edge


class ValueAxis(Axis):
    """Round values; `at` is where they stand in the view where that differs (a second scale)."""

    def show_values(self, values: Sequence[float], at: Sequence[float] | None = None) -> None:
        """Show these values."""
        digits = decimals(values)
        places = values if at is None else at
        self.show_ticks([(place, number(value, digits)) for place, value in zip(places, values, strict=True)])


class TimeAxis(Axis):
    """Walks local hours and days of a zone, also over a clock change; the view counts ms from `origin`."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__("bottom")
        self._zone = zone
        self._range_ms, self._silent = (0, 1), False
        self._named: dict[float, str] = {}

    def show_range(self, start_ms: int, end_ms: int, *, silent: bool = False) -> None:
        """The time in view; its first instant is the view's zero. `silent`: no hour is named."""
        self._range_ms, self._silent = (start_ms, end_ms), silent
        self.update()

    def tickValues(self, low: float, high: float, size: float) -> Levels:
        start, end = self._range_ms
        made = [] if self._silent else ticks(start, end, self._zone, max(2, int(size // px(76))))
        self._named = {float(at - start): text for at, text in made}
        return [(1.0, list(self._named))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [self._named.get(value, "") for value in values]
