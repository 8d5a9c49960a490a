"""What stands in the window while a long start goes on: what is done, and how far it is."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme.theme import px, radius
from ui.widgets.painting import draw_text, fill_round, ink_of


class Starting(QWidget):
    """A card with a sentence and a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part, self._text = 0.0, ""

    def show_part(self, part: float, text: str) -> None:
        """Show what part (0 to 1) is done, and of what."""
        self._part, self._text = min(1.0, max(0.0, part)), text or "Getting ready"
        self.setAccessibleName(self._text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        wide, high = min(px(440), self.width() - 32), px(108)
        card = QRectF((self.width() - wide) // 2, (self.height() - high) // 3, wide, high)
        fill_round(painter, card, radius("panel"), "surface1", "line1")
        inside = card.adjusted(px(20), px(18), -px(20), -px(18))
        line = QRectF(inside.left(), inside.top(), inside.width(), px(20))
        draw_text(painter, line, self._text, "bodyStrong")
        line.translate(0, px(22))
        draw_text(painter, line, "Stations are let in as soon as this is done.", "small", "text3")
        bar = QRectF(inside.left(), inside.bottom() - px(6), inside.width(), px(4))
        painter.fillRect(bar, ink_of("surface3"))
        bar.setWidth(bar.width() * self._part)
        painter.fillRect(bar, ink_of("accent"))
        painter.end()
