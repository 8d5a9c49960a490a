"""Insights: what an owner asks of the past. Each panel asks, answers in one line, then shows the evidence."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.analytics.costs.books import Books
from app.analytics.costs.kept import rates_of
from app.analytics.insights.answers import Offered
from ui.models.insight_choice import Compared, compared
from ui.models.insight_starts import Table
from ui.pages.base import LivePage
from ui.pages.insights.asking import FIRST, SECOND, STARTS, Questions
from ui.pages.insights.bar import CompareBar
from ui.pages.insights.board import BOOKED, OF, PAY, PEAKS, Board
from ui.pages.insights.days_sheet import DaysSheet
from ui.printing.files import write_picture, write_table
from ui.shell.page import Hit, Workspace
from ui.theme.formats import zone_text
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.connect_first import ConnectFirst
from ui.widgets.file_asking import ask_where
from ui.widgets.notices import EmptyState
from ui.widgets.scrolling import scrolled

LEAST_PX = 336
"""A panel is never lower than this; the page scrolls instead."""
MONTHS = 13


class InsightsPage(LivePage):
    """The compare bar above seven questions."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.bar = CompareBar()
        self.questions = Questions(workspace)
        self.board = Board(workspace)
        self.panels = self.board.panels
        self.there: Offered | None = None
        self.sets: Compared | None = None
        self._lay_out()
        self._connect()

    def opened(self, argument: str) -> None:
        self.questions.offered(self._take_offered, self._not_offered)
        self.workspace.bridge.query("insights/rates", rates_of, done=self._take_rates)
        self._ask_books()
        panel = self.panels.get(argument)
        if panel is not None:
            self._area.ensureWidgetVisible(panel)
            panel.evidence.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.questions.drop()

    def hits(self, text: str) -> Sequence[Hit]:
        return tuple(
            Hit(panel.question, group="Insights", icon="chart-column", route="reports/insights", argument=key)
            for key, panel in self.panels.items()
        )

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("← → ↑ ↓", "move over the evidence"), ("Ctrl+E", "save the question in hand as CSV"))

    # -- layout ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        *pairs, last = self.panels.values()
        for n, panel in enumerate(pairs):
            self._grid.addWidget(panel, n // 2, n % 2)
        self._grid.addWidget(last, len(pairs) // 2, 0, 1, 2)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
        self._area = scrolled(inside)
        content = QWidget()
        column_of = QVBoxLayout(content)
        column_of.setContentsMargins(0, 0, 0, 0)
        column_of.setSpacing(12)
        column_of.addWidget(self.bar)
        column_of.addWidget(self._area, 1)
        self._content = content
        self._first = ConnectFirst(self.workspace, "Nothing can be asked of the past yet")
        again = Button("Try again", "primary", "refresh-cw")
        again.clicked.connect(lambda: self.opened(""))
        self._unread = EmptyState("database", "History could not be read", buttons=(again,))
        self._stack = QStackedLayout()
        for part in (content, self._first, self._unread):
            self._stack.addWidget(part)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addLayout(self._stack, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = (self.height() - 24 - self.bar.sizeHint().height() - 24) // 2
        for row in range(4):
            self._grid.setRowMinimumHeight(row, max(px(LEAST_PX), room))

    def _connect(self) -> None:
        self.bar.changed.connect(self.ask)
        self.bar.other_asked.connect(self._other_days)
        for key, panel in self.panels.items():
            panel.asked_png.connect(partial(self._save, key, "png"))
            panel.asked_csv.connect(partial(self._save, key, "csv"))
            panel.again_asked.connect(partial(self._again, key))
            panel.cancelled.connect(partial(self._stop, key))
            panel.saved.connect(self._saved_input)

    # -- asking ------------------------------------------------------------------------------

    def _take_offered(self, there: Offered) -> None:
        self.there = there
        if not there.stations and not self.workspace.picture.stations:
            self._first.show_server(self.workspace.picture.server, self.now_ms())
            self._stack.setCurrentWidget(self._first)
            return
        self._stack.setCurrentWidget(self._content)
        self.bar.offer(there, self.now_ms(), self.zone)
        self.ask()

    def _not_offered(self, sentence: str) -> None:
        if self.there is None:
            self._unread.say("History could not be read", sentence)
            self._stack.setCurrentWidget(self._unread)
        else:
            self.workspace.toast(sentence)

    def ask(self) -> None:
        """Ask every question of what the bar says."""
        if self.there is None:
            return
        hour = self.now_ms() // 3_600_000 * 3_600_000
        self.sets = self.board.sets = compared(self.bar.picked, self.there, hour, self.zone)
        self.board.answers.clear()
        for panel in self.panels.values():
            panel.show_loading()
        for key in self.panels:
            if key not in OF and key not in BOOKED:
                self._ask_one(key)
        self.board.show(PEAKS)

    def _ask_one(self, key: str) -> None:
        sets = self.sets
        if sets is None:
            return
        question = OF.get(key, key)
        # The second goes first: where there is none, the first one's answer completes the pair.
        for which, chosen in ((SECOND, sets.second), (FIRST, sets.first)):
            if chosen is None:
                self.board.answers[question, which] = None
                continue
            took, failed = partial(self._take, sets, question, which), partial(self._failed, sets, question)
            self.questions.ask(question, which, chosen, took, failed)

    def _take(self, sets: Compared, question: str, which: int, answer: Any) -> None:
        if sets is self.sets:
            self.board.take(question, which, answer)

    def _failed(self, sets: Compared, question: str, sentence: str) -> None:
        if sets is self.sets:
            for key in (question, *(one for one, of in OF.items() if of == question)):
                self.panels[key].show_error(sentence)

    def _stop(self, key: str) -> None:
        """Ask no more for what takes long; the others go on."""
        if self.sets is not None:
            self.questions.drop(OF.get(key, key))
            self._failed(self.sets, OF.get(key, key), "Reading was stopped. A shorter period is faster.")

    def _again(self, key: str) -> None:
        self.panels[key].show_loading()
        if key in BOOKED:
            self._ask_books()
        if key != PEAKS:
            self._ask_one(key)

    def _ask_books(self) -> None:
        self.workspace.bridge.run(
            lambda room: room.costs.books(MONTHS), done=self._take_books, failed=self._no_books,
            key="costs/books",
        )  # fmt: skip

    def _take_books(self, books: Books | None) -> None:
        self.board.books = books
        self._show_booked()

    def _no_books(self, sentence: str) -> None:
        for key in BOOKED:
            self.panels[key].show_error(sentence)

    def _take_rates(self, held: Any) -> None:
        self.board.rates = held
        self._show_booked()

    def _show_booked(self) -> None:
        self.board.show(PAY)
        self.board.show(PEAKS)

    def _saved_input(self) -> None:
        self.workspace.bridge.query("insights/rates", rates_of, done=self._take_rates)
        self._ask_books()

    def _other_days(self) -> None:
        """Let any two periods be named."""
        sheet = DaysSheet(self.workspace.sheet_host or self.window(), *self.bar.days())
        sheet.finished.connect(lambda days: self.bar.take_days(*days) if days else None)
        sheet.open()

    # -- files -------------------------------------------------------------------------------

    def export_view(self) -> None:
        focused = next((k for k, p in self.panels.items() if p.isAncestorOf(self.focusWidget() or p)), None)
        key = focused or STARTS
        if self.panels[key].csv.isEnabled():
            self._save(key, "csv")

    def _save(self, key: str, kind: str) -> None:
        ask_where(
            self.window(), f"Save as {kind.upper()}", f"insight-{key}.{kind}", f"{kind.upper()} (*.{kind})",
            partial(self.save_to, key),
        )  # fmt: skip

    def save_to(self, key: str, path: Path) -> None:
        """Write a question's picture (.png) or raw figures (.csv)."""
        toast = self.workspace.toast
        picture = path.suffix == ".png"
        self.workspace.bridge.work(
            write_picture if picture else write_table,
            self.panels[key].picture(self._lines()) if picture else self.table(key),
            path,
            done=lambda _: toast(f"Written to {path}"),
            failed=toast,
        )

    def _lines(self) -> tuple[str, ...]:
        """What stands in a picture besides question and answer: the sets, the zone, whether it is a demo."""
        sets = self.sets
        if sets is None:
            return ()
        words = sets.first_words + (f", against (dashed) {sets.second_words}" if sets.second_words else "")
        demo = " · Demo data" if self.workspace.picture.server.demo else ""
        return (words, f"{sets.told} · {self.zone.key}, {zone_text(self.now_ms(), self.zone)}{demo}")

    def table(self, key: str) -> Table:
        """A question's raw figures of both sets."""
        return self.board.table(key, self.zone)
