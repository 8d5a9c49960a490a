"""The ring around the control that has the keyboard's focus: 2 px of accent, 2 px off its edge."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWindow
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QRadioButton, QWidget
from shiboken6 import isValid

from ui.theme.theme import colour
from ui.widgets.buttons import Button, MenuButton

RINGED = (Button, MenuButton, QComboBox, QCheckBox, QRadioButton)
OFF = 4


class FocusRing(QWidget):
    """An overlay of the window. It shows only when the focus did not come from the mouse."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._around: QWidget | None = None
        self._chain: list[QWidget] = []
        self._last_was_mouse = False
        self._watched: QWindow | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        window = self.window()
        by_keys = QApplication.mouseButtons() == Qt.MouseButton.NoButton and not self._last_was_mouse
        window.setProperty("keyboardFocus", by_keys)
        for widget in self._chain:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._around, self._chain = None, []
        ringed = isinstance(new, RINGED)
        if new is None or not by_keys or not ringed or new.window() is not window:
            self.hide()
            return
        self._around = new
        # What holds it may move it: a sheet that grows, a list that scrolls.
        holder: QWidget | None = new
        while holder is not None and holder is not window:
            self._chain.append(holder)
            holder.installEventFilter(self)
            holder = holder.parentWidget()
        new.destroyed.connect(self._lost)
        self._place()

    def _lost(self) -> None:
        self._around = None
        self.hide()

    def watch_hands(self) -> None:
        """Heed whether keys or the mouse were used last: a control that goes away passes its focus on."""
        handle = self.window().windowHandle()
        if handle is not None and handle is not self._watched:
            self._watched = handle
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._watched:
            if event.type() == QEvent.Type.KeyPress:
                self._last_was_mouse = False
            elif event.type() == QEvent.Type.MouseButtonPress:
                self._last_was_mouse = True
            return False
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place()
        elif event.type() == QEvent.Type.Hide:
            self.hide()
        return False

    def _place(self) -> None:
        around = self._around
        if around is None or not around.isVisible():
            self.hide()
            return
        corner = around.mapTo(self.window(), around.rect().topLeft())
        self.setGeometry(
            corner.x() - OFF, corner.y() - OFF, around.width() + 2 * OFF, around.height() + 2 * OFF
        )
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()
