"""Faults, the shift: what the next one has to know, on one page, and how good the queue itself is."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.analytics.alarm_kpis import AlarmKpis
from app.analytics.fault_history import Handover, handover, queue_figures
from app.domain.intents import SaveEntry
from app.domain.status import Shown
from ui.models.shift_words import Figure, Part, alarm_words, as_text, figures, handover_parts, summary
from ui.models.shifts import read_ends, shift_at
from ui.pages.base import LivePage
from ui.pages.faults.paper import write_handover
from ui.pages.faults.sheets import shift_ends
from ui.preferences import preferences
from ui.shell.page import Hit, Workspace
from ui.theme.formats import clock, count, day
from ui.theme.theme import px
from ui.widgets.ask_sheet import AskSheet, Field
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.clearing import clear
from ui.widgets.file_asking import PDF, ask_where
from ui.widgets.labels import Label, StateLabel
from ui.widgets.notices import EmptyState
from ui.widgets.panel import Panel, Rule
from ui.widgets.scrolling import scrolled
from ui.widgets.segments import Segments

Done = Callable[[object], None]
Failed = Callable[[str], None]
DAY_MS = 86_400_000
SPANS = (("1", "24 h"), ("7", "7 d"), ("30", "30 d"), ("90", "90 d"))
AGAIN_MS = 30_000
FIGURES_WIDE = 430


class ShiftPage(LivePage):
    """Handover at the left, the queue's figures at the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._told: Handover | None = None
        self.which = MenuButton("Shift", "This one")
        self.which.set_choices([(0, "This one"), (1, "The one before"), (2, "Two before")], 0)
        self.panel = Panel("Handover")
        self.copy = Button("Copy", "quiet", "copy")
        self.save = Button("Save PDF…", icon="download")
        self.hand_over = Button("Hand over…", "primary", "user-check")
        for button in (self.which, self.copy, self.save, self.hand_over):
            self.panel.add_action(button)
        self.summary = Label("", "body", "text2", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(14, 4, 14, 14)
        self._rows.setSpacing(2)
        self.figures = Panel("The queue itself", "fit for people?")
        self.spans = Segments(SPANS, "Time")
        self.spans.choose("7")
        self.figures.add_action(self.spans)
        self._figures = QVBoxLayout()
        self._figures.setContentsMargins(14, 8, 14, 12)
        self._figures.setSpacing(4)
        self._lay_out()
        self.which.chosen.connect(lambda _key: self._ask())
        self.spans.chosen.connect(lambda _key: self._ask_figures())
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self.export_view)
        self.hand_over.clicked.connect(self.ask_hand_over)
        self.ends = Button("Shift times…", "quiet", "clock")
        self.ends.clicked.connect(self.ask_ends)
        self.every(AGAIN_MS, self._ask, ages=True)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        self.summary.setContentsMargins(14, 10, 14, 2)
        column.addWidget(self.summary)
        column.addLayout(self._rows)
        column.addStretch(1)
        self.panel.body_layout.addWidget(scrolled(inside))
        right = QWidget()
        lines = QVBoxLayout(right)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addLayout(self._figures)
        lines.addStretch(1)
        self.figures.body_layout.addWidget(scrolled(right))
        self.figures.setMinimumWidth(px(320))
        self.figures.setMaximumWidth(px(FIGURES_WIDE))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(self.panel, 3)
        row.addWidget(self.figures, 2)

    def opened(self, argument: str) -> None:
        self.title_changed.emit("", "")
        self._ask()
        self._ask_figures()

    def closed(self) -> None:
        self.workspace.bridge.drop("shift/")

    def top_actions(self) -> Sequence[QWidget]:
        return (self.ends,)

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("Ctrl+E", "save the handover as PDF"),)

    def hits(self, text: str) -> Sequence[Hit]:
        return (
            Hit("Hand over the shift…", group="Shift", icon="user-check", run=self.ask_hand_over),
            Hit("Save the handover as PDF…", group="Shift", icon="download", run=self.export_view),
            Hit("Shift times…", group="Shift", icon="clock", run=self.ask_ends),
        )

    # -- the handover --------------------------------------------------------------------------

    def span(self) -> tuple[int, int]:
        """From when to when the chosen shift lasts."""
        start, end = shift_at(self.now_ms(), self.zone, shift_ends())
        for _ in range(int(str(self.which.value or 0))):
            start, end = shift_at(start - 1, self.zone, shift_ends())
        return start, end

    def _ask(self) -> None:
        start, end = self.span()
        self.workspace.bridge.query(
            "shift/handover",
            handover,
            start,
            min(end, self.now_ms() + 1),
            done=self._take,
            failed=self._failed,
        )

    def _take(self, told: Handover) -> None:
        self._told = told
        start, end = self.span()
        zone = self.zone
        self.panel.set_subtitle(
            f"{day(start, zone, weekday=True)}, {clock(start, zone)} to {clock(end, zone)}"
        )
        self.summary.setText(summary(told))
        clear(self._rows)
        for part in handover_parts(told, self.now_ms(), zone):
            self._show_part(part)

    def _failed(self, sentence: str) -> None:
        self._told = None
        clear(self._rows)
        self.summary.setText("")
        self._rows.addWidget(EmptyState("circle-x", "The shift could not be read", sentence))

    def _show_part(self, part: Part) -> None:
        head = Label(part.title, "bodyStrong")
        head.setContentsMargins(0, 10, 0, 2)
        self._rows.addWidget(head)
        for fault, words, more in part.lines:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            if fault:
                button = Button(words, "link")
                button.clicked.connect(partial(self.workspace.go, "faults/queue", str(fault)))
                row.addWidget(button)
                row.addStretch(1)
            else:
                row.addWidget(Label(words, "small", "text2"), 1)
            row.addWidget(Label(more, "small", "text3", right=True))
            self._rows.addWidget(line)
        if not part.lines:
            self._rows.addWidget(Label(part.none, "small", "text3"))
        self._rows.addWidget(Rule())

    def _copy(self) -> None:
        if self._told is not None:
            QGuiApplication.clipboard().setText(as_text(self._told, self.now_ms(), self.zone))
            self.workspace.toast("The handover is on the clipboard.")

    def export_view(self) -> None:
        ask_where(self.window(), "Save the handover", "handover.pdf", PDF, self.save_to)

    def save_to(self, path: Path) -> None:
        """Write the handover as PDF."""
        if self._told is None:
            self.workspace.toast("The shift was not read yet.")
            return
        self.workspace.bridge.work(
            write_handover,
            self._told,
            self.now_ms(),
            self.zone,
            path,
            done=lambda _: self.workspace.toast(f"Written to {path}"),
            failed=self.workspace.toast,
        )

    def ask_hand_over(self) -> None:
        """Say that the shift is handed over: who takes it, and what he has to know."""
        told = self._told
        if told is None:
            return
        start, end = self.span()

        def submit(values: Mapping[str, str], done: Done, failed: Failed) -> None:
            now = min(self.now_ms(), end)
            body = {
                "from_ms": start, "to_ms": now, "by": self.workspace.bridge.operator, "to": values["to"],
                "note": values["note"], "unseen": len(told.unseen), "in_hand": len(told.in_hand),
            }  # fmt: skip

            def kept(result: object) -> None:
                done(result)
                self.workspace.toast(f"Handed over to {values['to']}" if values["to"] else "Handed over")

            self.workspace.bridge.do(SaveEntry("shift", f"{start}", body), values["note"], kept, failed)

        fields = (Field("to", "To", "", "Who comes next"), Field("note", "What he or she has to know"))
        text = summary(told)
        AskSheet(
            self.workspace.sheet_host or self, "Hand over the shift", "", text, "Hand over", submit, fields
        ).open()

    def ask_ends(self) -> None:
        """Change when shifts end."""

        def check(text: str) -> str:
            try:
                read_ends(text)
            except ValueError:
                return "Write the times as 06:00 14:00 22:00."
            return ""

        def submit(values: Mapping[str, str], done: Done, _failed: Failed) -> None:
            preferences().put("shift_ends", list(read_ends(values["ends"])))
            done(None)
            self._ask()

        field = Field("ends", "Shifts end at", " ".join(shift_ends()), "06:00 14:00 22:00", check=check)
        AskSheet(
            self.workspace.sheet_host or self, "Shift times", self.zone.key, "", "Keep", submit, (field,)
        ).open()

    # -- the figures ---------------------------------------------------------------------------

    def _ask_figures(self) -> None:
        now = self.now_ms()
        start = now - int(self.spans.value) * DAY_MS
        self.workspace.bridge.query(
            "shift/figures", queue_figures, start, now, now, done=self._take_figures, failed=self._no_figures
        )

    def _take_figures(self, told: AlarmKpis) -> None:
        clear(self._figures)
        for figure in figures(told):
            self._figures.addWidget(_figure_line(figure))
        if told.most_frequent:
            head = Label("Most frequent", "bodyStrong")
            head.setContentsMargins(0, 10, 0, 2)
            self._figures.addWidget(head)
        for kind, times in told.most_frequent[:8]:
            self._figures.addWidget(_figure_line(Figure(alarm_words(kind), count(times, "time"))))

    def _no_figures(self, sentence: str) -> None:
        clear(self._figures)
        self._figures.addWidget(
            Label(f"The figures could not be read: {sentence}", "small", "text2", wrap=True)
        )


def _figure_line(figure: Figure) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 2, 0, 2)
    row.setSpacing(8)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(Label(figure.title, "small"))
    if figure.aim:
        words.addWidget(Label(figure.aim, "caption", "text3"))
    row.addLayout(words, 1)
    if figure.worse:
        row.addWidget(StateLabel(Shown.DEGRADED, figure.worse, role="small"))
    row.addWidget(Label(figure.value, "bodyStrong", right=True))
    line.setAccessibleName(f"{figure.title} {figure.value} {figure.aim} {figure.worse}".strip())
    return line
