"""The panels of insights: what each shows of the answers of both sets, and its table."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from app.analytics.costs.assumptions import assumption_set
from app.analytics.costs.books import Books
from app.analytics.insights.peaks import site_peaks
from ui.models import insight_drivers as drivers_
from ui.models import insight_makes as makes_
from ui.models import insight_payback as payback_
from ui.models import insight_peaks as peaks_
from ui.models import insight_starts as starts_
from ui.models import insight_supply as supply_
from ui.models import insight_week as week_
from ui.models.cost_words import input_of
from ui.models.insight_choice import Compared, set_name
from ui.models.insight_starts import Table
from ui.pages.insights.asking import DRIVERS, FIRST, HOURS, MAKES, SECOND, STARTS, SUPPLY
from ui.pages.insights.drawn import Drawn
from ui.pages.insights.funnel import Funnel
from ui.pages.insights.heat import HeatMap
from ui.pages.insights.panels import QuestionPanel
from ui.pages.insights.paybacks import Paybacks
from ui.pages.insights.peaks import Peaks
from ui.pages.insights.scores import Scores
from ui.pages.insights.spreads import Spreads
from ui.pages.insights.supplies import Supplies
from ui.shell.page import Workspace

PAY, PEAKS = "pay", "peaks"
OF = {PAY: DRIVERS}
"""Whose answer a panel shows, where it is not its own question's: how long cars stay when full."""
BOOKED = (PAY, PEAKS)
"""What the months' ledgers tell."""
LATER = "Choose another period above."


