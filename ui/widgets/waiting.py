"""Stations that ask to be let in, with Accept and Refuse."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.status import Shown
from app.fleet.views import Waiting
from ui.models.door import caller, maker, waiting_only
from ui.theme import formats
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, StateLabel
from ui.widgets.panel import Panel, Rule

SHOWN = 3
"""More than these are counted; Onboarding shows all."""


class WaitingRow(QWidget):
    """One station at the door."""

    accepted = Signal(str)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._identity = ""
        self.name = StateLabel(Shown.UNKNOWN, "", role="bodyStrong")
        self.told = Label("", "small", "text2")
        self.accept = Button("Accept", "primary", "user-check")
        self.refuse = Button("Refuse…")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self.name)
        row.addWidget(self.told, 1)
        row.addWidget(self.refuse)
        row.addWidget(self.accept)
        self.accept.clicked.connect(lambda: self.accepted.emit(self._identity))
        self.refuse.clicked.connect(lambda: self.refused.emit(self._identity))

    def show_waiting(self, entry: Waiting, now_ms: int, zone: ZoneInfo) -> None:
        """Show who asks."""
        told = caller(entry, now_ms, zone)
        self._identity = entry.identity
        self.name.show_state(Shown.UNKNOWN, entry.identity)
        what = maker(entry)
        parts = (what, f"OCPP {entry.version}" if entry.version else "", entry.peer, told.tries)
        self.told.setText(" · ".join(part for part in parts if part))
        self.accept.setAccessibleName(f"Accept {entry.identity}")
        self.refuse.setAccessibleName(f"Refuse {entry.identity}")


class WaitingPanel(Panel):
    """Those who wait, first come first; hidden while nobody does."""

    accepted = Signal(str)
    refused = Signal(str)
    more_asked = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__("Waiting to be let in", parent=parent)
        self._now_ms = now_ms
        self._rows: list[WaitingRow] = []
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.set_body(self._holder)
        self._more = Button("", "link")
        self._more.clicked.connect(self.more_asked)
        self.add_action(self._more)
        policy = self.sizePolicy()
        policy.setVerticalPolicy(policy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.hide()

    def show_waiting(self, entries: tuple[Waiting, ...], zone: ZoneInfo) -> None:
        """Show who can be accepted now."""
        asking = sorted(waiting_only(entries), key=lambda entry: entry.since_ms)
        self.setVisible(bool(asking))
        self.set_subtitle(f"{formats.count(len(asking), 'charger')}; what they send is kept until you decide")
        self._more.setVisible(len(asking) > SHOWN)
        self._more.set_text(f"Show all {len(asking)}")
        while len(self._rows) < min(SHOWN, len(asking)):
            row = WaitingRow()
            row.accepted.connect(self.accepted)
            row.refused.connect(self.refused)
            if self._rows:
                self._column.addWidget(Rule())
            self._rows.append(row)
            self._column.addWidget(row)
        for i, row in enumerate(self._rows):
            row.setVisible(i < len(asking))
            if i < len(asking):
                row.show_waiting(asking[i], self._now_ms(), zone)
