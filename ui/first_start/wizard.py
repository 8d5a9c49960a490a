"""The first start over the whole window: left what is done, right the step; everything can be skipped."""

import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QProcess, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.intents import SaveEntry
from ui.first_start.offer import DONE
from ui.first_start.parts import StepLine
from ui.first_start.steps import First, Organisation, Reach
from ui.preferences import preferences
from ui.shell.page import Workspace
from ui.simulated import start_one
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.machine_checks import settled
from ui.widgets.painting import ink_of
from ui.widgets.touch import TouchButton

ROOT = Path(__file__).resolve().parents[2]
TITLES = ("Who operates the chargers?", "How do stations reach this machine?", "What comes first?")


class FirstStart(QWidget):
    """The three steps. `finished` tells that the window is free again."""

    finished = Signal()

    def __init__(self, workspace: Workspace, host: QWidget) -> None:
        super().__init__(host)
        self._workspace, self._host = workspace, host
        self.organisation = Organisation(workspace)
        self.reach = Reach(workspace)
        self.first = First(workspace)
        self.place = 0
        self.lines = [
            StepLine(1, "Organisation and currency", "For reports, prices and what a fault costs"),
            StepLine(2, "How stations reach this machine", "Choose the way, look at the checks"),
            StepLine(3, "First charger, or the demo", "Connect one that stands here, or look around"),
        ]
        self._number = Label("", "small", "text2")
        self._title = Label("", "title")
        self._stack = QStackedWidget()
        for step in (self.organisation, self.reach, self.first):
            self._stack.addWidget(step)
            step.changed.connect(self._show_foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left())
        row.addLayout(self._right(), 1)
        self.setAutoFillBackground(False)
        self.setAccessibleName("First start")
        host.installEventFilter(self)

    def begin(self) -> None:
        """Show the first step over the whole window."""
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self.go(0)

    def go(self, place: int) -> None:
        """Show a step."""
        self.place = place
        self._stack.setCurrentIndex(place)
        self._number.setText(f"Step {place + 1} of {len(self.lines)}")
        self._title.setText(TITLES[place])
        if place == 0:
            self.organisation.name.setFocus(Qt.FocusReason.OtherFocusReason)
        elif place == 1:
            self.reach.look()
        else:
            urls = self.reach.report.urls if self.reach.report is not None else ()
            self.first.know(urls[0] if urls else next(iter(self._workspace.picture.server.urls), ""))
        told = (self.organisation.told(), self.reach.told(), "")
        for i, line in enumerate(self.lines):
            state = "done" if i < place else "now" if i == place else "later"
            line.show_state(state, told[i] if i < place else "")
        self._show_foot()

    def forward(self) -> None:
        """Keep the step and go on."""
        if not self.go_on.isEnabled():
            return
        if self.place == 0:
            self._keep_organisation()
        elif self.place == 1:
            self.go(2)
        else:
            self._begin_with(self.first.first)

    def leave(self, route: str = "overview") -> None:
        """Close it for good; the window behind shows `route`."""
        preferences().put(DONE, True)
        self._host.removeEventFilter(self)
        self.hide()
        self.finished.emit()
        self._workspace.go(route)
        self.deleteLater()

    def _keep_organisation(self) -> None:
        step, workspace = self.organisation, self._workspace
        zone = step.zone.text().strip()
        workspace.bridge.do(
            SaveEntry("organisation", "own", step.body()), "first start",
            done=lambda _=None: self.go(1), failed=workspace.toast,
        )  # fmt: skip
        if zone != (workspace.settings.zone or str(workspace.zone)):
            workspace.set_setting(
                "zone", zone, failed=workspace.toast,
                done=lambda _: workspace.toast("The time zone holds from the next start."),
            )  # fmt: skip

    def _begin_with(self, first: str) -> None:
        if first == "demo":
            self.open_demo()
            return
        if first == "simulated":
            self._workspace.bridge.run(
                start_one,
                done=lambda _: self._workspace.toast("A simulated charger is calling."),
                failed=self._workspace.toast,
            )
        self.leave("onboarding")

    def open_demo(self) -> None:
        """The demo in a window of its own; this one goes to its overview."""
        # A port of its own: ours is taken, by us.
        words = ["-m", "ui.launch", "demo", "--listen", "127.0.0.1:0"]
        started, _pid = QProcess.startDetached(sys.executable, words, str(ROOT))
        said = "The demo opens in a window of its own." if started else "The demo could not be started."
        self._workspace.toast(said)
        self.leave()

    def _show_foot(self) -> None:
        if not hasattr(self, "go_on"):
            return
        complaint = self.organisation.complaint()
        self.back.setVisible(self.place > 0)
        if self.place == 0:
            self.go_on.setEnabled(not complaint)
            self._note.setText("Everything here can be changed later in Settings.")
        elif self.place == 1:
            self.go_on.setEnabled(not self.reach.blocked)
            report = self.reach.report
            self._note.setText(settled(report) if report is not None else "")
        else:
            self.go_on.setEnabled(True)
            self._note.setText("")
        words = {"charger": "Open Onboarding", "simulated": "Start it", "demo": "Open the demo"}
        self.go_on.set_text("Continue" if self.place < 2 else words[self.first.first])

    def _left(self) -> QWidget:
        left = QWidget()
        left.setFixedWidth(px(320))
        column = QVBoxLayout(left)
        column.setContentsMargins(14, 24, 14, 24)
        column.setSpacing(8)
        head = QVBoxLayout()
        head.setContentsMargins(14, 0, 14, 16)
        head.setSpacing(8)
        head.addWidget(Label("Forecourt", "title"))
        head.addSpacing(px(24))
        head.addWidget(Label("Ready in three steps", "title"))
        text = "About 3 minutes. Everything here can be changed later in Settings."
        head.addWidget(Label(text, "body", "text2", wrap=True))
        column.addLayout(head)
        for line in self.lines:
            line.asked.connect(lambda number: self.go(number - 1))
            column.addWidget(line)
        column.addStretch(1)
        text = "All data stays on this machine. No account and no internet are needed."
        foot = Label(text, "small", "text3", wrap=True)
        foot.setContentsMargins(14, 0, 14, 0)
        column.addWidget(foot)
        return left

    def _right(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setContentsMargins(36, 22, 36, 0)
        head.setSpacing(2)
        head.addWidget(self._number)
        head.addWidget(self._title)
        body = QVBoxLayout()
        body.setContentsMargins(36, 14, 36, 14)
        body.addWidget(self._stack)
        self.back = TouchButton("Back")
        self.back.clicked.connect(lambda: self.go(self.place - 1))
        self._note = Label("", "body", "text2")
        self.skip = Button("Skip for now", "quiet")
        self.skip.clicked.connect(lambda: self.leave())
        self.go_on = TouchButton("Continue", "primary")
        self.go_on.clicked.connect(self.forward)
        foot = QHBoxLayout()
        foot.setContentsMargins(36, 14, 36, 14)
        foot.setSpacing(12)
        foot.addWidget(self.back)
        foot.addWidget(self._note, 1)
        foot.addWidget(self.skip)
        foot.addWidget(self.go_on)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(head)
        right.addLayout(body, 1)
        right.addLayout(foot)
        return right

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._host.rect())
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside: the pages behind are not to be reached."""
        stops = [
            child
            for child in self.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible() and child.isEnabled()
        ]
        if stops:
            current = QApplication.focusWidget()
            place = stops.index(current) if current in stops else (-1 if forward else 0)
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            stops[(place + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.forward()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink_of("bg"))
        painter.fillRect(QRectF(px(320), 0, 1, self.height()), ink_of("line2"))
        foot = self.go_on.mapTo(self, self.go_on.rect().topLeft()).y() - 15
        painter.fillRect(QRectF(px(320), foot, self.width(), self.height() - foot), ink_of("surface1"))
        painter.fillRect(QRectF(px(320), foot, self.width(), 1), ink_of("line2"))
        painter.end()
