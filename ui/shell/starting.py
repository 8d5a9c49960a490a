"""What stands in the window while a long start goes on: what is done, and how far it is."""

from PySide6.QtCore import QElapsedTimer, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme.formats import duration
from ui.theme.theme import px, radius
from ui.widgets.painting import RIGHT, draw_text, fill_round, ink_of

TELLING_MS = 3000
"""How long something must have run before the time left is more than a guess."""


def left_words(part: float, passed_ms: int) -> str:
    """ "about 40 s left" from how long the part that is done took; "" while that says little."""
    if passed_ms < TELLING_MS or not 0 < part < 1:
        return ""
    left_ms = passed_ms * (1 - part) / part
    step = 60_000 if left_ms > 120_000 else 10_000
    return f"about {duration(max(1, round(left_ms / step)) * step)} left"


class Starting(QWidget):
    """A card with a sentence, a bar, and how long it will still take."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part, self._text, self._left = 0.0, "", ""
        self._since = QElapsedTimer()
        self._began_at = 0.0

    def show_part(self, part: float, text: str) -> None:
        """Show what part (0 to 1) is done, and of what."""
        part, text = min(1.0, max(0.0, part)), text or "Getting ready"
        if text != self._text:
            self._since.start()
            self._began_at = part
        whole = 1 - self._began_at
        self._left = left_words((part - self._began_at) / whole, self._since.elapsed()) if whole else ""
        self._part, self._text = part, text
        self.setAccessibleName(self._text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        wide, high = min(px(440), self.width() - 32), px(108)
        card = QRectF((self.width() - wide) // 2, (self.height() - high) // 3, wide, high)
        fill_round(painter, card, radius("panel"), "surface1", "line1")
        inside = card.adjusted(px(20), px(18), -px(20), -px(18))
        line = QRectF(inside.left(), inside.top(), inside.width(), px(20))
        taken = draw_text(painter, line, self._left, "small", "text3", RIGHT)
        draw_text(painter, line.adjusted(0, 0, -taken - px(8), 0), self._text, "bodyStrong")
        line.translate(0, px(22))
        draw_text(painter, line, "Stations are let in as soon as this is done.", "small", "text3")
        bar = QRectF(inside.left(), inside.bottom() - px(6), inside.width(), px(4))
        painter.fillRect(bar, ink_of("surface3"))
        bar.setWidth(bar.width() * self._part)
        painter.fillRect(bar, ink_of("accent"))
        painter.end()
