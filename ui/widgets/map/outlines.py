"""The base map: outlines of land and borders, drawn into an image by a worker thread."""

import io
import json
import threading
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from ui.widgets.map.mercator import to_unit, world_px
from ui.widgets.polygons import polygon

FIXED = 2**24
LEVELS = (3.5, 5.5, 7.5, 99.0)
"""Below which zoom a level of detail is used."""

Points = npt.NDArray[np.float64]
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Lines:
    """Many polylines in one array, with the bounds of each."""

    points: Points
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    low: Points
    high: Points


@dataclass(frozen=True, slots=True)
class Level:
    """One level of detail: rings to fill, borders to stroke."""

    land: Lines
    border: Lines


@dataclass(frozen=True, slots=True)
class Place:
    """A name on the map: `kind` is country, sea or city; shown from `zoom` on."""

    kind: str
    name: str
    x: float
    y: float
    zoom: float


@dataclass(frozen=True, slots=True)
class Scene:
    """What an image of the base map shows: centre in unit coordinates, zoom, size in px, dpr, colours."""

    x: float
    y: float
    zoom: float
    width: int
    height: int
    dpr: float
    sea: str
    land: str
    border: str


def level_for(zoom: float) -> int:
    """Which level of detail a zoom needs."""
    return next(index for index, below in enumerate(LEVELS) if zoom < below)


def load_level(index: int) -> Level:
    """Read a level of detail once; may be called in any thread."""
    with _lock:
        return _load(index)


@cache
def _load(index: int) -> Level:
    raw = files("resources").joinpath("map", f"level{index}.npz").read_bytes()
    with np.load(io.BytesIO(raw)) as arrays:
        return Level(
            *(_lines(arrays[f"{kind}_points"], arrays[f"{kind}_sizes"]) for kind in ("land", "border"))
        )


def _lines(deltas: npt.NDArray[np.int32], sizes: npt.NDArray[np.int32]) -> Lines:
    points = np.cumsum(deltas.astype(np.int64), axis=0) / FIXED
    ends = np.cumsum(sizes.astype(np.int64))
    starts = ends - sizes
    return Lines(
        points, starts, ends, np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
    )


@cache
def places() -> tuple[Place, ...]:
    """Countries, seas and cities, as data."""
    rows = json.loads(files("resources").joinpath("map", "places.json").read_text(encoding="utf-8"))
    return tuple(
        Place(kind, name, *to_unit(latitude, longitude), zoom)
        for kind, name, latitude, longitude, zoom in rows
    )


def draw(scene: Scene) -> QImage:
    """The base map of a scene; for a worker thread (QImage, no QPixmap)."""
    image = QImage(
        QSize(round(scene.width * scene.dpr), round(scene.height * scene.dpr)), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(scene.dpr)
    image.fill(QColor(scene.sea))
    level = load_level(level_for(scene.zoom))
    scale = world_px(scene.zoom)
    origin = np.array([scene.x - scene.width / 2 / scale, scene.y - scene.height / 2 / scale])
    far = origin + np.array([scene.width, scene.height]) / scale
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in _visible(level.land, origin, far, scale):
        path.addPolygon(ring)
    pen = QPen(QColor(scene.border), 1)
    painter.setPen(pen)
    painter.setBrush(QColor(scene.land))
    painter.drawPath(path)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in _visible(level.border, origin, far, scale):
        painter.drawPolyline(line)
    painter.end()
    return image


def _visible(lines: Lines, origin: Points, far: Points, scale: float) -> list[QPolygonF]:
    seen = np.flatnonzero(((lines.high >= origin) & (lines.low <= far)).all(axis=1))
    return [polygon((lines.points[lines.starts[i] : lines.ends[i]] - origin) * scale) for i in seen]
