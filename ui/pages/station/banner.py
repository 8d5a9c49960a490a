"""The band across a station's page: its condition in words, and who it is."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.status import Shown
from ui.models.cards import Condition
from ui.theme.shapes import is_abnormal, paint_state_at, soft_colour, state_colour
from ui.theme.theme import px, radius
from ui.widgets.painting import LEFT, draw_text, fill_round, focus_ring, upright, width_of

Fact = tuple[str, str]


class StationBanner(QWidget):
    """Condition at the left; model, firmware, protocol, last message, round trip at the right.

    Where the condition is a fault's, a click or Enter asks to open it.
    """

    fault_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._condition = Condition(Shown.UNKNOWN, "", "")
        self._facts: tuple[Fact, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_condition(self, condition: Condition, facts: tuple[Fact, ...]) -> None:
        """Say what is the matter, and who this is."""
        if (condition, facts) != (self._condition, self._facts):
            self._condition, self._facts = condition, facts
            leads = condition.fault is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus if leads else Qt.FocusPolicy.NoFocus)
            told = ", ".join(f"{label} {value}" for label, value in facts)
            self.setAccessibleName(f"{condition.title}. {condition.detail}. {told}")
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._ask()
            return
        super().keyPressEvent(event)

    def _ask(self) -> None:
        if self._condition.fault is not None:
            self.fault_asked.emit(self._condition.fault)

    def sizeHint(self) -> QSize:
        return QSize(px(600), px(68))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(300), px(68))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        abnormal = is_abnormal(self._condition.shown)
        fill_round(painter, box, radius("panel"), "surface1", "line1")
        if abnormal:
            inside = box.adjusted(1, 1, -1, -1)
            fill_round(painter, inside, radius("panel") - 1, soft_colour(self._condition.shown))
            painter.fillRect(QRectF(0, px(8), 3, box.height() - px(16)), state_colour(self._condition.shown))
        right = self._paint_facts(painter, box)
        side = px(18)
        paint_state_at(painter, px(16), px(16), side, self._condition.shown)
        left = px(16) + side + px(10)
        title = QRectF(left, px(12), right - left - px(16), px(24))
        draw_text(painter, title, self._condition.title, "pageTitle", "text1", LEFT)
        detail = QRectF(left, px(36), right - left - px(16), px(20))
        used = draw_text(painter, detail, self._condition.detail, "small", "text2", LEFT)
        if self._condition.fault is not None and used + px(90) < detail.width():
            detail.setLeft(detail.left() + used)
            draw_text(painter, detail, "  ·  ", "small", "text3", LEFT)
            detail.setLeft(detail.left() + width_of("  ·  ", "small"))
            draw_text(painter, detail, "Open fault", "small", "accent", LEFT, weight=500)
        if self.hasFocus() and self.window().property("keyboardFocus"):
            focus_ring(painter, box.adjusted(2, 2, -2, -2), radius("control"))
        painter.end()

    def _paint_facts(self, painter: QPainter, box: QRectF) -> float:
        """Facts from the right edge; those that would leave no room for the title are left out."""
        right = box.right() - px(8)
        for label, value in reversed(self._facts):
            wide = max(width_of(label, "small"), width_of(value, "small", 600)) + px(24)
            if right - wide < box.width() * 0.42:
                break
            right -= wide
            upright(painter, right, px(18), box.height() - px(36), "line2")
            draw_text(painter, QRectF(right + px(12), px(15), wide, px(18)), label, "small", "text3", LEFT)
            value_box = QRectF(right + px(12), px(34), wide, px(18))
            draw_text(painter, value_box, value, "small", "text1", LEFT, weight=600)
        return right
