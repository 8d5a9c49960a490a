"""What every painted chart of items shares: pointer and arrows mark one, and it is told in words."""

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import fonts
from ui.theme.theme import px
from ui.widgets.painting import draw_text, fill_round, focus_ring, width_of


class Marked(QWidget):
    """A painted chart or table. Subclasses say how many items there are, where, and what they hold."""

    step_across = 1
    """How many items Up and Down move."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self.marked = name, -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)

    def items(self) -> int:
        """How many items can be marked."""
        return 0

    def said(self, item: int) -> str:
        """An item in words."""
        return ""

    def item_at(self, at: QPoint) -> int:
        """The item under a point; -1 for none."""
        return -1

    def draw(self, painter: QPainter) -> None:
        """Paint it."""

    def draw_told(self, painter: QPainter, words: str) -> None:
        """Paint what is marked, in words, over the rest."""

    def mark(self, item: int) -> None:
        """Mark an item and tell it."""
        if item != self.marked:
            self.marked = item
            self.setAccessibleDescription(self._words())
            self.update()

    def _words(self) -> str:
        return self.said(self.marked) if 0 <= self.marked < self.items() else ""

    @property
    def by_keyboard(self) -> bool:
        """Whether it has the focus of someone who uses the keyboard."""
        return self.hasFocus() and bool(self.window().property("keyboardFocus"))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mark(self.item_at(event.position().toPoint()))

    def leaveEvent(self, event: object) -> None:
        if not self.hasFocus():
            self.mark(-1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.mark(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: self.step_across, Qt.Key.Key_Up: -self.step_across,
        }.get(Qt.Key(event.key()), 0)  # fmt: skip
        if step and self.items():
            first = 0 if self.marked < 0 else self.marked + step
            self.mark(max(0, min(self.items() - 1, first)))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.draw(painter)
        if self.by_keyboard:
            focus_ring(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), 4)
        words = self._words()
        if words:
            self.draw_told(painter, words)
        painter.end()


def told_box(painter: QPainter, area: QRectF, text: str, *, above: bool = False) -> None:
    """What is marked, in a box at the lower right, or `above` at the upper right."""
    wide = min(area.width() - px(16), width_of(text, "small") + px(16))
    high = fonts.line_height("small") + px(8)
    top = area.top() + px(4) if above else area.bottom() - high - px(4)
    box = QRectF(area.right() - wide - px(8), top, wide, high)
    fill_round(painter, box, 4, "surface2", "line2")
    draw_text(painter, box.adjusted(px(8), 0, -px(8), 0), text, "small")
