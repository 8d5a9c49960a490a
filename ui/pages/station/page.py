"""The page of one station."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.analytics import questions
from app.analytics.results import StationHistory
from app.fleet.views import StationView
from ui.models.cards import condition
from ui.models.facts_of import model, protocol
from ui.models.messages import MessageLine
from ui.models.oddities import Oddity, room_oddities
from ui.models.station_faults import fault_condition
from ui.models.station_list import site_of
from ui.pages.base import LivePage
from ui.pages.station.banner import StationBanner
from ui.pages.station.card_list_tab import CardListTab
from ui.pages.station.clock_notice import ClockNotice
from ui.pages.station.faults_tab import FaultsTab
from ui.pages.station.files_tab import FilesTab
from ui.pages.station.firmware_tab import FirmwareTab
from ui.pages.station.hands import Hands
from ui.pages.station.limits_tab import LimitsTab
from ui.pages.station.live import LiveView
from ui.pages.station.reservations_tab import ReservationsTab
from ui.pages.station.settings_tab import SettingsTab
from ui.pages.station.side import StationSide
from ui.pages.station.tab import DeviceTab
from ui.pages.station.uptime_tab import UptimeTab
from ui.shell.page import Hit, Workspace
from ui.theme.formats import age, number
from ui.theme.theme import px
from ui.widgets.buttons import Button, IconButton
from ui.widgets.message_log import MessageDetail
from ui.widgets.notices import EmptyState
from ui.widgets.segments import TabStrip
from ui.widgets.sheet import Sheet
from ui.widgets.station_menu import StationMenu

DAYS = 90
HISTORY_MS = 60_000
TABS = (
    ("live", "Live"),
    ("faults", "Faults"),
    ("uptime", "Uptime"),
    ("settings", "Configuration"),
    ("firmware", "Firmware"),
    ("files", "Files"),
    ("cards", "Card list"),
    ("reservations", "Reservations"),
    ("limits", "Limits"),
    ("about", "About"),
)
DEVICE: Mapping[str, type[DeviceTab]] = {
    "faults": FaultsTab,
    "uptime": UptimeTab,
    "settings": SettingsTab,
    "firmware": FirmwareTab,
    "files": FilesTab,
    "cards": CardListTab,
    "reservations": ReservationsTab,
    "limits": LimitsTab,
}


class StationPage(LivePage):
    """Banner and tabs; on each tab the commands and their log stand at the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.station = ""
        self._oddities: dict[str, Oddity] = {}
        self._asked_ms = 0
        self.banner = StationBanner()
        self.tabs = TabStrip(TABS, "Part of the station", "panelHeader", 16)
        self.live = LiveView(workspace)
        self.cards, self.power, self.strip = self.live.cards, self.live.power, self.live.strip
        self.log, self.tools = self.live.log, self.live.tools
        self.detail = MessageDetail(workspace)
        self.side = StationSide(workspace)
        self.hands = Hands(workspace)
        self.device: dict[str, DeviceTab] = {}
        """The device tabs that were opened so far, by key."""
        self.clock = ClockNotice(self.hands.open_kind, workspace.now_ms)
        self.menu = StationMenu(workspace, self)
        self.menu.on_retired = lambda: workspace.go("stations/list")
        self._lay_out()
        self._connect()
        self._keys_of_its_own()
        self.every(500, self._show_live, ages=True)

    def opened(self, argument: str) -> None:
        station, _, tab = argument.partition("#")
        self.workspace.bridge.follow_messages(True)
        if not self._oddities:
            self.workspace.bridge.run(
                room_oddities,
                done=self._know_oddities,
                failed=self.workspace.toast,
                key="station/quirks",
            )
        if station and station != self.station:
            self._show_station(station)
        else:
            self._ask_history()
            self.power.ask()
            self.hands.ask()
        if tab in dict(TABS):
            self.show_tab(tab)
        elif self.tab in self.device:
            self.device[self.tab].opened()
        self.refresh()

    def closed(self) -> None:
        self.workspace.bridge.follow_messages(False)
        self.workspace.bridge.drop("station/")
        self.power.stop()
        self.hands.stop()

    @property
    def tab(self) -> str:
        """The tab in view."""
        return self.tabs.value

    def show_tab(self, key: str) -> None:
        """Bring a tab into view."""
        self.tabs.choose(key)
        if key in DEVICE and key not in self.device:
            self._make(key)
        self._middle.setCurrentIndex([known for known, _ in TABS].index(key))
        if key != "live":
            self._right.setCurrentWidget(self.hands)
        if key in self.device:
            self.device[key].opened()

    def _make(self, key: str) -> None:
        """Build a tab when it is first opened, so that the page itself opens at once."""
        tab = self.device[key] = DEVICE[key](self.workspace, self.hands)
        place = [known for known, _ in TABS].index(key)
        empty = self._middle.widget(place)
        self._middle.insertWidget(place, tab)
        if empty is not None:
            self._middle.removeWidget(empty)
            empty.deleteLater()
        tab.show_station(self.station)
        view = self._view()
        if view is not None:
            tab.show_live(view)

    def top_actions(self) -> Sequence[QWidget]:
        more = Button("More…", icon="ellipsis")
        up, down = IconButton("chevron-up", "Previous station"), IconButton("chevron-down", "Next station")
        more.clicked.connect(lambda: self.menu.open_at(more))
        up.clicked.connect(lambda: self._step(-1))
        down.clicked.connect(lambda: self._step(1))
        return (up, down, more)

    def focus_filter(self) -> None:
        tab = self.device.get(self.tab)
        if tab is None or not tab.focus_filter():
            self.show_tab("live")
            self.tools.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def export_view(self) -> None:
        tab = self.device.get(self.tab)
        if tab is None or not tab.export_view():
            self.live.export()

    def export_to(self, path: Path) -> None:
        """Write the messages that are shown, as one JSON object a line."""
        self.live.export_to(path)

    def back(self) -> bool:
        if self._right.currentWidget() is self.detail:
            self._right.setCurrentWidget(self.hands)
            return True
        tab = self.device.get(self.tab)
        if tab is not None and tab.back():
            return True
        if self.tab != "live":
            self.show_tab("live")
            return True
        self.workspace.go("stations/list")
        return True

    def _keys_of_its_own(self) -> None:
        """Single letters: fields keep them for themselves, and a sheet in view has the keys."""
        for key, run in (("C", self._to_commands), ("T", lambda: self.hands.open("service", {"to": "out"}))):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(lambda run=run: self._unless_asked(run))

    def _unless_asked(self, run: Callable[[], object]) -> None:
        if not any(sheet.isVisible() for sheet in self.window().findChildren(Sheet)):
            run()

    def _to_commands(self) -> None:
        self._right.setCurrentWidget(self.hands)
        self.hands.focus_commands()

    def keys(self) -> Sequence[tuple[str, str]]:
        tab = self.device.get(self.tab)
        return (
            ("C", "commands"),
            ("T", "take out of service"),
            ("P", "pause the messages"),
            ("End", "follow them again"),
            ("/", "filter"),
            *(tab.palette_keys() if tab is not None else ()),
            ("Esc", "back"),
        )

    def hits(self, text: str) -> Sequence[Hit]:
        described = tuple(
            Hit(action.text(), group=f"On {self.station}", run=action.trigger)
            for action in self.menu.menu().actions()
            if action.text()
        )
        tabs = tuple(
            Hit(f"{words} of {self.station}", group=f"On {self.station}",
                run=lambda key=key: self.show_tab(key))  # type: ignore[misc]
            for key, words in TABS
        )  # fmt: skip
        return (*self.hands.hits(), *described, *tabs)

    def _lay_out(self) -> None:
        self._middle = QStackedWidget()
        for key, _ in TABS:
            self._middle.addWidget(self.live if key == "live" else self.side if key == "about" else QWidget())
        self._right = QStackedWidget()
        self._right.addWidget(self.hands)
        self._right.addWidget(self.detail)
        self._right.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.tabs)
        left.addWidget(self._middle, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(self._right)
        self._gone = EmptyState(
            "plug", "This station is not in the network", "It was retired, or never accepted.", parent=self
        )
        self._gone.hide()
        self._work = QWidget()
        work = QVBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(8)
        work.addWidget(self.banner)
        work.addWidget(self.clock)
        work.addLayout(row, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addWidget(self._work, 1)
        whole.addWidget(self._gone, 1)

    def _connect(self) -> None:
        go = self.workspace.go
        self.tabs.chosen.connect(self.show_tab)
        self.banner.fault_asked.connect(lambda fault: go("faults/queue", str(fault)))
        self.cards.session_asked.connect(lambda session: go("sessions/list", str(session)))
        self.cards.command_asked.connect(self.hands.open)
        self.side.session_asked.connect(lambda session: go("sessions/list", str(session)))
        self.side.sessions_asked.connect(lambda: go("sessions/list", self.station))
        self.live.message_opened.connect(self._open_message)
        self.detail.closed.connect(lambda: self._right.setCurrentWidget(self.hands))
        self.detail.step_asked.connect(lambda by: self.live.step_message(by, self._open_message))

    def _show_station(self, station: str) -> None:
        self.station = station
        self._right.setCurrentWidget(self.hands)
        self.live.show_station(station)
        self.side.show_energy(())
        self.side.show_sessions(())
        self.hands.show_station(station)
        for tab in self.device.values():
            tab.show_station(station)
        self._ask_history()

    def _view(self) -> StationView | None:
        return self.picture.stations.get(self.station)

    def _show_live(self) -> None:
        view, now = self._view(), self.now_ms()
        self._gone.setVisible(view is None)
        self._work.setVisible(view is not None)
        if view is None:
            self.title_changed.emit(self.station or "Station", "not in the network")
            return
        self.menu.show_station(view)
        open_faults = self.workspace.faults.at(view.station)
        told = fault_condition(open_faults, now, self.zone) or condition(
            view, self.picture.troubles, now, self.zone
        )
        self.tabs.set_text("faults", f"Faults {len(open_faults)}" if open_faults else "Faults")
        self.banner.show_condition(told, self._facts(view, now))
        self.clock.show_station(view)
        self.live.show_live(view)
        self.side.show_station(view, self._oddities)
        self.hands.show_live(view)
        for tab in self.device.values():
            tab.show_live(view)
        site = site_of(view)
        name = view.name if view.name != view.station else ""
        where = name if site in name else f"{site}, {name}" if name else site
        self.title_changed.emit(view.station, f"Stations / {where}")
        if now - self._asked_ms > HISTORY_MS:
            self._ask_history()

    def _facts(self, view: StationView, now: int) -> tuple[tuple[str, str], ...]:
        trip = f"{number(view.round_trip_ms)} ms" if view.round_trip_ms is not None else "–"
        return (
            ("Model", model(view)),
            ("Firmware", view.firmware or "–"),
            (
                "Protocol",
                protocol(view).rsplit(", ", 1)[0] if view.round_trip_ms is not None else protocol(view),
            ),
            ("Last heard", age(view.last_seen_ms, now, self.zone)),
            ("Round trip", trip),
        )

    def _ask_history(self) -> None:
        if not self.station:
            return
        self._asked_ms = self.now_ms()
        self.workspace.bridge.query(
            "station/history",
            questions.station_history,
            self.station,
            self.now_ms(),
            self.zone.key,
            DAYS,
            done=self._take_history,
            failed=self.live.say_uptime,
        )

    def _take_history(self, history: StationHistory) -> None:
        if history.station != self.station:
            return
        self.live.show_strip(history.strip)
        self.side.show_energy(history.energy)
        self.side.show_sessions(history.sessions)

    def _know_oddities(self, found: dict[str, Oddity]) -> None:
        self._oddities = found

    def _open_message(self, line: MessageLine) -> None:
        self.detail.show_line(line, self.log.buffer.partner(line))
        self._right.setCurrentWidget(self.detail)

    def _step(self, by: int) -> None:
        names = sorted(self.picture.stations)
        if self.station in names:
            place = (names.index(self.station) + by) % len(names)
            self.workspace.go("stations/station", names[place])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._right.setFixedWidth(px(340) if self.width() >= px(1180) else px(290))
