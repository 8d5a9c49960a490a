"""Months of the ledger joined to quarters and years: nothing is computed anew, parts stand as they were.

A quarter is the sum of its months to the cent, each priced by the rates it was computed with.
"""

from collections.abc import Sequence
from dataclasses import fields, replace

from app.analytics.costs.books import Book, Books, Swing
from app.analytics.costs.facts import Counts
from app.analytics.costs.periods import MONTH, group_of, months_in


def grouped(books: Books, size: str) -> Books:
    """The months known joined to periods of a size; one of which a month is not computed is missing too.

    The oldest may lack months of which there is no history, the newest those to come.
    """
    if size == MONTH:
        return books
    by_period: dict[str, list[Book]] = {}
    for book in books.months:
        by_period.setdefault(group_of(book.period, size), []).append(book)
    missing, stale = (
        tuple(dict.fromkeys(group_of(p, size) for p in periods)) for periods in (books.missing, books.stale)
    )
    made = (joined(mine, period) for period, mine in by_period.items())
    return Books(tuple(one for one in made if one.period not in missing), missing, stale)


def joined(months: Sequence[Book], period: str) -> Book:
    """Months as one book, oldest first; what is told of one moment is the newest month's."""
    first, last = months[0], months[-1]
    whole = last.over and last.period == months_in(period)[-1]
    return replace(
        last,
        period=period,
        start_ms=first.start_ms,
        over=whole,
        parts=tuple(part for book in months for part in book.parts),
        moved=tuple(one for book in months for one in book.moved),
        asks=tuple(dict.fromkeys(one for book in months for one in book.asks)),
        pending=tuple(one for book in months for one in book.pending),
        counts=_counted([book.counts for book in months]),
        savings=tuple(one for book in months for one in book.savings),
        swings=_swings([book.swings for book in months]),
        days=(),
        churn_test=None,
        revenue_not_margin=tuple(dict.fromkeys(site for book in months for site in book.revenue_not_margin)),
        peaks=tuple(one for book in months for one in book.peaks),
    )


def _counted(many: Sequence[Counts]) -> Counts:
    names = [field.name for field in fields(Counts)]
    whole = Counts(**{name: sum(getattr(one, name) for one in many) for name in names})
    # A driver of two months is one driver: of several months their number is not known.
    return whole if len(many) == 1 else replace(whole, drivers=0, drivers_hit=0)


def _swings(many: Sequence[Sequence[Swing]]) -> tuple[Swing, ...]:
    """Totals of the months by the rate moved; of rates that all of them depend on."""
    found = []
    for one in many[-1]:
        same = [next((s for s in swings if s.key == one.key), None) for swings in many]
        known = [s for s in same if s is not None]
        if len(known) == len(many):
            found.append(
                replace(
                    one, lower=sum((s.lower for s in known), one.lower * 0),
                    higher=sum((s.higher for s in known), one.higher * 0),
                )
            )  # fmt: skip
    return tuple(found)
