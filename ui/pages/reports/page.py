"""Reports: kinds with their plans, options, and the real pages beside; saved as PDF or XLSX, or planned."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.analytics.questions import current_entries
from app.domain.entries import standing
from app.domain.intents import SaveEntry
from app.domain.records import EntryRecord
from app.reports.csv_report import write_report_csv
from app.reports.document import Document
from app.reports.run import KINDS, Wanted, made
from app.reports.workbook import write_workbook
from ui.models.report_rows import ReportRow, columns, periods, rows_of, when
from ui.models.row_model import RowModel
from ui.pages.base import LivePage
from ui.pages.reports.plan_sheet import plan_sheet
from ui.pages.reports.preview import SIZES, Preview
from ui.printing.files import write_paper
from ui.printing.report_paper import Pages, paper_of, preview_of
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count
from ui.theme.theme import px
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.file_asking import ask_where
from ui.widgets.labels import Label
from ui.widgets.notices import EmptyState, LoadingBlocks
from ui.widgets.panel import Panel, Rule
from ui.widgets.row_table import RowTable
from ui.widgets.segments import Segments

BY_MONTH = frozenset(KINDS) - {"handover"}
BY_SITE = frozenset({"uptime-contract", "uptime-nevi", "uptime-uk"})


class ReportsPage(LivePage):
    """Kinds and options at the left, the preview at the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.model: RowModel[ReportRow] = RowModel(columns(workspace.zone), lambda row: row.kind, self)
        self.table = RowTable(self.model, "Kinds of reports")
        self.table.set_row_height(44)
        self.period = MenuButton("Period")
        self.site = MenuButton("Site")
        self.annex = MenuButton("Annexes")
        self.preview = Preview()
        self.zoom = Segments(SIZES, "Size of pages")
        self.document: Document | None = None
        self.plan = Button("Schedule…", icon="calendar-clock")
        self.csv = Button("Save CSV…", icon="download")
        self.xlsx = Button("Save XLSX…", icon="table")
        self.pdf = Button("Save PDF…", "primary", "file-text")
        self.told = Label("", "small", "text3")
        self._rows: list[ReportRow] = []
        self._kind = "owner"
        self._lay_out()
        self._connect()
        self._offer()

    def opened(self, argument: str) -> None:
        if argument in KINDS:
            self._kind = argument
        self._ask_plans()
        self._offer()
        self._make()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.workspace.bridge.drop("reports/")

    def export_view(self) -> None:
        self._save("pdf")

    def hits(self, text: str) -> Sequence[Hit]:
        return tuple(
            Hit(f"Report: {title}", group="Reports", icon="file-text", route="reports/reports", argument=kind)
            for kind, title in KINDS.items()
        )

    # -- layout ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        kinds = Panel("Kinds", "schedule and last run")
        kinds.body_layout.addWidget(self.table)
        self.options = options = Panel("Options")
        form = QVBoxLayout()
        form.setContentsMargins(12, 12, 12, 12)
        form.setSpacing(8)
        for button in (self.period, self.site, self.annex):
            form.addWidget(button)
        holder = QWidget()
        holder.setLayout(form)
        options.body_layout.addWidget(holder)
        self.panel = Panel("Preview")
        self.panel.add_action(self.zoom)
        self._loading = LoadingBlocks("table")
        self._empty = EmptyState("file-text", "Nothing to show yet", "")
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        for part in (self.preview, self._loading, self._empty):
            self._stack.addWidget(part)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 10, 12, 10)
        foot.setSpacing(8)
        foot.addWidget(self.told, 1)
        for action in (self.plan, self.csv, self.xlsx, self.pdf):
            foot.addWidget(action)
        self.panel.body_layout.addWidget(pages, 1)
        self.panel.body_layout.addWidget(Rule())
        self.panel.body_layout.addLayout(foot)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(kinds, 1)
        left.addWidget(options)
        side = QWidget()
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        side.setFixedWidth(px(330))
        whole = QHBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(12)
        whole.addWidget(side)
        whole.addWidget(self.panel, 1)

    def _connect(self) -> None:
        self.table.moved.connect(self._chosen)
        self.table.opened.connect(self._chosen)
        for button in (self.period, self.site, self.annex):
            button.chosen.connect(lambda _key: self._make())
        self.zoom.chosen.connect(self.preview.set_size)
        self.plan.clicked.connect(self._plan)
        self.csv.clicked.connect(lambda: self._save("csv"))
        self.xlsx.clicked.connect(lambda: self._save("xlsx"))
        self.pdf.clicked.connect(lambda: self._save("pdf"))
        self._loading.cancelled.connect(self._cancelled)

    # -- what is wanted ----------------------------------------------------------------------

    def _offer(self) -> None:
        self.period.set_choices(periods(self.now_ms(), self.zone))
        names = sorted({view.site for view in self.picture.stations.values() if view.site})
        self.site.set_choices([("", "All"), *((name, name) for name in names)])
        self.annex.set_choices([("ABC", "A, B and C"), ("AC", "Without events"), ("", "None")])
        self.period.setVisible(self._kind in BY_MONTH)
        self.site.setVisible(self._kind in BY_SITE)
        self.annex.setVisible(self._kind == "owner")
        self.options.setVisible(self._kind in BY_MONTH | BY_SITE)

    def wanted(self) -> Wanted:
        """The report by the options in force."""
        site = str(self.site.value or "") if self._kind in BY_SITE else ""
        annexes = tuple(str(self.annex.value or "")) if self._kind == "owner" else ()
        return Wanted(self._kind, str(self.period.value), site, annexes, self.picture.server.demo)

    def _chosen(self, kind: object) -> None:
        if isinstance(kind, str) and kind != self._kind:
            self._kind = kind
            self._offer()
            self._make()

    def _ask_plans(self) -> None:
        self.workspace.bridge.query("reports/plans", current_entries, "report-plan", done=self._take_plans)

    def _take_plans(self, found: list[EntryRecord]) -> None:
        self._rows = rows_of(standing(found, "report-plan"))
        self.model.show(self._rows)
        self.table.go_to(self._kind)
        self._tell()

    def _tell(self) -> None:
        row = next((row for row in self._rows if row.kind == self._kind), None)
        plan = row.plan if row is not None else None
        said = when(plan).capitalize() + "."
        if plan is not None and plan.last:
            said = f"{said} The last run was not saved: {plan.last}"
        self.told.setText(said)

    # -- the document ------------------------------------------------------------------------

    def _make(self) -> None:
        wanted, zone, now = self.wanted(), self.zone, self.now_ms()
        self.document = None
        self._able(False)
        self.panel.set_subtitle(KINDS[self._kind])
        self._stack.setCurrentWidget(self._loading)
        self._loading.start()
        self._tell()
        self.workspace.bridge.run(
            lambda room: made(room, wanted, zone, now),
            done=self._take,
            failed=self._failed,
            key="reports/made",
        )

    def _take(self, document: Document | None) -> None:
        if document is None:
            return
        self.document = document
        self.workspace.bridge.work(
            preview_of,
            document,
            self.zone,
            done=partial(self._show, document),
            failed=lambda sentence: self._failed(sentence) if self.document is document else None,
        )

    def _show(self, document: Document, made: Pages) -> None:
        if document is not self.document:
            return
        self.preview.show_pages(made.images, made.words)
        shown = f", the first {len(made.images)} shown" if made.count > len(made.images) else ""
        self.panel.set_subtitle(f"{document.title}, {count(made.count, 'page')}{shown}")
        self._loading.stop()
        self._stack.setCurrentWidget(self.preview)
        self._able(True)

    def _failed(self, sentence: str) -> None:
        self._loading.stop()
        self._empty.say("This report cannot be made now", sentence)
        self._stack.setCurrentWidget(self._empty)

    def _cancelled(self) -> None:
        self.document = None
        self.workspace.bridge.drop("reports/made")
        self._loading.stop()
        self._empty.say("Not made", "You cancelled it. Choose a kind or an option to make it.")
        self._stack.setCurrentWidget(self._empty)

    def _able(self, on: bool) -> None:
        for button in (self.csv, self.xlsx, self.pdf):
            button.setEnabled(on)

    # -- saving and planning -----------------------------------------------------------------

    def _save(self, ending: str) -> None:
        document = self.document
        if document is None:
            return
        ask_where(
            self.window(), f"Save {document.title}", f"{document.file}.{ending}",
            f"{ending.upper()} (*.{ending})", self.save_to,
        )  # fmt: skip

    def save_to(self, path: Path) -> None:
        """Write the report in view to a file; what it is follows from the file's ending."""
        document = self.document
        if document is None:
            return
        paper = partial(paper_of, document, self.zone)
        write = {
            ".xlsx": partial(write_workbook, document, path),
            ".csv": partial(write_report_csv, document, path),
        }
        self.workspace.bridge.work(
            write.get(path.suffix, partial(write_paper, paper, path, document.title)),
            done=lambda _: self.workspace.toast(f"Saved {path.name}."),
            failed=self.workspace.toast,
        )

    def _plan(self) -> None:
        known = ReportRow(self._kind, KINDS[self._kind])
        row = next((row for row in self._rows if row.kind == self._kind), known)

        def keep(
            name: str, body: dict[str, object], done: Callable[[object], None], failed: Callable[[str], None]
        ) -> None:
            def kept(found: object) -> None:
                done(found)
                self._ask_plans()

            self.workspace.bridge.do(
                SaveEntry("report-plan", name, body), f"plan of {row.title}", done=kept, failed=failed
            )

        plan_sheet(self.workspace, row, keep).open()
