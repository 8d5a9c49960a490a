"""The plot area; from times and values to pixels and back."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from ui.theme.formats import number
from ui.widgets.charts.series import Floats
from ui.widgets.painting import width_of


@dataclass(frozen=True)
class Frame:
    """Where a chart draws: `plot` in px, what runs across (ms, or bars by number), both value scales."""

    plot: QRectF
    start: int
    end: int
    left: Sequence[float]
    right: Sequence[float] = ()

    def x_of(self, at: float) -> float:
        """One instant as px."""
        span = max(1, self.end - self.start)
        return float((at - self.start) * self.plot.width() / span + self.plot.left())

    def unit_of(self, x: float) -> float:
        """What stands at px x, not rounded and not held inside."""
        return self.start + (x - self.plot.left()) / self.plot.width() * (self.end - self.start)

    def value_of(self, y: float) -> float:
        """The value of the left scale at px y."""
        low, high = self.left[0], self.left[-1]
        return low + (self.plot.bottom() - y) / self.plot.height() * (high - low)

    def on_left(self, values: Floats, *, right: bool) -> Floats:
        """Values of the right scale as those of the left that stand at their height."""
        if not right or len(self.right) < 2:
            return values
        low, high = self.right[0], self.right[-1]
        share = (values - low) / max(1e-12, high - low)
        return self.left[0] + share * (self.left[-1] - self.left[0])

    def y_of(self, value: float, *, right: bool = False) -> float:
        """One value as px, on the left or the right scale."""
        scale = self.right if right and len(self.right) > 1 else self.left
        low, high = scale[0], scale[-1]
        return float(self.plot.bottom() - (value - low) * (self.plot.height() / max(1e-12, high - low)))

    def at(self, x: float) -> int:
        """The instant at px x, held inside the range."""
        share = (x - self.plot.left()) / max(1.0, self.plot.width())
        return round(self.start + min(1.0, max(0.0, share)) * (self.end - self.start))


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
