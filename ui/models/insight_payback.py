"""Where one more connector would pay: cases with their ranges against the limit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.analytics.costs.books import Book, Books
from app.analytics.costs.expansion import Case, blocked
from app.analytics.insights.chosen import Chosen
from ui.models.cost_words import euro, month_name
from ui.models.insight_starts import Answer, Table
from ui.theme.formats import number, percent

MOST_MONTHS = 120.0
"""Where the axis ends; what pays back later is told, not drawn."""
PAYS, NOT_CLEAR, TOO_SLOW, NO_GAIN, UNKNOWN = "pays", "not clear", "too slow", "no gain", "not known yet"


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One more connector at a pool: drivers and money a month, months until it is paid with the range.

    `remedy` is a costless remedy that would serve as many; "" none. `idle` is the share of the time at the
    plug that takes nothing. `before`: the second set's drivers.
    """

    name: str
    note: str
    drivers: float
    gain: Decimal | None
    months: float | None
    low: float | None
    high: float | None
    reading: str
    missing: tuple[str, ...]
    remedy: str
    idle: float
    before: float | None
    second: bool = False
    """Only the second set has it."""


@dataclass(frozen=True, slots=True)
class Map:
    """The cases, what they are of, and which input is asked for."""

    rows: tuple[SiteRow, ...]
    period: str
    currency: str
    limit: float
    asked: str
    turned_away: float


def book_of(books: Books, chosen: Chosen) -> Book | None:
    """The newest month that is over and begins before the end of what is chosen, else the newest at all."""
    begun = [book for book in books.months if book.start_ms < chosen.to_ms]
    over = [book for book in begun if book.over and book.cases]
    return over[-1] if over else begun[-1] if begun else None


def shown_map(
    books: Books,
    first: Chosen,
    second: Chosen | None,
    idle: Mapping[str, float],
    limit: float,
) -> Map | None:
    """The cases of what is chosen, the best first; None where no month is known."""
    book = book_of(books, first)
    if book is None:
        return None
    other = book_of(books, second) if second is not None else None
    # Pay-back is of sites, not of models: the same month of the same sites is nothing to compare with.
    apart = second is not None and (other is not book or second.sites != first.sites)
    earlier = _drivers(other, second) if apart else {}
    mine = _at(book, first)
    rows = tuple(_row(one, idle, limit, earlier) for one in mine)
    if apart and other is not None and second is not None:
        pools = {one.candidate.pool for one in mine}
        others = [one for one in _at(other, second) if one.candidate.pool not in pools]
        rows += tuple(replace(_row(one, {}, limit, {}), second=True) for one in others)
    asked = next((name for row in rows if row.drivers >= 0.5 for name in row.missing), "")
    return Map(
        rows, book.period, book.currency, limit, asked, sum(one.blocked for one in mine)
    )  # fmt: skip


def answer(shown: Map) -> Answer:
    """Where it pays, what costs nothing first, and what is missing to know."""
    of = month_name(shown.period)
    shown = replace(shown, rows=tuple(row for row in shown.rows if not row.second))
    if not shown.rows:
        return Answer("No site has been used enough to tell.", f"Of {of}")
    first = [row for row in shown.rows if row.remedy]
    quiet = f"{first[0].name}: {first[0].remedy}" if first else ""
    pays = [row for row in shown.rows if row.reading == PAYS]
    clear = [row for row in shown.rows if row.reading == NOT_CLEAR]
    best = shown.rows[0]
    if pays:
        strong = f"{pays[0].name}, in {_range(pays[0])} months."
    elif all(row.reading == UNKNOWN for row in shown.rows):
        strong = f"Not known yet: most would be served at {best.name}, {_few(best.drivers)} drivers a month."
    elif clear:
        strong = f"Not clear: {clear[0].name} in {_range(clear[0])} months."
    else:
        strong = f"Nowhere within {number(shown.limit)} months."
    right = f"80% range, limit {number(shown.limit)} months, {of}"
    return Answer(strong, quiet, _few(shown.turned_away), "a month find all taken", right)


