"""What lies on the map: zoom buttons, legend, scale bar."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.status import Shown
from ui.theme.icons import paint_icon
from ui.theme.shapes import paint_state_at, word
from ui.theme.theme import px, radius
from ui.widgets.buttons import IconButton
from ui.widgets.map.camera import Camera
from ui.widgets.map.mercator import metres_per_px, scale_bar
from ui.widgets.painting import CENTRE, draw_text, fill_round, hairline, ink_of, width_of

LEGEND = (Shown.AVAILABLE, Shown.CHARGING, Shown.DEGRADED, Shown.FAULTED, Shown.OFFLINE, Shown.UNKNOWN)


class _MapButton(IconButton):
    """One of the buttons in the box; the box draws the edge."""

    def sizeHint(self) -> QSize:
        return QSize(px(28), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.isDown() or self.underMouse():
            box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            fill_round(painter, box, radius("small"), "surface3" if self.isDown() else "surface2")
        side = px(16)
        offset = (self.width() - side) / 2
        paint_icon(painter, offset, (self.height() - side) / 2, self.icon_name, side, "text1")
        painter.end()


class ZoomBox(QWidget):
    """Nearer, farther, all in view."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.nearer = _MapButton("plus", "Zoom in")
        self.farther = _MapButton("minus", "Zoom out")
        self.fit = _MapButton("scan", "Show all stations")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(1)
        for button in (self.nearer, self.farther, self.fit):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            column.addWidget(button)
        self.adjustSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, QRectF(self.rect()), radius("control"), "surface1", "line2")
        for button in (self.farther, self.fit):
            hairline(painter, 1, button.y() - 1, self.width() - 2, "line2")
        painter.end()


class Legend(QWidget):
    """Shapes and their words."""

    def __init__(self, parent: QWidget, states: Sequence[Shown] = LEGEND) -> None:
        super().__init__(parent)
        self._states = tuple(states)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Legend: " + ", ".join(word(shown).lower() for shown in states))

    def sizeHint(self) -> QSize:
        wide = sum(px(14) + px(6) + width_of(word(shown), "caption") for shown in self._states)
        return QSize(round(wide) + px(16) * (len(self._states) - 1) + 2 * px(10), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, QRectF(self.rect()), radius("small"), "surface1", "line1")
        x = float(px(10))
        for shown in self._states:
            paint_state_at(painter, x, (self.height() - px(13)) // 2, px(13), shown)
            x += px(14) + px(6)
            text = QRectF(x, 0, self.width() - x, self.height())
            x += draw_text(painter, text, word(shown), "caption", "text2") + px(16)
        painter.end()


def paint_scale(painter: QPainter, camera: Camera) -> None:
    """The scale bar in the lower right corner."""
    long, text = scale_bar(metres_per_px(camera.y, camera.zoom), px(96))
    right, base = camera.width - px(14), camera.height - px(16)
    left = right - long
    ink = ink_of("text2")
    painter.fillRect(QRectF(left, base, long, 1), ink)
    for x in (left, right - 1):
        painter.fillRect(QRectF(x, base - 5, 1, 5), ink)
    draw_text(painter, QRectF(left - 40, base - px(18), long + 80, px(16)), text, "caption", "text2", CENTRE)
