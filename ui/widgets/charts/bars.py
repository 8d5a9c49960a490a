"""Bars side by side: energy per day and the like. The axis starts at zero."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from ui.theme.formats import UNKNOWN, number
from ui.theme.theme import px, radius
from ui.widgets.charts.chart import Chart
from ui.widgets.charts.frame import Frame, axis_width
from ui.widgets.charts.series import nice_ticks
from ui.widgets.painting import CENTRE, draw_text, fill_round, ink_of, width_of

if TYPE_CHECKING:
    from ui.widgets.charts.columns import BarsPlot


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label on the axis, its value (None: nothing known), what it says when pointed at."""

    label: str
    value: float | None
    tip: str = ""


class BarChart(Chart):
    """Bars of one measure. Arrows and the pointer move between them."""

    def __init__(self, title: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._unit = title, unit
        self._bars: tuple[Bar, ...] = ()
        self._digits = 1
        self._hover = -1
        self._say()

    def show_bars(self, bars: Sequence[Bar], digits: int = 1) -> None:
        """Show these bars, in order."""
        self._bars, self._digits = tuple(bars), digits
        self._hover = min(self._hover, len(self._bars) - 1)
        self._say()
        self._redraw()

    def _say(self) -> None:
        known = [bar.value for bar in self._bars if bar.value is not None]
        told = "nothing known"
        if known:
            low, high = number(min(known), 1), number(max(known), 1)
            told = f"last {number(known[-1], 1)}, lowest {low}, highest {high}"
        if 0 <= self._hover < len(self._bars):
            bar = self._bars[self._hover]
            told = f"{bar.label}: {bar.tip or number(bar.value, self._digits)}"
        self.setAccessibleName(f"{self._title}, {self._unit}. {told}")

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(160))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(140), px(100))

    def _make_frame(self) -> Frame:
        ticks = self._ticks()
        left = math.ceil(px(12) + axis_width(ticks) + px(8))
        wide, high = self.width() - left - px(14), self.height() - px(44)
        plot = QRectF(left, px(14), max(20.0, wide), max(20.0, high))
        return Frame(plot, 0, max(1, len(self._bars)), ticks)

    def _ticks(self) -> list[float]:
        known = [bar.value for bar in self._bars if bar.value is not None]
        return nice_ticks(0.0, max(known, default=0.0), max(2, min(4, self.height() // px(56))))

    def bar_at(self, x: float) -> int:
        """The bar at px x; -1 for none."""
        plot = self._make_frame().plot
        if not self._bars or not plot.left() <= x < plot.right():
            return -1
        return int((x - plot.left()) * len(self._bars) / plot.width())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self.bar_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(-1)

    def _point(self, place: int) -> None:
        if place != self._hover:
            self._hover = place
            self._say()
            self._show_tip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and self._bars:
            here = self._hover if self._hover >= 0 else (len(self._bars) if step < 0 else -1)
            self._point(max(0, min(len(self._bars) - 1, here + step)))
        else:
            super().keyPressEvent(event)

    def _make_plot(self) -> "BarsPlot":
        from ui.widgets.charts.columns import BarsPlot

        return BarsPlot(self)

    def _fill(self) -> None:
        plot: BarsPlot = self._plot  # type: ignore[assignment]
        frame = self._make_frame()
        boxes = [self._box(frame, place) for place in range(len(self._bars))]
        known = [
            box for box, bar in zip(boxes, self._bars, strict=True) if bar.value is not None and bar.value > 0
        ]
        unknown = [box for box, bar in zip(boxes, self._bars, strict=True) if bar.value is None]
        plot.draw(frame, known, unknown, self._names(frame))
        plot.words.show_what(None if self._bars else lambda painter: _paint_empty(painter, frame.plot))
        self._show_tip()

    def _box(self, frame: Frame, place: int) -> QRectF:
        """One bar on whole device pixels; of a value above zero at least one is seen."""
        dpr = self.devicePixelRatioF()
        plot, value = frame.plot, self._bars[place].value
        step = plot.width() / len(self._bars)
        gap = 1 if step < 6 else 2 if step < 14 else min(px(10), step * 0.3)
        x = round((plot.left() + place * step + gap / 2) * dpr) / dpr
        end = round((plot.left() + (place + 1) * step - gap / 2) * dpr) / dpr
        high = 2.0
        if value is not None:
            high = max(1.0, round(value / frame.left[-1] * plot.height() * dpr) / dpr)
        return QRectF(x, plot.bottom() - high, max(1.0, end - x), high)

    def _names(self, frame: Frame) -> list[tuple[float, str]]:
        """(middle in px, name) of those bars whose name has room, counted from the last."""
        if not self._bars:
            return []
        step = frame.plot.width() / len(self._bars)
        every = max(1, math.ceil(max(width_of(bar.label, "caption") for bar in self._bars) * 1.4 / step))
        named = []
        for place, bar in enumerate(self._bars):
            middle = frame.plot.left() + (place + 0.5) * step
            room = middle + width_of(bar.label, "caption") / 2 <= self.width()
            if (len(self._bars) - 1 - place) % every == 0 and room:
                named.append((middle, bar.label))
        return named

    def _show_tip(self) -> None:
        if self._plot is None or self._plot.overlay is None:
            return
        if not 0 <= self._hover < len(self._bars):
            self._plot.overlay.show_what(None)
            return
        frame, bar = self._make_frame(), self._bars[self._hover]
        value = UNKNOWN if bar.value is None else f"{number(bar.value, self._digits)} {self._unit}"
        text = bar.tip or f"{bar.label}: {value}"
        wide = width_of(text, "small", 500) + px(20)
        x = frame.x_of(self._hover + 0.5) - wide / 2
        box = QRectF(min(max(2.0, x), self.width() - wide - 2), 2, wide, px(26))
        column = self._box(frame, self._hover)

        def paint(painter: QPainter) -> None:
            if bar.value is not None and bar.value > 0:
                painter.fillRect(column, ink_of("text1"))
            fill_round(painter, box, radius("small"), "surface3", "line2")
            draw_text(painter, box, text, "small", "text1", CENTRE, weight=500, elide=False)

        self._plot.overlay.show_what(paint, [column, box])


def _paint_empty(painter: QPainter, area: QRectF) -> None:
    draw_text(painter, area, "Nothing is known of this time yet.", "body", "text3", CENTRE)
