"""Everyone at the door: who waits, who was turned away and why, with the one remedy beside it."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.status import Shown
from app.fleet.views import Waiting
from ui.models.door import ACCEPT, REMEDIES, Caller, caller, waits
from ui.theme.formats import number
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Label, StateLabel
from ui.widgets.painting import hairline

MOST = 64
"""As many rows as there are places at the door; further refusals are counted."""


class DoorRow(QWidget):
    """One charger: cause in plain words, and the button that mends it."""

    remedy_asked = Signal(object)
    refuse_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting: Waiting | None = None
        self._title = StateLabel(Shown.FAULTED, "", role="bodyStrong")
        self._identity = Label("", "mono", "text2")
        self._tries = Label("", "small", "text3")
        self._detail = Label("", "body", "text2", wrap=True)
        self.refuse = Button("Refuse…", "link")
        self.remedy = Button("")
        head = FlowLayout(gap=12)
        for widget in (self._title, self._identity, self._tries):
            head.addWidget(widget)
        second = QHBoxLayout()
        second.setContentsMargins(px(24), 0, 0, 0)
        second.addWidget(self._detail, 1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(head)
        words.addLayout(second)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 16, 14)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.refuse)
        row.addWidget(self.remedy)
        self.remedy.clicked.connect(lambda: self.remedy_asked.emit(self._waiting))
        self.refuse.clicked.connect(lambda: self.refuse_asked.emit(self._identity.text()))

    def show_caller(self, told: Caller) -> None:
        """Show one charger."""
        entry = told.waiting
        self._waiting = entry
        self._title.show_state(told.shown, told.title)
        self._identity.setText(entry.identity or "no identity")
        self._tries.setText(f"{entry.peer}, {told.tries}")
        self._detail.setText(told.detail)
        remedy = ACCEPT if waits(entry) else entry.remedy
        word = REMEDIES.get(remedy, "")
        self.remedy.setVisible(bool(word))
        self.remedy.kind = "primary" if remedy == ACCEPT else "secondary"
        self.remedy.set_text(word)
        self.remedy.setAccessibleName(f"{word} {entry.identity}")
        self.refuse.setVisible(waits(entry))
        self.refuse.setAccessibleName(f"Refuse {entry.identity}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        hairline(painter, 0, self.height() - 1, self.width())
        painter.end()


class DoorList(QScrollArea):
    """Rows that keep their places: by identity, peer and cause, first come first."""

    remedy_asked = Signal(object)
    refuse_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[DoorRow] = []
        self._order: list[tuple[str, str, str]] = []
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._more = Label("", "small", "text3")
        self._more.setContentsMargins(16, 8, 16, 8)
        self._column.addWidget(self._more)
        self._column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.setAccessibleName("At the door")

    def show_callers(self, entries: list[Waiting], now_ms: int, zone: ZoneInfo) -> None:
        """Show who is at the door; those who were there keep their places."""
        told = {c.key: c for c in (caller(entry, now_ms, zone) for entry in entries)}
        kept = [key for key in self._order if key in told]
        fresh = [key for key in told if key not in set(kept)]
        self._order = kept + fresh
        shown = self._order[:MOST]
        while len(self._rows) < len(shown):
            row = DoorRow()
            row.remedy_asked.connect(self.remedy_asked)
            row.refuse_asked.connect(self.refuse_asked)
            self._column.insertWidget(len(self._rows), row)
            self._rows.append(row)
        for i, row in enumerate(self._rows):
            row.setVisible(i < len(shown))
            if i < len(shown):
                row.show_caller(told[shown[i]])
        rest = len(self._order) - len(shown)
        self._more.setVisible(rest > 0)
        self._more.setText(f"and {number(rest)} more")
