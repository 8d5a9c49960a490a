"""Insights: what an owner asks of the past. Each panel asks, answers in one line, then shows the evidence."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.analytics.costs.assumptions import assumption_set
from app.analytics.costs.books import Books
from app.analytics.costs.kept import rates_of
from app.analytics.insights.answers import Offered
from ui.models import insight_drivers as drivers_
from ui.models import insight_makes as makes_
from ui.models import insight_payback as payback_
from ui.models import insight_peaks as peaks_
from ui.models import insight_starts as starts_
from ui.models import insight_week as week_
from ui.models.cost_words import input_of
from ui.models.insight_choice import Compared, compared, set_name
from ui.models.insight_starts import Table
from ui.pages.base import LivePage
from ui.pages.insights.asking import (
    DRIVERS,
    FIRST,
    HOURS,
    MAKES,
    PEAKS,
    SECOND,
    STARTS,
    Questions,
)
from ui.pages.insights.bar import CompareBar
from ui.pages.insights.funnel import Funnel
from ui.pages.insights.heat import HeatMap
from ui.pages.insights.panels import QuestionPanel
from ui.pages.insights.paybacks import Paybacks
from ui.pages.insights.peaks import Peaks
from ui.pages.insights.scores import Scores
from ui.pages.insights.spreads import Spreads
from ui.printing.files import write_picture, write_table
from ui.shell.page import Hit, Workspace
from ui.theme.formats import zone_text
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.connect_first import ConnectFirst
from ui.widgets.file_asking import ask_where
from ui.widgets.notices import EmptyState

LEAST_PX = 336
"""A panel is never lower than this; the page scrolls instead."""
PAY = "pay"
MONTHS = 13
OF = {PAY: DRIVERS}
"""Whose answer a panel shows, where it is not its own question's: how long cars stay when full."""


