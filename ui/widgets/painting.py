"""Lines on whole device pixels, rounded frames, text that ends in an ellipsis."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from ui.theme import fonts
from ui.theme.theme import colour, px

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter

Ink = QColor | str


def ink_of(ink: Ink) -> QColor:
    """A colour, from a colour or a token."""
    return colour(ink) if isinstance(ink, str) else ink


def fill_round(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: Ink | None,
    edge: Ink | None = None,
    dashed: bool = False,
) -> None:
    """A rounded box with an edge of 1 px that lies inside `rect`, on half device pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    thick = thickness(painter)
    inside = rect.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2) if edge is not None else rect
    path = QPainterPath()
    path.addRoundedRect(inside, radius, radius)
    if fill is not None:
        painter.fillPath(path, ink_of(fill))
    if edge is not None:
        pen = QPen(ink_of(edge), thick)
        if dashed:
            pen.setDashPattern([3, 2])
        painter.strokePath(path, pen)
    painter.restore()


def thickness(painter: QPainter) -> float:
    """One design pixel as whole device pixels."""
    dpr = painter.device().devicePixelRatioF()
    return max(1, round(dpr)) / dpr


def snapped(painter: QPainter, value: float) -> float:
    """The nearest whole device pixel."""
    dpr = painter.device().devicePixelRatioF()
    return round(value * dpr) / dpr


def hairline(painter: QPainter, x: float, y: float, length: float, ink: Ink = "line1") -> None:
    """A horizontal line, never blurred."""
    painter.fillRect(QRectF(x, snapped(painter, y), length, thickness(painter)), ink_of(ink))


def upright(painter: QPainter, x: float, y: float, length: float, ink: Ink = "line1") -> None:
    """A vertical line, never blurred."""
    painter.fillRect(QRectF(snapped(painter, x), y, thickness(painter), length), ink_of(ink))


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    role: str = "body",
    ink: Ink = "text1",
    align: Qt.AlignmentFlag = LEFT,
    weight: int | None = None,
    elide: bool = True,
) -> float:
    """One line of text; what does not fit ends in an ellipsis. Returns the width drawn."""
    return draw_with(painter, rect, text, fonts.font(role, weight), ink, align, elide)


def draw_with(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    ink: Ink,
    align: Qt.AlignmentFlag = LEFT,
    elide: bool = True,
) -> float:
    """As draw_text, with a font in hand."""
    if not text or rect.width() <= 0:
        return 0.0
    measure = QFontMetricsF(font)
    width = measure.horizontalAdvance(text)
    if elide and width > rect.width():
        text = measure.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        width = measure.horizontalAdvance(text)
    painter.setFont(font)
    painter.setPen(ink_of(ink))
    if align & Qt.AlignmentFlag.AlignRight:
        x = rect.right() - width
    elif align & Qt.AlignmentFlag.AlignHCenter:
        x = rect.left() + (rect.width() - width) / 2
    else:
        x = rect.left()
    y = rect.top() + (rect.height() - measure.height()) / 2 + measure.ascent()
    painter.drawText(QPointF(x, round(y)), text)
    return width


def draw_baseline(
    painter: QPainter, x: float, y: float, text: str, role: str, ink: Ink = "text1", weight: int | None = None
) -> float:
    """Text from x on, standing on the line y. Returns its width."""
    font = fonts.font(role, weight)
    painter.setFont(font)
    painter.setPen(ink_of(ink))
    painter.drawText(QPointF(x, y), text)
    return QFontMetricsF(font).horizontalAdvance(text)


def width_of(text: str, role: str = "body", weight: int | None = None) -> float:
    """How wide a text is in a role."""
    return fonts.metrics(role, weight).horizontalAdvance(text)


def cut_short(text: str, role: str, room: float) -> str:
    """A fainter text as it fits: whole, with an ellipsis, or not at all where too little of it is left."""
    wide = width_of(text, role, 400) if text else 0.0
    if wide <= room + 0.5:
        return text
    if room < max(wide / 2, px(60)):
        return ""
    return fonts.metrics(role, 400).elidedText(text, Qt.TextElideMode.ElideRight, room)


def draw_key(
    painter: QPainter, right: float, middle: float, text: str, ink: Ink = "text2", edge: Ink = "line2"
) -> float:
    """A key cap that ends at `right`, centred on `middle`. Returns its left edge."""
    wide = max(18.0, width_of(text, "caption") + 10)
    high = fonts.line_height("caption") + 4
    box = QRectF(right - wide, round(middle - high / 2), wide, high)
    fill_round(painter, box, 4, None, edge)
    draw_text(painter, box, text, "caption", ink, CENTRE, elide=False)
    return box.left()


def focus_ring(painter: QPainter, rect: QRectF, radius: float) -> None:
    """The ring of keyboard focus: 2 px of accent along the inside of `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour("accent"), 2))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()
