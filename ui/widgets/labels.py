"""Text that follows the theme, a state with its word, a key cap."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.domain.status import Shown
from ui.theme import fonts
from ui.theme.shapes import paint_state, word
from ui.theme.theme import px
from ui.widgets.painting import Ink, cut_short, draw_key, draw_text, ink_of, width_of


class Label(QLabel):
    """Plain text in a role and a token's colour. One line ends in an ellipsis; `wrap` breaks lines.

    `beside`: it only adds to what it stands beside, and is left out where too little of it would be seen.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        ink: Ink = "text1",
        *,
        weight: int | None = None,
        wrap: bool = False,
        right: bool = False,
        beside: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role, self._ink, self._weight, self._beside = role, ink, weight, beside
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | (Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter))
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self.rescale()
        self.setText(text)

    def set_ink(self, ink: Ink) -> None:
        """Take another colour."""
        if ink != self._ink:
            self._ink = ink
            self.update()

    def rescale(self) -> None:
        """Take the font of the scale in force."""
        self.setFont(fonts.font(self._role, self._weight))

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self.wordWrap():
            return hint
        edge = self.contentsMargins()
        return QSize(min(hint.width(), px(24)), fonts.line_height(self._role) + edge.top() + edge.bottom())

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self.wordWrap():
            return hint
        edge = self.contentsMargins()
        wide = round(width_of(self.text(), self._role, self._weight) + 0.99)
        return QSize(
            wide + edge.left() + edge.right(),
            fonts.line_height(self._role) + edge.top() + edge.bottom(),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = ink_of(self._ink if self.isEnabled() else "textDisabled")
        if self.wordWrap() or self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse:
            painter.end()
            palette = self.palette()
            if palette.color(self.foregroundRole()) != ink:
                palette.setColor(self.foregroundRole(), ink)
                self.setPalette(palette)
            super().paintEvent(event)
            return
        rect = QRectF(self.contentsRect())
        text = cut_short(self.text(), self._role, rect.width()) if self._beside else self.text()
        draw_text(painter, rect, text, self._role, ink, self.alignment(), self._weight)
        painter.end()


class StateLabel(QWidget):
    """A state's shape and its word, or another text beside it."""

    def __init__(
        self,
        shown: Shown = Shown.UNKNOWN,
        text: str | None = None,
        *,
        side: int = 16,
        role: str = "body",
        weight: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shown, self._text, self._side, self._role, self._weight = shown, text, side, role, weight
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_state(shown, text)

    def show_state(self, shown: Shown, text: str | None = None) -> None:
        """Show a state; without `text` its own word."""
        self._shown, self._text = shown, word(shown) if text is None else text
        self.setAccessibleName(self._text or word(shown))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        wide = px(self._side) + (
            width_of(self._text or "", self._role, self._weight) + px(8) if self._text else 0
        )
        return QSize(round(wide + 0.99), max(px(self._side), fonts.line_height(self._role)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(self._side), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = px(self._side)
        paint_state(painter, QRectF(0, (self.height() - side) // 2, side, side), self._shown)
        if self._text:
            rect = QRectF(side + px(8), 0, self.width() - side - px(8), self.height())
            draw_text(painter, rect, self._text, self._role, "text1", weight=self._weight)
        painter.end()


class KeyHint(QWidget):
    """A key cap with what it does: [Esc] close."""

    def __init__(self, keys: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys, self._text = keys.split(" ") if keys != " " else [keys], text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{keys} {text}".strip())

    def sizeHint(self) -> QSize:
        caps = sum(max(18.0, width_of(key, "caption") + 10) + 4 for key in self._keys)
        return QSize(round(caps + (width_of(self._text, "small") + 4 if self._text else 0)), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x = 0.0
        for key in self._keys:
            wide = max(18.0, width_of(key, "caption") + 10)
            draw_key(painter, x + wide, self.height() / 2, key)
            x += wide + 4
        if self._text:
            draw_text(painter, QRectF(x, 0, self.width() - x, self.height()), self._text, "small", "text3")
        painter.end()
