"""A connector's card: state, power against rated, and the session in progress."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.status import Shown
from ui.models.cards import Card
from ui.models.staleness import Age
from ui.theme.shapes import is_abnormal, paint_state_at, state_colour
from ui.theme.theme import colour, px, radius
from ui.widgets.buttons import Button
from ui.widgets.painting import (
    LEFT,
    RIGHT,
    draw_baseline,
    draw_text,
    fill_round,
    focus_ring,
    width_of,
)

LINES = 4


class ConnectorCard(QWidget):
    """Painted whole. A click (or Enter) opens its session, if it has one."""

    session_asked = Signal(int)
    command_asked = Signal(str, object)
    """(key of a command, what is filled in)"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: Card | None = None
        self.act = Button("Start…", parent=self)
        self.act.clicked.connect(self._act)
        self.act.hide()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_card(self, card: Card) -> None:
        """Show a connector; repaints only what differs."""
        if card == self._card:
            return
        self._card = card
        told = "; ".join(f"{label} {value}" for label, value in card.lines)
        power = f"{card.power} {card.unit} {card.power_note}".strip()
        self.setAccessibleName(f"Connector {card.title}, {card.kind}, {card.state}, {power}. {told}")
        self.act.set_text("Start…" if card.session is None else "Stop…")
        self.act.setAccessibleName(f"{self.act.text()} connector {card.title}")
        self.act.setVisible(card.age is not Age.GONE)
        self._place_act()
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if card.session is not None else Qt.CursorShape.ArrowCursor
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(290), px(106) + LINES * px(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(220), px(106) + LINES * px(20))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_act()

    def _place_act(self) -> None:
        hint = self.act.sizeHint()
        self.act.setGeometry(self.width() - px(14) - hint.width(), px(37), hint.width(), hint.height())

    def _act(self) -> None:
        card = self._card
        if card is None:
            return
        if card.session is None:
            self.command_asked.emit("start", {"evse": str(card.key[0])})
        else:
            self.command_asked.emit("stop", {"session": str(card.session)})

    def _open(self) -> None:
        if self._card is not None and self._card.session is not None:
            self.session_asked.emit(self._card.session)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        card = self._card
        box = QRectF(self.rect())
        if card is None:
            fill_round(painter, box, radius("panel"), "surface1", "line1")
            painter.end()
            return
        gone = card.age is Age.GONE
        dashed = card.doubtful or gone
        edge = "degraded" if card.doubtful else "offline" if gone and card.shown is Shown.OFFLINE else "line1"
        ground = "surface2" if self.underMouse() and card.session is not None else "surface1"
        fill_round(painter, box, radius("panel"), ground, edge, dashed=dashed)
        self._head(painter, box, card)
        self._power(painter, box, card)
        self._lines(painter, box, card)
        if self.hasFocus() and self.window().property("keyboardFocus"):
            focus_ring(painter, box.adjusted(2, 2, -2, -2), radius("panel"))
        painter.end()

    def _head(self, painter: QPainter, box: QRectF, card: Card) -> None:
        pad = px(14)
        side = px(14)
        paint_state_at(painter, pad, px(13), side, card.shown)
        line = QRectF(pad + side + px(10), px(10), box.width() - 2 * pad - side - px(10), px(20))
        ink = "text1" if is_abnormal(card.shown) else "text2"
        state_wide = width_of(card.state, "small", 600)
        draw_text(painter, line, card.state, "small", ink, RIGHT, weight=600)
        line.setWidth(max(0.0, line.width() - state_wide - px(8)))
        wide = draw_text(painter, line, card.title, "small", "text1", LEFT, weight=600)
        line.setLeft(line.left() + wide + px(12))
        draw_text(painter, line, card.kind, "small", "text3", LEFT)

    def _power(self, painter: QPainter, box: QRectF, card: Card) -> None:
        pad, base = px(14), px(60)
        ink = "text3" if card.age is not Age.LIVE else "text1"
        wide = draw_baseline(painter, pad, base, card.power, "display", ink)
        draw_baseline(painter, pad + wide + px(5), base, card.unit, "body", "text2")
        bar = QRectF(pad, px(72), box.width() - 2 * pad, px(6))
        painter.fillRect(bar, colour("surface3"))
        if card.share is not None and card.share > 0:
            fill = QRectF(bar.left(), bar.top(), bar.width() * min(1.0, card.share), bar.height())
            shade = colour("seriesMain") if card.age is Age.LIVE else colour("text3")
            painter.fillRect(fill, state_colour(card.shown) if card.shown is Shown.FAULTED else shade)
        foot = QRectF(pad, px(80), box.width() - 2 * pad, px(16))
        draw_text(painter, foot, card.share_note, "caption", "text3", LEFT)
        draw_text(painter, foot, card.power_note, "caption", "text3", RIGHT)

    def _lines(self, painter: QPainter, box: QRectF, card: Card) -> None:
        pad, top = px(14), px(98)
        for i, (label, value) in enumerate(card.lines[:LINES]):
            line = QRectF(pad, top + i * px(20), box.width() - 2 * pad, px(20))
            label_wide = min(width_of(label, "small"), line.width() * 0.5)
            draw_text(
                painter,
                QRectF(line.left(), line.top(), label_wide + 1, px(20)),
                label,
                "small",
                "text3",
                LEFT,
            )
            line.setLeft(line.left() + label_wide + px(10))
            ink = "text3" if card.age is not Age.LIVE else "text1"
            draw_text(painter, line, value, "small", ink, RIGHT)
