"""A commissioning as it goes: a line a step, what to do now, and what came out."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.status import Shown
from app.onboarding.steps import TITLES, Run, RunState, Stand, Step, verdict
from ui.theme.formats import clock
from ui.theme.icons import paint_icon
from ui.theme.shapes import paint_state
from ui.theme.theme import colour, px
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.labels import Label
from ui.widgets.painting import CENTRE, draw_text, fill_round, hairline, ink_of
from ui.widgets.panel import Panel, Rule
from ui.widgets.scrolling import scrolled
from ui.widgets.touch import TouchButton

WORDS = {
    RunState.RUNNING: "commissioning",
    RunState.STOPPED: "stopped",
    RunState.PAUSED: "paused",
    RunState.DONE: "commissioned",
    RunState.GIVEN_UP: "given up",
}


class _Number(QWidget):
    """The step's number in a ring; a tick once it passed, the fault's shape once it failed."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number, self._stand = number, Stand.PENDING
        self.setFixedSize(px(24), px(24))

    def show_stand(self, stand: Stand) -> None:
        """Show how the step stands."""
        if stand is not self._stand:
            self._stand = stand
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        side = px(14)
        inset = (box.width() - side) / 2
        if self._stand is Stand.FAILED:
            paint_state(painter, QRectF(inset, inset, side, side), Shown.FAULTED)
        elif self._stand in (Stand.PASSED, Stand.SKIPPED):
            fill_round(painter, box, box.width() / 2, "surface3")
            name = "check" if self._stand is Stand.PASSED else "minus"
            paint_icon(painter, inset, inset, name, side, "text1")
        else:
            now = self._stand in (Stand.RUNNING, Stand.WAITING)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("accent" if now else "lineControl"), 2 if now else 1))
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
            draw_text(painter, box, str(self._number), "small", "text1", CENTRE, weight=600)
        painter.end()


