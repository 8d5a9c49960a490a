"""Lucide icons in the colours of the theme, cached. State shapes are not icons."""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme.theme import colour

_pixmaps: dict[tuple[str, int, float, int], QPixmap] = {}


def pixmap(name: str, side: int = 16, ink: QColor | str = "text2", dpr: float = 1.0) -> QPixmap:
    """An icon of `side` logical px in a colour or token, sharp at `dpr`. KeyError if unknown."""
    shade = colour(ink) if isinstance(ink, str) else ink
    key = (name, side, dpr, shade.rgba())
    if key not in _pixmaps:
        text = _svg(name, side).replace("currentColor", shade.name())
        device = round(side * dpr)
        made = QPixmap(QSize(device, device))
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        renderer = QSvgRenderer(QByteArray(text.encode()))
        renderer.render(painter, QRectF(0, 0, device, device))
        painter.end()
        made.setDevicePixelRatio(dpr)
        _pixmaps[key] = made
    return _pixmaps[key]


def icon(name: str, side: int = 16, ink: QColor | str = "text2") -> QIcon:
    """An icon for Qt's own widgets (menus, tray), in single and double resolution."""
    made = QIcon()
    for dpr in (1.0, 1.5, 2.0):
        made.addPixmap(pixmap(name, side, ink, dpr))
    return made


def paint_icon(
    painter: QPainter, x: float, y: float, name: str, side: int = 16, ink: QColor | str = "text2"
) -> None:
    """Draw an icon with its top left at (x, y)."""
    painter.drawPixmap(round(x), round(y), pixmap(name, side, ink, painter.device().devicePixelRatioF()))


@cache
def _svg(name: str, side: int) -> str:
    try:
        text = files("resources").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise KeyError(f"there is no icon {name}") from None
    stroke = 2.0 if side <= 16 else 1.75
    return text.replace('stroke-width="2"', f'stroke-width="{stroke:g}"')
