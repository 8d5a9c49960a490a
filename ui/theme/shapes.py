"""The shape, colour and word of every state. Colour never stands alone."""

from dataclasses import dataclass
from functools import cache
from xml.etree.ElementTree import Element

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from app.domain.status import Shown
from ui.theme import fonts
from ui.theme.svgpath import elements, outline
from ui.theme.theme import colour, theme
from ui.theme.tokens import tokens

GRID = 16.0

WORDS: dict[Shown, str] = {
    Shown.AVAILABLE: "Available",
    Shown.CHARGING: "Charging",
    Shown.PREPARING: "Preparing",
    Shown.FINISHING: "Finishing",
    Shown.RESERVED: "Reserved",
    Shown.UNAVAILABLE: "Out of service",
    Shown.FAULTED: "Faulted",
    Shown.OFFLINE: "Offline",
    Shown.DEGRADED: "Degraded",
    Shown.UNKNOWN: "Unknown",
}
"""What each state is called on the screen and read out as."""


@dataclass(frozen=True, slots=True)
class _Stroke:
    path: QPainterPath
    width: float
    dash: tuple[float, ...]
    round_cap: bool


@dataclass(frozen=True, slots=True)
class _Drawing:
    fill: QPainterPath
    strokes: tuple[_Stroke, ...]


def word(shown: Shown) -> str:
    """The state in a word."""
    return WORDS[shown]


def state_colour(shown: Shown) -> QColor:
    """The state's colour in the theme in force."""
    return colour(shown.value)


def soft_colour(shown: Shown) -> QColor:
    """The fill of a banner about this state; plain surface for the normal ones."""
    return colour(f"{shown.value}Soft" if is_abnormal(shown) else "surface2")


def is_abnormal(shown: Shown) -> bool:
    """Whether the state asks for attention and therefore carries colour."""
    return tokens().shapes[shown.value].abnormal


def paint_state(painter: QPainter, rect: QRectF, shown: Shown, ink: QColor | None = None) -> None:
    """Draw a state's shape in `rect` (square). What is cut out shows the ground below."""
    drawing = _drawing(shown)
    ink = ink or state_colour(shown)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / GRID, rect.height() / GRID)
    if not drawing.fill.isEmpty():
        painter.fillPath(drawing.fill, ink)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for stroke in drawing.strokes:
        pen = QPen(ink, stroke.width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin if stroke.round_cap else Qt.PenJoinStyle.MiterJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap if stroke.round_cap else Qt.PenCapStyle.FlatCap)
        if stroke.dash:
            pen.setDashPattern([length / stroke.width for length in stroke.dash])
        painter.setPen(pen)
        painter.drawPath(stroke.path)
    painter.restore()


def paint_state_at(painter: QPainter, x: float, y: float, side: float, shown: Shown) -> None:
    """Draw a shape of `side` px with its top left at (x, y)."""
    paint_state(painter, QRectF(x, y, side, side), shown)


_pixmaps: dict[tuple[Shown, int, float, str], QPixmap] = {}


def state_pixmap(shown: Shown, side: int, dpr: float) -> QPixmap:
    """A shape as a pixmap, cached by state, size, device pixel ratio and theme."""
    key = (shown, side, dpr, theme().name)
    if key not in _pixmaps:
        pixmap = QPixmap(QSize(round(side * dpr), round(side * dpr)))
        pixmap.setDevicePixelRatio(dpr)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_state(painter, QRectF(0, 0, side, side), shown)
        painter.end()
        _pixmaps[key] = pixmap
    return _pixmaps[key]


@cache
def _drawing(shown: Shown) -> _Drawing:
    fill = QPainterPath()
    strokes: list[_Stroke] = []
    for element in elements(tokens().shapes[shown.value].svg):
        if element.tag == "text":
            fill.addPath(_glyph(element))
            continue
        path = outline(element)
        painted = element.attrib.get("fill", "none")
        if painted == "BG":
            fill = fill.subtracted(path)
        elif painted == "C":
            fill.addPath(path)
        if element.attrib.get("stroke") == "C":
            dash = tuple(float(part) for part in element.attrib.get("stroke-dasharray", "").split())
            rounded = "round" in (element.get("stroke-linecap"), element.get("stroke-linejoin"))
            strokes.append(_Stroke(path, float(element.attrib["stroke-width"]), dash, rounded))
    return _Drawing(fill, tuple(strokes))


def _glyph(element: Element) -> QPainterPath:
    path = QPainterPath()
    path.addText(QPointF(0, 0), fonts.sized(float(element.attrib["font-size"]), 600), element.text or "")
    centre = path.boundingRect().center().x()
    path.translate(float(element.attrib["x"]) - centre, float(element.attrib["y"]))
    return path
