"""Reservations at a station: made, listed, given back."""

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.fleet.views import StationView
from ui.models.cells import Cell, Column, Tone
from ui.models.reservations import Reservation, reservations
from ui.models.row_model import RowModel
from ui.models.words import pseudonym
from ui.pages.station.hands import Hands
from ui.pages.station.tab import DeviceTab
from ui.shell.page import Workspace
from ui.theme import formats
from ui.widgets.buttons import Button
from ui.widgets.notices import EmptyState
from ui.widgets.panel import Panel
from ui.widgets.row_table import RowTable

WORDS = {
    "asked": ("Asked for", "hourglass"),
    "standing": ("Stands", "check"),
    "given back": ("Given back", "undo-2"),
    "over": ("Over", "clock"),
    "refused": ("Refused", "circle-x"),
    "unknown": ("Not known", "circle-question-mark"),
}


class ReservationsTab(DeviceTab):
    """A table, newest first."""

    def __init__(self, workspace: Workspace, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(workspace, hands, parent)
        self.reserve = Button("Reserve…", "primary", "calendar-clock")
        self.reserve.clicked.connect(lambda: self.hands.open("reserve"))
        self.give_back = Button("Give back…", icon="calendar-x")
        self.give_back.clicked.connect(self.ask_back)
        self.model: RowModel[Reservation] = RowModel(_columns(workspace), lambda row: row.command, self)
        self.table = RowTable(self.model, "Reservations")
        self.table.moved.connect(lambda _key: self._enable())
        self.table.opened.connect(lambda _key: self.ask_back())
        first = Button("Reserve…", "primary", "calendar-clock")
        first.clicked.connect(lambda: self.hands.open("reserve"))
        self._first = first
        self._empty = EmptyState("calendar", "Nothing was reserved from here", "", (first,))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.panel = Panel("Reservations")
        for button in (self.give_back, self.reserve):
            self.panel.add_action(button)
        self.panel.body_layout.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)

    def reset(self) -> None:
        self.model.show([])
        self._enable()

    def ask(self) -> None:
        rows = reservations(self.hands.records, self.workspace.now_ms())
        self.model.show(rows)
        self.model.refresh()
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        standing = sum(1 for row in rows if row.state == "standing")
        self.panel.set_subtitle(f"{standing} standing" if rows else "")
        self._enable()

    def live(self, view: StationView) -> None:
        reason = self.hands.reason("Reserve")
        for button in (self.reserve, self._first):
            button.setEnabled(not reason)
            button.setToolTip(reason)
        self._empty.say("Nothing was reserved from here", reason)
        self._enable()

    def chosen(self) -> Reservation | None:
        """The reservation in focus."""
        key = self.table.current_key()
        return next((row for row in self.model.rows if row.command == key), None)

    def _enable(self) -> None:
        row = self.chosen()
        self.give_back.setEnabled(row is not None and row.state in ("standing", "asked", "unknown"))

    def ask_back(self) -> None:
        """The sheet that gives the chosen one back."""
        row = self.chosen()
        if row is not None and self.give_back.isEnabled():
            self.hands.open("cancel-reservation", {"reservation": str(row.number)})


def _columns(workspace: Workspace) -> tuple[Column[Reservation], ...]:
    def until(row: Reservation) -> Cell:
        return Cell(formats.when(row.until_ms, workspace.now_ms(), workspace.zone))

    def state(row: Reservation) -> Cell:
        words, icon = WORDS[row.state]
        return Cell(words, icon=icon, strong=row.state == "standing")

    return (
        Column("where", "Connector", lambda r: Cell(str(r.evse) if r.evse else "any", strong=True), "any",
               fixed=True),
        Column("card", "Card", lambda r: Cell(pseudonym(r.token)), "Card ···0000", fixed=True, stretch=True),
        Column("until", "Until", until, f"{formats.WIDEST_DAY} 00:00", fixed=True),
        Column("state", "State", state, "Given back", fixed=True, extra_px=22),
        Column("by", "By", lambda r: Cell(r.asked_by or "automatic", tone=Tone.QUIET), "automatic"),
        Column("number", "Number", lambda r: Cell(str(r.number), mono=True, tone=Tone.FAINT), "1792067528",
               right=True),
    )  # fmt: skip
