"""A station's faults: open ones live, those of 90 days with what ended them, and what comes back."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.analytics.station_faults import PastFault, Repeat, StationFaults, station_faults
from app.faults.views import FaultView
from app.fleet.views import StationView
from ui.models.row_model import RowModel
from ui.models.station_faults import open_columns, past_columns, repeat_columns
from ui.pages.station.hands import Hands
from ui.pages.station.tab import DeviceTab
from ui.shell.page import Workspace
from ui.theme.formats import count
from ui.theme.theme import px
from ui.widgets.labels import Label
from ui.widgets.panel import Panel
from ui.widgets.row_table import RowTable

REST_MS = 2_000
"""The past is asked again so long after a fault of the station ended."""


class FaultsTab(DeviceTab):
    """Open on top, the past below it; what comes back at the right where there is room."""

    def __init__(self, workspace: Workspace, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(workspace, hands, parent)
        now, zone = workspace.now_ms, lambda: workspace.zone
        self.open: RowModel[FaultView] = RowModel(open_columns(now, zone), lambda v: v.record.fault, self)
        self.past: RowModel[PastFault] = RowModel(past_columns(now, zone), lambda p: p.fault.fault, self)
        self.back_again: RowModel[Repeat] = RowModel(
            repeat_columns(now, zone), lambda one: (one.code, one.evse), self
        )
        self.open_table = RowTable(self.open, "Open faults of the station")
        self.past_table = RowTable(self.past, "Faults that are over")
        self._again_table = RowTable(self.back_again, "Faults that come back")
        self.open_table.set_row_height(44)
        self.past_table.set_row_height(44)
        self._again_table.set_row_height(44)
        self._open_panel, self._none = _with_none(Panel("Open"), self.open_table)
        self._past_panel, self._no_past = _with_none(Panel("Over", "90 days"), self.past_table)
        self._again_panel, self._no_again = _with_none(Panel("Comes back", "90 days"), self._again_table)
        self._open_panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        lower = QHBoxLayout()
        lower.setSpacing(12)
        lower.addWidget(self._past_panel, 3)
        lower.addWidget(self._again_panel, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._open_panel)
        column.addLayout(lower, 1)
        for table in (self.open_table, self.past_table):
            table.opened.connect(self._go)
        self._again_table.opened.connect(self._find)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._ask_if_seen)

    def reset(self) -> None:
        self.open.show([])
        self._show_past(StationFaults(self.station, (), ()), "Reading…")

    def ask(self) -> None:
        self.workspace.bridge.query(
            "station/faults", station_faults, self.station, self.workspace.now_ms(),
            done=self._take, failed=self._fail,
        )  # fmt: skip

    def live(self, view: StationView) -> None:
        book = self.workspace.faults
        found = book.at(view.station)
        ended = {v.record.fault for v in self.open.rows} - {v.record.fault for v in found}
        self.open.show(found)
        self.open.refresh()
        self._open_panel.set_subtitle(count(len(found), "fault") if found else "")
        self._none.setText("Nothing is wrong with this station." if book.ready else "Reading the faults…")
        self._none.setVisible(not found)
        self.open_table.setVisible(bool(found))
        self.open_table.setFixedHeight(px(30) + px(44) * min(4, max(1, len(found))) + 2)
        if ended:
            self._rest.start()

    def _ask_if_seen(self) -> None:
        if self.isVisible() and self.station:
            self.ask()

    def _take(self, found: StationFaults) -> None:
        if found.station == self.station:
            self._show_past(found, "No fault of 90 days is over.")

    def _fail(self, sentence: str) -> None:
        self._show_past(StationFaults(self.station, (), ()), f"The past could not be read: {sentence}")

    def _show_past(self, found: StationFaults, none: str) -> None:
        self.past.show(found.past)
        self.back_again.show(found.repeats)
        self._no_past.setText(none)
        self._no_past.setVisible(not found.past)
        self.past_table.setVisible(bool(found.past))
        self._no_again.setText("Nothing happened twice." if found.past or not none.startswith("R") else none)
        self._no_again.setVisible(not found.repeats)
        self._again_table.setVisible(bool(found.repeats))

    def _go(self, fault: int | None) -> None:
        if fault is not None:
            self.workspace.go("faults/queue", str(fault))

    def _find(self, key: tuple[str, int | None] | None) -> None:
        """The newest of those that came back."""
        for one in self.past.rows:
            if key is not None and (one.fault.code, one.fault.evse) == key:
                self._go(one.fault.fault)
                return
        self.workspace.go("faults/queue", f"station:{self.station}")


def _with_none(panel: Panel, table: RowTable) -> tuple[Panel, Label]:
    """A panel with a table, and the sentence that stands there without rows."""
    none = Label("", "small", "text3", wrap=True)
    none.setContentsMargins(14, 10, 14, 12)
    panel.body_layout.addWidget(table, 1)
    panel.body_layout.addWidget(none)
    panel.body_layout.addStretch(0)
    return panel, none