def said(row: SiteRow, currency: str) -> str:
    """A case in words."""
    told = f"{row.name}: {_few(row.drivers)} more drivers a month, {euro(row.gain, currency)} a month, "
    told += row.reading
    if row.remedy:
        told += f", {row.remedy}, {percent(row.idle, 0)} of the time at the plug takes nothing"
    return told if row.months is None else f"{told}, paid back in {_range(row)} months"


def table(sets: Sequence[tuple[str, Book]]) -> Table:
    """Each set's cases."""
    found = [
        ["set", "month", "site", "pool", "connectors", "would_serve", "find_all_taken", "gain", "gain_low_80",
         "gain_high_80", "payback_months", "payback_low_80", "payback_high_80", "hours_full", "missing",
         "currency"]
    ]  # fmt: skip
    for name, book in sets:
        for one in book.cases:
            c = one.candidate
            money = [
                "" if v is None else str(v) for v in (one.gain, one.gain_low, one.gain_high, one.payback,
                                                     one.payback_low, one.payback_high)
            ]  # fmt: skip
            found.append(
                [name, book.period, c.place.site, c.pool, str(c.connectors), f"{one.extra:.4f}",
                 f"{one.blocked:.4f}", *money, f"{c.full_h:.2f}", " ".join(one.missing), book.currency]
            )  # fmt: skip
    return found


def _at(book: Book, chosen: Chosen) -> list[Case]:
    return [one for one in book.cases if not chosen.sites or one.candidate.place.site in chosen.sites]


def _kind(one: Case) -> str:
    """ "CCS 150 kW": which of a site's connectors; a pool of the operator's own by its name."""
    pool, site = one.candidate.pool, one.candidate.place.site
    if pool.startswith("own "):
        return pool.removeprefix("own ")
    kind = pool.removeprefix(f"{site}/") if site else pool.partition("/")[2]
    return kind.removeprefix("any/").replace("/", " ")


def _row(one: Case, idle: Mapping[str, float], limit: float, earlier: Mapping[str, float]) -> SiteRow:
    c = one.candidate
    note = f"{c.connectors} × {_kind(one)}, {_few(c.full_h)} h full"
    waste = idle.get(c.place.site, 0.0)
    return SiteRow(
        c.place.site or c.place.station or c.pool, note,
        one.extra, one.gain, one.payback, one.payback_low, one.payback_high, _reading(one, limit),
        one.missing, _remedy(one, waste), waste, earlier.get(c.pool),
    )  # fmt: skip


def _reading(one: Case, limit: float) -> str:
    if one.missing:
        return UNKNOWN
    if one.gain is None or one.gain <= 0 or one.payback is None:
        return NO_GAIN
    if one.payback_high is not None and one.payback_high <= limit:
        return PAYS
    if one.payback_low is not None and one.payback_low > limit:
        return TOO_SLOW
    return NOT_CLEAR


def _remedy(one: Case, idle: float) -> str:
    """An idle fee, where connectors freed of cars that are full would serve half as many as one more."""
    c = one.candidate
    if not c.hours or idle <= 0 or one.extra < 0.5:
        return ""
    freed = [replace(hour, load=hour.load * (1 - idle)) for hour in c.hours]
    served = one.blocked - blocked(freed, c.connectors, c.stay_h * (1 - idle), c.waits)
    if served * 2 < one.extra:
        return ""
    of = f" of {_few(one.extra)}" if served < one.extra else ""
    return f"idle fee first: up to {_few(served)}{of} served"


def _drivers(book: Book | None, second: Chosen | None) -> dict[str, float]:
    if book is None or second is None:
        return {}
    return {
        one.candidate.pool: one.extra
        for one in book.cases
        if not second.sites or one.candidate.place.site in second.sites
    }


def _range(row: SiteRow) -> str:
    if row.low is None or row.high is None:
        return f"{number(row.months)} or more" if row.months is not None else UNKNOWN
    return f"{number(row.low)} to {number(row.high)}"


def _few(value: float) -> str:
    return number(value, 0 if value >= 10 else 1)
