"""Overview: the figures of the network, where it stands, what costs most now, and how it fared."""

from collections.abc import Iterable, Sequence
from datetime import date

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.analytics import questions
from app.analytics.results import PowerSeries, Strip
from app.analytics.typical_power import TypicalPower, todays_power, typical_power
from app.analytics.yesterday import Yesterday, since_yesterday
from app.domain.intents import ActOnFault
from app.domain.status import Admission, Shown
from app.fleet.views import StationView
from ui.models import kpis, losses
from ui.models.day_words import day_words
from ui.models.station_columns import site_uptimes
from ui.models.station_list import NO_SITE, site_of
from ui.models.words import ABNORMAL
from ui.pages.base import LivePage
from ui.pages.overview.power import PowerView
from ui.pages.overview.queue import QueuePanel
from ui.shell.page import Hit, Workspace
from ui.theme.formats import clock, count, local, number
from ui.theme.theme import px
from ui.widgets import station_deeds
from ui.widgets.buttons import Button
from ui.widgets.connect_first import ConnectFirst
from ui.widgets.cost_panel import CostSummary
from ui.widgets.kpi import ConnectorsCell, KpiCell, KpiStrip
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.panel import Panel
from ui.widgets.segments import Segments
from ui.widgets.station_map import LAYERS, STATION, StationMap
from ui.widgets.uptime_list import UptimeList, UptimeRow
from ui.widgets.waiting import WaitingPanel

LOW, NARROW = 760, 1180
"""Below this height or width the bottom row stands behind tabs on the map panel."""
HISTORY_MS = 60_000


