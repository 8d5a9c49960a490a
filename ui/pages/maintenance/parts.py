"""The strip of figures, the panel of lists, and the panel of visits."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.analytics.maintenance_page import CarePage, Figures, ScoreRow, faults_of
from app.analytics.visit_plan import Route
from app.domain.care_plans import Purchase
from app.domain.records import FaultRecord
from app.domain.status import Shown
from app.domain.work_orders import WorkOrder
from ui.models.row_model import RowModel
from ui.models.scores import rate_whisker, score_columns, share_whisker, top_of
from ui.models.work_orders import OrderRow, PlanRow, RouteHead, order_columns, plan_columns, plan_rows
from ui.pages.maintenance.job_sheet import day_key, how_told
from ui.pages.maintenance.lists import WorkRow, fault_columns, purchase_columns, work_columns, work_rows
from ui.pages.maintenance.tables import StopTable, WhiskerDelegate
from ui.pages.maintenance.trend import TrendCell
from ui.shell.page import Workspace
from ui.theme.formats import MONTHS, count, duration, number
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.kpi import CellStrip
from ui.widgets.labels import Label
from ui.widgets.notices import Banner, EmptyState
from ui.widgets.panel import Panel, Rule
from ui.widgets.row_table import RowTable
from ui.widgets.segments import Segments
from ui.widgets.sheet import Drawer

TABS = (("orders", "Work orders"), ("works", "Announced work"), ("purchases", "Purchases"))
SCORE_TAB = ("scores", "Scorecard")
EMPTY = {
    "orders": ("wrench", "No work order here", "Orders are made from faults, or with N."),
    "works": (
        "calendar-clock", "No work is announced",
        "Announced work keeps its alarms quiet and, announced in time, leaves uptime alone.",
    ),
    "purchases": (
        "receipt-text", "No purchase is written down",
        "With dates and warranty the job sheet tells who pays, and costs what was paid in warranty.",
    ),
    "scores": (
        "chart-column", "Nothing to compare yet",
        "It needs stations that told maker, model and firmware, and time to have passed.",
    ),
}  # fmt: skip


class Trends(CellStrip):
    """Time to acknowledge and to repair, fixed from afar and at the first visit."""

    def __init__(self) -> None:
        self.cells = {
            "ack": TrendCell("Time to acknowledge"),
            "repair": TrendCell("Time to repair"),
            "remote": TrendCell("Fixed remotely"),
            "first": TrendCell("Fixed at first visit"),
        }
        super().__init__(tuple(self.cells.values()))

    def show_figures(self, told: Figures) -> None:
        """The last 30 days, and the months before."""
        last, first = told.last, told.first_time
        ends = (_month(told.months[0].first), _month(told.months[-1].first)) if told.months else ("", "")
        failures = f"median, {count(last.failures, 'failure')}\nin 30 days"
        value, unit = _parts(None if last.mtta_median_min is None else last.mtta_median_min * 60_000)
        self.cells["ack"].show_value(value, unit, failures)
        value, unit = _parts(None if last.mttr_median_h is None else last.mttr_median_h * 3_600_000)
        self.cells["repair"].show_value(value, unit, _open_words(last.open, failures))
        share = last.remote_fix
        self.cells["remote"].show_value(
            *_share(share.value),
            f"{share.k} of {count(share.n, 'repair')}\nin 30 days" if share.n else "no repair yet",
        )
        note = f"{first.k} of {first.n}" if first.n else "no settled"
        self.cells["first"].show_value(*_share(first.value), f"{note} orders\n{told.pending} still pending")
        for name, values in (
            ("ack", [m.figures.mtta_median_min for m in told.months]),
            ("repair", [m.figures.mttr_median_h for m in told.months]),
            ("remote", [m.figures.remote_fix.value for m in told.months]),
            ("first", [m.first_time.value for m in told.months]),
        ):
            self.cells[name].show_months(values, *ends)

    def show_failure(self, sentence: str) -> None:
        """The figures could not be read."""
        for cell in self.cells.values():
            cell.show_value("–", "", sentence)


class CarePanel(Panel):
    """Lists behind tabs: orders, announced work, purchases; the scorecard below, or behind a tab too."""

    announce_asked = Signal(object)
    purchase_asked = Signal(object)
    import_asked = Signal()
    take_back_asked = Signal(str, str)
    faults_asked = Signal(int)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._compact: bool | None = None
        zone = workspace.zone
        self.orders_model: RowModel[OrderRow] = RowModel(order_columns(), lambda r: r.key, self)
        self.orders_table = StopTable(self.orders_model, "Work orders")
        self.works_model: RowModel[WorkRow] = RowModel(work_columns(zone), lambda r: r.name, self)
        self.works_table = RowTable(self.works_model, "Announced work")
        today = day_key(workspace.now_ms(), zone)
        self.purchases_model: RowModel[Purchase] = RowModel(
            purchase_columns(today), lambda r: r.station, self
        )
        self.purchases_table = RowTable(self.purchases_model, "Purchases")
        self.scores_model: RowModel[ScoreRow] = RowModel(score_columns(), lambda r: r.make, self)
        self.scores_table = RowTable(self.scores_model, "Scorecard")
        self.segments = Segments((("open", "Open"), ("done", "Done, 30 days"), ("all", "All")), "Orders")
        for table in (self.orders_table, self.works_table):
            table.set_row_height(44)
        self.works_table.opened.connect(self.announce_asked)
        self.purchases_table.opened.connect(self.purchase_asked)
        self.scores_table.opened.connect(self._open_scores)
        self._failure = Banner(Shown.FAULTED, "")
        self._again = Button("Try again")
        self._failure.add_button(self._again)
        self._retry: Callable[[], None] = lambda: None
        self._again.clicked.connect(lambda: self._retry())
        self._failure.hide()
        self._empty = {key: EmptyState(*words) for key, words in EMPTY.items()}
        self._lay_out()

    def _lay_out(self) -> None:
        tabs = self.set_tabs((*TABS, SCORE_TAB))
        self._tab_strip = tabs
        tabs.setAccessibleName("Lists")
        self.tab_chosen.connect(self.show_tab)
        self.add_action(self.segments)
        self._announce = Button("Announce work…", icon="plus")
        self._announce.clicked.connect(lambda: self.announce_asked.emit(""))
        self._back = Button("Take back", "quiet")
        self._back.clicked.connect(self._take_back)
        self._import = Button("Import CSV…", icon="upload")
        self._import.clicked.connect(self.import_asked)
        self._add = Button("Add…", icon="plus")
        self._add.clicked.connect(lambda: self.purchase_asked.emit(""))
        for button in (self._back, self._announce, self._import, self._add):
            self.add_action(button)
        self._stack = QStackedWidget()
        self._pages: dict[str, QStackedWidget] = {}
        for key, table in (
            ("orders", self.orders_table), ("works", self.works_table), ("purchases", self.purchases_table)
        ):  # fmt: skip
            page = QStackedWidget()
            page.addWidget(table)
            page.addWidget(self._empty[key])
            self._pages[key] = page
            self._stack.addWidget(page)
        self._score_box = QWidget()
        column = QVBoxLayout(self._score_box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        score_title = QWidget()
        head = QHBoxLayout(score_title)
        head.setContentsMargins(12, 8, 12, 8)
        self._score_name = Label("Scorecard", "bodyStrong")
        head.addWidget(self._score_name)
        self._score_note = Label("90 days", "small", "text3")
        head.addWidget(self._score_note, 1)
        head.addWidget(Label("dotted line: all stations", "small", "text3"))
        column.addWidget(Rule())
        column.addWidget(score_title)
        column.addWidget(Rule())
        self._pages["scores"] = QStackedWidget()
        self._pages["scores"].addWidget(self.scores_table)
        self._pages["scores"].addWidget(self._empty["scores"])
        column.addWidget(self._pages["scores"], 1)
        self.body_layout.addWidget(self._failure)
        self.body_layout.addWidget(self._stack, 6)
        self.body_layout.addWidget(self._score_box, 5)
        self._key = "orders"
        self.set_compact(False)
        for key, page in self._pages.items():
            page.setCurrentIndex(0 if key == "orders" else 1)

    def set_compact(self, on: bool) -> None:
        """On a low window the scorecard stands behind a tab of its own."""
        if on == self._compact:
            return
        self._compact = on
        self._tab_strip.set_choices((*TABS, SCORE_TAB) if on else TABS)
        self._score_name.setVisible(not on)
        self.show_tab(self._key if on or self._key != "scores" else "orders")

    def show_tab(self, key: str) -> None:
        """Bring a list into view."""
        self._key = key
        self._tab_strip.choose(key)
        self._stack.setVisible(key != "scores")
        self._score_box.setVisible(not self._compact or key == "scores")
        if key != "scores":
            self._stack.setCurrentWidget(self._pages[key])
        self.segments.setVisible(key == "orders")
        self._announce.setVisible(key == "works")
        self._back.setVisible(key == "works")
        self._import.setVisible(key == "purchases")
        self._add.setVisible(key == "purchases")

    def show_page(self, page: CarePage, now_ms: int) -> None:
        """Announced work and purchases as they stand."""
        self._failure.hide()
        self.works_model.show(work_rows(page.works, now_ms))
        self.purchases_model.show(sorted(page.purchases, key=lambda p: p.station))
        self._pages["works"].setCurrentIndex(0 if page.works else 1)
        self._pages["purchases"].setCurrentIndex(0 if page.purchases else 1)

    def show_orders(self, rows: Sequence[OrderRow], opened: int, done: int, whole: int) -> None:
        """Orders in their order."""
        self.orders_model.show(rows)
        self._pages["orders"].setCurrentIndex(0 if rows else 1)
        for key, words in (
            ("open", f"Open {opened}"),
            ("done", f"Done, 30 days {done}"),
            ("all", f"All {whole}"),
        ):
            self.segments.set_text(key, words)
        # Before faults are known the order is not final, and the dearest would not be the one chosen.
        if rows and self._workspace.faults.ready and not self.orders_table.currentIndex().isValid():
            self.orders_table.step(0)

    def show_scores(self, told: Figures) -> None:
        """The scorecard, worst first."""
        top = top_of(told.scores)
        delegate = WhiskerDelegate(
            {
                "rate": lambda row: rate_whisker(row, told, top),
                "remote": lambda row: share_whisker(row.remote, told.remote),
            },
            self.scores_table,
        )
        self.scores_table.setItemDelegate(delegate)
        self.scores_model.show(told.scores)
        self.scores_model.refresh()
        self._pages["scores"].setCurrentIndex(0 if told.scores else 1)
        self._score_note.setText(
            f"90 days, failures a connector and year from 0 to {number(top)}, "
            "worst first, few data weigh less"
        )

    def show_failure(self, sentence: str, retry: Callable[[], None]) -> None:
        """The lists could not be read."""
        self._retry = retry
        self._failure.show_notice(Shown.FAULTED, "The orders could not be read", sentence)
        self._failure.show()

    def _take_back(self) -> None:
        name = self.works_table.current_key()
        if name is not None:
            self.take_back_asked.emit("planned-work", name)

    def _open_scores(self, make: Any) -> None:
        row = next((row for row in self.scores_model.rows if row.make == make), None)
        if row is None or not row.faults:
            self._workspace.toast("No failure in these 90 days.")
            return
        self._workspace.bridge.query(
            "maintenance/faults", faults_of, row.faults,
            done=lambda found: self._show_faults(row, found), failed=self._workspace.toast,
        )  # fmt: skip

    def _show_faults(self, row: ScoreRow, found: Sequence[FaultRecord]) -> None:
        make = f"{row.make.vendor} {row.make.model}, firmware {row.make.firmware}"
        drawer = Drawer(
            self._workspace.sheet_host or self.window(),
            make,
            f"{count(len(found), 'failure')} in 90 days",
            460,
        )
        model: RowModel[FaultRecord] = RowModel(
            fault_columns(self._workspace.now_ms(), self._workspace.zone), lambda f: f.fault, drawer
        )
        table = RowTable(model, "Failures")
        table.set_row_height(44)
        model.show(found)
        table.opened.connect(drawer.finish)
        drawer.finished.connect(lambda number: self.faults_asked.emit(number) if number is not None else None)
        drawer.body_layout.addWidget(table, 1)
        drawer.set_focus_on(table)
        drawer.open()


class VisitPanel(Panel):
    """Visits by day with stops in order; Alt and an arrow move one."""

    def __init__(self) -> None:
        super().__init__("Visit plan")
        self.again = Button("Plan again", "quiet", "replace")
        self.add_action(self.again)
        self.model: RowModel[PlanRow] = RowModel(
            plan_columns(), lambda row: row.key, self,
            heading=lambda row: False if isinstance(row, RouteHead) else None,
        )  # fmt: skip
        self.table = StopTable(self.model, "Visits")
        self.table.set_row_height(44)
        self.print_button = Button("PDF…", icon="file-down")
        self.send_button = Button("Send…", "primary", "send")
        self._note = Label(how_told(), "caption", "text3", wrap=True)
        self._empty = EmptyState("map-pin", "No visit is planned", "P plans the visit of the current order.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.body_layout.addWidget(self._stack, 1)
        self.body_layout.addWidget(Rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.setSpacing(8)
        foot.addWidget(self._note, 1)
        foot.addWidget(self.print_button)
        foot.addWidget(self.send_button)
        self.body_layout.addLayout(foot)
        self.setMinimumWidth(px(330))

    def show_routes(
        self, routes: Sequence[Route], orders: Sequence[WorkOrder], now_ms: int, zone: ZoneInfo
    ) -> None:
        """Show the visits and what is not planned."""
        rows = plan_rows(routes, orders, now_ms, zone)
        self.model.show(rows)
        self._stack.setCurrentIndex(0 if rows else 1)
        stops, km = sum(len(r.stops) for r in routes), sum(r.km for r in routes)
        self.set_subtitle(
            f"{count(stops, 'stop')}, {count(len(routes), 'route')}, {number(km)} km" if stops else ""
        )
        people = {route.who for route in routes}
        self.send_button.setEnabled(bool(routes))
        self.print_button.setEnabled(bool(routes))
        several = any(len(route.stops) > 2 for route in routes)
        self.again.setEnabled(several)
        self.again.setToolTip("" if several else "It orders the stops of a day; no day has three of them.")
        self.send_button.setToolTip(
            f"Opens a letter for the day chosen; {count(len(people), 'person', 'people')}"
        )


def _open_words(opened: int, failures: str) -> str:
    return f"{failures}, {opened} open" if opened else failures


def _parts(milliseconds: float | None) -> tuple[str, str]:
    value, _, unit = duration(milliseconds).rpartition(" ")
    return (value, unit) if value else (unit, "")


def _share(value: float | None) -> tuple[str, str]:
    return ("–", "") if value is None else (number(value * 100), "%")


def _month(text: str) -> str:
    return MONTHS[date.fromisoformat(f"{text}-01").month - 1]
