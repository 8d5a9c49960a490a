"""Another system's exported statuses, judged by the same rules: is what a provider claims true?"""

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QHBoxLayout

from app.analytics.uptime_file import Row, read_exclusions, read_statuses, uptime_of_file
from app.analytics.uptime_views import view_named, views
from app.domain.status import Shown
from ui.models.cells import DASH, Cell, Column, Tone
from ui.models.row_model import RowModel
from ui.models.uptime_rows import bounds, percent, verdict
from ui.models.uptime_windows import Window, day_of, days_window
from ui.pages.uptime.days_sheet import iso_day
from ui.pages.uptime.export import export_file
from ui.shell.page import Workspace
from ui.theme.formats import count, duration
from ui.theme.theme import px
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.fields import TextField
from ui.widgets.file_asking import TABLE, TABLES, ask_where, ask_which
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.row_table import RowTable
from ui.widgets.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came out of a file: one row an EVSE, the whole last."""

    rows: tuple[Row, ...]
    statuses: int
    window: tuple[int, int]


class CheckSheet(Sheet):
    """Choose a file of statuses, and one of exclusions if there is one; the result follows at once."""

    def __init__(self, workspace: Workspace, path: Path, window: Window, rule: str = "nevi") -> None:
        host = workspace.sheet_host
        assert host is not None, "a window sets sheet_host before its pages can be clicked"
        super().__init__(host, "Check another system's uptime", path.name, 760)
        self._workspace, self._path = workspace, path
        self._excused: Path | None = None
        self._found: Judgement | None = None
        zone = workspace.zone
        self.rule = MenuButton("Rule")
        self.rule.set_choices([(name, view.title) for name, view in views().items()], rule)
        self.first = TextField("From", iso_day(window.start_ms, zone), "2026-01-01")
        self.last = TextField("To and with", iso_day(window.end_ms - 1, zone), "2026-12-31")
        self.excused = Button("Exclusions…", icon="folder-open")
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (self.rule, Label("From", "small", "text3"), self.first,
                       Label("to", "small", "text3"), self.last, self.excused):  # fmt: skip
            line.addWidget(widget)
        line.addStretch(1)
        self.body_layout.addLayout(line)
        self.failure = Banner(Shown.FAULTED, "")
        self.failure.hide()
        self.body_layout.addWidget(self.failure)
        self.sum = Label("Reading the file…", "bodyStrong", wrap=True)
        self.body_layout.addWidget(self.sum)
        self.model: RowModel[Row] = RowModel(columns(), lambda row: (row.station, row.evse), self)
        self.table = RowTable(self.model, "Uptime of the file by EVSE")
        self.table.setFixedHeight(px(300))
        self.body_layout.addWidget(self.table)
        told = "Columns: station, evse, at, status. Before an EVSE's first line nothing is known of it."
        self.body_layout.addWidget(Label(told, "small", "text3", wrap=True))
        self.save = self.add_button(Button("Save CSV…", icon="download"))
        self.save.setEnabled(False)
        self.save.clicked.connect(self._ask_where)
        done = self.add_button(Button("Close", "primary", keys="Esc"), default=True)
        done.clicked.connect(lambda: self.finish(None))
        self.rule.chosen.connect(lambda _key: self.judge())
        self.first.editingFinished.connect(self.judge)
        self.last.editingFinished.connect(self.judge)
        self.excused.clicked.connect(self._ask_excused)

    def judge(self) -> None:
        """Judge the file by what is chosen, beside the window."""
        first, last = day_of(self.first.text()), day_of(self.last.text())
        if first is None or last is None or last < first:
            self._fail("Write the first and the last day as 2026-01-31; the last not before the first.")
            return
        zone = self._workspace.zone
        window = days_window(first, last, 2**53, zone)
        self._workspace.bridge.work(
            judged, self._path, self._excused, str(self.rule.value), (window.start_ms, window.end_ms), zone,
            done=self._show, failed=self._fail,
        )  # fmt: skip

    def excuse(self, path: Path) -> None:
        """Subtract the exclusions of a file."""
        self._excused = path
        self.excused.set_text(path.name)
        self.judge()

    def save_to(self, path: Path) -> None:
        """Write the result as CSV."""
        if self._found is not None:
            self._workspace.bridge.work(
                export_file, self._found.rows, self._found.window, path,
                done=lambda lines: self._workspace.toast(f"Wrote {count(lines, 'line')} to {path.name}"),
                failed=self._fail,
            )  # fmt: skip

    def _show(self, found: Judgement) -> None:
        self._found = found
        self.failure.hide()
        whole = found.rows[-1].judged
        word = verdict(whole)
        over_all = bounds(whole.low, whole.high)
        aside = f" (over all of the time {over_all})" if over_all else ""
        self.sum.setText(
            f"{whole.view.title}: {percent(whole.best)} {word}".strip() + aside
            + f", from {count(found.statuses, 'line')} of {count(len(found.rows) - 1, 'EVSE')}."
        )  # fmt: skip
        self.model.show(found.rows)
        self.save.setEnabled(True)
        self.relayout()

    def _fail(self, sentence: str) -> None:
        self._found = None
        self.save.setEnabled(False)
        self.model.show([])
        self.sum.setText("Nothing was computed.")
        self.failure.show_notice(Shown.FAULTED, sentence)
        self.failure.show()
        self.relayout()

    def _ask_excused(self) -> None:
        ask_which(self.window(), "Exclusions of the file", TABLES, self.excuse)

    def _ask_where(self) -> None:
        ask_where(self.window(), "Save the result", "uptime.csv", TABLE, self.save_to)


def judged(path: Path, excused: Path | None, rule: str, window: tuple[int, int], zone: ZoneInfo) -> Judgement:
    """A status file by a rule. Raises ForecourtError, naming the line that cannot be understood."""
    exclusions = read_exclusions(excused) if excused is not None else {}
    statuses = read_statuses(path)
    rows = uptime_of_file(statuses, exclusions, view_named(rule), window, zone)
    return Judgement(tuple(rows), statuses.rows, window)


def columns() -> tuple[Column[Row], ...]:
    """EVSE, figure, bounds, times, verdict."""

    def where(row: Row) -> Cell:
        if row.station is None:
            return Cell("All of them", strong=True)
        return Cell(row.station, more=f"EVSE {row.evse}")

    def range_(row: Row) -> Cell:
        told = bounds(row.judged.low, row.judged.high)
        return Cell(told, tone=Tone.QUIET) if told else DASH

    return (
        Column("where", "EVSE", where, stretch=True, fixed=True),
        Column("best", "Uptime", lambda r: Cell(percent(r.judged.best), strong=True), "100.00%", right=True),
        Column("range", "Range", range_, "100.00% to 100.00%", right=True, yields=2),
        Column("out", "Outage", lambda r: Cell(duration(r.judged.outage_ms)), "312 d 12 h", right=True),
        Column(
            "excused", "Excused", lambda r: Cell(duration(r.judged.excluded_ms)), "312 d 12 h", right=True
        ),
        Column("verdict", "Target", lambda r: Cell(verdict(r.judged) or "–"), "not proven"),
    )
