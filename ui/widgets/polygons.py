"""numpy points as Qt polygons, copied in one piece."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPolygonF
from shiboken6 import Shiboken


def polygon(points: npt.NDArray[np.float64]) -> QPolygonF:
    """Points, one row each, as a polygon."""
    made = QPolygonF()
    made.resize(len(points))
    inside: Any = Shiboken.VoidPtr
    memory = np.frombuffer(inside(made.data(), points.size * 8, True), np.double)
    memory[:] = points.ravel()
    return made
