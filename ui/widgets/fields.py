"""Fields to type into. The style draws their box; these add the icon, the key cap and a name."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from ui.theme import fonts
from ui.theme.icons import paint_icon
from ui.theme.theme import px, size
from ui.widgets.painting import draw_key


class TextField(QLineEdit):
    """One line of text. `name` is what a screen reader says; `mono` for addresses and identities."""

    def __init__(
        self,
        name: str,
        text: str = "",
        placeholder: str = "",
        *,
        mono: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._mono = mono
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTextMargins(px(6), 0, px(6), 0)
        self.rescale()

    def rescale(self) -> None:
        """Take the font of the scale in force."""
        self.setFont(fonts.font("mono" if self._mono else "small"))

    def sizeHint(self) -> QSize:
        return QSize(max(px(160), super().sizeHint().width()), size("button"))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(60), size("button"))


class SearchField(TextField):
    """Filters while typing, 150 ms after the last key. Esc clears it first, then gives focus back."""

    text_changed = Signal(str)

    def __init__(
        self, placeholder: str, keys: str = "/", icon: str = "search", parent: QWidget | None = None
    ) -> None:
        super().__init__(placeholder, placeholder=placeholder, parent=parent)
        self.setText("")
        self._keys, self._icon = keys, icon
        self.setTextMargins(px(24), 0, px(26) if keys else px(4), 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(150)
        self._rest.timeout.connect(self._tell)
        self.textChanged.connect(lambda _text: self._rest.start())

    def _tell(self) -> None:
        self.text_changed.emit(self.text())

    def sizeHint(self) -> QSize:
        margins = self.textMargins()
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        return QSize(max(px(214), words + margins.left() + margins.right() + px(8)), size("button"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = px(14)
        paint_icon(painter, px(9), (self.height() - side) // 2, self._icon, side, "text3")
        if self._keys and not self.text() and not self.hasFocus():
            draw_key(painter, QRectF(self.rect()).right() - px(6), self.height() / 2, self._keys)
        painter.end()


class TextArea(QPlainTextEdit):
    """Several lines of plain text (a reason, a note)."""

    def __init__(
        self, name: str, placeholder: str = "", lines: int = 3, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFont(fonts.font("small"))
        self.setFixedHeight(lines * fonts.line_height("small") + px(14))
