"""What peaks cost and could cost: each month's highest quarter hour at a site, and the lowest that would
have served the same drivers in the time they were there (reference E.4), out of the months' ledgers."""

from dataclasses import dataclass

from app.analytics.costs.books import Books
from app.analytics.insights.chosen import Chosen


@dataclass(frozen=True, slots=True)
class SitePeak:
    """A site's month: highest quarter-hour mean in kW, and the lowest that would have done."""

    site: str
    period: str
    peak_kw: float
    achievable_kw: float


def site_peaks(books: Books, chosen: Chosen) -> tuple[SitePeak, ...]:
    """Each chosen site's peaks, sites and months in order.

    A peak is of a whole month, as it is billed: those are told whose middle lies in the span, else the
    one it ends in. It is of the site's supply, so of all its models.
    """
    middle = [b for b in books.months if chosen.from_ms <= (b.start_ms + b.end_ms) // 2 < chosen.to_ms]
    begun = [book for book in books.months if book.start_ms < chosen.to_ms]
    found = [
        SitePeak(one.place.site, book.period, float(one.peak_kw), float(one.achievable_kw))
        for book in middle or begun[-1:]
        for one in book.peaks
        if not chosen.sites or one.place.site in chosen.sites
    ]
    return tuple(sorted(found, key=lambda one: (one.site, one.period)))
