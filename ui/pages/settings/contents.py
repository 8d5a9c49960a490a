"""The list of parts at the left of Settings."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.icons import paint_icon
from ui.theme.theme import px, radius
from ui.widgets.painting import draw_text, fill_round, focus_ring, width_of


class ContentsLine(QAbstractButton):
    """One part: its icon and words; the chosen one is filled."""

    def __init__(self, title: str, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setText(title)
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(round(width_of(self.text(), "body", 600)) + px(52), px(32))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box, on = QRectF(self.rect()), self.isChecked()
        if on or self.underMouse():
            fill_round(painter, box, radius("control"), "surface3" if on else "surface2")
        ink = "text1" if on or self.underMouse() else "text2"
        side = px(16)
        paint_icon(painter, px(10), (box.height() - side) / 2, self._icon, side, ink)
        line = QRectF(px(36), 0, box.width() - px(44), box.height())
        draw_text(painter, line, self.text(), "body", ink, weight=600 if on else 400)
        if self.hasFocus() and self.window().property("keyboardFocus"):
            focus_ring(painter, box, radius("control"))
        painter.end()


class Contents(QWidget):
    """Parts to jump to, then further pages."""

    chosen = Signal(str)
    linked = Signal(str)

    def __init__(self, parts: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self._lines: dict[str, ContentsLine] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        for key, title, icon in parts:
            line = ContentsLine(title, icon)
            line.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            self._lines[key] = line
            self._column.addWidget(line)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)

    def add_links(self, links: Sequence[tuple[str, str, str]]) -> None:
        """Further pages: (route, words, icon)."""
        for route, title, icon in links:
            line = ContentsLine(title, icon)
            line.setCheckable(False)
            line.clicked.connect(lambda _=False, route=route: self.linked.emit(route))
            self._column.addWidget(line)

    def choose(self, key: str) -> None:
        """Show a part as the one in view."""
        for name, line in self._lines.items():
            line.setChecked(name == key)
