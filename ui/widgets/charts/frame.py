"""The plot area, its axes and the grid; from times and values to pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from ui.theme.formats import number
from ui.theme.theme import px
from ui.widgets.charts.series import Floats, Times
from ui.widgets.charts.time_axis import ticks
from ui.widgets.painting import CENTRE, LEFT, RIGHT, draw_text, hairline, width_of


@dataclass(frozen=True)
class Frame:
    """Where a chart draws: `plot` in px, the range of time, the ticks of both value axes."""

    plot: QRectF
    from_ms: int
    to_ms: int
    left: Sequence[float]
    right: Sequence[float] = ()

    def x(self, t_ms: Times) -> Floats:
        """Times as px."""
        span = max(1, self.to_ms - self.from_ms)
        return (t_ms - self.from_ms).astype(np.float64) * (self.plot.width() / span) + self.plot.left()

    def x_of(self, at_ms: float) -> float:
        """One instant as px."""
        span = max(1, self.to_ms - self.from_ms)
        return float((at_ms - self.from_ms) * self.plot.width() / span + self.plot.left())

    def y(self, values: Floats, *, right: bool = False) -> Floats:
        """Values as px, on the left or the right axis."""
        scale = self.right if right and len(self.right) > 1 else self.left
        low, high = scale[0], scale[-1]
        return self.plot.bottom() - (values - low) * (self.plot.height() / max(1e-12, high - low))

    def y_of(self, value: float, *, right: bool = False) -> float:
        """One value as px."""
        return float(self.y(np.array([value]), right=right)[0])

    def at(self, x: float) -> int:
        """The instant at px x, held inside the range."""
        share = (x - self.plot.left()) / max(1.0, self.plot.width())
        return round(self.from_ms + min(1.0, max(0.0, share)) * (self.to_ms - self.from_ms))


def decimals(values: Sequence[float]) -> int:
    """How many decimals ticks need."""
    for digits in range(4):
        if all(abs(round(value, digits) - value) < 1e-9 for value in values):
            return digits
    return 3


def axis_width(values: Sequence[float]) -> float:
    """Room for an axis' labels."""
    digits = decimals(values)
    return max((width_of(number(value, digits), "caption") for value in values), default=0.0)


def paint_grid(painter: QPainter, frame: Frame) -> None:
    """Horizontal lines and the labels of both value axes."""
    digits = decimals(frame.left)
    for value in frame.left:
        y = frame.y_of(value)
        hairline(painter, frame.plot.left(), y, frame.plot.width())
        box = QRectF(0, y - px(8), frame.plot.left() - px(8), px(16))
        draw_text(painter, box, number(value, digits), "caption", "text3", RIGHT, elide=False)
    digits = decimals(frame.right)
    for value in frame.right:
        box = QRectF(frame.plot.right() + px(8), frame.y_of(value, right=True) - px(8), px(60), px(16))
        draw_text(painter, box, number(value, digits), "caption", "text3", LEFT, elide=False)


def paint_times(painter: QPainter, frame: Frame, zone: ZoneInfo, width: float) -> None:
    """Labels of the time axis."""
    most = max(2, int(frame.plot.width() // px(76)))
    top = frame.plot.bottom() + px(6)
    for at, text in ticks(frame.from_ms, frame.to_ms, zone, most):
        wide = width_of(text, "caption")
        x = min(max(frame.x_of(at), wide / 2), width - wide / 2)
        draw_text(
            painter, QRectF(x - wide, top, 2 * wide, px(16)), text, "caption", "text3", CENTRE, elide=False
        )
