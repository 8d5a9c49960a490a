"""The panel beside the command log: one command with what was sent, what came back and what proved it."""

from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.records import CommandRecord
from app.domain.status import Shown
from ui.models.command_table import meant
from ui.models.command_words import command_line, details
from ui.models.messages import pretty
from ui.shell.page import Workspace
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.code_view import CodeView
from ui.widgets.facts import Fact, Facts
from ui.widgets.labels import Label, StateLabel
from ui.widgets.panel import Panel, Rule
from ui.widgets.panel_head import panel_head


class CommandDetail(Panel):
    """One command of the log."""

    step_asked = Signal(int)
    close_asked = Signal()
    station_asked = Signal(str)
    batch_asked = Signal(int)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self.record: CommandRecord | None = None
        self._title = Label("", "title")
        self._station = Button("", "link")
        self._state = StateLabel(Shown.DEGRADED, "", role="bodyStrong")
        self._word = Label("", "bodyStrong")
        self._sentence = Label("", "body", "text2", wrap=True)
        self._facts = Facts()
        self._sent, self._answer = CodeView("Sent"), CodeView("Answer")
        self.cancel = Button("Take back", icon="undo-2")
        self.batch = Button("All of this work", "quiet", "list-filter")
        self.setAccessibleName("Command")
        self.setMinimumWidth(px(300))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        names = ("Newer command (K)", "Older command (J)")
        under = QWidget()
        line = QHBoxLayout(under)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._station)
        line.addStretch(1)
        head = panel_head((self._title, under), names, self.step_asked.emit, self.close_asked.emit)
        self.body_layout.addLayout(head)
        self.body_layout.addWidget(Rule())
        self.body_layout.addLayout(self._words())
        for name, view, share in (("Sent", self._sent, 3), ("Answer", self._answer, 2)):
            self.body_layout.addWidget(Rule())
            label = Label(name, "small", weight=600)
            label.setContentsMargins(14, 8, 14, 4)
            self.body_layout.addWidget(label)
            self.body_layout.addWidget(view, share)
        self.body_layout.addWidget(Rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 10, 14, 10)
        foot.setSpacing(8)
        foot.addWidget(self.cancel)
        foot.addStretch(1)
        foot.addWidget(self.batch)
        self.body_layout.addLayout(foot)
        self.cancel.clicked.connect(self.take_back)
        self._station.clicked.connect(lambda: self.station_asked.emit(self._station.text()))
        self.batch.clicked.connect(lambda: self.batch_asked.emit((self.record and self.record.batch) or 0))

    def sizeHint(self) -> QSize:
        return QSize(px(380), px(600))

    def _words(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        for widget in (self._state, self._word, self._sentence, self._facts):
            column.addWidget(widget)
        return column

    def show_record(self, record: CommandRecord) -> None:
        """Show a command as it stands."""
        self.record = record
        line = command_line(record, self._workspace.now_ms(), self._workspace.zone)
        self._title.setText(meant(record))
        self._station.set_text(str(record.station))
        self._station.setVisible(bool(record.station))
        self._state.setVisible(line.shown is not None)
        self._word.setVisible(line.shown is None)
        self._word.setText(line.state)
        if line.shown is not None:
            self._state.show_state(line.shown, line.state)
        self._sentence.setText(line.sentence)
        self._facts.show_facts([Fact(label, value) for label, value in details(record, self._workspace.zone)])
        self._sent.show_text(f"{record.action} {pretty(record.payload)}" if record.action else "")
        self._answer.show_text(pretty(record.answer) or ("none yet" if line.open else "none"))
        self.cancel.setVisible(line.can_cancel)
        self.batch.setVisible(record.batch is not None)

    def take_back(self) -> None:
        """Cancel the command while it still waits."""
        record, by = self.record, self._workspace.bridge.operator
        if record is None:
            return
        number = record.command

        async def cancel(room: Any) -> None:
            await room.desk.cancel(number, by)

        self._workspace.bridge.run(
            cancel,
            lambda _done: self._workspace.toast("Taken back; it was never sent."),
            self._workspace.toast,
            key="commands/cancel",
        )
