"""The part of SVG that the state shapes use, as painter paths."""

import math
import re
import xml.etree.ElementTree as ET

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

_TOKEN = re.compile(r"[MmLlHhVvAaZz]|-?(?:\d+\.?\d*|\.\d+)")


def elements(svg: str) -> list[ET.Element]:
    """The elements of a fragment, in painting order. The fragment comes from our own tokens."""
    return list(ET.fromstring(f"<g>{svg}</g>"))


def outline(element: ET.Element) -> QPainterPath:
    """The path of a circle, rect or path element."""
    value = {
        name: element.attrib.get(name, "0") for name in ("x", "y", "width", "height", "rx", "cx", "cy", "r")
    }
    number = {name: float(text) for name, text in value.items()}
    path = QPainterPath()
    if element.tag == "circle":
        radius = number["r"]
        path.addEllipse(QRectF(number["cx"] - radius, number["cy"] - radius, 2 * radius, 2 * radius))
    elif element.tag == "rect":
        rect = QRectF(number["x"], number["y"], number["width"], number["height"])
        path.addRoundedRect(rect, number["rx"], number["rx"])
    else:
        path = parse(element.attrib["d"])
    return path


def parse(d: str) -> QPainterPath:
    """A path from `d` with lines and circular arcs (M L H V A Z, both cases)."""
    words = _TOKEN.findall(d)
    path = QPainterPath()
    command, at = "M", 0
    x = y = 0.0
    while at < len(words):
        if words[at].isalpha():
            command, at = words[at], at + 1
            if command in "Zz":
                path.closeSubpath()
                continue
        count = {"M": 2, "L": 2, "H": 1, "V": 1, "A": 7}[command.upper()]
        values = [float(word) for word in words[at : at + count]]
        at += count
        base_x, base_y = (x, y) if command.islower() else (0.0, 0.0)
        kind = command.upper()
        before = (x, y)
        if kind == "H":
            x = base_x + values[0]
        elif kind == "V":
            y = base_y + values[0]
        else:
            x, y = base_x + values[-2], base_y + values[-1]
        if kind == "M":
            path.moveTo(x, y)
            command = "l" if command == "m" else "L"
        elif kind == "A":
            _arc(path, before, (x, y), values[0], bool(values[3]), bool(values[4]))
        else:
            path.lineTo(x, y)
    return path


def _arc(
    path: QPainterPath,
    start: tuple[float, float],
    end: tuple[float, float],
    radius: float,
    large: bool,
    clockwise: bool,
) -> None:
    (x1, y1), (x2, y2) = start, end
    chord = math.hypot(x2 - x1, y2 - y1)
    radius = max(radius, chord / 2)
    rise = math.sqrt(max(0.0, radius**2 - (chord / 2) ** 2))
    side = -1 if large == clockwise else 1
    cx = (x1 + x2) / 2 - side * rise * (y2 - y1) / chord
    cy = (y1 + y2) / 2 + side * rise * (x2 - x1) / chord
    first = math.degrees(math.atan2(cy - y1, x1 - cx))
    last = math.degrees(math.atan2(cy - y2, x2 - cx))
    sweep = (last - first) % 360
    if clockwise:
        sweep -= 360
    box = QRectF(cx - radius, cy - radius, 2 * radius, 2 * radius)
    path.arcTo(box, first, sweep)