class Board:
    """Shows what it was given; a panel waits until both sets of its question are there."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.funnel, self.heat, self.scores = Funnel(), HeatMap(), Scores()
        self.paybacks, self.spreads, self.peaks = Paybacks(), Spreads(), Peaks()
        self.supplies = Supplies()
        asked: tuple[tuple[str, str, str, Drawn], ...] = (
            (STARTS, "Where do starts get lost?", "start funnel, attempts", self.funnel),
            (HOURS, "When do drivers come, and when is it full?", "hour of week", self.heat),
            (MAKES, "Which make holds up?", "failures a connector-year", self.scores),
            (PAY, "Where would one more connector pay?", "pay-back, months", self.paybacks),
            (DRIVERS, "What do drivers do?", "share of sessions, %", self.spreads),
            (PEAKS, "What do peaks cost?", "highest quarter hour, kW", self.peaks),
            (SUPPLY, "How good is the power?", "energy, voltage and phases by site", self.supplies),
        )
        self.panels = {
            key: QuestionPanel(workspace, question, told, drawn) for key, question, told, drawn in asked
        }
        self.answers: dict[tuple[str, int], Any] = {}
        self.books: Books | None = None
        self.rates = assumption_set(())
        self.sets: Compared | None = None

    def take(self, question: str, which: int, answer: Any) -> None:
        """An answer is there: show what rests on it."""
        self.answers[question, which] = answer
        self.show(question)
        if question == STARTS:
            self.show(MAKES)
        if question == DRIVERS:
            self.show(PAY)

    def show(self, key: str) -> None:
        """Show a panel, if all it needs is there."""
        sets, question = self.sets, OF.get(key, key)
        if sets is None or (key in BOOKED and self.books is None):
            return
        if key == PEAKS:
            self._show_peaks(sets, *self._peaks(sets))
            return
        if (question, FIRST) not in self.answers or (question, SECOND) not in self.answers:
            return
        shows: Mapping[str, Callable[[Any, Any], None]] = {
            STARTS: self._show_starts, HOURS: self._show_hours, MAKES: self._show_makes,
            PAY: self._show_pay, DRIVERS: self._show_drivers, SUPPLY: self._show_supply,
        }  # fmt: skip
        shows[key](self.answers[question, FIRST], self.answers[question, SECOND])

    def _show_starts(self, first: Any, second: Any) -> None:
        panel = self.panels[STARTS]
        if not first.well.n:
            panel.show_empty("Nobody tried to charge in this time", LATER)
            return
        self.funnel.show_starts(first, second)
        panel.show_answer(starts_.answer(first, second))

    def _show_hours(self, first: Any, second: Any) -> None:
        panel = self.panels[HOURS]
        if not any(cell.starts for cell in first.cells):
            panel.show_empty("No session began in this time", LATER)
            return
        self.heat.show_hours(first, second)
        panel.show_answer(week_.answer(first, self._workspace.zone))

    def _show_makes(self, first: Any, second: Any) -> None:
        card = self.scores.show_makes(first, second, self.answers.get((STARTS, FIRST)))
        panel = self.panels[MAKES]
        if not card.rows:
            panel.show_empty("No station ran in this time", LATER)
            return
        panel.show_answer(makes_.answer(card))

    def _show_pay(self, first: Any, _second: Any) -> None:
        panel, sets, books = self.panels[PAY], self.sets, self.books
        if books is None or sets is None:
            return
        limit = float(self.rates.need("expansion.limit"))
        shown = payback_.shown_map(books, sets.first, sets.second, first.idle_by_site, limit)
        if shown is None or not shown.rows:
            panel.show_empty(
                "No site was used enough to tell" if shown is not None else "No month is known yet",
                "What one more connector would serve is told from a month of sessions.",
            )
            return
        panel.set_subtitle(_of_all("pay-back, months", sets))
        self.paybacks.show_map(shown, self._places())
        asked = input_of(shown.asked, shown.currency) if shown.asked else None
        known = asked if asked is not None and asked.kind else None
        panel.show_answer(payback_.answer(shown), known, shown.currency)

    def _show_drivers(self, first: Any, second: Any) -> None:
        panel = self.panels[DRIVERS]
        if not first.sessions:
            panel.show_empty("Nobody charged in this time", LATER)
            return
        self.spreads.show_behaviour(first, second)
        panel.show_answer(drivers_.answer(first))

    def _show_peaks(self, sets: Compared, first: Any, second: Any) -> None:
        panel = self.panels[PEAKS]
        if not first:
            panel.show_empty(
                "No peak is known of this time", "Peaks are told of sites by name, from a month of sessions."
            )
            return
        rate, currency = self.rates.get(peaks_.RATE), self._currency()
        rows = peaks_.rows(first, second, rate)
        panel.set_subtitle(_of_all("highest quarter hour, kW", sets))
        self.peaks.show_peaks(rows, currency)
        asked = input_of(peaks_.RATE, currency) if rate is None else None
        panel.show_answer(peaks_.answer(rows, rate, currency), asked, currency)

    def _show_supply(self, first: Any, second: Any) -> None:
        panel = self.panels[SUPPLY]
        if not first.sites:
            reading = first.read < 1
            panel.show_empty(
                "Meter values of this time are not read yet" if reading else "Nobody charged in this time",
                "They are read day by day in the background." if reading else LATER,
            )
            return
        self.supplies.show_supply(first, second)
        panel.show_answer(supply_.answer(first))

    def _peaks(self, sets: Compared) -> tuple[Any, Any]:
        """Peaks are of a site's supply: the same months of the same sites are nothing to compare with."""
        assert self.books is not None
        first = site_peaks(self.books, sets.first)
        second = None if sets.second is None else site_peaks(self.books, sets.second)
        return first, None if second == first else second

    def _places(self) -> dict[str, tuple[float, float]]:
        """Where sites lie: the middle of their stations."""
        found: dict[str, list[tuple[float, float]]] = {}
        for view in self._workspace.picture.stations.values():
            if view.site and view.latitude is not None and view.longitude is not None:
                found.setdefault(view.site, []).append((view.latitude, view.longitude))
        return {
            site: (sum(x for x, _ in at) / len(at), sum(y for _, y in at) / len(at))
            for site, at in found.items()
        }

    def _currency(self) -> str:
        months = self.books.months if self.books is not None else ()
        return months[-1].currency if months else "EUR"

    def table(self, key: str, zone: ZoneInfo) -> Table:
        """A question's raw figures of both sets."""
        sets = self.sets
        if sets is None:
            return []
        named = [(set_name(sets.first_words, sets.first, zone), FIRST, sets.first)]
        if sets.second is not None:
            named.append((set_name(sets.second_words, sets.second, zone), SECOND, sets.second))
        books = self.books
        if key == PAY:
            found = ((name, payback_.book_of(books, c)) for name, _, c in named if books is not None)
            return payback_.table([(name, book) for name, book in found if book is not None])
        if key == PEAKS:
            return peaks_.table(
                [(name, site_peaks(books, c)) for name, _, c in named if books is not None]
            )  # fmt: skip
        mine = [(name, self.answers.get((key, which))) for name, which, _ in named]
        known: list[tuple[str, Any]] = [(name, one) for name, one in mine if one is not None]
        if key == MAKES:
            return makes_.table(known, self.answers.get((STARTS, FIRST)))
        tables: dict[str, Callable[[Any], Table]] = {
            STARTS: starts_.table, HOURS: week_.table, DRIVERS: drivers_.table, SUPPLY: supply_.table
        }  # fmt: skip
        return tables[key](known)


def _of_all(words: str, sets: Compared) -> str:
    """A subtitle that says where models make no difference."""
    return f"{words}, of all models" if sets.first.vendor or sets.first.model else words
