"""The live messages of all stations, newest last, with the whole of one beside them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.analytics import questions
from app.analytics.results import MessageFilter
from app.analytics.results import MessagesPage as Answer
from app.fleet.views import MessageView
from ui.models.log_buffer import per_minute
from ui.models.messages import MessageLine
from ui.pages.base import LivePage
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count, number
from ui.theme.theme import px
from ui.widgets.log_saving import ask_where, save_log
from ui.widgets.message_log import LogTools, MessageDetail, MessageLog, state_words
from ui.widgets.panel import Panel

PAGE = 200


class MessagesPage(LivePage):
    """Log at the left, the message that was opened at the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.log = MessageLog(workspace, with_station=True)
        self.tools = LogTools(self.log)
        self.detail = MessageDetail(workspace)
        self.detail.hide()
        self._panel = Panel("Messages")
        self._panel.body_layout.addWidget(self.log)
        self._older: int | None = None
        self._asked_older = False
        self.detail.setMinimumWidth(px(380))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._panel, 5)
        row.addWidget(self.detail, 3)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(12)
        whole.addWidget(self.tools)
        whole.addLayout(row, 1)
        self.log.opened.connect(self._open)
        self.log.older_asked.connect(lambda _at: self._ask_older())
        self.log.on_change = self._say
        self.detail.closed.connect(self.detail.hide)
        self.detail.step_asked.connect(self._step)
        self.detail.station_asked.connect(lambda station: workspace.go("stations/station", station))
        self.tools.export_asked.connect(self.export_view)
        workspace.bridge.heard.connect(self._hear)
        self.every(1000, self._say, ages=True)

    def opened(self, argument: str) -> None:
        self.workspace.bridge.follow_messages(True)
        if argument and argument in self.picture.stations:
            self.tools.field.setText(f"station:{argument}")
            self.tools.filter_now()
        if not self.log.buffer.lines:
            self._asked_older = False
            self._older = None
            self._ask_older()
        self.log.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.workspace.bridge.follow_messages(False)
        self.workspace.bridge.drop("messages/")

    def focus_filter(self) -> None:
        self.tools.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.tools.field.selectAll()

    def export_view(self) -> None:
        ask_where(self.window(), "messages.jsonl", self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the lines that are shown, as one JSON object a line."""
        save_log(self.workspace, [line.view for line in self.log.model.rows], path)

    def back(self) -> bool:
        if self.detail.isVisible():
            self.detail.hide()
            return True
        if self.tools.field.text():
            self.tools.field.clear()
            return True
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("J K", "move"), ("Enter", "open"), ("P", "pause"), ("End", "follow again"), ("/", "filter"))

    def hits(self, text: str) -> Sequence[Hit]:
        return (Hit("Export these messages…", group="Messages", icon="download", run=self.export_view),)

    def _hear(self, views: tuple[MessageView, ...]) -> None:
        if self.isVisible():
            self.log.hear(views)

    def _say(self) -> None:
        self.tools.show_state()
        known = len(self.log.buffer.lines)
        rate = per_minute(self.log.buffer.lines, self.now_ms())
        errors = self.log.buffer.errors
        parts = [state_words(self.log), f"{number(rate)} per minute", f"{number(known)} in view"]
        parts += [count(errors, "error")] if errors else []
        self._panel.set_subtitle(" · ".join(parts))

    def _ask_older(self) -> None:
        if self._asked_older and self._older is None:
            return
        self.log.expect()
        self.workspace.bridge.query(
            "messages/older",
            questions.messages_page,
            MessageFilter(),
            self._older,
            PAGE,
            done=self._take_older,
            failed=self.log.show_failure,
        )

    def _take_older(self, page: Answer) -> None:
        self._asked_older, self._older = True, page.before
        self.log.add_older(page.lines)

    def _open(self, line: MessageLine) -> None:
        self.detail.show_line(line, self.log.buffer.partner(line))
        self.detail.show()

    def _step(self, by: int) -> None:
        self.log.table.step(by)
        line = self.log.line_at(self.log.table.current_key())
        if line is not None:
            self._open(line)
