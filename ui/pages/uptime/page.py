"""Reports, Uptime: every rule side by side, what is excused and why, and what drivers found."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.analytics.driver_availability import SiteSight, driver_availability
from app.analytics.freshness import Freshness, freshness
from app.analytics.questions import current_entries
from app.analytics.uptime_table import UptimeTable, uptime_table
from app.domain.records import EntryRecord
from ui.models import exclusions as excused
from ui.models import sights, uptime_rows
from ui.models.exclusions import Exclusion
from ui.models.row_model import RowModel
from ui.models.uptime_rows import LEVELS, UptimeRow
from ui.models.uptime_windows import Window, windows
from ui.pages.base import LivePage
from ui.pages.uptime.check_sheet import CheckSheet
from ui.pages.uptime.days_sheet import days_sheet
from ui.pages.uptime.detail import UptimeDetail
from ui.pages.uptime.exclusion_sheet import ExclusionSheet
from ui.pages.uptime.export import export_table
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count
from ui.theme.theme import px
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.fields import SearchField
from ui.widgets.file_asking import TABLE, TABLES, ask_where, ask_which
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Label
from ui.widgets.notices import EmptyState, LoadingBlocks
from ui.widgets.panel import Panel, Rule
from ui.widgets.row_table import RowTable
from ui.widgets.segments import Segments

DAYS = "days"
TABS = (("rules", "By rule"), ("drivers", "As drivers see it"), ("excused", "Excused time"))
WIDE = 1120


class UptimePage(LivePage):
    """Window and level on top; the table, what drivers found or what is excused; one row at the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.window_ = MenuButton("Window")
        self.levels = Segments(LEVELS, "Rows")
        self.field = SearchField("Site or station")
        self.check = Button("Check another system…", icon="upload")
        self.export = Button("Export CSV…", "quiet", "download")
        self.model: RowModel[UptimeRow] = RowModel(uptime_rows.columns(), lambda row: row.key, self)
        self.table = RowTable(self.model, "Uptime by rule")
        self.sights: RowModel[SiteSight] = RowModel(
            sights.columns(lambda: self.zone), lambda one: (one.site, one.kind), self
        )
        self.sight_table = RowTable(self.sights, "Availability as drivers see it")
        self.excused: RowModel[Exclusion] = RowModel(excused.columns(self.zone), lambda one: one.entry, self)
        self.excused_table = RowTable(self.excused, "Excused time")
        for table in (self.table, self.sight_table, self.excused_table):
            table.set_row_height(44)
        self.detail = UptimeDetail()
        self.add = Button("Excuse time…", icon="plus")
        self.own = Label("", "small", "text2", wrap=True)
        self._found: UptimeTable | None = None
        self._records: list[EntryRecord] = []
        self._sights: tuple[SiteSight, ...] | None = None
        self._fresh: Freshness | None = None
        self._days: Window | None = None
        self._failure = ""
        self._lay_out()
        self._connect()
        self._offer()

    def opened(self, argument: str) -> None:
        if argument:
            self.field.setText(argument)
        self._offer()
        self._ask()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.workspace.bridge.drop("uptime/")

    def focus_filter(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def back(self) -> bool:
        if self.field.text():
            self.field.clear()
            return True
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("J K", "move"), ("Enter", "open"), ("/", "filter"), ("Ctrl+E", "export"))

    def hits(self, text: str) -> Sequence[Hit]:
        return (
            Hit("Excuse time…", group="Uptime", icon="plus", run=lambda: self._edit(None)),
            Hit("Check another system's uptime…", group="Uptime", icon="upload", run=self._ask_file),
            Hit("Export uptime…", group="Uptime", icon="download", run=self.export_view),
        )

    # -- layout ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        bar = QWidget()
        flow = FlowLayout(bar)
        for widget in (self.field, self.window_, self.levels):
            flow.addWidget(widget)
        for button in (self.check, self.export):
            flow.add_right(button)
        self.panel = Panel("Uptime")
        self.tabs = self.panel.set_tabs(TABS)
        self.panel.add_action(self.add)
        self.add.hide()
        self._loading = LoadingBlocks("table")
        self._empty = EmptyState("chart-column", "Nothing to count yet", "")
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        for part in (self.table, self.sight_table, self.excused_table, self._loading, self._empty):
            self._stack.addWidget(part)
        self.panel.body_layout.addWidget(holder, 1)
        self.panel.body_layout.addWidget(Rule())
        self.own.setContentsMargins(12, 8, 12, 8)
        self.panel.body_layout.addWidget(self.own)
        self.detail.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.detail.setFixedWidth(px(330))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.panel, 1)
        row.addWidget(self.detail)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(10)
        whole.addWidget(bar)
        whole.addLayout(row, 1)

    def _connect(self) -> None:
        self.field.text_changed.connect(lambda _text: self._show())
        self.levels.chosen.connect(lambda _key: self._show())
        self.window_.chosen.connect(self._window_chosen)
        self.panel.tab_chosen.connect(lambda _key: self._tab_chosen())
        self.table.moved.connect(lambda _key: self._show_detail())
        self.table.opened.connect(self._open)
        self.sight_table.opened.connect(self._open_sight)
        self.excused_table.opened.connect(self._open_excused)
        self.add.clicked.connect(lambda: self._edit(None))
        self.check.clicked.connect(self._ask_file)
        self.export.clicked.connect(self.export_view)

    def _offer(self) -> None:
        known = windows(self.now_ms(), self.zone)
        choices: list[tuple[object, str]] = [(one.key, one.name) for one in known]
        choices.append((DAYS, self._days.name if self._days is not None else "Other days…"))
        self.window_.set_choices(choices, self.window_.value or "month")

    @property
    def window_now(self) -> Window:
        """The window in force."""
        if self.window_.value == DAYS and self._days is not None:
            return self._days
        known = {one.key: one for one in windows(self.now_ms(), self.zone)}
        return known.get(str(self.window_.value), known["month"])

    def _window_chosen(self, key: object) -> None:
        if key != DAYS:
            self._ask()
            return
        host = self.workspace.sheet_host
        if host is None:
            return
        days_sheet(host, self.window_now, self.now_ms(), self.zone, self._take_days).open()

    def _take_days(self, window: Window) -> None:
        self._days = window
        self._offer()
        self._ask()

    # -- what is asked -----------------------------------------------------------------------

    def _ask(self) -> None:
        bridge, window = self.workspace.bridge, self.window_now
        span = (window.start_ms, window.end_ms)
        self._found, self._sights, self._failure = None, None, ""
        self._fresh = None
        self._loading.start()
        self._show()
        bridge.query("uptime/table", uptime_table, span, self.zone.key, done=self._take, failed=self._fail)
        bridge.query("uptime/fresh", freshness, *span, done=self._take_fresh, failed=self.workspace.toast)
        self._ask_excused()
        if self.tabs.value == "drivers":
            self._ask_sights()

    def _ask_excused(self) -> None:
        self.workspace.bridge.query(
            "uptime/excused", current_entries, done=self._take_excused, failed=self.workspace.toast
        )

    def _ask_sights(self) -> None:
        window = self.window_now
        self._sights = None
        self._loading.start()
        self.workspace.bridge.query(
            "uptime/sights", driver_availability, (window.start_ms, window.end_ms),
            done=self._take_sights, failed=self._fail,
        )  # fmt: skip

    def _take(self, found: UptimeTable) -> None:
        self._found = found
        self._loading.stop()
        self._show()

    def _take_fresh(self, found: Freshness) -> None:
        self._fresh = found
        self._say_own()

    def _take_excused(self, records: list[EntryRecord]) -> None:
        self._records = records
        window = self.window_now
        self.excused.show(excused.exclusions(records, (window.start_ms, window.end_ms)))
        self._choose_part()

    def _take_sights(self, found: tuple[SiteSight, ...]) -> None:
        self._sights = found
        self._loading.stop()
        self._show()

    def _fail(self, sentence: str) -> None:
        self._failure = sentence
        self._loading.stop()
        self._show()

    # -- what is shown -----------------------------------------------------------------------

    def _show(self) -> None:
        text = self.field.text()
        if self._found is not None:
            self.model.show(uptime_rows.rows(self._found.evses, self.levels.value, text))
            if self.table.current_key() is None and self.model.rows:
                self.table.go_to("")
        words = text.casefold().split()
        self.sights.show([one for one in self._sights or () if all(w in one.site.casefold() for w in words)])
        self._choose_part()
        self._show_detail()
        self._say_own()
        rows = self._found.evses if self._found is not None else ()
        sites = {row.site for row in rows} - {""}
        told = f"{self.window_now.name}, {count(len(sites), 'site')}" if sites else self.window_now.name
        self.title_changed.emit("", told if rows else "")

    def _choose_part(self) -> None:
        tab = self.tabs.value
        part: QWidget = {"rules": self.table, "drivers": self.sight_table, "excused": self.excused_table}[tab]
        if self._failure:
            self._empty.say("The past could not be read", self._failure)
            part = self._empty
        elif tab == "excused" and not self.excused.rows:
            self._empty.say(
                "Nothing is excused in this window",
                "What a rule may excuse stands here, with what proves it.",
            )
            part = self._empty
        elif (tab == "rules" and self._found is None) or (tab == "drivers" and self._sights is None):
            part = self._loading
        elif tab == "rules" and not self.model.rows:
            self._empty.say("Nothing to count", "No station was in service in this window.")
            part = self._empty
        elif tab == "drivers" and not self.sights.rows:
            self._empty.say("Nothing to show yet", "Sites stand here once their stations have told a status.")
            part = self._empty
        self._stack.setCurrentWidget(part)
        self.add.setVisible(tab == "excused")
        self.levels.setVisible(tab == "rules")
        self.detail.setVisible(tab == "rules" and self.width() >= px(WIDE))

    def _show_detail(self) -> None:
        key = self.table.current_key()
        self.detail.show_row(next((row for row in self.model.rows if row.key == key), None))

    def _say_own(self) -> None:
        self.own.setText(sights.own_words(self._found, self._fresh, self.zone))
        self.own.setVisible(bool(self.own.text()))

    def _tab_chosen(self) -> None:
        if self.tabs.value == "drivers" and self._sights is None:
            self._ask_sights()
        self._show()

    # -- deeds -------------------------------------------------------------------------------

    def _open(self, key: str | None) -> None:
        if not key:
            return
        if self.levels.value == "site" and not key.startswith("station:"):
            self._go_site(key)
        else:
            station = key.removeprefix("station:").rpartition("/")[0] or key.removeprefix("station:")
            self.workspace.go("stations/station", f"{station}#uptime")

    def _open_sight(self, key: tuple[str, str] | None) -> None:
        if key is not None:
            self._go_site(key[0])

    def _go_site(self, site: str) -> None:
        self.workspace.go("stations/list", f"site:{site}")

    def _open_excused(self, entry: str | None) -> None:
        one = next((one for one in self.excused.rows if one.entry == entry), None)
        if one is None:
            return
        if one.kind == "planned-work":
            self.workspace.go("faults/maintenance", "")
            return
        self._edit(one)

    def _edit(self, one: Exclusion | None) -> None:
        host = self.workspace.sheet_host
        if host is None:
            return
        site = self.table.current_key() or ""
        known = {view.site for view in self.picture.stations.values()}
        sheet = ExclusionSheet(host, self.workspace, one, site if site in known else "")
        sheet.finished.connect(lambda kept: self._ask() if kept else None)
        sheet.open()

    def _ask_file(self) -> None:
        ask_which(self.window(), "Statuses of another system", TABLES, self.check_file)

    def check_file(self, path: Path) -> CheckSheet:
        """Judge another system's statuses."""
        sheet = CheckSheet(self.workspace, path, self.window_now)
        sheet.open()
        sheet.judge()
        return sheet

    def export_view(self) -> None:
        ask_where(self.window(), "Export uptime", "uptime.csv", TABLE, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write what is shown, every EVSE by every view, as CSV."""
        if self._found is None:
            self.workspace.toast("The uptime of this window is still being read.")
            return
        words = self.field.text().casefold().split()
        rows = [r for r in self._found.evses if all(w in f"{r.site} {r.station}".casefold() for w in words)]
        self.workspace.bridge.work(
            export_table, rows, self._found.window, path,
            done=lambda lines: self.workspace.toast(f"Wrote {count(lines, 'line')} to {path.name}"),
            failed=self.workspace.toast,
        )  # fmt: skip

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._choose_part()
