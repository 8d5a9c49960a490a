"""One message with its other half, and what is wrong in either, line by line."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.status import Shown
from app.fleet.views import MessageView
from app.operations.frame_check import FrameCheck, check_frame
from ui.models.messages import OUT, MessageLine, payload_of
from ui.shell.page import Workspace
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.clearing import clear
from ui.widgets.icon_line import IconLine
from ui.widgets.labels import Label, StateLabel
from ui.widgets.message_log import MessageDetail
from ui.widgets.panel import Rule

EDITIONS = {"1.6": "OCPP 1.6, edition 2", "2.0.1": "OCPP 2.0.1", "2.1": "OCPP 2.1"}


class CheckedDetail(MessageDetail):
    """Call, answer, and the schema check of both; a finding jumps to its line."""

    again_asked = Signal(object)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self._call: MessageView | None = None
        self._edition = Label("", "small", "text3")
        self._inside = QWidget()
        self._findings = QVBoxLayout(self._inside)
        self._findings.setContentsMargins(12, 2, 12, 10)
        self._findings.setSpacing(8)
        self.copy = Button("Copy for the maker", icon="copy")
        self.again = Button("Send again…")
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 4)
        head.setSpacing(10)
        head.addWidget(Label("Schema check", "small", weight=600))
        head.addWidget(self._edition, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self._inside)
        area.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        area.setMinimumHeight(px(84))
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.setSpacing(8)
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(self.again)
        self.body_layout.addWidget(Rule())
        self.body_layout.addLayout(head)
        self.body_layout.addWidget(area, 2)
        self.body_layout.addWidget(Rule())
        self.body_layout.addLayout(foot)
        self.copy.clicked.connect(self.copy_for_maker)
        self.again.clicked.connect(lambda: self._call is not None and self.again_asked.emit(self._call))
        self._checks: tuple[FrameCheck, ...] = ()

    def show_line(self, line: MessageLine, other: MessageLine | None) -> None:
        super().show_line(line, other)
        halves = [line] if other is None else [line, other]
        calls = [half.view for half in halves if half.view.kind in ("call", "send")]
        self._call = calls[0] if calls else None
        view = self._workspace.picture.stations.get(line.view.station)
        version = view.version if view is not None else ""
        self._edition.setText(EDITIONS.get(version, "version not known"))
        action = self._call.action if self._call is not None else line.view.action
        checks = [check_frame(version, action, code.toPlainText()) for code in self.views] if version else []
        self._checks = tuple(checks)
        self._show_findings()
        for code, check in zip(self.views, checks, strict=False):
            code.mark_lines({finding.line: Shown.DEGRADED for finding in check.findings})
        mine = self._call is not None and self._call.direction == OUT
        self.again.setVisible(mine)

    def _show_findings(self) -> None:
        clear(self._findings)
        for place, check in enumerate(self._checks):
            for finding in check.findings:
                jump = Button(f"Line {finding.line}", "link")
                jump.clicked.connect(lambda _=False, p=place, at=finding.line: self.views[p].go_to_line(at))
                row = QWidget()
                line = QHBoxLayout(row)
                line.setContentsMargins(0, 0, 0, 0)
                line.setSpacing(8)
                line.addWidget(StateLabel(Shown.DEGRADED, "", side=14))
                line.addWidget(jump)
                line.addWidget(Label(finding.sentence, "small", wrap=True), 1)
                self._findings.addWidget(row)
            if check.schema and not check.findings:
                self._findings.addWidget(IconLine("check", f"{self.heading(place)} fits {check.schema}"))
        note = self._call.note if self._call is not None else ""
        if note:
            self._findings.addWidget(IconLine("wrench", f"Read leniently: {note}", "text2"))
        if not any(check.schema for check in self._checks):
            self._findings.addWidget(Label("There is no schema for this line.", "small", "text3"))
        self._findings.addStretch(1)

    def heading(self, place: int) -> str:
        """CALL or CALLRESULT, as its part is called."""
        return self._heads[place].text() or "It"

    def text_for_maker(self) -> str:
        """Both halves with what is wrong in them, as plain text."""
        parts = [self._what.text(), ""]
        for place, code in enumerate(self.views):
            if code.toPlainText():
                parts += [self.heading(place), code.toPlainText()]
                if place < len(self._checks):
                    parts += [f"line {f.line}: {f.sentence}" for f in self._checks[place].findings]
                parts.append("")
        return "\n".join(parts)

    def copy_for_maker(self) -> None:
        """Put all of it on the clipboard."""
        QGuiApplication.clipboard().setText(self.text_for_maker())
        self._workspace.toast("The messages and what is wrong in them are on the clipboard.")

    def payload(self) -> object:
        """The payload of the call in view."""
        return payload_of(self._call.frame) if self._call is not None else {}
