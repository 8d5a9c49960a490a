"""The queue at the left: tabs, filter, the bar of what is new, the table, what is ticked, and its keys."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from ui.models.fault_rows import RowWords
from ui.pages.faults.queue_table import FaultTable
from ui.shell.page import Workspace
from ui.theme.formats import count
from ui.theme.theme import px
from ui.widgets.buttons import Button, IconButton
from ui.widgets.fields import SearchField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import KeyHint, Label
from ui.widgets.notices import EmptyState, LoadingBlocks
from ui.widgets.painting import CENTRE, draw_text, focus_ring, hairline, ink_of
from ui.widgets.panel import Panel, Rule
from ui.widgets.segments import Segments

TABS = (("open", "Open"), ("aside", "Set aside"), ("closed", "Closed"))
STATES = (("", "All"), ("shelved", "Shelved"), ("out", "Out of service"), ("suppressed", "Suppressed"))
HINTS = (("J K", "Move"), ("A", "Acknowledge"), ("S", "Shelve"), ("R", "Recover"))


def inset(holder: QWidget) -> FlowLayout:
    """A row that wraps, with the panel's margins around it."""
    margins = QVBoxLayout(holder)
    margins.setContentsMargins(12, 8, 12, 8)
    row = FlowLayout()
    margins.addLayout(row)
    return row


class NewBar(QAbstractButton):
    """Says how many rows wait to be shown, and shows them when pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def say(self, waiting: int, safety: int) -> None:
        """How many wait, and how many of them are safety faults."""
        text = f"{waiting} new" + (f", {safety} for safety" if safety else "")
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(f"{text}: show")
            self.update()
        self.setVisible(waiting > 0)

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        painter.fillRect(box, ink_of("surface3" if self.underMouse() else "accentSoft"))
        hairline(painter, 0, self.height() - 1, self.width(), "line2")
        draw_text(painter, box, f"↑  {self.text()}", "small", "accent", CENTRE, weight=600, elide=False)
        if self.hasFocus() and self.window().property("keyboardFocus"):
            focus_ring(painter, box, 0)
        painter.end()


class BulkBar(QWidget):
    """How many are ticked, and what can be done to all of them. `deed_asked` tells which."""

    deed_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = Label("", "bodyStrong")
        self._deeds = {
            "acknowledge": Button("Acknowledge", keys="A"),
            "shelve": Button("Shelve…", keys="S"),
            "assign": Button("Assign…", keys="G"),
            "clear": Button("Clear", "quiet", keys="Esc"),
        }
        row = inset(self)
        row.addWidget(self._count)
        for key, button in self._deeds.items():
            button.clicked.connect(lambda _=False, key=key: self.deed_asked.emit(key))
            row.addWidget(button)
        self.hide()

    def show_count(self, ticked: int) -> None:
        """How many are ticked; the bar goes with the last."""
        self._count.setText(f"{count(ticked, 'fault')} ticked")
        self.setVisible(ticked > 0)


class ListPanel(Panel):
    """All of the left side; the page fills it."""

    filter_changed = Signal()
    tab_taken = Signal(str)

    def __init__(self, workspace: Workspace, words: RowWords, ticks: dict[object, None]) -> None:
        super().__init__()
        self.tabs = self.set_tabs(TABS)
        self.tabs.chosen.connect(self.tab_taken)
        self.filter = IconButton("list-filter", "Filter (/)")
        self.filter.clicked.connect(self.turn_filter)
        self.export = IconButton("download", "Export faults (Ctrl+E)")
        self.add_action(self.export)
        self.add_action(self.filter)
        self.field = SearchField("Station, site, fault, code, person")
        self.states = Segments(STATES, "Set aside")
        self.new_bar = NewBar()
        self.table = FaultTable(words, ticks)
        self.loading = LoadingBlocks()
        self.empty = EmptyState(
            "check", "Nothing is wrong", "What goes wrong appears here, the dearest first."
        )
        self.bulk = BulkBar()
        self.more = Button("Show more", "link")
        self.more.hide()
        self._tools = QWidget()
        tools = inset(self._tools)
        tools.addWidget(self.field)
        tools.addWidget(self.states)
        self._tools.hide()
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        for part in (self.table, self.empty, self.loading):
            self._stack.addWidget(part)
        self._hints = QWidget()
        hints = QHBoxLayout(self._hints)
        hints.setContentsMargins(12, 8, 12, 8)
        hints.setSpacing(8)
        self._keys = [KeyHint(keys, text) for keys, text in HINTS]
        for hint in self._keys:
            hints.addWidget(hint)
        hints.addStretch(1)
        hints.addWidget(KeyHint("?", "Keys"))
        body = self.body_layout
        body.addWidget(self._tools)
        body.addWidget(self.new_bar)
        body.addWidget(holder, 1)
        body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignHCenter)
        body.addWidget(self.bulk)
        body.addWidget(Rule())
        body.addWidget(self._hints)
        self.field.text_changed.connect(lambda _text: self.filter_changed.emit())
        self.states.chosen.connect(lambda _key: self.filter_changed.emit())
        self.show_tools("open")

    def turn_filter(self) -> None:
        """Show the filter's line and put the cursor there, or clear and hide it."""
        if self._tools.isVisible() and self.field.isVisible() and not self.field.text():
            self._tools.setVisible(self.tabs.value == "aside")
            self.field.setVisible(self.tabs.value == "closed")
            self.table.setFocus()
        else:
            self.show_filter()

    def show_filter(self) -> None:
        """Put the cursor into the filter."""
        self._tools.show()
        self.field.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def show_tools(self, tab: str) -> None:
        """The line of tools that a tab needs."""
        self.states.setVisible(tab == "aside")
        self.field.setVisible(tab == "closed" or bool(self.field.text()))
        self._tools.setVisible(tab != "open" or bool(self.field.text()))

    def show_part(self, part: QWidget) -> None:
        """The table, the words for none, or the blocks of loading."""
        if part is not self.loading:
            self.loading.stop()
        self._stack.setCurrentWidget(part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - px(84)
        for hint in self._keys:
            room -= hint.sizeHint().width() + 8
            hint.setVisible(room > 0)
