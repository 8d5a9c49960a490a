"""An icon and a sentence beside it that may go on in a second line."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme.icons import paint_icon
from ui.theme.theme import px
from ui.widgets.labels import Label


class IconLine(QWidget):
    """One line of a list of what something does."""

    def __init__(self, icon: str, text: str, ink: str = "text1", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.label = Label(text, "small", ink, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(22), 1, 0, 1)
        row.addWidget(self.label)
        self.setAccessibleName(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, 0, self.label.y() + 1, self._icon, px(14), "text2")
        painter.end()
