"""What a station does now: connectors, power, uptime, messages."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.analytics import questions
from app.analytics.results import MessageFilter, MessagesPage, Strip
from app.domain.status import LinkState
from app.fleet.views import MessageView, StationView
from ui.models.cards import card
from ui.models.history import day_tip, strip_days, uptime_words
from ui.models.log_buffer import per_minute
from ui.models.messages import MessageLine
from ui.pages.station.cards import CardGrid
from ui.pages.station.power import PowerPanel
from ui.shell.page import Workspace
from ui.theme.formats import day
from ui.theme.theme import px
from ui.widgets.file_asking import LOG, ask_where
from ui.widgets.log_saving import save_log
from ui.widgets.message_log import LogTools, MessageLog, state_words
from ui.widgets.panel import Panel
from ui.widgets.scrolling import fill
from ui.widgets.strips import UptimeStrip

MESSAGES = 100


class LiveView(QScrollArea):
    """The left side of the Live tab."""

    message_opened = Signal(object)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.station = ""
        self._older: int | None = None
        self._asked_older = False
        self.cards = CardGrid()
        self.power = PowerPanel(workspace)
        self.strip = UptimeStrip()
        self.log = MessageLog(workspace, with_station=False)
        self.tools = LogTools(self.log, "/")
        self._uptime_panel = Panel("Uptime, 90 days")
        self._uptime_panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        strip = QVBoxLayout()
        strip.setContentsMargins(14, 10, 14, 8)
        strip.addWidget(self.strip)
        self._uptime_panel.body_layout.addLayout(strip)
        self._log_panel = Panel("Messages")
        self._log_panel.add_action(self.tools)
        self._log_panel.body_layout.addWidget(self.log)
        self.power.setMinimumHeight(px(160))
        self._log_panel.setMinimumHeight(px(160))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.cards)
        column.addWidget(self.power, 5)
        column.addWidget(self._uptime_panel)
        column.addWidget(self._log_panel, 6)
        fill(self, inside)
        self.log.opened.connect(self.message_opened)
        self.log.older_asked.connect(lambda _at: self.ask_older())
        self.log.on_change = self.say_log
        self.tools.export_asked.connect(self.export)
        workspace.bridge.heard.connect(self._hear)

    def show_station(self, station: str) -> None:
        """Show another station."""
        self.station = station
        self._older, self._asked_older = None, False
        self.log.set_station(station)
        self.strip.show_days(())
        self._uptime_panel.set_subtitle("")
        self.power.show_station(station)
        self.ask_older()

    def show_live(self, view: StationView) -> None:
        """Show what is live of it."""
        now, zone = self._workspace.now_ms(), self._workspace.zone
        self.cards.show_cards([card(plug, view, now, zone) for plug in view.connectors])
        self.power.set_stale(view.link in (LinkState.OFFLINE, LinkState.NEVER))
        self._log_panel.set_edge("degraded" if view.link is LinkState.DOUBTFUL else "")
        self.say_log()

    def show_strip(self, strip: Strip) -> None:
        """Show its uptime of 90 days."""
        zone = self._workspace.zone
        tips = [day_tip(entry, zone) for entry in strip.days]
        first = day(strip.days[0].start_ms, zone) if strip.days else ""
        last = day(strip.days[-1].start_ms, zone) if strip.days else ""
        percent, beside = uptime_words(strip)
        self.strip.show_days(strip_days(strip), first, last, tips, f"Uptime of 90 days {percent}, {beside}")
        self._uptime_panel.set_title(f"Uptime, 90 days  {percent}")
        self._uptime_panel.set_subtitle(beside)

    def say_uptime(self, sentence: str) -> None:
        """Say why there is no uptime."""
        self._uptime_panel.set_subtitle(f"could not be read: {sentence}")

    def say_log(self) -> None:
        """Bring the words over the messages up to date."""
        self.tools.show_state()
        rate = per_minute(self.log.buffer.lines, self._workspace.now_ms())
        self._log_panel.set_subtitle(f"{state_words(self.log)}, {rate} per minute")

    def ask_older(self) -> None:
        """Read older messages."""
        if self._asked_older and self._older is None:
            return
        self.log.expect()
        self._workspace.bridge.query(
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

    def step_message(self, by: int, opened: Callable[[MessageLine], None]) -> None:
        """The message before or after the one in view."""
        self.log.table.step(by)
        line = self.log.line_at(self.log.table.current_key())
        if line is not None:
            opened(line)

    def export(self) -> None:
        """Ask for a file and write the messages there."""
        ask_where(self.window(), "Export messages", f"{self.station}.jsonl", LOG, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the messages that are shown, as one JSON object a line."""
        save_log(self._workspace, [line.view for line in self.log.model.rows], path)
