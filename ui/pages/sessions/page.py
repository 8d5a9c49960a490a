"""Sessions, the list: filters, pages of it as one scrolls, totals of the whole filter, one session beside."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.analytics import questions
from app.analytics.results import SessionDetail, SessionLine, SessionOrder
from app.analytics.results import SessionsPage as Answer
from app.analytics.written_prices import written_prices
from app.domain.prices import Prices
from app.domain.status import Shown
from ui.models.row_model import RowModel
from ui.models.session_list import Segment, Wanted, columns, question
from ui.pages.base import LivePage
from ui.pages.sessions.detail import SessionPanel
from ui.pages.sessions.export import export_sessions
from ui.pages.sessions.filters import SessionFilters
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count, energy_text, number
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.connect_first import ConnectFirst
from ui.widgets.file_asking import ask_where
from ui.widgets.labels import Label
from ui.widgets.notices import Banner, EmptyState, LoadingBlocks
from ui.widgets.panel import Panel, Rule
from ui.widgets.row_table import RowTable

PAGE = 200
AGAIN_MS = 5_000
MOST_AGAIN = 1_000
WIDE = 1240


class SessionsPage(LivePage):
    """The table with its panel."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._prices: Prices | None = None
        self.filters = SessionFilters()
        self.model: RowModel[SessionLine] = RowModel(
            columns(lambda: workspace.zone, self.now_ms, lambda: self._prices),
            lambda line: int(line.session.session),
            self,
        )
        self.table = RowTable(self.model, "Sessions")
        self.panel = SessionPanel(workspace)
        self._cursor: tuple[Any, int] | None = None
        self._order = SessionOrder()
        self._total = 0
        self._fetching = False
        self._wanted_session: int | None = None
        self._shown_text = Label("", "small", "text3")
        self._sums = Label("", "small", "text2", right=True)
        self._sums.setToolTip("All that these sessions took, also before or after the days chosen.")
        self._failure = Banner(Shown.FAULTED, "", parent=self)
        self._failure.hide()
        self._lay_out()
        self._connect()
        self.every(AGAIN_MS, self._again, ages=True)
        self.every(1000, self._offer)

    def opened(self, argument: str) -> None:
        if argument.isdigit():
            self._wanted_session = int(argument)
            self.filters.show_session(argument)
        elif argument:
            self.filters.show_station(argument)
        self.workspace.bridge.query(
            "sessions/prices", written_prices, self.zone, done=self._take_prices, failed=self.workspace.toast
        )
        self._ask()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self._fetching = False
        self.workspace.bridge.drop("sessions/")

    def top_actions(self) -> Sequence[QWidget]:
        csv, xlsx = Button("Export CSV", icon="download"), Button("Export XLSX", "quiet", "table")
        csv.clicked.connect(self.export_view)
        xlsx.clicked.connect(lambda: self._export("xlsx"))
        return (xlsx, csv)

    def focus_filter(self) -> None:
        self.filters.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.field.selectAll()

    def export_view(self) -> None:
        self._export("csv")

    def back(self) -> bool:
        if self.panel.isVisible() and self.panel.session is not None:
            self._close_panel()
            return True
        if self.filters.wanted != Wanted():
            self.filters.clear()
            return True
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("J K", "move"), ("Enter", "open the session"), ("/", "filter"), ("Ctrl+E", "export CSV"))

    def hits(self, text: str) -> Sequence[Hit]:
        return (
            Hit("Export these sessions as CSV…", group="Sessions", icon="download", run=self.export_view),
            Hit(
                "Export these sessions as XLSX…",
                group="Sessions",
                icon="table",
                run=lambda: self._export("xlsx"),
            ),
        )

    def _lay_out(self) -> None:
        clear = Button("Show all of today")
        clear.clicked.connect(self.filters.clear)
        self._empty = EmptyState("receipt-text", "No session fits these filters", buttons=(clear,))
        again = Button("Try again", "primary", "refresh-cw")
        again.clicked.connect(self._ask)
        self._unread = EmptyState("database", "The sessions could not be read", buttons=(again,))
        self._first = ConnectFirst(self.workspace, "No session yet")
        self._loading = LoadingBlocks()
        self._loading.cancelled.connect(self._cancel)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        for widget in (self._loading, self.table, self._empty, self._unread, self._first):
            self._stack.addWidget(widget)
        left = Panel()
        left.body_layout.addWidget(holder, 1)
        left.body_layout.addWidget(Rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 9, 12, 9)
        foot.addWidget(self._shown_text, 1)
        foot.addWidget(self._sums, 1)
        left.body_layout.addLayout(foot)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(left, 1)
        row.addWidget(self.panel)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(12)
        whole.addWidget(self.filters)
        whole.addWidget(self._failure)
        whole.addLayout(row, 1)
        self.panel.hide()
        self.table.show_sort(self._order.by, self._order.descending)

    def _connect(self) -> None:
        self.filters.changed.connect(self._ask)
        self.table.moved.connect(self._moved)
        self.table.sort_asked.connect(self._sort_by)
        self.table.opened.connect(self._show_session)
        self.table.clicked.connect(lambda index: self._show_session(self.model.key_at(index.row())))
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.panel.close_asked.connect(self._close_panel)
        self.panel.step_asked.connect(self.table.step)
        self.panel.changed.connect(self._again)

    def _offer(self) -> None:
        self.filters.offer(self.picture.stations.values())

    def _sort_by(self, key: str, descending: bool) -> None:
        self._order = SessionOrder(key, descending)
        self.table.show_sort(key, descending)
        self._ask()

    def _ask(self) -> None:
        """Ask for the first page of another filter or order."""
        self._fetching = True
        self._order = replace(self._order, now_ms=self.now_ms())
        self._loading.start()
        self._stack.setCurrentWidget(self._loading)
        self._query("sessions/first", None, PAGE, self._take_first)

    def _again(self) -> None:
        """Bring what is shown up to date, without moving it."""
        if self._fetching or not self.isVisible():
            return
        known = len(self.model.rows)
        if 0 < known <= MOST_AGAIN or not known:
            self._query("sessions/again", None, max(PAGE, known), self._take_again)

    def _take_prices(self, prices: Prices) -> None:
        self._prices = prices
        self.model.refresh()
        self.panel.show_prices(prices)

    def _query(self, key: str, cursor: tuple[Any, int] | None, limit: int, done: Any) -> None:
        wanted = question(self.filters.wanted, self.now_ms(), self.zone)
        self.workspace.bridge.query(
            key, questions.sessions_page, wanted, cursor, limit, self._order, done=done, failed=self._failed
        )

    def _take_first(self, page: Answer) -> None:
        self._fetching = False
        self._loading.stop()
        self.model.show(page.rows)
        self.table.scrollToTop()
        self._take_totals(page, len(page.rows))
        if self._wanted_session is not None:
            number, self._wanted_session = self._wanted_session, None
            if not self.table.go_to(number):
                self._show_session(number)

    def _take_again(self, page: Answer) -> None:
        if self._fetching:
            return
        self.model.show(page.rows)
        self.model.refresh()
        self._take_totals(page, len(page.rows))
        if self.panel.session is not None and self.panel.isVisible():
            self._ask_session(self.panel.session)

    def _take_more(self, page: Answer) -> None:
        self._fetching = False
        self.model.append(page.rows, keep=1_000_000)
        self._take_totals(page, len(self.model.rows))

    def _take_totals(self, page: Answer, shown: int) -> None:
        self._failure.hide()
        self._cursor, self._total = page.cursor, page.total
        if shown:
            self._stack.setCurrentWidget(self.table)
        else:
            nothing_at_all = not self.picture.stations
            if nothing_at_all:
                self._first.show_server(self.picture.server, self.now_ms())
            self._stack.setCurrentWidget(self._first if nothing_at_all else self._empty)
        more = ", scroll for more" if page.cursor is not None else ""
        self._shown_text.setText(f"{number(shown)} of {count(page.total, 'session')} shown{more}")
        unproven = f" · {count(page.unproven, 'session')} without proved energy" if page.unproven else ""
        self._sums.setText(f"Energy {energy_text(page.energy_wh)}{unproven}")
        segment = self.filters.wanted.segment
        self.filters.segments.set_text(segment.name, f"{segment.value} {number(page.total)}")
        for other in Segment:
            if other is not segment:
                self.filters.segments.set_text(other.name, other.value)

    def _failed(self, sentence: str) -> None:
        """Rows that are there stay, with the cause above; without any it stands in their place."""
        self._fetching = False
        self._loading.stop()
        self._failure.show_notice(Shown.FAULTED, "The sessions could not be read", sentence)
        self._failure.setVisible(bool(self.model.rows))
        self._unread.say("The sessions could not be read", sentence)
        self._stack.setCurrentWidget(self.table if self.model.rows else self._unread)

    def _cancel(self) -> None:
        self.workspace.bridge.drop("sessions/")
        self._failed("Reading was cancelled.")

    def _scrolled(self, value: int) -> None:
        bar = self.table.verticalScrollBar()
        near = value >= bar.maximum() - self.table.viewport().height()
        if near and self._cursor is not None and not self._fetching:
            self._fetching = True
            self._query("sessions/more", self._cursor, PAGE, self._take_more)

    def _moved(self, number: int | None) -> None:
        if number is not None and (self.panel.isVisible() or self.width() >= px(WIDE)):
            self._show_session(number)

    def _show_session(self, number: int | None) -> None:
        if number is None:
            return
        self.panel.expect(number)
        self.panel.show()
        self._ask_session(number)

    def _ask_session(self, number: int) -> None:
        self.workspace.bridge.query(
            "sessions/detail",
            questions.session_detail,
            number,
            done=lambda detail: self._take_detail(number, detail),
            failed=self.panel.show_failure,
        )

    def _take_detail(self, number: int, detail: SessionDetail | None) -> None:
        if detail is None:
            self.panel.show_failure(f"There is no session {number}.")
        else:
            self.panel.show_detail(detail)

    def _close_panel(self) -> None:
        self.panel.leave()
        self.panel.hide()
        self.table.clearSelection()
        self.table.setFocus()

    def _export(self, form: str) -> None:
        ask_where(
            self.window(), "Export sessions", f"sessions.{form}", f"*.{form}",
            lambda path: self.export_to(path, form),
        )  # fmt: skip

    def export_to(self, path: Path, form: str) -> None:
        """Write all sessions of the filter, not only those in view."""
        wanted = question(self.filters.wanted, self.now_ms(), self.zone)
        self.workspace.toast(f"Writing {path.name}…")
        self.workspace.bridge.query(
            "export sessions",
            export_sessions,
            wanted,
            path,
            form,
            done=lambda written: self.workspace.toast(f"{count(written, 'session')} written to {path}"),
            failed=self.workspace.toast,
        )
