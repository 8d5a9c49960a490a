"""What the page is about: the month, quarter or year, the site, the currency, chosen in the top bar."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.analytics.costs.books import Books
from app.analytics.costs.periods import MONTH, QUARTER, YEAR, group_of, months_in, stepped
from ui.models.cost_month import MonthView, choices
from ui.widgets.buttons import IconButton, MenuButton
from ui.widgets.segments import Segments

SIZES = ((MONTH, "Month"), (QUARTER, "Quarter"), (YEAR, "Year"))


class Choosing(QObject):
    """The choosers and what is chosen; a month that is gone gives way to the newest."""

    changed = Signal()
    sized = Signal()
    """Months, quarters or years shall be shown; what is known of them has to be offered."""
    nowhere = Signal(str)
    """The month that was asked for is not known."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.period, self.site, self.currency = "", "", ""
        self.size = MONTH
        self.sizes = Segments(SIZES, "Period")
        self.sizes.chosen.connect(self._choose_size)
        self._known: tuple[str, ...] = ()
        self.month = MenuButton("", "Month")
        self.place = MenuButton("Site", "All sites")
        self.money = MenuButton("", "EUR")
        self.earlier = IconButton("chevron-left", "The period before")
        self.later = IconButton("chevron-right", "The period after")
        self.month.chosen.connect(self.choose)
        self.place.chosen.connect(self._choose_place)
        self.money.chosen.connect(self._choose_money)
        self.earlier.clicked.connect(lambda: self.step(-1))
        self.later.clicked.connect(lambda: self.step(1))

    def widgets(self) -> tuple[QWidget, ...]:
        """In the order of the top bar."""
        return (self.money, self.place, self.sizes, self.earlier, self.month, self.later)

    def offer(self, books: Books, usual: str) -> None:
        """Offer the months and sites there are; `usual` is the month where none is known."""
        known = tuple(sorted({*(book.period for book in books.months), *books.missing}))
        self._known = known
        if self.period not in known:
            self.period = known[-1] if known else usual
        self.month.set_choices(choices(known or (self.period,)), self.period)
        sites = sorted({part.site for book in books.months for part in book.parts if part.site})
        if self.site not in sites:
            self.site = ""
        self.place.set_choices([("", "All sites"), *((site, site) for site in sites)], self.site)

    def show_view(self, view: MonthView) -> None:
        """Offer other currencies where money was booked in several; they are never added."""
        self.money.set_choices([(c, c) for c in (view.currency, *view.others)], view.currency)
        self.money.setVisible(bool(view.others))

    def show_nothing(self) -> None:
        """Nothing was booked, or nothing of it read: in no currency."""
        self.money.hide()

    @property
    def at_newest(self) -> bool:
        """Whether no newer period is known than the one shown."""
        return not self._known or self.period == self._known[-1]

    def choose(self, period: object) -> None:
        """Take a month; "" takes the newest."""
        self.period = str(period) or (self._known[-1] if self._known else self.period)
        self.month.set_choices(choices(self._known or (self.period,)), self.period)
        self.changed.emit()

    def step(self, by: int) -> None:
        """The month before or after."""
        wanted = stepped(self.period, by) if self.period else ""
        if wanted in self._known:
            self.choose(wanted)
        else:
            self.nowhere.emit(wanted)

    def _choose_size(self, size: str) -> None:
        """The period that holds the month shown, or the newest month of the one shown."""
        if size == self.size:
            return
        self.size = size
        self.period = group_of(months_in(self.period)[-1], size) if self.period else ""
        self.sizes.choose(size)
        self.sized.emit()

    def _choose_place(self, site: object) -> None:
        self.site = str(site)
        self.changed.emit()

    def _choose_money(self, currency: object) -> None:
        self.currency = str(currency)
        self.changed.emit()