class InsightsPage(LivePage):
    """The compare bar above six questions."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.bar = CompareBar()
        self.questions = Questions(workspace)
        self.funnel, self.heat, self.scores = Funnel(), HeatMap(), Scores()
        self.paybacks, self.spreads, self.peaks = Paybacks(), Spreads(), Peaks()
        self.panels = {
            STARTS: QuestionPanel(workspace, "Where do starts get lost?", "start funnel", self.funnel),
            HOURS: QuestionPanel(
                workspace, "When do drivers come, and when is it full?", "hour of week", self.heat
            ),
            MAKES: QuestionPanel(
                workspace, "Which make holds up?", "maker, model and firmware", self.scores
            ),
            PAY: QuestionPanel(
                workspace, "Where would one more connector pay?", "pay-back", self.paybacks
            ),
            DRIVERS: QuestionPanel(workspace, "What do drivers do?", "share of sessions", self.spreads),
            PEAKS: QuestionPanel(workspace, "What do peaks cost?", "highest quarter hour", self.peaks),
        }  # fmt: skip
        self.there: Offered | None = None
        self.sets: Compared | None = None
        self._answers: dict[tuple[str, int], Any] = {}
        self._books: Books | None = None
        self._rates = assumption_set(())
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
        for n, panel in enumerate(self.panels.values()):
            self._grid.addWidget(panel, n // 2, n % 2)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
        self._area = QScrollArea()
        self._area.setWidget(inside)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
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
        for row in range(3):
            self._grid.setRowMinimumHeight(row, max(px(LEAST_PX), room))

    def _connect(self) -> None:
        self.bar.changed.connect(self.ask)
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
        self.sets = compared(self.bar.picked, self.there, hour, self.zone)
        self._answers.clear()
        for panel in self.panels.values():
            panel.show_loading()
        for key in self.panels:
            if key not in OF:
                self._ask_one(key)

    def _ask_one(self, key: str) -> None:
        sets = self.sets
        if sets is None:
            return
        question = OF.get(key, key)
        # The second goes first: where there is none, the first one's answer completes the pair.
        for which, chosen in ((SECOND, sets.second), (FIRST, sets.first)):
            if chosen is None:
                self._answers[question, which] = None
                continue
            took, failed = partial(self._take, sets, question, which), partial(self._failed, sets, question)
            self.questions.ask(question, which, chosen, took, failed)

    def _take(self, sets: Compared, question: str, which: int, answer: Any) -> None:
        if sets is self.sets:
            self._answers[question, which] = answer
            self._show(question)
            if question == STARTS:
                self._show(MAKES)
            if question == DRIVERS:
                self._show(PAY)

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
        if key == PAY:
            self._ask_books()
        self._ask_one(key)

    def _ask_books(self) -> None:
        self.workspace.bridge.run(
            lambda room: room.costs.books(MONTHS), done=self._take_books,
            failed=self.panels[PAY].show_error, key="costs/books",
        )  # fmt: skip

    def _take_books(self, books: Books | None) -> None:
        self._books = books
        self._show(PAY)

    def _take_rates(self, held: Any) -> None:
        self._rates = held
        self._show(PAY)
        self._show(PEAKS)

    def _saved_input(self) -> None:
        self.workspace.bridge.query("insights/rates", rates_of, done=self._take_rates)
        self._ask_books()

    # -- showing -----------------------------------------------------------------------------

    def _both(self, question: str) -> tuple[Any, Any] | None:
        """The answers of both sets; None until both are there."""
        if (question, FIRST) not in self._answers or (question, SECOND) not in self._answers:
            return None
        return self._answers[question, FIRST], self._answers[question, SECOND]

    def _show(self, key: str) -> None:
        found = self._both(OF.get(key, key))
        if found is None or self.sets is None:
            return
        shows: dict[str, Callable[[Any, Any], None]] = {
            STARTS: self._show_starts, HOURS: self._show_hours, MAKES: self._show_makes,
            PAY: self._show_pay, DRIVERS: self._show_drivers, PEAKS: self._show_peaks,
        }  # fmt: skip
        shows[key](*found)

    def _show_starts(self, first: Any, second: Any) -> None:
        panel = self.panels[STARTS]
        if not first.well.n:
            panel.show_empty("Nobody tried to charge in this time", "Choose another period above.")
            return
        self.funnel.show_starts(first, second)
        panel.show_answer(starts_.answer(first, second))

    def _show_hours(self, first: Any, second: Any) -> None:
        panel = self.panels[HOURS]
        if not any(cell.starts for cell in first.cells):
            panel.show_empty("No session began in this time", "Choose another period above.")
            return
        self.heat.show_hours(first, second)
        panel.show_answer(week_.answer(first, self.zone))

    def _show_makes(self, first: Any, second: Any) -> None:
        card = self.scores.show_makes(first, second, self._answers.get((STARTS, FIRST)))
        panel = self.panels[MAKES]
        if not card.rows:
            panel.show_empty("No maker or model is known", "Stations tell them when they connect.")
            return
        panel.show_answer(makes_.answer(card))

    def _show_pay(self, first: Any, _second: Any) -> None:
        panel, sets, books = self.panels[PAY], self.sets, self._books
        if books is None or sets is None:
            return
        limit = float(self._rates.need("expansion.limit"))
        shown = payback_.shown_map(books, sets.first, sets.second, first.idle_by_site, limit)
        if shown is None or not shown.rows:
            panel.show_empty(
                "No site was used enough to tell" if shown is not None else "No month is known yet",
                "What one more connector would serve is told from a month of sessions.",
            )
            return
        panel.set_subtitle("pay-back, of all models" if sets.first.vendor or sets.first.model else "pay-back")
        self.paybacks.show_map(shown)
        asked = input_of(shown.asked, shown.currency) if shown.asked else None
        known = asked if asked is not None and asked.kind else None
        panel.show_answer(payback_.answer(shown), known, shown.currency)

    def _show_drivers(self, first: Any, second: Any) -> None:
        panel = self.panels[DRIVERS]
        if not first.sessions:
            panel.show_empty("Nobody charged in this time", "Choose another period above.")
            return
        self.spreads.show_behaviour(first, second)
        panel.show_answer(drivers_.answer(first))

    def _show_peaks(self, first: Any, second: Any) -> None:
        panel = self.panels[PEAKS]
        if not first:
            panel.show_empty("Nobody charged in this time", "Choose another period above.")
            return
        rate, currency = self._rates.get(peaks_.RATE), self._currency()
        rows = peaks_.rows(first, second, rate)
        self.peaks.show_peaks(rows, currency)
        asked = input_of(peaks_.RATE, currency) if rate is None else None
        panel.show_answer(peaks_.answer(rows, rate, currency), asked, currency)

    def _currency(self) -> str:
        months = self._books.months if self._books is not None else ()
        return months[-1].currency if months else "EUR"

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
        sets = self.sets
        if sets is None:
            return []
        named = [(set_name(sets.first_words, sets.first, self.zone), FIRST, sets.first)]
        if sets.second is not None:
            named.append((set_name(sets.second_words, sets.second, self.zone), SECOND, sets.second))
        if key == PAY:
            found = ((name, payback_.book_of(self._books, c)) for name, _, c in named if self._books)
            return payback_.table([(name, book) for name, book in found if book is not None])
        mine = [(name, self._answers.get((key, which))) for name, which, _ in named]
        known: list[tuple[str, Any]] = [(name, one) for name, one in mine if one is not None]
        if key == MAKES:
            return makes_.table(known, self._answers.get((STARTS, FIRST)))
        tables: dict[str, Callable[[Any], Table]] = {
            STARTS: starts_.table, HOURS: week_.table, DRIVERS: drivers_.table, PEAKS: peaks_.table
        }  # fmt: skip
        return tables[key](known)
