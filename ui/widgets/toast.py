"""One line at the foot of the window that says what was done, with Undo for 10 s."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.status import Shown
from ui.theme.theme import px, radius
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import Label, StateLabel
from ui.widgets.painting import fill_round

SHOWN_MS = 10_000


class Toast(QWidget):
    """Says one thing at a time; a new one takes the old one's place."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._undo: Callable[[], None] | None = None
        self._shape = StateLabel(Shown.DEGRADED, "")
        self._text = Label("", "body")
        self._button = Button("Undo", "link", keys="Ctrl+Z")
        self._button.clicked.connect(self.undo)
        self._close = IconButton("x", "Close this message")
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 6, 6)
        row.setSpacing(12)
        for widget in (self._shape, self._text, self._button, self._close):
            row.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        self.hide()

    def say(self, text: str, undo: Callable[[], None] | None = None, shown: Shown | None = None) -> None:
        """Show `text` for 10 s, with a state's shape if given; `undo` takes it back."""
        self._undo = undo
        self._text.setText(text)
        self._shape.setVisible(shown is not None)
        if shown is not None:
            self._shape.show_state(shown, "")
        self._button.setVisible(undo is not None)
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    @property
    def text(self) -> str:
        """What it says now."""
        return self._text.text()

    def undo(self) -> bool:
        """Take back what the line tells of, if that is still offered."""
        if not self.isVisible() or self._undo is None:
            return False
        undo, self._undo = self._undo, None
        self.hide()
        undo()
        return True

    def _place(self) -> None:
        self.adjustSize()
        wide = min(self.sizeHint().width(), self._host.width() - 32)
        high = self.sizeHint().height()
        self.setGeometry((self._host.width() - wide) // 2, self._host.height() - high - px(44), wide, high)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, QRectF(self.rect()), radius("control"), "surface3", "line2")
        painter.end()
