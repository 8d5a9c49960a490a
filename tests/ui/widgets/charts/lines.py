"""A line of a day to draw, and the colours that were drawn."""

from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtGui import QImage

from ui.widgets.charts import Series

ZONE = ZoneInfo("Europe/Amsterdam")
MINUTE = 60_000
START = 1_792_015_200_000
"""Midnight of 15 October 2026 in Amsterdam."""


def line(minutes: list[int], values: list[float] | None = None, **more: object) -> Series:
    times = START + np.array(minutes, dtype=np.int64) * MINUTE
    return Series("Power", times, np.array(values or [float(m) for m in minutes]), **more)  # type: ignore[arg-type]


def ink_at(image: QImage, box: tuple[int, int, int, int]) -> set[str]:
    """The colours in a box (x, y, to x, to y)."""
    x0, y0, x1, y1 = box
    return {image.pixelColor(x, y).name() for x in range(x0, x1) for y in range(y0, y1)}
