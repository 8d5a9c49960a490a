"""What an owner asks next, one click away: each tab asks a question, answers it in a line, shows the rows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.analytics.costs.asked import Coverage, WarrantyPack, coverage, vendors, warranty
from app.analytics.costs.assumptions import known
from app.analytics.costs.books import Books
from app.analytics.costs.ledger import OUTSIDE_TOTAL
from app.analytics.costs.periods import MONTH, size_of
from app.analytics.costs.statements import Statement, statements
from ui.models import cost_answers_more as more
from ui.models.cost_answers import Answer, AnswerRow, bank, chargers, columns, moved, radar, saved
from ui.models.cost_issued import issued_answer
from ui.models.cost_month import MonthView
from ui.models.cost_rates import value_words
from ui.models.cost_words import euro, month_name, short_month, signed
from ui.models.costs import ZERO, bridge, shares_of
from ui.models.row_model import RowModel
from ui.pages.costs.tables import chart_table
from ui.pages.costs.warranty import write_pack
from ui.printing.files import write_picture, write_table
from ui.shell.page import Workspace
from ui.theme.theme import colour, px
from ui.widgets.buttons import Button, IconButton, MenuButton
from ui.widgets.confidence import KnownLegend
from ui.widgets.cost_charts import BridgeBars, MonthBar, MonthBars, SwingBars, SwingRow
from ui.widgets.file_asking import PDF, PICTURE, TABLE, ask_where
from ui.widgets.labels import Label
from ui.widgets.panel import Panel
from ui.widgets.row_table import RowTable

COSTS = ("costs", "Costs")
TABS = (
    ("months", "Per month"),
    ("bridge", "Why it differs"),
    ("bank", "Left the bank"),
    ("sensitivity", "What matters"),
    ("chargers", "Chargers"),
    ("warranty", "Warranty"),
    ("coverage", "Coverage"),
    ("radar", "At risk"),
)
QUESTIONS = {
    "months": "What did each month cost?",
    "bridge": "Why does this month differ from the last?",
    "bank": "Which euros left the bank?",
    "sensitivity": "Which assumption matters most?",
    "chargers": "Which charger to replace?",
    "warranty": "What does the maker owe?",
    "coverage": "How complete is the data?",
    "radar": "Which regulars may not come again?",
    "issued": "What was issued?",
    "saved": "What did recovery save?",
    "moved": "What was counted only once?",
}
YEAR_MS = 365 * 86_400_000
CHARTS = ("months", "bridge", "sensitivity")


class TableView(QWidget):
    """An answer's table; its columns are those of the answer."""

    opened = Signal(str, str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.answer: Answer | None = None
        self.model: RowModel[AnswerRow] | None = None
        self.table: RowTable | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_answer(self, answer: Answer) -> None:
        """Show these rows; columns are made anew only where they are others."""
        if self.answer is None or self.answer.heads != answer.heads or self.model is None:
            if self.table is not None:
                self._column.removeWidget(self.table)
                self.table.deleteLater()
            self.model = RowModel(columns(answer.heads), lambda row: row.key, self)
            self.table = RowTable(self.model, self._name)
            self.table.opened.connect(self._open)
            self.table.clicked.connect(lambda index: self._click(index.row(), index.column()))
            self._column.addWidget(self.table)
        self.answer = answer
        self.model.show(answer.rows)

    def _open(self, key: str) -> None:
        row = next((row for row in (self.answer.rows if self.answer else ()) if row.key == key), None)
        if row is not None and row.route:
            self.opened.emit(row.route, row.argument)

    def _click(self, row: int, column: int) -> None:
        """A click on the linked cell opens; elsewhere it only marks the row."""
        assert self.model is not None
        if self.model.rows[row].cells[column].tone.value == "accent":
            self._open(self.model.key_at(row))


class Answers(Panel):
    """The tabs with what they show."""

    go_asked = Signal(str, str)
    wide_asked = Signal(bool)
    """The panel is to take the place of the rows, or to give it back."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Answers", parent=parent)
        self._workspace = workspace
        self._view: MonthView | None = None
        self._books: Books | None = None
        self._site = ""
        self._rows: QWidget | None = None
        self.key = "months"
        self.wide = False
        self.tabs = self.set_tabs(TABS)
        self.show_tabs(True)
        self.legend = KnownLegend()
        self.export = IconButton("download", "Export this answer")
        self.expand = IconButton("maximize-2", "Give this answer more room")
        self.expand.setCheckable(True)
        for widget in (self.export, self.expand):
            self.add_action(widget)
        self.question = Label("", "bodyStrong")
        self.told = Label("", "small", "text2")
        self.vendor = MenuButton("Maker", "–")
        self.pack = Button("Pack as PDF…", icon="file-down")
        self.issue = Button("Issue this month", icon="check")
        self._pack: WarrantyPack | None = None
        self.months, self.bridge, self.swings = MonthBars(), BridgeBars(), SwingBars()
        self.table = TableView("Answer")
        self._lay_out()
        self.tab_chosen.connect(self.show_key)
        self.table.opened.connect(self.go_asked)
        self.export.clicked.connect(self.export_answer)
        self.vendor.chosen.connect(lambda _vendor: self._ask_warranty())
        self.pack.clicked.connect(self.export_pack)
        self.issue.clicked.connect(self.issue_month)
        self.expand.clicked.connect(lambda: self.wide_asked.emit(self.expand.isChecked()))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 14, 4)
        head.setSpacing(10)
        head.addWidget(self.question)
        head.addWidget(self.told, 1)
        head.addWidget(self.legend)
        for control in (self.vendor, self.pack, self.issue):
            head.addWidget(control)
            control.hide()
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        for widget in (self.months, self.bridge, self.swings, self.table):
            self._stack.addWidget(widget)
        self.answer_body = QWidget()
        column = QVBoxLayout(self.answer_body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(holder, 1)
        both = QWidget()
        self._whole = QStackedLayout(both)
        self._whole.addWidget(self.answer_body)
        self.body_layout.addWidget(both, 1)
        self.setMinimumHeight(px(150))

    def show_month(self, view: MonthView, books: Books, site: str) -> None:
        """Answer for this month and place."""
        self._view, self._books, self._site = view, books, site
        tab = self.tabs.value
        self.show_key(self.key)
        if tab == COSTS[0]:
            self.tabs.choose(tab)

    def offer_costs(self, on: bool) -> None:
        """Whether the rows themselves are the first tab (a low window)."""
        self.tabs.set_choices((COSTS, *TABS) if on else TABS)
        self.expand.setVisible(not on)

    def take_in(self, rows: QWidget) -> None:
        """Keep the rows here, as the first tab's body."""
        if self._whole.indexOf(rows) < 0:
            self._whole.addWidget(rows)
        self._rows = rows

    def show_rows(self, on: bool) -> None:
        """Show the rows that were taken in, or the answer."""
        self._whole.setCurrentWidget(self._rows if on and self._rows is not None else self.answer_body)
        self.export.setVisible(not on)

    def show_key(self, key: str) -> None:
        """Show an answer by its key."""
        if key == COSTS[0]:
            return
        self.key = key
        self.tabs.choose(key if key in dict(TABS) else "")
        size = size_of(self._view.book.period) if self._view is not None else MONTH
        self.question.setText(QUESTIONS[key].replace("month", size))
        self.legend.setVisible(key == "months")
        self.vendor.setVisible(key == "warranty")
        self.pack.setVisible(key == "warranty")
        self.issue.setVisible(key == "issued")
        view, books = self._view, self._books
        if view is None or books is None:
            self.told.setText("")
            return
        if key in CHARTS:
            self._show_chart(key, view, books)
            return
        self._stack.setCurrentWidget(self.table)
        zone = self._workspace.zone
        match key:
            case "bank":
                self.show_answer(bank(view, zone))
            case "chargers":
                self.show_answer(chargers(books, view.currency, self._site))
            case "radar":
                self.show_answer(radar(view.book, self._workspace.now_ms(), zone, self._site))
            case "saved":
                self.show_answer(saved(books, view.currency))
            case "warranty":
                self._ask("costs/vendors", vendors, done=self._take_vendors)
            case "issued":
                self.issue.setEnabled(view.book.over and size_of(view.book.period) == MONTH)
                self._ask("costs/issued", statements, done=self._take_issued)
            case "coverage":
                self._ask(
                    "costs/coverage", coverage, zone.key, self._workspace.now_ms(), done=self._take_coverage
                )
            case _:
                self.show_answer(moved(view.book, view.currency))

    def _ask(self, key: str, fn: Callable[..., Any], *args: Any, done: Callable[[Any], None]) -> None:
        self.told.setText("Reading…")
        self._workspace.bridge.query(key, fn, *args, done=done, failed=self.fail)

    def _take_issued(self, found: tuple[Statement, ...]) -> None:
        if self.key == "issued" and self._view is not None:
            self.show_answer(issued_answer(found, self._view.book, self._workspace.zone))

    def issue_month(self) -> None:
        """Keep the month's figures as issued; later ones are shown beside them (decision 19)."""
        if self._view is None:
            return
        period, by = self._view.book.period, self._workspace.bridge.operator

        def kept(_: Statement) -> None:
            self._workspace.toast(f"{month_name(period)} is issued.")
            self.show_key(self.key)

        self._workspace.bridge.run(
            lambda room: room.costs.issue(period, by), done=kept, failed=self._workspace.toast
        )

    def _take_coverage(self, found: Coverage) -> None:
        if self.key == "coverage":
            self.show_answer(more.coverage(found, self._workspace.zone, self._site))

    def _take_vendors(self, found: tuple[str, ...]) -> None:
        self.vendor.set_choices(more.vendor_choices(found))
        self._ask_warranty()

    def _ask_warranty(self) -> None:
        view, zone = self._view, self._workspace.zone
        if view is None:
            return
        to_ms = view.book.until_ms
        self._ask(
            "costs/warranty", warranty, zone.key, str(self.vendor.value or ""), to_ms - YEAR_MS, to_ms,
            self._workspace.now_ms(), done=self._take_warranty,
        )  # fmt: skip

    def _take_warranty(self, pack: WarrantyPack) -> None:
        self._pack = pack
        self.pack.setEnabled(bool(pack.faults))
        if self.key == "warranty":
            self.show_answer(more.warranty(pack, self._workspace.zone))

    def show_answer(self, answer: Answer) -> None:
        """Show a table and its line."""
        self.told.setText(answer.told)
        self.told.setToolTip(answer.told)
        self.table.show_answer(answer)

    def fail(self, sentence: str) -> None:
        """What was asked could not be read."""
        self.told.setText(f"This could not be read: {sentence}")

    def _show_chart(self, key: str, view: MonthView, books: Books) -> None:
        currency = view.currency
        if key == "months":
            bars = [
                MonthBar(
                    period,
                    None if parts is None else shares_of(p for p in parts if p.cost not in OUTSIDE_TOTAL),
                )
                for period, parts in view.months
            ]
            self.months.show_months(bars, currency)
            short = f"{view.short} of {len(bars)} months are not computed yet. " if view.short else ""
            self.told.setText(f"{short}Future margin is left out.")
            self._stack.setCurrentWidget(self.months)
        elif key == "bridge":
            self._show_bridge(view)
        else:
            self._show_swings(view)

    def _show_bridge(self, view: MonthView) -> None:
        self._stack.setCurrentWidget(self.bridge)
        last = view.months[-2][0]
        name = view.before_words.removesuffix(f" {month_name(last)[-4:]}") or short_month(last)
        names = (name, short_month(view.book.period))
        if view.before is None:
            known_ = "known" if size_of(last) == MONTH else "wholly known"
            self.told.setText(f"{month_name(last)} is not {known_}, so there is nothing to compare with.")
            self.bridge.show_bridge((), ZERO, view.whole, names, view.currency)
            return
        steps = bridge(view.same, view.parts)
        self.told.setText(f"{signed(view.whole - view.before, view.currency)} against {view.before_words}.")
        self.bridge.show_bridge(steps, view.before, view.whole, names, view.currency)

    def _show_swings(self, view: MonthView) -> None:
        whole_ = view.book.total(view.currency, outside=True)
        rows = [
            SwingRow(
                known()[one.key].title, value_words(known()[one.key], one.value, view.currency),
                one.lower - whole_, one.higher - whole_,
            )
            for one in view.book.swings
            if one.key in known()
        ]  # fmt: skip
        self._stack.setCurrentWidget(self.swings)
        where = "" if not self._site else " For all sites."
        self.told.setText(
            f"{rows[0].title} moves {euro(whole_, view.currency)} most, future margin included.{where}"
            if rows else f"No rate changes this month's total.{where}"
        )  # fmt: skip
        self.swings.show_swings(rows, view.currency)

    def export_answer(self) -> None:
        """Ask where to, then write the table as CSV or the picture as PNG."""
        forms = f"{TABLE};;{PICTURE}" if self.key in CHARTS else TABLE
        ask_where(self.window(), "Export this answer", f"costs-{self.key}.csv", forms, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write what is in view: PNG at twice its size, else CSV."""
        toast = self._workspace.toast
        picture = path.suffix.lower() == ".png"
        self._workspace.bridge.work(
            write_picture if picture else write_table,
            _picture_of(self.answer_body) if picture else self.rows_of_view(),
            path,
            done=lambda _: toast(f"Written to {path}"),
            failed=toast,
        )

    def export_pack(self) -> None:
        """Ask where to, then write the warranty pack as PDF."""
        pack = self._pack
        if pack is None:
            return
        ask_where(self.window(), "Warranty pack", f"warranty-{pack.vendor}.pdf", PDF, self.pack_to)

    def pack_to(self, path: Path) -> None:
        """Write the warranty pack that is shown."""
        if self._pack is not None:
            work, toast = self._workspace, self._workspace.toast
            work.bridge.work(
                write_pack, self._pack, work.now_ms(), work.zone, path,
                done=lambda _: toast(f"Written to {path}"), failed=toast,
            )  # fmt: skip

    def rows_of_view(self) -> list[list[str]]:
        """What is in view as a table of texts."""
        if self._view is None:
            return []
        if self.key in CHARTS:
            return chart_table(self.key, self._view)
        if self.key == "warranty" and self._pack is not None:
            return more.pack_table(self._pack)
        return self.table.answer.table() if self.table.answer is not None else []


def _picture_of(widget: QWidget) -> QImage:
    image = QImage(widget.size() * 2, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2)
    image.fill(colour("surface1"))
    widget.render(image)
    return image
