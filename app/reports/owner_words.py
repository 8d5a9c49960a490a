"""The owner's report in words: what its figures mean, said so that nobody has to know the trade. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from app.analytics.cost_names import NAMES
from app.analytics.costs.books import Book
from app.analytics.costs.causes import cause_words
from app.analytics.costs.churn_words import churn_words
from app.analytics.costs.ledger import OUTSIDE_TOTAL, Confidence, Cost, Nature, Part
from app.analytics.costs.questions import bridge
from app.domain import forms
from app.domain.money import places
from app.reports.document import Cell, number

ZERO = Decimal(0)
MOST_NAMED = 3


def month_name(period: str) -> str:
    """ "September 2026" of "2026-09"."""
    return f"{datetime.strptime(period, '%Y-%m'):%B %Y}"


class Money:
    """Amounts of one currency as the report says them."""

    def __init__(self, currency: str) -> None:
        self.currency = currency

    def text(self, amount: Decimal | None) -> str:
        """An amount with its currency; "not known yet" for None."""
        return "not known yet" if amount is None else forms.amount(amount, self.currency)

    def cell(self, amount: Decimal | None) -> tuple[Cell, str]:
        """An amount in a column whose head names the currency."""
        return number(amount, places(self.currency))


def opening(book: Book, before: Book | None, money: Money, began: str = "") -> str:
    """What the month cost, and against the month before; `began` is the month in which history did."""
    total = book.total()
    said = f"{month_name(book.period)} cost {money.text(total)} more than it had to."
    if not book.over:
        said = f"{month_name(book.period)} has cost {money.text(total)} more than it had to so far."
    if began and before is None:
        return (
            f"{said} History begins within {month_name(began)}, so there is nothing to compare it with yet."
        )
    if before is None or not book.over:
        return said
    change = total - before.total()
    if not change:
        return f"{said} That is as much as in {month_name(before.period)}."
    word = "less" if change < 0 else "more"
    return f"{said} That is {money.text(abs(change))} {word} than {month_name(before.period)}."


def basis(book: Book, missed: int, sites: int, money: Money) -> str:
    """How the total is known, how many sites missed their target, and what is not known."""
    shares = {how: sum_of(p for p in inside(book) if p.confidence is how) for how in Confidence}
    words = [f"{money.text(shares[how])} {how.value}" for how in Confidence]
    said = f"Of it {', '.join(words)}."
    if sites:
        said += f" {missed} of {sites} sites missed their uptime target or could not prove it."
    asks = sorted({NAMES[ask.cost] for ask in book.asks})
    if asks:
        said += f" Not known yet, because an input is missing: part of {', '.join(asks)}."
    return said


def plain_words(book: Book, before: Book | None, money: Money) -> list[str]:
    """What the tables mean: which euros left the bank, what changed, and what stands beside the total."""
    natures = [(nature, sum_of(p for p in inside(book) if p.nature is nature)) for nature in Nature]
    said = [f"Of the total {_listed([f'{money.text(sum_)} is {nature.value}' for nature, sum_ in natures])}."]
    said += _changed(book, before, money)
    said.append(_future(book, money))
    if book.revenue_not_margin:
        some = book.revenue_not_margin
        where = _listed(some) if len(some) <= MOST_NAMED else f"{len(some)} sites"
        said.append(
            f"What a kWh is bought for is not known at {where}: lost revenue stands there, not margin."
        )
    said.append("No event is counted twice.")
    return said


def _changed(book: Book, before: Book | None, money: Money) -> list[str]:
    if before is None:
        return []
    steps = [step for step in bridge(before, book, book.currency) if step.change][:3]
    if not steps:
        return []
    words = [
        f"{NAMES[step.cost].lower()} by “{cause_words(step.cause) or 'other causes'}” "
        f"{'fell' if step.change < 0 else 'rose'} by {money.text(abs(step.change))}"
        for step in steps
    ]
    return [f"What changed most since {month_name(before.period)}: {'; '.join(words)}."]


def _future(book: Book, money: Money) -> str:
    """User churn, which is future margin and stands beside the total."""
    told = f"{NAMES[Cost.CHURN]} is margin of the coming twelve months and stands beside the total"
    amount = known_sum(p for p in book.parts if p.cost is Cost.CHURN and p.currency == book.currency)
    if amount is not None:
        test = f" {churn_words(book.churn_test)}" if book.churn_test is not None else ""
        return f"{told}: {money.text(amount)}.{test}"
    waits = [pending.due_ms for pending in book.pending if pending.cost is Cost.CHURN]
    if waits:
        return f"{told}; the drivers of this month are still followed, so it is not known yet."
    return f"{told}; no loss was found this month."


def _listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def known_sum(parts: Iterable[Part]) -> Decimal | None:
    """Their sum; None where no amount is known."""
    amounts = [p.amount for p in parts if p.amount is not None]
    return sum(amounts, ZERO) if amounts else None


def inside(book: Book) -> list[Part]:
    """The parts of the monthly total."""
    return [p for p in book.parts if p.cost not in OUTSIDE_TOTAL and p.currency == book.currency]


def sum_of(parts: Iterable[Part]) -> Decimal:
    """Their sum; what is not known is left out."""
    return sum((part.amount for part in parts if part.amount is not None), ZERO)
