"""The rail: sections with icon and word, or icons only where the window is narrow."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from ui.shell.navigation import Section
from ui.theme import fonts
from ui.theme.icons import paint_icon
from ui.theme.theme import px, radius, size
from ui.widgets.buttons import Badge
from ui.widgets.painting import CENTRE, draw_text, draw_with, fill_round, focus_ring, ink_of, upright


class RailItem(QAbstractButton):
    """One section."""

    def __init__(self, section: Section, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        self.compact = False
        self.chosen = False
        self._number = number
        self._badge = Badge(self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_count(0)

    def show_count(self, count: int, *, alarming: bool = False) -> None:
        """A count over the icon; none for zero."""
        fill, ink = ("faulted", "bg") if alarming else ("surface3", "text1")
        self._badge.show_count(count, fill, ink)
        waiting = f", {count}" if count else ""
        self.setAccessibleName(f"{self.section.title}{waiting}")
        self._place()

    def set_compact(self, compact: bool) -> None:
        """Icon only, or icon and word."""
        self.compact = compact
        tip = f"{self.section.title}   Alt+{self._number}" if self._number else self.section.title
        self.setToolTip(tip if compact else "")
        self.updateGeometry()
        self._place()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(56), px(44)) if self.compact else QSize(size("rail"), px(56))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: object) -> None:
        self._place()

    def _place(self) -> None:
        self._badge.adjustSize()
        top = px(2) if self.compact else px(1)
        most = self.width() - self._badge.width() - 1
        self._badge.move(min(self.width() // 2 + px(9), most), top)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        high = px(40) if self.compact else px(52)
        side = px(40) if self.compact else px(72)
        box = QRectF((self.width() - side) / 2, (self.height() - high) / 2, side, high)
        hovered = self.underMouse()
        if self.chosen or hovered:
            fill_round(painter, box, radius("control"), "surface3" if self.chosen else "surface2")
        if self.chosen:
            painter.fillRect(QRectF(0, box.center().y() - px(16), 3, px(32)), ink_of("accent"))
        ink = "text1" if self.chosen or hovered else "text2" if self.compact else "text3"
        icon = px(20)
        top = box.center().y() - icon / 2 if self.compact else box.top() + px(8)
        paint_icon(painter, (self.width() - icon) / 2, top, self.section.icon, icon, ink)
        if not self.compact:
            line = QRectF(0, box.top() + px(30), self.width(), px(16))
            word_ink = "text1" if self.chosen or hovered else "text2"
            draw_text(painter, line, self.section.title, "caption", word_ink, CENTRE, elide=False)
        if self.hasFocus() and self.window().property("keyboardFocus"):
            focus_ring(painter, box, radius("control"))
        painter.end()


class _Mark(QWidget):
    """The product's mark."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Forecourt")

    def sizeHint(self) -> QSize:
        return QSize(px(26), size("topBar"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_mark(painter, QRectF((self.width() - px(26)) / 2, (self.height() - px(26)) / 2, px(26), px(26)))
        painter.end()


def paint_mark(painter: QPainter, box: QRectF, fill: str = "surface3", ink: str = "text1") -> None:
    """The product's mark, "F." in a rounded box; also the tray's and the window's icon."""
    fill_round(painter, box, box.width() * 0.23, fill)
    font = fonts.sized(box.width() * 0.69, 600)
    draw_with(painter, box.translated(-box.width() * 0.02, 0), "F.", font, ink, CENTRE, elide=False)


class Rail(QWidget):
    """All sections, the foot ones at the lower end."""

    asked = Signal(str)

    def __init__(self, sections: Sequence[Section], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: dict[str, RailItem] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 8)
        column.setSpacing(0)
        column.addWidget(_Mark(self))
        column.addSpacing(px(8))
        heads = [section for section in sections if not section.foot]
        for number, section in enumerate(heads, 1):
            column.addWidget(self._item(section, number))
        column.addStretch(1)
        for section in sections:
            if section.foot:
                column.addWidget(self._item(section, 0))
        self.setAccessibleName("Pages")
        self.set_compact(False)

    def _item(self, section: Section, number: int) -> RailItem:
        item = RailItem(section, number, self)
        item.clicked.connect(lambda: self.asked.emit(section.key))
        self._items[section.key] = item
        return item

    def set_compact(self, compact: bool) -> None:
        """Icons only (56 px) or icons with words (88 px)."""
        self.setFixedWidth(px(56) if compact else size("rail"))
        for item in self._items.values():
            item.set_compact(compact)

    def choose(self, key: str) -> None:
        """Mark the section in view."""
        for name, item in self._items.items():
            if item.chosen != (name == key):
                item.chosen = name == key
                item.update()

    def show_count(self, key: str, count: int, *, alarming: bool = False) -> None:
        """A count at a section, if it exists."""
        if key in self._items:
            self._items[key].show_count(count, alarming=alarming)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink_of("bg"))
        upright(painter, self.width() - 1, 0, self.height())
        painter.end()
