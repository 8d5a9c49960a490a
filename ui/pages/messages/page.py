"""The live messages of all stations, newest last; one with its other half beside them; sending by hand."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.analytics import questions
from app.analytics.results import Counts, MessageFilter
from app.analytics.results import MessagesPage as Answer
from app.domain.intents import RemoveEntry, SaveEntry
from app.domain.records import CommandRecord, EntryRecord
from app.domain.status import Shown
from app.fleet.views import MessageView
from app.operations.console import actions
from app.operations.filter_suggestions import suggest
from ui.desk import newest_commands
from ui.models.completions import Offer, offers_of
from ui.models.hand_messages import FILTER, KIND, MESSAGE, Saved, saved_of, sent_by_hand
from ui.models.log_buffer import per_minute
from ui.models.messages import LogFilter, MessageLine, filter_error, payload_of
from ui.pages.base import LivePage
from ui.pages.messages.detail import CheckedDetail
from ui.pages.messages.hand import HandPanel
from ui.pages.messages.rate import RateLine
from ui.pages.messages.replay_sheet import ReplaySheet
from ui.pages.messages.standing import standing
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count, day, number
from ui.theme.theme import px
from ui.widgets.ask_sheet import AskSheet, Field
from ui.widgets.buttons import Button, IconButton
from ui.widgets.completing import CompletingField
from ui.widgets.file_asking import LOG, ask_where
from ui.widgets.labels import Label
from ui.widgets.legend import Legend
from ui.widgets.log_saving import save_log
from ui.widgets.message_log import ONLY, MessageLog, state_words
from ui.widgets.panel import Panel, Rule
from ui.widgets.segments import Segments

PAGE = 200
READ = 500
LOW = 700
"""Below this height only the header of sending by hand is shown at first."""


class MessagesPage(LivePage):
    """Log at the left with sending by hand below it, the message that was opened at the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.log = MessageLog(workspace, with_station=True)
        self.field = CompletingField("Filter: station: action: dir: latency>2s error text", self._complete)
        self.only = Segments(ONLY, "Show")
        self.pause = Button("Pause", icon="pause", keys="P")
        self.keep_filter = IconButton("bookmark", "Saved filters")
        self.export = Button("Export…", icon="download")
        self.replay = Button("Replay as scenario…", icon="play")
        self.rate = RateLine()
        self.detail = CheckedDetail(workspace)
        self.hand = HandPanel(workspace)
        self._wrong = Label("", "small", "degraded")
        self._panel = Panel("Messages", " ")
        self._disk = Label("", "small", "text3")
        self._sum = Legend()
        self._older: int | None = None
        self._asked_older = False
        self._kept: tuple[EntryRecord, ...] = ()
        self._counts: Counts | None = None
        self._pair: set[int] = set()
        self._lay_out()
        self._connect()
        self.every(1000, self._say, ages=True)
        self.every(5000, self._sum_up, ages=True)

    def opened(self, argument: str) -> None:
        self.workspace.bridge.follow_messages(True)
        if argument in self.picture.stations:
            self.field.setText(f"station:{argument}")
            self.filter_now()
        if not self.log.buffer.paused:
            # What passed while nobody looked was not followed: it is read again, so that nothing is missing.
            self.log.forget()
            self._asked_older, self._older = False, None
            self._ask_older()
        self._ask_kept()
        self.log.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.workspace.bridge.follow_messages(False)
        self.workspace.bridge.drop("messages/")
        self.field.close_list()

    def focus_filter(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self.field.offer()

    def export_view(self) -> None:
        ask_where(self.window(), "Export messages", "messages.jsonl", LOG, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the lines that are shown, as one JSON object a line."""
        save_log(self.workspace, self.shown(), path)

    def shown(self) -> list[MessageView]:
        """The lines that the filter shows."""
        return [line.view for line in self.log.model.rows]

    def back(self) -> bool:
        if self.detail.isVisible():
            self._close()
            return True
        if self.field.text():
            self.field.clear()
            self.filter_now()
            return True
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("J K", "move"), ("Enter", "open"), ("P", "pause"), ("End", "follow again"), ("/", "filter"),
            ("Tab", "take a completion"), ("Ctrl+Enter", "send what is written by hand"),
        )  # fmt: skip

    def hits(self, text: str) -> Sequence[Hit]:
        group = "Messages"
        return (
            Hit("Send a message by hand…", group=group, icon="send", run=lambda: self.hand.set_open(True)),
            Hit("Replay these messages as a scenario…", group=group, icon="play", run=self.ask_replay),
            Hit("Export these messages…", group=group, icon="download", run=self.export_view),
        )

    def in_hand(self) -> str:
        line = self.log.line_at(self.log.table.current_key())
        return line.view.station if line is not None else ""

    def ask_replay(self) -> ReplaySheet:
        """Turn what is shown into a scenario for simulated stations."""
        sheet = ReplaySheet(self.workspace.sheet_host or self.window(), self.workspace, self.shown())
        sheet.open()
        return sheet

    def filter_now(self) -> None:
        """Take over what the controls say; a filter that can not be read is told."""
        text = self.field.text()
        wrong = filter_error(text)
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        self.log.set_filter(LogFilter(text, self.only.value))

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.field, 1)
        for widget in (self.keep_filter, self.pause, self.rate, self.export, self.replay):
            tools.addWidget(widget)
        self._panel.add_action(self.only)
        self._panel.body_layout.addWidget(self.log, 1)
        self._panel.body_layout.addWidget(Rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 7, 12, 7)
        foot.addWidget(self._disk, 1)
        foot.addWidget(self._sum)
        self._panel.body_layout.addLayout(foot)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._panel, 1)
        left.addWidget(self.hand)
        self.detail.setMinimumWidth(px(380))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(left, 2)
        row.addWidget(self.detail, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(10)
        whole.addLayout(tools)
        whole.addWidget(self._wrong)
        whole.addLayout(row, 1)
        self._wrong.hide()
        self.detail.hide()
        self.hand.set_open(False)

    def _connect(self) -> None:
        self.field.text_changed.connect(lambda _text: self.filter_now())
        self.only.chosen.connect(lambda _key: self.filter_now())
        self.pause.clicked.connect(lambda: self.log.pause(not self.log.buffer.paused))
        self.keep_filter.clicked.connect(self._open_filters)
        self.export.clicked.connect(self.export_view)
        self.replay.clicked.connect(self.ask_replay)
        self.log.opened.connect(self._open)
        self.log.older_asked.connect(lambda _at: self._ask_older())
        self.log.on_change = self._say
        self.log.model.accented = lambda key: key in self._pair
        self.detail.closed.connect(self._close)
        self.detail.step_asked.connect(self._step)
        self.detail.station_asked.connect(lambda station: self.workspace.go("stations/station", station))
        self.detail.again_asked.connect(self._again)
        self.hand.save_asked.connect(self._save_message)
        self.hand.forget_asked.connect(self._forget)
        self.workspace.bridge.heard.connect(self._hear)
        self.workspace.desk.changed.connect(self._show_sent)

    def _complete(self, text: str, cursor: int) -> list[Offer]:
        views = self.picture.stations.values()
        seen = {line.view.action for line in self.log.buffer.lines[-2000:] if line.view.action}
        known = seen | {action for view in views for action in actions(view.version)}
        return offers_of(
            suggest(text, cursor, stations=sorted(v.station for v in views), actions=sorted(known))
        )

    def _hear(self, views: tuple[MessageView, ...]) -> None:
        if self.isVisible():
            self.rate.hear(len(views))
            self.log.hear(views)

    def _say(self) -> None:
        paused = self.log.buffer.paused
        self.pause.set_text("Go on" if paused else "Pause")
        self.pause.icon_name = "play" if paused else "pause"
        self._panel.set_subtitle(state_words(self.log))

    def tick(self, now_ms: int) -> None:
        self.rate.step(per_minute(self.log.buffer.lines, now_ms))

    def _sum_up(self) -> None:
        lines = self.log.buffer.lines
        told = standing(lines, self.now_ms())
        parts: list[tuple[Shown | str, str, str]] = []
        if told.errors:
            parts.append((Shown.FAULTED, "", count(told.errors, "error")))
        if told.to_look_at:
            parts.append((Shown.DEGRADED, "", f"{number(told.to_look_at)} to look at"))
        if told.unanswered:
            parts.append(
                (Shown.OFFLINE, "", f"{number(told.unanswered)} without an answer in the last 5 min")
            )
        self._sum.show_parts(tuple(parts))
        disk = ""
        if self._counts is not None and self._counts.journal_rows:
            since = f" since {day(self._counts.first_ms, self.zone)}" if self._counts.first_ms else ""
            disk = f", {number(self._counts.journal_rows)} on disk{since}"
        self._disk.setText(f"{number(len(lines))} in view{disk}")

    def _ask_older(self) -> None:
        if self._asked_older and self._older is None:
            return
        self.log.expect()
        self.workspace.bridge.query(
            "messages/older", questions.messages_page, MessageFilter(), self._older, PAGE,
            done=self._take_older, failed=self.log.show_failure,
        )  # fmt: skip

    def _take_older(self, page: Answer) -> None:
        self._asked_older, self._older = True, page.before
        self.log.add_older(page.lines)
        self._sum_up()

    def _ask_kept(self) -> None:
        ask = self.workspace.bridge.query
        say = self.workspace.toast
        ask("messages/entries", questions.current_entries, KIND, done=self._know_entries, failed=say)
        ask("messages/log", newest_commands, READ, done=self._know_commands, failed=say)
        ask("messages/counts", questions.counts, done=self._know_counts, failed=lambda _sentence: None)

    def _know_entries(self, records: list[EntryRecord]) -> None:
        self._kept = tuple(records)
        self.hand.show_saved(saved_of(records, MESSAGE))

    def _know_commands(self, records: list[CommandRecord]) -> None:
        self.workspace.desk.know(records)
        self._show_sent()

    def _know_counts(self, counts: Counts) -> None:
        self._counts = counts
        self._sum_up()

    def _show_sent(self, _changes: object = None) -> None:
        self.hand.show_sent(sent_by_hand(self.workspace.desk.commands.values()))

    def _open(self, line: MessageLine) -> None:
        other = self.log.buffer.partner(line)
        self._pair = {line.number} | ({other.number} if other is not None else set())
        self.detail.show_line(line, other)
        self.detail.show()
        self.log.model.refresh()

    def _close(self) -> None:
        self._pair = set()
        self.detail.hide()
        self.log.model.refresh()
        self.log.table.setFocus()

    def _step(self, by: int) -> None:
        self.log.table.step(by)
        line = self.log.line_at(self.log.table.current_key())
        if line is not None:
            self._open(line)

    def _again(self, view: MessageView) -> None:
        text = json.dumps(payload_of(view.frame), indent=2, ensure_ascii=False)
        self.hand.write(view.station, view.action, text)

    def _keep(self, saved: Saved) -> None:
        self.workspace.bridge.do(
            SaveEntry(KIND, saved.entry, saved.body()),
            done=lambda _done: self._was_kept(saved.name),
            failed=self.workspace.toast,
        )

    def _was_kept(self, name: str) -> None:
        self.workspace.toast(f"{name} is kept.")
        self._ask_kept()

    def _forget(self, entry: str) -> None:
        self.workspace.bridge.do(
            RemoveEntry(KIND, entry), done=lambda _done: self._ask_kept(), failed=self.workspace.toast
        )

    def _ask_name(self, title: str, text: str, keep: Callable[[str], None]) -> None:
        def submit(values: Mapping[str, str], done: Callable[[object], None], _failed: object) -> None:
            keep(values["name"])
            done(None)

        need = lambda value: "" if value.strip() else "It needs a name."  # noqa: E731
        host: QWidget = self.workspace.sheet_host or self.window()
        AskSheet(host, title, "", text, "Keep", submit, (Field("name", "Name", check=need),)).open()

    def _save_message(self, version: str, action: str, text: str) -> None:
        told = f"{action} with its payload is kept for everybody, under Saved."
        self._ask_name(
            "Keep this message", told, lambda name: self._keep(Saved(name, MESSAGE, text, action, version))
        )

    def _open_filters(self) -> None:
        menu = QMenu(self)
        filters = saved_of(self._kept, FILTER)
        for one in filters:
            self._add(menu, f"{one.name}: {one.text}", lambda one=one: self._use(one))  # type: ignore[misc]
        if filters:
            menu.addSeparator()
        text = self.field.text().strip()
        if text and not filter_error(text):
            self._add(menu, "Keep this filter…", lambda: self._save_filter(text))
        elif not filters:
            self._add(menu, "Write a filter to keep it here", self.focus_filter)
        for one in filters:
            self._add(menu, f"Forget {one.name}", lambda one=one: self._forget(one.entry))  # type: ignore[misc]
        menu.aboutToHide.connect(menu.deleteLater, Qt.ConnectionType.QueuedConnection)
        menu.popup(self.keep_filter.mapToGlobal(self.keep_filter.rect().bottomLeft()))

    def _add(self, menu: QMenu, text: str, run: Callable[[], object]) -> None:
        action = QAction(text.replace("&", "&&"), menu)
        action.triggered.connect(lambda _=False: run())
        menu.addAction(action)

    def _save_filter(self, text: str) -> None:
        self._ask_name("Keep this filter", text, lambda name: self._keep(Saved(name, FILTER, text)))

    def _use(self, one: Saved) -> None:
        self.field.setText(one.text)
        self.filter_now()
