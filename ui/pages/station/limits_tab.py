"""Charging limits of a station: set, taken back, and the schedule the station says holds."""

import numpy as np
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.fleet.views import StationView
from ui.models.cells import Cell, Column, Tone
from ui.models.limits import Limit, Schedule, limits, schedule
from ui.models.row_model import RowModel
from ui.pages.station.hands import Hands
from ui.pages.station.tab import DeviceTab
from ui.shell.page import Workspace
from ui.theme import formats
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.charts import Series, TimeChart
from ui.widgets.labels import Label
from ui.widgets.panel import Panel
from ui.widgets.row_table import RowTable

STEP_MS = 60_000
PURPOSES = {"Max": "Whole station", "TxDefault": "Every session", "Tx": "One session"}


class LimitsTab(DeviceTab):
    """Our limits above, the composite schedule as a chart below."""

    def __init__(self, workspace: Workspace, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(workspace, hands, parent)
        self._schedule: Schedule | None = None
        self.set = Button("Set limit…", "primary", "gauge")
        self.set.clicked.connect(lambda: self.hands.open("limit"))
        self.clear = Button("Take back…", icon="undo-2")
        self.clear.clicked.connect(self.ask_clear)
        self.ask_schedule = Button("Ask which limit holds…", icon="activity")
        self.ask_schedule.clicked.connect(lambda: self.hands.open("composite"))
        self.model: RowModel[Limit] = RowModel(_columns(workspace), lambda row: row.profile, self)
        self.table = RowTable(self.model, "Limits set from here")
        self.table.moved.connect(lambda _key: self._enable())
        self.table.opened.connect(lambda _key: self.ask_clear())
        self._none = Label("No limit of Forecourt's stands here.", "small", "text3")
        self._none.setContentsMargins(14, 12, 14, 12)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._none)
        self.panel = Panel("Limits", "set from here")
        for button in (self.clear, self.set):
            self.panel.add_action(button)
        self.panel.body_layout.addWidget(self._stack, 1)
        self.chart = TimeChart("Limit", "kW", workspace.zone)
        self.chart.set_empty_text("The station was not asked yet which limit holds.")
        self.chart.show_series([], 0, 1)
        self.chart.setMinimumHeight(px(180))
        self.chart_panel = Panel("What holds", "as the station tells it")
        self.chart_panel.add_action(self.ask_schedule)
        self.chart_panel.body_layout.addWidget(self.chart, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.panel, 4)
        column.addWidget(self.chart_panel, 5)
        self._enable()

    def reset(self) -> None:
        self.model.show([])
        self._show_schedule(None)

    def ask(self) -> None:
        rows = limits(self.hands.records, self.workspace.now_ms())
        self.model.show(rows)
        self._stack.setCurrentWidget(self.table if rows else self._none)
        self._show_schedule(schedule(self.hands.records))
        self._enable()

    def live(self, view: StationView) -> None:
        self._enable()

    def _enable(self) -> None:
        for button, operation in (
            (self.set, "SetProfile"),
            (self.clear, "ClearProfile"),
            (self.ask_schedule, "ReadCompositeSchedule"),
        ):
            reason = self.hands.reason(operation)
            button.setEnabled(not reason)
            button.setToolTip(reason)

    def ask_clear(self) -> None:
        """The sheet that takes the chosen limit back."""
        key = self.table.current_key()
        row = next((row for row in self.model.rows if row.profile == key), None)
        self.hands.open("clear-limit", {"evse": str(row.evse) if row is not None and row.evse else ""})

    def _show_schedule(self, told: Schedule | None) -> None:
        if told == self._schedule:
            return
        self._schedule = told
        if told is None:
            self.chart.set_empty_text("The station was not asked yet which limit holds.")
            self.chart.show_series([], 0, 1)
            self.chart_panel.set_subtitle("as the station tells it")
            return
        divisor = 1000.0 if told.unit == "W" else 1.0
        times = np.arange(told.start_ms, told.end_ms, STEP_MS, dtype=np.int64)
        values = np.full(len(times), np.nan)
        for at_ms, limit in told.steps:
            values[times >= at_ms] = limit / divisor
        unit = "kW" if told.unit == "W" else "A"
        where = f"Connector {told.evse}" if told.evse else "Whole station"
        self.chart.set_empty_text("No limit holds over this time.")
        line = Series(f"{where}, {unit}", times, values, expected_ms=STEP_MS, unit=unit)
        self.chart.show_series([line] if told.steps else [], told.start_ms, told.end_ms)
        now, zone = self.workspace.now_ms(), self.workspace.zone
        self.chart_panel.set_subtitle(f"{where.lower()}, {unit}, told {formats.age(told.read_ms, now, zone)}")


def _columns(workspace: Workspace) -> tuple[Column[Limit], ...]:
    def value(row: Limit) -> Cell:
        if row.limit is None:
            return Cell("–")
        if row.unit == "A":
            return Cell(f"{formats.number(row.limit, 1)} A", strong=True)
        return Cell(formats.power_text(row.limit), strong=True)

    def where(row: Limit) -> Cell:
        return Cell(f"Connector {row.evse}" if row.evse else "Whole station", strong=True)

    def until(row: Limit) -> Cell:
        if row.until_ms is None:
            return Cell("until taken back", tone=Tone.QUIET)
        return Cell(formats.when(row.until_ms, workspace.now_ms(), workspace.zone))

    return (
        Column("where", "Where", where, "Whole station", fixed=True),
        Column("limit", "At most", value, "1,000.0 kW", right=True, fixed=True),
        Column("what", "For", lambda r: Cell(PURPOSES.get(r.purpose, r.purpose), tone=Tone.QUIET),
               "Every session", fixed=True, stretch=True),
        Column("until", "Until", until, "until taken back", fixed=True),
        Column("by", "Set by", lambda r: Cell(r.by or "automatic", tone=Tone.QUIET), "automatic"),
        Column("at", "Set", lambda r: Cell(
            formats.when(r.set_ms, workspace.now_ms(), workspace.zone), tone=Tone.FAINT),
            f"{formats.WIDEST_DAY} 00:00", right=True),
    )  # fmt: skip