class StepRow(QWidget):
    """One step: number, title, evidence, time."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._now = False
        self._mark = _Number(number)
        self.title = Label("", "bodyStrong", wrap=True)
        self.text = Label("", "small", "text2", wrap=True)
        self._time = Label("", "small", "text3")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 14, 5)
        row.setSpacing(12)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self._time, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(px(34))

    def show_step(self, step: Step, now: bool, zone: ZoneInfo) -> None:
        """Show how it stands; `now` marks the one the run stands at."""
        self._mark.show_stand(step.stand)
        self.title.setText(TITLES[step.key])
        self.title.set_ink("text2" if step.stand is Stand.PENDING else "text1")
        text = step.text
        if step.stand is Stand.SKIPPED and step.by != "Forecourt":
            text = f"Skipped by {step.by}: {step.why}"
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self._time.setText(clock(step.ended_ms, zone, seconds=True) if step.ended_ms else "")
        self._now = now
        self.setAccessibleName(f"{TITLES[step.key]}, {step.stand.value}. {text}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._now:
            painter.fillRect(self.rect(), ink_of("surface2"))
            hairline(painter, 0, 0, self.width())
            hairline(painter, 0, self.height() - 1, self.width())
        painter.end()


class CommissionPanel(Panel):
    """The commissioning in view, or how to begin one."""

    start_asked = Signal()
    retry_asked = Signal(str)
    go_asked = Signal(str)
    skip_asked = Signal(str)
    pause_asked = Signal(str, bool)
    end_asked = Signal(str)
    print_asked = Signal(object)
    address_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Commissioning", parent=parent)
        self.run: Run | None = None
        self._place: tuple[str, int] = ("", 0)
        self.which = MenuButton("", "")
        self.add_action(self.which)
        self.paper = Button("Protocol", "quiet", icon="file-text")
        self.paper.clicked.connect(lambda: self.print_asked.emit(self.run))
        self.add_action(self.paper)
        self._hint = Label(
            "Ten steps, each with its evidence: from the first call to a restart, with one test charge. They "
            "run by themselves and stop at the first that fails.",
            "body",
            "text2",
            wrap=True,
        )
        self._hint.setContentsMargins(14, 12, 14, 12)
        self._rows: list[StepRow] = []
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._scroll = scrolled(inside)
        self.body_layout.addWidget(self._hint)
        self.body_layout.addWidget(self._scroll, 1)
        self._blank = QWidget()
        self.body_layout.addWidget(self._blank, 1)
        self.body_layout.addWidget(Rule())
        self.body_layout.addLayout(self._foot())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.show_run(None, ZoneInfo("UTC"))

    def show_run(self, run: Run | None, zone: ZoneInfo) -> None:
        """Show a commissioning; None: how to begin one."""
        self.run = run
        self._hint.setVisible(run is None)
        self._scroll.setVisible(run is not None)
        self._blank.setVisible(run is None)
        self.paper.setVisible(run is not None)
        if run is None:
            self.set_title("Commissioning")
            self.set_subtitle("")
            self._note.setText("")
        else:
            place = min(run.place + 1, len(run.steps))
            at = f", {place} of {len(run.steps)}" if run.state is not RunState.DONE else ""
            self.set_title(run.station)
            self.set_subtitle(f"{WORDS[run.state]}{at}")
            self._note.setText("" if run.state is RunState.RUNNING else verdict(run))
            self._show_steps(run, zone)
        self._show_buttons(run)

    def _show_steps(self, run: Run, zone: ZoneInfo) -> None:
        while len(self._rows) < len(run.steps):
            row = StepRow(len(self._rows) + 1)
            self._column.insertWidget(len(self._rows), row)
            self._rows.append(row)
        going = run.state not in (RunState.DONE, RunState.GIVEN_UP)
        for place, (row, step) in enumerate(zip(self._rows, run.steps, strict=True)):
            row.show_step(step, going and place == run.place, zone)
        if self._place != (run.key, run.place):
            self._place = (run.key, run.place)
            follow = self._rows[min(run.place + 1, len(self._rows) - 1)]
            QTimer.singleShot(0, follow, lambda: self._scroll.ensureWidgetVisible(follow))

    def _show_buttons(self, run: Run | None) -> None:
        state = run.state if run is not None else None
        step = run.current if run is not None else None
        going = state in (RunState.RUNNING, RunState.PAUSED, RunState.STOPPED)
        self.start.setVisible(not going)
        self.start.set_text("Commission a charger…" if run is None else "Another…")
        self.retry.setVisible(state is RunState.STOPPED)
        waits = step is not None and step.stand is Stand.WAITING and "start" not in step.acts
        self.go.setVisible(waits and step is not None and step.key == "start" and state is RunState.RUNNING)
        self.address.setVisible(step is not None and step.remedy == "show-address" and going)
        self.skip.setVisible(going)
        self.pause.setVisible(state in (RunState.RUNNING, RunState.PAUSED))
        self.pause.set_text("Go on" if state is RunState.PAUSED else "Pause")
        self.end.setVisible(going)

    def _foot(self) -> QVBoxLayout:
        self._note = Label("", "small", "text2", wrap=True)
        self.start = TouchButton("Commission a charger…", "primary")
        self.retry = TouchButton("Try again", "primary")
        self.go = TouchButton("Start now", "primary")
        self.address = TouchButton("Show the address", "link")
        self.skip = TouchButton("Skip…")
        self.pause = TouchButton("Pause")
        self.end = TouchButton("End…")
        self.start.clicked.connect(self.start_asked)
        self.address.clicked.connect(self.address_asked)
        self.retry.clicked.connect(lambda: self._tell(self.retry_asked))
        self.go.clicked.connect(lambda: self._tell(self.go_asked))
        self.skip.clicked.connect(lambda: self._tell(self.skip_asked))
        self.end.clicked.connect(lambda: self._tell(self.end_asked))
        self.pause.clicked.connect(self._pause)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.address)
        row.addStretch(1)
        for button in (self.end, self.skip, self.pause, self.go, self.retry, self.start):
            row.addWidget(button)
        foot = QVBoxLayout()
        foot.setContentsMargins(14, 10, 14, 10)
        foot.setSpacing(8)
        foot.addWidget(self._note)
        foot.addLayout(row)
        return foot

    def _tell(self, signal: SignalInstance) -> None:
        if self.run is not None:
            signal.emit(self.run.key)

    def _pause(self) -> None:
        if self.run is not None:
            self.pause_asked.emit(self.run.key, self.run.state is not RunState.PAUSED)
