"""Bars side by side: energy per day and the like. The axis starts at zero."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.formats import UNKNOWN, number
from ui.theme.theme import px, radius
from ui.widgets.charts.frame import axis_width, decimals
from ui.widgets.charts.series import nice_ticks
from ui.widgets.painting import CENTRE, RIGHT, draw_text, fill_round, hairline, ink_of, snapped, width_of


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label on the axis, its value (None: nothing known), what it says when pointed at."""

    label: str
    value: float | None
    tip: str = ""


class BarChart(QWidget):
    """Bars of one measure. Arrows and the pointer move between them."""

    def __init__(self, title: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._unit = title, unit
        self._bars: tuple[Bar, ...] = ()
        self._digits = 1
        self._hover = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._say()

    def show_bars(self, bars: Sequence[Bar], digits: int = 1) -> None:
        """Show these bars, in order."""
        self._bars, self._digits = tuple(bars), digits
        self._hover = min(self._hover, len(self._bars) - 1)
        self._say()
        self.update()

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

    def _plot(self, ticks: Sequence[float]) -> QRectF:
        left = px(12) + axis_width(ticks) + px(8)
        return QRectF(
            left, px(14), max(20.0, self.width() - left - px(14)), max(20.0, self.height() - px(44))
        )

    def _ticks(self) -> list[float]:
        known = [bar.value for bar in self._bars if bar.value is not None]
        high = max(known, default=0.0)
        return nice_ticks(0.0, high if high > 0 else 1.0, max(2, min(4, self.height() // px(56))))

    def bar_at(self, x: float) -> int:
        """The bar at px x; -1 for none."""
        plot = self._plot(self._ticks())
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
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and self._bars:
            here = self._hover if self._hover >= 0 else (len(self._bars) if step < 0 else -1)
            self._point(max(0, min(len(self._bars) - 1, here + step)))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ticks = self._ticks()
        plot = self._plot(ticks)
        top, digits = ticks[-1], decimals(ticks)
        for value in ticks:
            y = plot.bottom() - value / top * plot.height()
            hairline(painter, plot.left(), y, plot.width())
            box = QRectF(0, y - px(8), plot.left() - px(8), px(16))
            draw_text(painter, box, number(value, digits), "caption", "text3", RIGHT, elide=False)
        if self._bars:
            self._paint_bars(painter, plot, top)
        else:
            draw_text(painter, plot, "Nothing is known of this time yet.", "body", "text3", CENTRE)
        painter.end()

    def _paint_bars(self, painter: QPainter, plot: QRectF, top: float) -> None:
        step = plot.width() / len(self._bars)
        gap = 1 if step < 6 else 2 if step < 14 else min(px(10), step * 0.3)
        every = max(1, math.ceil(max(width_of(bar.label, "caption") for bar in self._bars) * 1.4 / step))
        for place, bar in enumerate(self._bars):
            x = snapped(painter, plot.left() + place * step + gap / 2)
            wide = max(1.0, snapped(painter, plot.left() + (place + 1) * step - gap / 2) - x)
            if bar.value is None:
                painter.fillRect(QRectF(x, plot.bottom() - 2, wide, 2), ink_of("line2"))
            elif bar.value > 0:
                high = max(1.0, snapped(painter, bar.value / top * plot.height()))
                ink = "text1" if place == self._hover else "seriesThird"
                painter.fillRect(QRectF(x, plot.bottom() - high, wide, high), ink_of(ink))
            if (len(self._bars) - 1 - place) % every == 0:
                middle = plot.left() + (place + 0.5) * step
                label = QRectF(middle - px(40), plot.bottom() + px(6), px(80), px(16))
                if label.center().x() + width_of(bar.label, "caption") / 2 <= self.width():
                    draw_text(painter, label, bar.label, "caption", "text3", CENTRE, elide=False)
        if 0 <= self._hover < len(self._bars):
            self._paint_tip(painter, plot, step)

    def _paint_tip(self, painter: QPainter, plot: QRectF, step: float) -> None:
        bar = self._bars[self._hover]
        value = UNKNOWN if bar.value is None else f"{number(bar.value, self._digits)} {self._unit}"
        text = bar.tip or f"{bar.label}: {value}"
        wide = width_of(text, "small", 500) + px(20)
        x = plot.left() + (self._hover + 0.5) * step - wide / 2
        box = QRectF(min(max(2.0, x), self.width() - wide - 2), 2, wide, px(26))
        fill_round(painter, box, radius("small"), "surface3", "line2")
        draw_text(painter, box, text, "small", "text1", CENTRE, weight=500, elide=False)
