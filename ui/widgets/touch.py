"""Controls for a technician with gloves: 34 px high, and an address as a code to scan."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.onboarding.qr import QUIET, modules
from ui.theme.theme import px, radius, size
from ui.widgets.buttons import Button
from ui.widgets.painting import fill_round

PAPER, INK = QColor("#FFFFFF"), QColor("#15181B")
"""A code is dark on light in every theme: scanners expect it."""


class TouchButton(Button):
    """A button of touch height."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), size("buttonTouch"))


class QrCode(QWidget):
    """A text as a QR code, on paper white with its quiet zone."""

    def __init__(self, side: int = 132, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._side = "", side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_text(self, text: str) -> None:
        """Show a text, none for ""."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(f"Code to scan: {text}" if text else "")
            self.setToolTip(text)
            self.setVisible(bool(text))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._side), px(self._side))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, QRectF(self.rect()), radius("small"), PAPER)
        if self._text:
            paint_code(painter, QRectF(self.rect()), self._text)
        painter.end()


def paint_code(painter: QPainter, box: QRectF, text: str) -> None:
    """The code of `text` inside `box`, its quiet zone included, on whole device pixels."""
    code = modules(text)
    across = len(code) + 2 * QUIET
    dpr = painter.device().devicePixelRatioF()
    side = max(1.0, int(min(box.width(), box.height()) * dpr / across)) / dpr
    left = box.left() + (box.width() - side * len(code)) / 2
    top = box.top() + (box.height() - side * len(code)) / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    for y, row in enumerate(code):
        for x, dark in enumerate(row):
            if dark:
                painter.fillRect(QRectF(left + x * side, top + y * side, side, side), INK)
