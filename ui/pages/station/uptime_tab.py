"""A station's uptime by every rule over a window, and how far its drivers came in the same time."""

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.analytics.attempt_history import kpis_between
from app.analytics.driver_kpis import DriverKpis
from app.analytics.uptime_table import UptimeTable, uptime_table
from app.fleet.views import StationView
from ui.models import funnel, sights, uptime_rows
from ui.models.funnel import FunnelRow
from ui.models.row_model import RowModel
from ui.models.uptime_rows import UptimeRow
from ui.models.uptime_windows import Window, windows
from ui.pages.station.hands import Hands
from ui.pages.station.tab import DeviceTab
from ui.pages.uptime.detail import UptimeDetail
from ui.shell.page import Workspace
from ui.theme.theme import px
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.facts import Facts
from ui.widgets.labels import Label
from ui.widgets.panel import Panel
from ui.widgets.row_table import RowTable

MOST = 4
"""So many rows stand above the funnel; more scroll."""


class UptimeTab(DeviceTab):
    """The station and its EVSEs by every rule on top, one of them at the right, the funnel below."""

    def __init__(self, workspace: Workspace, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(workspace, hands, parent)
        self.window_ = MenuButton("Window")
        self._offer()
        self.model: RowModel[UptimeRow] = RowModel(uptime_rows.columns(), lambda row: row.key, self)
        self.table = RowTable(self.model, "Uptime of the station by rule")
        self.table.set_row_height(44)
        self.detail = UptimeDetail()
        self.detail.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.detail.setFixedWidth(px(290))
        self.own = Label("", "small", "text2", wrap=True)
        self.own.setContentsMargins(12, 8, 12, 8)
        self.whole = Button("Excuse time…", "link")
        self.whole.setToolTip("Opens Reports, Uptime for this station")
        self._panel = Panel("Uptime by rule")
        self._panel.add_action(self.whole)
        self._panel.add_action(self.window_)
        self._panel.body_layout.addWidget(self.table, 1)
        self._panel.body_layout.addWidget(self.own)
        self.steps: RowModel[FunnelRow] = RowModel(funnel.columns(), lambda row: row.step, self)
        self.funnel = RowTable(self.steps, "How far drivers came")
        self.funnel.set_row_height(29)
        self.figures = Facts("small", 20)
        self._none = Label("", "small", "text3", wrap=True)
        self._none.setContentsMargins(14, 10, 14, 12)
        self._funnel_panel = Panel("Drivers", "how far they came")
        self._funnel_panel.body_layout.addWidget(self.funnel, 1)
        self._funnel_panel.body_layout.addWidget(self._none)
        inside = QVBoxLayout()
        inside.setContentsMargins(14, 8, 14, 10)
        inside.addWidget(self.figures)
        self._funnel_panel.body_layout.addLayout(inside)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._panel)
        left.addWidget(self._funnel_panel, 1)
        self._panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(self.detail)
        self.window_.chosen.connect(lambda _key: self.ask())
        self.table.moved.connect(lambda _key: self._show_detail())
        self.whole.clicked.connect(lambda: workspace.go("reports/uptime", self.station))
        self._asked_ms = 0

    def _offer(self) -> None:
        known = windows(self.workspace.now_ms(), self.workspace.zone)
        self.window_.set_choices([(one.key, one.name) for one in known], self.window_.value or "90")

    @property
    def window_now(self) -> Window:
        """The window in force."""
        known = windows(self.workspace.now_ms(), self.workspace.zone)
        return next((one for one in known if one.key == self.window_.value), known[-1])

    def reset(self) -> None:
        self.model.show([])
        self.steps.show([])
        self.figures.show_facts(())
        self.own.setText("")
        self._none.setText("Reading…")
        self.detail.show_row(None)

    def ask(self) -> None:
        window, bridge = self.window_now, self.workspace.bridge
        span = (window.start_ms, window.end_ms)
        bridge.query(
            "station/uptime", uptime_table, span, self.workspace.zone.key, self.station,
            done=self._take, failed=self._fail,
        )  # fmt: skip
        bridge.query(
            "station/funnel", kpis_between, *span, self.station, done=self._take_funnel, failed=self._fail
        )

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.detail.setVisible(self.width() >= px(760))

    def live(self, view: StationView) -> None:
        self._offer()

    def _take(self, found: UptimeTable) -> None:
        rows = [_named(row, self.station) for row in uptime_rows.rows(found.evses, "evse")]
        # One EVSE is the station: it is not told twice.
        self.model.show(rows[:1] if len(rows) == 2 else rows)
        self.table.setFixedHeight(px(30) + px(44) * min(MOST, max(1, len(self.model.rows))) + 2)
        self.own.setText(
            sights.own_words(found, None, self.workspace.zone) if rows
            else "It was not in service in this window."
        )  # fmt: skip
        if rows and self.table.current_key() is None:
            self.table.go_to("")
        self._show_detail()

    def _take_funnel(self, found: DriverKpis) -> None:
        rows = funnel.rows(found)
        self.steps.show(rows)
        self.funnel.setVisible(bool(rows))
        self._none.setText("" if rows else "Nobody tried to charge here in this window.")
        self._none.setVisible(not rows)
        self.figures.show_facts(funnel.figures(found) if rows else ())

    def _fail(self, sentence: str) -> None:
        self._none.setText(f"The past could not be read: {sentence}")
        self._none.setVisible(True)

    def _show_detail(self) -> None:
        key = self.table.current_key()
        self.detail.show_row(next((row for row in self.model.rows if row.key == key), None))


def _named(row: UptimeRow, station: str) -> UptimeRow:
    """The first row is the station, not a network; the others need not name it again."""
    name = f"EVSE {row.key.rpartition('/')[2]}" if row.key else station
    below = "" if row.key else row.below
    return replace(row, name=name, below=below)
