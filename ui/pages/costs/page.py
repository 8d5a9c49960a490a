"""Hidden costs: the seven of a month in money, each opened down to its evidence, and what one asks next."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.analytics.costs.books import Book, Books
from app.analytics.costs.grouped import grouped, joined
from app.analytics.costs.ledger import Cost
from app.analytics.costs.periods import MONTH, group_of, months_in, period_of, stepped
from app.domain.status import Shown
from app.reports.cost_workbook import write_month
from ui.models.cost_actions import Action, actions, done_words, mark_done, unmark
from ui.models.cost_answers import evidence
from ui.models.cost_month import MonthView, month_view, note_of
from ui.models.cost_words import month_name
from ui.models.costs import at, events
from ui.pages.base import LivePage
from ui.pages.costs.answers import COSTS, TABS, Answers
from ui.pages.costs.choosing import Choosing
from ui.pages.costs.feed import CostFeed
from ui.pages.costs.opened import OpenedCost
from ui.pages.costs.reveal import ask_who
from ui.pages.costs.rows import CostRows
from ui.pages.costs.states import ComputingNotice, States
from ui.pages.costs.totals import Totals
from ui.pages.costs.voices import ask_voices
from ui.printing.files import write_table
from ui.shell.page import Hit, Workspace
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.file_asking import TABLE, ask_where
from ui.widgets.panel import Panel

LOW = 700
"""Below this height the answers stand behind the rows, as further tabs."""
MONTHS = 13
ANSWER = "answer:"


class CostsPage(LivePage):
    """Totals above; rows and answers at the left, the open cost at the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.books: Books | None = None
        self.view: MonthView | None = None
        self.choice = Choosing(self)
        self._read: dict[str, Book] = {}
        self._slice: tuple[str, str] = ("", "")
        self.feed = CostFeed(workspace, self)
        self.totals = Totals()
        self.rows = CostRows(workspace, self._currency)
        self.opened_cost = OpenedCost(workspace, self._currency)
        self.answers = Answers(workspace)
        self.notice = ComputingNotice()
        self._compact: bool | None = None
        self._lay_out()
        self._connect()
        self.every(1000, self._follow, ages=True)

    def opened(self, argument: str) -> None:
        if argument.startswith(ANSWER):
            self._ask_answer(argument.removeprefix(ANSWER))
        elif argument in set(Cost):
            self.rows.chosen = Cost(argument)
        self.feed.begin()
        self.ask()
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.feed.end()
        self.workspace.bridge.drop("costs/")

    def top_actions(self) -> Sequence[QWidget]:
        file = Button("Export", icon="download")
        file.clicked.connect(self.export_view)
        return (*self.choice.widgets(), file)

    def export_view(self) -> None:
        kinds = "Workbook (*.xlsx);;CSV (*.csv)"
        ask_where(self.window(), "Export costs", f"costs-{self.choice.period}.xlsx", kinds, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the month shown: XLSX whose sums are formulas over its evidence, or CSV."""
        self._with_evidence(lambda book: self._write(write_month, book, path))

    def _all_evidence(self) -> None:
        cost = self.rows.chosen
        if cost is not None:
            name = f"{cost.value}-{self.choice.period}.csv"
            ask_where(self.window(), "Export evidence", name, TABLE, self.evidence_to)

    def evidence_to(self, path: Path) -> None:
        """Write every line of the open cost."""
        view, cost, site = self.view, self.rows.chosen, self.choice.site
        if view is None or cost is None:
            return

        def write(book: Book) -> None:
            mine = [p for p in book.parts if p.cost is cost and (not site or p.site == site)]
            self._write(write_table, evidence(events(mine), self.zone, view.currency).table(), path)

        self._with_evidence(write)

    def _write(self, fn: Callable[..., int], what: Any, path: Path) -> None:
        toast = self.workspace.toast
        self.workspace.bridge.work(fn, what, path, done=lambda _: toast(f"Written to {path}"), failed=toast)

    def back(self) -> bool:
        if self._slice[0]:
            self._slice = ("", "")
            self._show_opened()
            return True
        if self.answers.wide and not self._compact:
            self._widen(False)
            return True
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("J K", "move over the costs"),
            ("Enter", "open the evidence"),
            ("Ctrl+E", "export the month"),
        )

    def hits(self, text: str) -> Sequence[Hit]:
        found = [
            Hit(words, group="Hidden costs", icon="coins", run=partial(self._ask_answer, key))
            for key, words in TABS
        ]
        return (
            *found,
            Hit("What did recovery save?", group="Hidden costs", icon="coins",
                run=lambda: self._ask_answer("saved")),
            Hit("What was issued? Issue the month", group="Hidden costs", icon="check",
                run=lambda: self._ask_answer("issued")),
            Hit("Import complaints, reviews and credits…", group="Hidden costs", icon="upload",
                run=lambda: ask_voices(self.workspace, self.window(), self._currency())),
            Hit("Open the assumptions", group="Hidden costs", icon="sliders-horizontal",
                route="settings/assumptions"),
        )  # fmt: skip

    def _lay_out(self) -> None:
        self._rows_panel = Panel()
        self._rows_panel.body_layout.addWidget(self.rows, 1)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._rows_panel, 66)
        left.addWidget(self.answers, 34)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(left, 63)
        row.addWidget(self.opened_cost, 37)
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.notice)
        column.addWidget(self.totals)
        column.addLayout(row, 1)
        self.states = States(self.workspace, work)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addWidget(self.states, 1)

    def _connect(self) -> None:
        self.rows.opened.connect(self._open_cost)
        self.rows.saved.connect(self.ask)
        self.opened_cost.saved.connect(self.ask)
        self.opened_cost.go_asked.connect(self._go)
        self.opened_cost.sliced.connect(self._narrow)
        self.opened_cost.done_asked.connect(self._mark_done)
        self.feed.marked.connect(self._show_opened)
        self.feed.warned.connect(self._show_opened)
        self.opened_cost.all_asked.connect(self._all_evidence)
        self.answers.go_asked.connect(self._go)
        self.answers.wide_asked.connect(self._widen)
        self.answers.tab_chosen.connect(self._tab)
        self.totals.asked.connect(self._ask_answer)
        self.choice.changed.connect(self._chosen)
        self.choice.sized.connect(self._sized)
        self.choice.nowhere.connect(self._nowhere)
        for source in (self.notice, self.states):
            source.again_asked.connect(self.ask)
        self.notice.cancel_asked.connect(self.feed.cancel)
        self.states.cancelled.connect(self.feed.cancel)
        self.states.newest_asked.connect(lambda: self.choice.choose(""))
        self.feed.changed.connect(lambda _periods: self.ask())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.height() < px(LOW))

    def _arrange(self, compact: bool) -> None:
        if compact == self._compact:
            return
        self._compact = compact
        self.answers.offer_costs(compact)
        self._tab(COSTS[0] if compact else self.answers.key)

    def _tab(self, key: str) -> None:
        """In a low window the rows are the first tab; else they always stand above."""
        on_rows = key == COSTS[0]
        if self._compact:
            self.answers.tabs.choose(key)
            if on_rows:
                self.answers.take_in(self.rows)
            self.answers.show_rows(on_rows)
            self._rows_panel.hide()
        else:
            self._rows_panel.body_layout.addWidget(self.rows, 1)
            self.rows.show()
            self.answers.show_rows(False)
            self._rows_panel.setVisible(not self.answers.wide)

    def _widen(self, wide: bool) -> None:
        self.answers.wide = wide
        self.answers.expand.setChecked(wide)
        self._rows_panel.setVisible(not wide)

    def ask(self) -> None:
        """Read the months as the cache has them; what is missing is computed meanwhile."""
        if self.books is None:
            self.states.show_loading()
        self.workspace.bridge.run(
            lambda room: room.costs.books(MONTHS), done=self._take, failed=self._failed, key="costs/books"
        )

    def _take(self, books: Books | None) -> None:
        if books is None:
            return
        self.books = books
        self._read = {b.period: b for b in books.months if any(p.lines for p in b.parts)}
        self._offer()

    def _offer(self) -> None:
        """Offer the periods of the size in force, and show the one chosen."""
        books, size = self.books, self.choice.size
        if books is not None:
            usual = group_of(period_of(self.now_ms(), self.zone), size)
            self.choice.offer(grouped(books, size), usual)
            self._show()

    def _sized(self) -> None:
        self._slice = ("", "")
        self._offer()

    def _failed(self, sentence: str) -> None:
        if self.books is None:
            self.choice.show_nothing()
            self.states.show_unread(sentence)
        else:
            text = f"{sentence} What is shown is from before."
            self.notice.say(Shown.FAULTED, "The costs could not be read anew", text, again=True)

    def _months(self, period: str) -> list[str]:
        """The months of a period that are known."""
        known = {one.period for one in self.books.months} if self.books is not None else set()
        return [one for one in months_in(period) if one in known]

    def _with_evidence(self, then: Any) -> None:
        """Call `then` with the month shown and all its evidence, read if need be."""
        period = self.choice.period
        months = self._months(period)
        left = [one for one in months if one not in self._read]
        if not left:
            books = [self._read[one] for one in months]
            if books:
                then(books[0] if books[0].period == period else joined(books, period))
            return
        month = left[0]

        def took(book: Book) -> None:
            self._read[month] = book
            if period == self.choice.period:
                self._with_evidence(then)

        self.workspace.bridge.run(
            lambda room: room.costs.month(month),
            done=took,
            failed=self.workspace.toast,
            key="costs/evidence",
        )

    def _currency(self) -> str:
        return self.view.currency if self.view is not None else self.choice.currency or "EUR"

    def _chosen(self) -> None:
        self._slice = ("", "")
        self._show()

    def _nowhere(self, period: str) -> None:
        self.workspace.toast(
            f"Nothing is known of {month_name(period)}." if period else "No month is known yet."
        )

    def _show(self) -> None:
        books, choice = self.books, self.choice
        if books is None:
            return
        earlier = self._read.get(stepped(choice.period, -1))
        periods = grouped(books, choice.size)
        self.view = month_view(
            periods,
            choice.period,
            self.zone,
            site=choice.site,
            currency=choice.currency,
            earlier=earlier,
            # The oldest quarter or year may lack months: nothing is compared with it.
            asked=MONTHS if choice.size == MONTH else len(periods.months) + len(periods.missing) + 1,
        )
        if self.view is None:
            if choice.period in periods.missing:
                self.states.show_loading()
            else:
                choice.show_nothing()
                self.states.show_nothing(newer=not choice.at_newest)
            return
        view = self.view
        self.states.show_content()
        choice.show_view(view)
        self.title_changed.emit("", view.period_words)
        self.totals.show_month(view, books, choice.site)
        self.rows.show_rows(view.rows, choice.period, view.months[-2][0] if view.before is not None else "")
        self._show_opened()
        self.answers.show_month(view, books, choice.site)
        self._follow()

    def _open_cost(self, cost: Cost) -> None:
        self._slice = ("", "")
        self._show_opened()

    def _narrow(self, kind: str, key: str) -> None:
        """Show only a cause's or a site's events; the same again shows all."""
        self._slice = ("", "") if self._slice == (kind, key) else (kind, key)
        self._show_opened()

    def _show_opened(self) -> None:
        if self.view is None or self.rows.chosen is None:
            return
        self._with_evidence(self._show_evidence)
        if not all(one in self._read for one in self._months(self.choice.period)):
            self._show_evidence(self.view.book)

    def _show_evidence(self, book: Book) -> None:
        view, cost, site = self.view, self.rows.chosen, self.choice.site
        if view is None or cost is None or book.period != view.book.period:
            return
        row = next(one for one in view.rows if one.cost is cost)
        parts = [part for part in at(book.parts, site=site, currency=view.currency) if part.cost is cost]
        kind, key = self._slice
        listed = [part for part in parts if not kind or str(getattr(part, kind)) == key]
        early = None
        if cost is Cost.MAINTENANCE:
            early = self.feed.early(view.book.start_ms, view.book.end_ms, self.now_ms(), site)
        note = note_of(cost, view.book, kind, key, site, early)
        # What an action saves is told a month: of a quarter or year, its newest whole month tells.
        read = [self._read[one] for one in reversed(self._months(book.period)) if one in self._read]
        month = book if self.choice.size == MONTH else next((one for one in read if one.over), book)
        lately = [part for part in at(month.parts, site=site, currency=view.currency) if part.cost is cost]
        found = actions(month, cost, lately, site, self.feed.done)
        did = (
            done_words(self.books, cost, self.feed.done, view.currency, self.zone, site) if self.books else ()
        )
        self.opened_cost.show_cost(row, parts, self.feed.held, found, self.zone, note, listed, did)

    def _mark_done(self, action: Action) -> None:
        """Keep that it was done; what it saves is told from then on."""
        workspace, again = self.workspace, self.feed.read_rates

        def undo() -> None:
            workspace.bridge.do(unmark(action), done=lambda _: again(), failed=workspace.toast)

        def kept(_: object) -> None:
            again()
            workspace.toast(f"Marked as done: {action.title}", undo)

        workspace.bridge.do(mark_done(action, self.now_ms()), done=kept, failed=workspace.toast)

    def _follow(self) -> None:
        """Tell how far computing is."""
        progress = self.feed.take()
        self.notice.follow(progress, self.books)
        if progress.running:
            done = round(progress.done * 100)
            self.states.loading.progress(done, 100, f"% of {month_name(progress.period)}")

    def _ask_answer(self, key: str) -> None:
        if key == Cost.CHURN.value:
            self.rows.choose(Cost.CHURN)
            return
        self._tab(key)
        self.answers.show_key(key)

    def _go(self, route: str, argument: str) -> None:
        if route == "driver":
            ask_who(self.workspace, argument)
        elif route == "costs":
            self._ask_answer(argument.removeprefix(ANSWER))
        else:
            self.workspace.go(route, argument)