class OverviewPage(LivePage):
    """KPI strip; map and the faults that cost most; power, uptime and hidden costs."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.online = KpiCell("Stations online", 13)
        self.connectors = ConnectorsCell(stretch=26)
        self.power = KpiCell("Power now", 13)
        self.energy = KpiCell("Energy today", 13)
        self.energy.setToolTip("Since midnight: of a session that began before, its part of today.")
        self.losing = KpiCell("Losing now", 16)
        self.strip = KpiStrip([self.online, self.connectors, self.power, self.energy, self.losing])
        self.day = Label("", "small", "text2")
        self.day.hide()
        self.map = StationMap(workspace)
        self.queue = QueuePanel(self.now_ms)
        self.power_view = PowerView(workspace)
        self.uptime = UptimeList()
        self.costs = CostSummary(workspace)
        self.waiting = WaitingPanel(self.now_ms)
        self._server = Banner(Shown.FAULTED, "", parent=self)
        self._server.hide()
        self._compact: bool | None = None
        self._asked_ms = 0
        self._stale_ms = 0
        self._typical_of: date | None = None
        self._strips: dict[str, Strip] = {}
        self._lay_out()
        self._connect()
        self.every(1000, self._show_figures, ages=True)
        self.every(500, self._show_map)
        self.every(1000, self._show_queue, ages=True)

    def opened(self, argument: str) -> None:
        self._ask_history()
        self.refresh()

    def closed(self) -> None:
        self.workspace.bridge.drop("overview/")
        self.map.set_placing(False)

    def back(self) -> bool:
        if self.map.placing:
            self.map.set_placing(False)
            return True
        return False

    def hits(self, text: str) -> Sequence[Hit]:
        return (
            Hit("Place stations on the map", group="Overview", icon="map-pin", run=lambda: self._place(True)),
        )

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("J K", "move in the queue"),
            ("Enter", "open the fault"),
            ("A", "acknowledge it"),
            ("+ −", "zoom the map"),
        )

    def _lay_out(self) -> None:
        self._map_panel = Panel("Charger map")
        self._tabs = self._map_panel.set_tabs(
            (("map", "Charger map"), ("power", "Power"), ("uptime", "Uptime"), ("costs", "Hidden costs"))
        )
        self.segments = Segments(LAYERS, "Map shows")
        self.place = Button("Place stations", "quiet", "map-pin")
        self.place.setCheckable(True)
        self._map_panel.add_action(self.place)
        self._map_panel.add_action(self.segments)
        self._holder = QWidget()
        self._stack = QStackedLayout(self._holder)
        self._stack.addWidget(self.map)
        self._map_panel.body_layout.addWidget(self._holder, 1)
        self._power_panel = Panel("Power", "today")
        self._uptime_panel = Panel("Uptime, 30 days", "worst first")
        self._costs_panel = Panel("Hidden costs")
        upper = QHBoxLayout()
        upper.setSpacing(12)
        upper.addWidget(self._map_panel, 3)
        upper.addWidget(self.queue, 2)
        self._lower = QWidget()
        lower = QHBoxLayout(self._lower)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(12)
        lower.addWidget(self._power_panel, 3)
        lower.addWidget(self._uptime_panel, 2)
        lower.addWidget(self._costs_panel, 2)
        self._work = QWidget()
        column = QVBoxLayout(self._work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._server)
        column.addWidget(self.waiting)
        column.addWidget(self.day)
        column.addWidget(self.strip)
        column.addLayout(upper, 59)
        column.addWidget(self._lower, 41)
        self._first = ConnectFirst(self.workspace, "No charger has called yet")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addWidget(self._work, 1)
        whole.addWidget(self._first, 1)
        self._first.hide()

    def _connect(self) -> None:
        go = self.workspace.go
        self.online.clicked.connect(
            lambda: go("stations/list", "problem" if self.picture.totals.offline else "")
        )
        self.connectors.clicked.connect(lambda: go("stations/list"))
        self.power.clicked.connect(lambda: go("stations/list", "in use"))
        self.energy.clicked.connect(lambda: go("sessions/list"))
        self.segments.chosen.connect(self.map.show_layer)
        self.place.clicked.connect(lambda: self._place(self.place.isChecked()))
        self.map.placing_changed.connect(self.place.setChecked)
        self.map.site_chosen.connect(self._open_place)
        self.losing.clicked.connect(lambda: go("faults/queue"))
        self.queue.opened.connect(lambda fault: go("faults/queue", str(fault)))
        self.queue.all_asked.connect(lambda: go("faults/queue"))
        self.queue.acknowledge_asked.connect(self._acknowledge)
        self.workspace.faults.changed.connect(self._faults_changed)
        self.costs.opened.connect(lambda cost: go("costs", cost))
        self.costs.headed.connect(self._head_costs)
        self.uptime.chosen.connect(lambda site: go("stations/list", f"site:{site}"))
        self.waiting.accepted.connect(lambda station: station_deeds.admit(self.workspace, station))
        self.waiting.refused.connect(lambda s: station_deeds.refuse_sheet(self.workspace, s).open())
        self.waiting.more_asked.connect(lambda: go("onboarding"))
        self._map_panel.tab_chosen.connect(self._show_tab)

    def _show_figures(self) -> None:
        picture, now = self.picture, self.now_ms()
        nobody = not picture.stations and not picture.waiting
        self._first.setVisible(nobody)
        self._work.setVisible(not nobody)
        if nobody:
            self._first.show_server(picture.server, now)
            return
        told = kpis.strip(picture.totals)
        notes: list[tuple[Shown | None, str]] = []
        if told.offline:
            notes.append((Shown.OFFLINE, f"{number(told.offline)} offline"))
        if told.unknown:
            notes.append((Shown.UNKNOWN, f"{number(told.unknown)} unknown"))
        well = "all connected" if picture.totals.stations else "none let in yet"
        self.online.show_value(told.online, told.of, notes or [(None, well)])
        self.connectors.show_counts(told.connectors)
        against = ""
        if not picture.totals.power_missing:
            against = self.power_view.against_typical(picture.totals.power_w, now)
        self.power.show_value(told.power, told.power_unit, [(None, against or told.power_note)])
        self.energy.show_value(told.energy, told.energy_unit, [(None, told.energy_note)])
        self._show_losing()
        self._show_server()
        self.waiting.show_waiting(picture.waiting, self.zone)
        ours = _let_in(picture.stations.values())
        sites = {site_of(view) for view in ours} - {NO_SITE}
        where = f"{count(len(sites), 'site')}, " if sites else ""
        self.title_changed.emit("", f"{where}{count(len(ours), 'station')}")
        if now - self._asked_ms > HISTORY_MS:
            self._ask_history()

    def _show_losing(self) -> None:
        told = kpis.losing(losses.network(self.workspace.faults.faults.values()), self.workspace.faults.ready)
        self.losing.show_value(told.value, told.unit, [(None, told.note)])
        self.losing.set_alarm(Shown.FAULTED if told.alarming else None)

    def _show_server(self) -> None:
        server = self.picture.server
        self._mark_stale(server.state in ("failed", "stopping"))
        broken = server.state == "failed" or not server.recording
        self._server.setVisible(broken)
        if server.state == "failed":
            self._server.show_notice(
                Shown.FAULTED, server.cause or "The server does not run", "What is shown is from before that."
            )
        elif not server.recording:
            self._server.show_notice(
                Shown.FAULTED,
                f"Nothing can be recorded: {server.recording_cause}",
                "Stations are served on, but nothing they report is acknowledged until it can be kept.",
            )

    def _mark_stale(self, stale: bool) -> None:
        """While no server hears the stations, live figures say since when they stand."""
        self._stale_ms = (self._stale_ms or self.now_ms()) if stale else 0
        told = f"as of {clock(self._stale_ms, self.zone, seconds=True)}" if stale else ""
        for cell in (self.online, self.power, self.energy, self.losing):
            cell.set_stale(told)

    def _show_map(self) -> None:
        found = losses.by_place(self.workspace.faults.faults.values(), self.picture.stations)
        self.map.show_stations(self.picture.stations, found)
        ours = _let_in(self.picture.stations.values())
        bad = {site_of(view) for view in ours if view.shown in ABNORMAL}
        bad |= {key for key, loss in found.items() if loss.faults and not key.startswith(STATION)}
        bad.discard(NO_SITE)
        lost = sum(1 for view in ours if view.latitude is None)
        told = count(len(ours), "station")
        if any(view.site for view in ours):
            told += f", {count(len(bad), 'site')} with a problem"
        self._map_panel.set_subtitle(told + (f", {number(lost)} not on the map" if lost else ""))

    def _show_queue(self) -> None:
        self.queue.show_book(self.workspace.faults)

    def _faults_changed(self, _changes: object) -> None:
        """What is shown of faults is due; hidden pages note it only."""
        self.due()

    def _acknowledge(self, fault: int) -> None:
        view = self.workspace.faults.faults.get(fault)
        if view is None or not view.new:
            return
        workspace = self.workspace

        def undo() -> None:
            workspace.bridge.do(ActOnFault(fault, "unacknowledge"), failed=workspace.toast)

        workspace.bridge.do(
            ActOnFault(fault, "acknowledge"),
            done=lambda _: workspace.toast(f"Acknowledged: {view.record.title}", undo),
            failed=workspace.toast,
        )

    def _ask_history(self) -> None:
        now, bridge = self.now_ms(), self.workspace.bridge
        self._asked_ms = now
        bridge.query(
            "overview/power",
            todays_power,
            now,
            self.zone.key,
            done=self._take_power,
            failed=self.power_view.show_failure,
        )
        bridge.query(
            "overview/strips",
            questions.strips,
            now,
            self.zone.key,
            30,
            done=self._take_strips,
            failed=lambda sentence: self._uptime_panel.set_subtitle(f"could not be read: {sentence}"),
        )

        bridge.query("overview/day", since_yesterday, now, self.zone.key, done=self._take_day)
        self.costs.ask()

    def _head_costs(self, title: str, subtitle: str) -> None:
        self._costs_panel.set_title(title)
        self._costs_panel.set_subtitle(subtitle)

    def _take_day(self, found: Yesterday) -> None:
        text = day_words(found)
        self.day.setText(text)
        self.day.setVisible(bool(text))

    def _take_power(self, series: PowerSeries) -> None:
        self.power_view.show_series(series)
        self._title_power()
        today = local(self.now_ms(), self.zone).date()
        if self._typical_of != today:
            self._typical_of = today
            self.workspace.bridge.query(
                "overview/typical", typical_power, self.now_ms(), self.zone.key,
                done=self._take_typical, failed=lambda _: self._take_typical(None),
            )  # fmt: skip

    def _take_typical(self, typical: TypicalPower | None) -> None:
        self.power_view.show_typical(typical)
        self._title_power()

    def _title_power(self) -> None:
        self._power_panel.set_title(f"Power, {self.power_view.unit}")
        weekday = f"{local(self.now_ms(), self.zone):%A}"
        self._power_panel.set_subtitle(
            f"today against typical {weekday}" if self.power_view.weeks else "today"
        )

    def _take_strips(self, strips: tuple[Strip, ...]) -> None:
        self._strips = {strip.station: strip for strip in strips}
        sites = {station: site_of(view) for station, view in self.picture.stations.items()}
        cells = site_uptimes(self._strips, sites)
        rows = [UptimeRow(site, cell.days, cell.percent) for site, cell in cells.items()]
        rows.sort(key=lambda row: (row.percent is None, row.percent or 0.0, row.name.casefold()))
        missing = sum(1 for station in self.picture.stations if station not in self._strips)
        note = f"{missing} of {count(len(sites), 'station')} not included" if missing else ""
        self.uptime.show_rows(rows, note)
        self._uptime_panel.set_subtitle("worst first")

    def _place(self, on: bool) -> None:
        self._show_tab("map")
        self._show_map()
        self.place.setChecked(on)
        self.map.set_placing(on)

    def _open_place(self, key: str) -> None:
        if key.startswith(STATION):
            self.workspace.go("stations/station", key.removeprefix(STATION))
            return
        members = [view.station for view in self.picture.stations.values() if view.site == key]
        if len(members) == 1:
            self.workspace.go("stations/station", members[0])
        else:
            self.workspace.go("stations/list", f"site:{key}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.height() < px(LOW) or self.width() < px(NARROW))

    def _arrange(self, compact: bool) -> None:
        """Two rows, or one with the lower row's parts behind tabs on the map panel."""
        if compact == self._compact:
            return
        self._compact = compact
        for part, panel in (
            (self.power_view, self._power_panel),
            (self.uptime, self._uptime_panel),
            (self.costs, self._costs_panel),
        ):
            if compact:
                self._stack.addWidget(part)
            else:
                panel.body_layout.addWidget(part, 1)
                part.show()
        self._lower.setVisible(not compact)
        self._map_panel.show_tabs(compact)
        self.queue.show_keys(compact)
        self._show_tab("map")

    def _show_tab(self, key: str) -> None:
        part: QWidget = {
            "map": self.map,
            "power": self.power_view,
            "uptime": self.uptime,
            "costs": self.costs,
        }[key]
        if self._compact:
            self._stack.setCurrentWidget(part)
            self._tabs.choose(key)
        on_map = key == "map" or not self._compact
        self.place.setVisible(on_map)
        self.segments.setVisible(on_map)


def _let_in(views: Iterable[StationView]) -> list[StationView]:
    """Those that are part of the network; who waits at the door is not counted."""
    return [view for view in views if view.admission is Admission.ACCEPTED]
