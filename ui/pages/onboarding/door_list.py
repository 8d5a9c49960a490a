"""Everyone at the door: who waits, who was turned away and why, with the remedies beside it."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.status import Shown
from app.onboarding.board import CONNECTED, REFUSED, SOLVED, WAITING, WARNED, Row
from app.onboarding.remedies import Remedy
from ui.theme.formats import age, count, number
from ui.theme.theme import px
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Label, StateLabel
from ui.widgets.painting import hairline
from ui.widgets.scrolling import fill
from ui.widgets.touch import TouchButton

MOST = 64
"""As many rows as there are places at the door; further ones are counted."""
SHAPES = {
    REFUSED: Shown.FAULTED,
    WAITING: Shown.UNKNOWN,
    WARNED: Shown.DEGRADED,
    CONNECTED: Shown.AVAILABLE,
    SOLVED: Shown.AVAILABLE,
}


class DoorRow(QWidget):
    """One charger: cause in plain words, and the buttons that mend it."""

    asked = Signal(object, object)
    refuse_asked = Signal(str)
    commission_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: Row | None = None
        self._title = StateLabel(Shown.FAULTED, "", role="bodyStrong")
        self._identity = Label("", "mono", "text2", selectable=True)
        self._tries = Label("", "small", "text3")
        self._detail = Label("", "body", "text2", wrap=True)
        self.refuse = TouchButton("Refuse…", "link")
        self.second = TouchButton("", "link")
        self.remedy = TouchButton("")
        self.commission = TouchButton("Commission…")
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
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(words, 1)
        for button in (self.refuse, self.second, self.remedy, self.commission):
            row.addWidget(button)
        self.remedy.clicked.connect(lambda: self._ask(0))
        self.second.clicked.connect(lambda: self._ask(1))
        self.refuse.clicked.connect(lambda: self.refuse_asked.emit(self._identity.text()))
        self.commission.clicked.connect(self._commission)

    def show_row(self, told: Row, now_ms: int, zone: ZoneInfo) -> None:
        """Show one charger."""
        self._told = told
        self._title.show_state(SHAPES[told.state], told.title)
        self._identity.setText(told.identity or "names no identity")
        tries = f"{count(told.tries, 'try', 'tries')}, " if told.tries else ""
        self._tries.setText(f"{told.peer}, {tries}{age(told.last_ms, now_ms, zone)}")
        self._detail.setText(told.text)
        self.setToolTip("\n".join(f"{word}: {value}" for word, value in told.facts))
        self._show_button(self.remedy, told.remedies[:1])
        self._show_button(self.second, told.remedies[1:2])
        self.remedy.kind = "primary" if told.state == WAITING else "secondary"
        self.refuse.setVisible(told.state == WAITING)
        self.refuse.setAccessibleName(f"Refuse {told.identity}")
        self.commission.setVisible(told.state in (CONNECTED, SOLVED) and bool(told.station))
        self.commission.setAccessibleName(f"Commission {told.station}")

    def _show_button(self, button: TouchButton, remedies: tuple[Remedy, ...]) -> None:
        button.setVisible(bool(remedies))
        if remedies and self._told is not None:
            button.set_text(remedies[0].word)
            button.setAccessibleName(f"{remedies[0].word} {self._told.identity}".strip())

    def _ask(self, place: int) -> None:
        if self._told is not None and place < len(self._told.remedies):
            self.asked.emit(self._told, self._told.remedies[place])

    def _commission(self) -> None:
        if self._told is not None:
            self.commission_asked.emit(self._told.station)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        hairline(painter, 0, self.height() - 1, self.width())
        painter.end()


class DoorList(QScrollArea):
    """Rows that keep their places while they are looked at: first come, first shown."""

    asked = Signal(object, object)
    refuse_asked = Signal(str)
    commission_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[DoorRow] = []
        self._order: list[str] = []
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._more = Label("", "small", "text3")
        self._more.setContentsMargins(16, 8, 16, 8)
        self._column.addWidget(self._more)
        self._column.addStretch(1)
        fill(self, inside)
        self.setAccessibleName("At the door")

    def show_rows(self, rows: tuple[Row, ...], now_ms: int, zone: ZoneInfo) -> None:
        """Show who is at the door; those who were there keep their places."""
        told = {row.key: row for row in rows}
        kept = [key for key in self._order if key in told]
        self._order = kept + [key for key in told if key not in set(kept)]
        shown = self._order[:MOST]
        while len(self._rows) < len(shown):
            row = DoorRow()
            row.asked.connect(self.asked)
            row.refuse_asked.connect(self.refuse_asked)
            row.commission_asked.connect(self.commission_asked)
            self._column.insertWidget(len(self._rows), row)
            self._rows.append(row)
        for i, widget in enumerate(self._rows):
            widget.setVisible(i < len(shown))
            if i < len(shown):
                widget.show_row(told[shown[i]], now_ms, zone)
        rest = len(self._order) - len(shown)
        self._more.setVisible(rest > 0)
        self._more.setText(f"and {number(rest)} more")
