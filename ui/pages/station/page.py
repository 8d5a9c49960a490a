"""The page of one station."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.analytics import questions
from app.analytics.results import MessageFilter, MessagesPage, StationHistory
from app.domain.status import LinkState
from app.fleet.views import MessageView, StationView
from ui.models.cards import card, condition
from ui.models.facts_of import model, protocol
from ui.models.history import day_tip, strip_days, uptime_words
from ui.models.log_buffer import per_minute
from ui.models.messages import MessageLine
from ui.models.oddities import Oddity, room_oddities
from ui.models.station_list import site_of
from ui.pages.base import LivePage
from ui.pages.station.banner import StationBanner
from ui.pages.station.cards import CardGrid
from ui.pages.station.power import PowerPanel
from ui.pages.station.side import StationSide
from ui.shell.page import Hit, Workspace
from ui.theme.formats import age, day, number
from ui.theme.theme import px
from ui.widgets.buttons import Button, IconButton
from ui.widgets.log_saving import ask_where, save_log
from ui.widgets.message_log import LogTools, MessageDetail, MessageLog, state_words
from ui.widgets.notices import EmptyState
from ui.widgets.panel import Panel
from ui.widgets.station_menu import StationMenu
from ui.widgets.strips import UptimeStrip

DAYS = 90
HISTORY_MS = 60_000
MESSAGES = 100


class StationPage(LivePage):
    """Banner, connectors, power, uptime, messages; identity, energy and sessions at the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.station = ""
        self._oddities: dict[str, Oddity] = {}
        self._asked_ms = 0
        self._older: int | None = None
        self._asked_older = False
        self.banner = StationBanner()
        self.cards = CardGrid()
        self.power = PowerPanel(workspace)
        self.strip = UptimeStrip()
        self.log = MessageLog(workspace, with_station=False)
        self.tools = LogTools(self.log, "/")
        self.detail = MessageDetail(workspace)
        self.side = StationSide(workspace)
        self.menu = StationMenu(workspace, self)
        self.menu.on_retired = lambda: workspace.go("stations/list")
        self._lay_out()
        self._connect()
        self.every(500, self._show_live, ages=True)

    def opened(self, argument: str) -> None:
        self.workspace.bridge.follow_messages(True)
        if not self._oddities:
            self.workspace.bridge.run(
                room_oddities,
                done=self._know_oddities,
                failed=self.workspace.toast,
                key="station/quirks",
            )
        if argument and argument != self.station:
            self._show_station(argument)
        else:
            self._ask_history()
            self.power.ask()
        self.refresh()

    def closed(self) -> None:
        self.workspace.bridge.follow_messages(False)
        self.workspace.bridge.drop("station/")
        self.power.stop()

    def top_actions(self) -> Sequence[QWidget]:
        more = Button("More…", icon="ellipsis")
        up, down = IconButton("chevron-up", "Previous station"), IconButton("chevron-down", "Next station")
        more.clicked.connect(lambda: self.menu.open_at(more))
        up.clicked.connect(lambda: self._step(-1))
        down.clicked.connect(lambda: self._step(1))
        return (up, down, more)

    def focus_filter(self) -> None:
        self.tools.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def export_view(self) -> None:
        ask_where(self.window(), f"{self.station}.jsonl", self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the messages that are shown, as one JSON object a line."""
        save_log(self.workspace, [line.view for line in self.log.model.rows], path)

    def back(self) -> bool:
        if self._right.currentWidget() is self.detail:
            self._right.setCurrentWidget(self.side)
            return True
        self.workspace.go("stations/list")
        return True

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("P", "pause the messages"),
            ("End", "follow them again"),
            ("/", "filter them"),
            ("Esc", "back to the list"),
        )

    def hits(self, text: str) -> Sequence[Hit]:
        return tuple(
            Hit(action.text(), group=f"On {self.station}", run=action.trigger)
            for action in self.menu.menu().actions()
            if action.text()
        )

    def _lay_out(self) -> None:
        self._uptime_panel = Panel("Uptime, 90 days")
        self._uptime_panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        strip = QVBoxLayout()
        strip.setContentsMargins(14, 10, 14, 8)
        strip.addWidget(self.strip)
        self._uptime_panel.body_layout.addLayout(strip)
        self._log_panel = Panel("Messages")
        self._log_panel.add_action(self.tools)
        self._log_panel.body_layout.addWidget(self.log)
        self.power.setMinimumHeight(px(190))
        self._log_panel.setMinimumHeight(px(190))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.cards)
        column.addWidget(self.power, 5)
        column.addWidget(self._uptime_panel)
        column.addWidget(self._log_panel, 6)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self._right = QStackedWidget()
        self._right.addWidget(self.side)
        self._right.addWidget(self.detail)
        self._right.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(area, 1)
        row.addWidget(self._right)
        self._gone = EmptyState(
            "plug", "This station is not in the network", "It was retired, or never accepted.", parent=self
        )
        self._gone.hide()
        self._work = QWidget()
        work = QVBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(12)
        work.addWidget(self.banner)
        work.addLayout(row, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addWidget(self._work, 1)
        whole.addWidget(self._gone, 1)

    def _connect(self) -> None:
        go = self.workspace.go
        self.cards.session_asked.connect(lambda session: go("sessions/list", str(session)))
        self.side.session_asked.connect(lambda session: go("sessions/list", str(session)))
        self.side.sessions_asked.connect(lambda: go("sessions/list", self.station))
        self.log.opened.connect(self._open_message)
        self.log.older_asked.connect(lambda _at: self._ask_older())
        self.log.on_change = self._say_log
        self.tools.export_asked.connect(self.export_view)
        self.detail.closed.connect(lambda: self._right.setCurrentWidget(self.side))
        self.detail.step_asked.connect(self._step_message)
        self.workspace.bridge.heard.connect(self._hear)

    def _show_station(self, station: str) -> None:
        self.station = station
        self._older, self._asked_older = None, False
        self.log.set_station(station)
        self._right.setCurrentWidget(self.side)
        self.strip.show_days(())
        self.side.show_energy(())
        self.side.show_sessions(())
        self._uptime_panel.set_subtitle("")
        self.power.show_station(station)
        self._ask_history()
        self._ask_older()

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
        told = condition(view, self.picture.troubles, now, self.zone)
        self.banner.show_condition(told, self._facts(view, now))
        self.cards.show_cards([card(plug, view, now, self.zone) for plug in view.connectors])
        self.power.set_stale(view.link in (LinkState.OFFLINE, LinkState.NEVER))
        self.side.show_station(view, self._oddities)
        self._log_panel.set_edge("degraded" if view.link is LinkState.DOUBTFUL else "")
        self._say_log()
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
            ("Last message", age(view.last_seen_ms, now, self.zone)),
            ("Round trip", trip),
        )

    def _say_log(self) -> None:
        self.tools.show_state()
        rate = per_minute(self.log.buffer.lines, self.now_ms())
        self._log_panel.set_subtitle(f"{state_words(self.log)}, {rate} per minute")

    def _ask_history(self) -> None:
        if not self.station:
            return
        self._asked_ms = self.now_ms()
        station = self.station
        self.workspace.bridge.query(
            "station/history",
            questions.station_history,
            station,
            self.now_ms(),
            self.zone.key,
            DAYS,
            done=self._take_history,
            failed=lambda sentence: self._uptime_panel.set_subtitle(f"could not be read: {sentence}"),
        )

    def _take_history(self, history: StationHistory) -> None:
        if history.station != self.station:
            return
        strip = history.strip
        tips = [day_tip(entry, self.zone) for entry in strip.days]
        first = day(strip.days[0].start_ms, self.zone) if strip.days else ""
        last = day(strip.days[-1].start_ms, self.zone) if strip.days else ""
        percent, beside = uptime_words(strip)
        self.strip.show_days(strip_days(strip), first, last, tips, f"Uptime of 90 days {percent}, {beside}")
        self._uptime_panel.set_title(f"Uptime, 90 days  {percent}")
        self._uptime_panel.set_subtitle(beside)
        self.side.show_energy(history.energy)
        self.side.show_sessions(history.sessions)

    def _ask_older(self) -> None:
        if self._asked_older and self._older is None:
            return
        self.log.expect()
        self.workspace.bridge.query(
            "station/messages",
            questions.messages_page,
            MessageFilter(station=self.station),
            self._older,
            MESSAGES,
            done=self._take_older,
            failed=self.log.show_failure,
        )

    def _take_older(self, page: MessagesPage) -> None:
        self._asked_older, self._older = True, page.before
        self.log.add_older(page.lines)

    def _hear(self, views: tuple[MessageView, ...]) -> None:
        if self.isVisible() and self.station:
            self.log.hear(views)

    def _know_oddities(self, found: dict[str, Oddity]) -> None:
        self._oddities = found

    def _open_message(self, line: MessageLine) -> None:
        self.detail.show_line(line, self.log.buffer.partner(line))
        self._right.setCurrentWidget(self.detail)

    def _step_message(self, by: int) -> None:
        self.log.table.step(by)
        line = self.log.line_at(self.log.table.current_key())
        if line is not None:
            self._open_message(line)

    def _step(self, by: int) -> None:
        names = sorted(self.picture.stations)
        if self.station in names:
            place = (names.index(self.station) + by) % len(names)
            self.workspace.go("stations/station", names[place])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._right.setFixedWidth(px(340) if self.width() >= px(1180) else px(290))
