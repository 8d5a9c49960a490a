"""A panel: header with title, subtitle and actions, and a body."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.theme import px, radius, size
from ui.widgets.labels import Label
from ui.widgets.painting import fill_round, hairline
from ui.widgets.segments import TabStrip


class Panel(QWidget):
    """A surface1 box of radius 8. Without a title and tabs it has no header."""

    tab_chosen = Signal(str)

    def __init__(self, title: str = "", subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dashed = ""
        self._title = Label(title, "bodyStrong")
        self._subtitle = Label(subtitle, "small", "text3", beside=True)
        self._tabs: TabStrip | None = None
        self._header = QWidget(self)
        self._actions = QHBoxLayout(self._header)
        self._actions.setContentsMargins(12, 0, 12, 0)
        self._actions.setSpacing(8)
        self._actions.addWidget(self._title)
        self._actions.addWidget(self._subtitle, 100)
        self._header.setVisible(bool(title))
        self._body_holder = QWidget(self)
        self.body_layout = QVBoxLayout(self._body_holder)
        """Where the body's widgets go; no margins, no spacing."""
        self.body_layout.setContentsMargins(0, 0, 0, 0)
        self.body_layout.setSpacing(0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addWidget(self._header)
        whole.addWidget(self._body_holder, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)
        self.rescale()

    def rescale(self) -> None:
        """Take the heights of the scale in force."""
        self._header.setFixedHeight(size("panelHeader"))

    def set_title(self, title: str) -> None:
        """Name the panel."""
        self._title.setText(title)
        self._header.setVisible(bool(title) or self._tabs is not None)
        self.setAccessibleName(title)

    def set_subtitle(self, subtitle: str) -> None:
        """The quiet words after the title."""
        self._subtitle.setText(subtitle)

    def add_action(self, widget: QWidget) -> QWidget:
        """Put a widget at the right end of the header."""
        self._actions.addWidget(widget)
        self._header.show()
        return widget

    def set_tabs(self, choices: Sequence[tuple[str, str]]) -> TabStrip:
        """Tabs in place of the title; `tab_chosen` tells the key."""
        tabs = TabStrip(choices, "Panel", "panelHeader", 20)
        tabs.chosen.connect(self.tab_chosen)
        self._title.hide()
        self._actions.insertWidget(0, tabs)
        self._actions.setContentsMargins(2, 0, 12, 0)
        self._actions.insertStretch(self._actions.indexOf(self._subtitle) + 1, 1)
        self._tabs = tabs
        self._header.show()
        return tabs

    def show_tabs(self, on: bool) -> None:
        """Show the tabs, or the title and subtitle in their place (a window that grew)."""
        if self._tabs is not None:
            self._tabs.setVisible(on)
        self._title.setVisible(not on)
        self._subtitle.setVisible(not on)
        self._actions.setContentsMargins(2 if on else 12, 0, 12, 0)

    def set_body(self, widget: QWidget) -> QWidget:
        """Show `widget` as the body, in place of what was there (which is deleted)."""
        while (item := self.body_layout.takeAt(0)) is not None:
            old = item.widget()
            if old is not None and old is not widget:
                old.hide()
                old.deleteLater()
        self.body_layout.addWidget(widget, 1)
        return widget

    def set_edge(self, token: str = "") -> None:
        """A dashed edge in a token's colour (a doubtful or lost link), or the plain one for ""."""
        if token != self._dashed:
            self._dashed = token
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = QPainterPath()
        corner = radius("panel") - 1
        inside.addRoundedRect(QRectF(self._body_holder.rect()), corner, corner)
        mask = QRegion(inside.toFillPolygon().toPolygon())
        if self._header.isVisibleTo(self):
            mask += QRegion(0, 0, self._body_holder.width(), px(8))
        self._body_holder.setMask(mask)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        edge = self._dashed or "line1"
        fill_round(painter, box, radius("panel"), "surface1", edge, dashed=bool(self._dashed))
        if self._header.isVisibleTo(self):
            hairline(
                painter,
                1,
                self._header.geometry().bottom(),
                self.width() - 2,
                edge if self._dashed else "line1",
            )
        painter.end()


class Rule(QWidget):
    """A hairline between parts of a panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        hairline(painter, 0, 0, self.width())
        painter.end()
