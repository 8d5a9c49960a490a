"""The month at a glance: the total, how much of it is known in which way, what stands beside it, what was
avoided; below it what kind of euros they are and what was counted only once."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.analytics.costs.books import Books
from app.analytics.costs.ledger import OUTSIDE_TOTAL, Confidence, Cost, Nature, rounded
from app.analytics.costs.questions import avoided
from ui.models.cost_month import MonthView
from ui.models.cost_words import KNOWN, NATURES, euro, month_name
from ui.models.costs import ZERO, Shares, amount_of, natures_of, shares_of
from ui.theme.formats import UNKNOWN
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.confidence import paint_known
from ui.widgets.kpi import KpiCell, KpiStrip
from ui.widgets.labels import Label
from ui.widgets.painting import draw_text


class KnownCell(KpiCell):
    """A sum of one way of knowing, with its pattern before the title."""

    def __init__(self, how: Confidence) -> None:
        self.how = how
        super().__init__(KNOWN[how][0], 11)

    def _head(self, painter: QPainter, left: float, wide: float) -> None:
        paint_known(painter, QRectF(left, px(8) + px(5), px(14), px(9)), self.how)
        draw_text(
            painter, QRectF(left + px(20), px(8), wide, px(18)), self.title, "small", "text2", weight=500
        )


class Totals(QWidget):
    """The strip and the line below it. Each cell asks for the answer behind it by its key."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.whole = KpiCell("All but churn", 15)
        self.known = {how: KnownCell(how) for how in Confidence}
        self.future = KpiCell("Future margin, beside it", 12)
        self.avoided = KpiCell("Avoided by recovery", 12)
        self.strip = KpiStrip([self.whole, *self.known.values(), self.future, self.avoided])
        self.kinds = {nature: Label("", "small", "text2") for nature in Nature}
        self.bank = Button("Which euros left the bank", "link")
        self.moved = Button("", "link")
        self.issued = Button("Statements", "link")
        line = QHBoxLayout()
        line.setContentsMargins(4, 0, 4, 0)
        line.setSpacing(16)
        for label in self.kinds.values():
            line.addWidget(label)
        line.addWidget(self.bank)
        line.addStretch(1)
        line.addWidget(self.issued)
        line.addWidget(self.moved)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.strip)
        column.addLayout(line)
        for cell, key in (
            (self.whole, "months"), (self.future, "churn"), (self.avoided, "saved"),
            *((cell, "sensitivity") for cell in self.known.values()),
        ):  # fmt: skip
            cell.clicked.connect(lambda key=key: self.asked.emit(key))
        self.bank.clicked.connect(lambda: self.asked.emit("bank"))
        self.moved.clicked.connect(lambda: self.asked.emit("moved"))
        self.issued.clicked.connect(lambda: self.asked.emit("issued"))

    def show_month(self, view: MonthView, books: Books, site: str) -> None:
        """Show a month at a place, "" being all."""
        inside = [part for part in view.parts if part.cost not in OUTSIDE_TOTAL]
        month = month_name(view.book.period, year=False)
        so_far = "" if view.book.over else " so far"
        self.whole.title = f"{month}{so_far}, six costs" if not site else f"{month}{so_far}, {site}"
        self.whole.show_value(euro(amount_of(inside), view.currency), "", [(None, view.total_note)])
        self._show_known(shares_of(inside), view.currency)
        self._show_beside(view, books)
        for nature, amount in natures_of(view.parts):
            self.kinds[nature].setText(f"{NATURES[nature]} {euro(amount, view.currency)}")
        moved = len(view.book.moved)
        told = f"{moved} asked for by two costs" if moved else "nothing was asked for twice"
        self.moved.set_text(f"Counted once: {told}")

    def _show_known(self, shares: Shares, currency: str) -> None:
        """The three subtotals, never merged."""
        sums = dict(shares)
        for how, cell in self.known.items():
            told = euro(sums.get(how, ZERO), currency) if shares else UNKNOWN
            cell.show_value(told, "", [(None, KNOWN[how][1])])

    def _show_beside(self, view: MonthView, books: Books) -> None:
        """Future margin and what recovery saved, in words that say when it is not known."""
        row = next(one for one in view.rows if one.cost is Cost.CHURN)
        note = (
            row.pending.split(",")[0].removeprefix("pending ") if row.pending else "churn, never in the total"
        )
        if row.amount is not None:
            told = euro(row.amount, view.currency)
        else:
            told = "Pending" if row.pending else "Not known yet" if row.missing else UNKNOWN
        self.future.show_value(told, "", [(None, note)])
        kept = avoided([one for book in books.months for one in book.savings], view.currency)
        if kept.amount is None or kept.low is None or kept.high is None:
            self.avoided.show_value("Not clear yet", "", [(None, "too few faults treated yet")])
            return
        low, high = (euro(rounded(end, view.currency), view.currency) for end in (kept.low, kept.high))
        words = euro(rounded(kept.amount, view.currency), view.currency)
        self.avoided.show_value(words, "", [(None, f"{low} to {high}")])
