"""Parts of the first start: a card to choose, the list of steps, the picture of the way stations come."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.theme.icons import paint_icon
from ui.theme.theme import colour, px, radius
from ui.widgets.labels import Label
from ui.widgets.painting import CENTRE, draw_text, fill_round, hairline


class ChoiceCard(QWidget):
    """A big radio button: icon, title, what it means, what it needs."""

    chosen = Signal(str)

    def __init__(self, key: str, icon: str, title: str, text: str, needs: str) -> None:
        super().__init__()
        self.key = key
        self._icon = icon
        self._on = False
        self._title = Label(title, "bodyStrong", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(66), px(12), px(14), px(12))
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addWidget(Label(text, "small", "text2", wrap=True))
        column.addStretch(1)
        column.addWidget(Label(needs, "small", "text3", wrap=True))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(f"{title}. {text} {needs}")

    def choose(self, on: bool) -> None:
        """Show it as chosen or not."""
        if on != self._on:
            self._on = on
            self.setAccessibleDescription("chosen" if on else "")
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.key)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self._on:
            fill_round(painter, box, radius("control"), "accentSoft", "accent")
        else:
            fill_round(painter, box, radius("control"), "surface1", "lineControl")
        middle = self._title.geometry().center().y()
        ring = QRectF(px(14), middle - px(8), px(16), px(16))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("accent" if self._on else "lineControl"), 1.5))
        painter.drawEllipse(ring)
        if self._on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent"))
            painter.drawEllipse(ring.adjusted(px(4), px(4), -px(4), -px(4)))
        paint_icon(painter, px(40), middle - px(8), self._icon, px(16), "text1")
        painter.end()


class StepLine(QWidget):
    """A step in the left column: number or tick, title, what was chosen or what it is about."""

    asked = Signal(int)

    def __init__(self, number: int, title: str, text: str) -> None:
        super().__init__()
        self._number, self._state = number, "later"
        self.title = Label(title, "bodyStrong", wrap=True)
        self.text = Label(text, "small", "text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(56), px(12), px(14), px(12))
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_state(self, state: str, text: str = "") -> None:
        """State is done, now or later; `text` tells what was chosen."""
        self._state = state
        if text:
            self.text.setText(text)
        self.title.set_ink("text2" if state == "later" else "text1")
        self.setCursor(Qt.CursorShape.PointingHandCursor if state == "done" else Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(f"Step {self._number}, {state}: {self.title.text()}. {self.text.text()}")
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._state == "done":
            self.asked.emit(self._number)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._state == "now":
            fill_round(painter, QRectF(self.rect()), radius("control"), "surface1", "line2")
        side = px(28)
        ring = QRectF(px(14), self.title.geometry().top(), side, side)
        if self._state == "done":
            fill_round(painter, ring, side / 2, "surface3")
            paint_icon(painter, ring.left() + px(7), ring.top() + px(7), "check", px(14), "text1")
        else:
            now = self._state == "now"
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("accent" if now else "lineControl"), 2 if now else 1))
            painter.drawEllipse(ring.adjusted(1, 1, -1, -1))
            draw_text(painter, ring, str(self._number), "small", "text1", CENTRE, weight=600)
        painter.end()


class WayPicture(QWidget):
    """Stations, what lies between, and this machine, joined by lines."""

    def __init__(self) -> None:
        super().__init__()
        self._stops: tuple[tuple[str, str, str], ...] = (("plug-zap", "Stations", "any maker"),)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_way(self, stops: tuple[tuple[str, str, str], ...]) -> None:
        """Show (icon, title, text) from the stations to this machine."""
        self._stops = stops
        self.setAccessibleName(", then ".join(f"{title} {text}".strip() for _, title, text in stops))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(560), px(112))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(320), px(112))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, QRectF(self.rect()), radius("panel"), "surface1", "line1")
        wide = self.width() / len(self._stops)
        side = px(42)
        for place, (icon, title, text) in enumerate(self._stops):
            middle = wide * (place + 0.5)
            box = QRectF(middle - side / 2, px(14), side, side)
            if place:
                left = wide * (place - 0.5) + side
                hairline(painter, left, box.center().y(), middle - side - left, "lineControl")
            fill_round(painter, box, radius("control"), "surface2", "line2")
            paint_icon(painter, middle - px(10), box.center().y() - px(10), icon, px(20), "text1")
            cell = QRectF(wide * place + 8, box.bottom() + px(5), wide - 16, px(18))
            draw_text(painter, cell, title, "bodyStrong", "text1", CENTRE)
            cell.translate(0, px(18))
            draw_text(painter, cell, text, "small", "text2", CENTRE)
        painter.end()
