"""A month, quarter or year of the ledger as the page shows it: its rows, its total against the same days
before, what is pending, and which inputs are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.analytics.costs.books import Book, Books
from app.analytics.costs.churn_words import churn_words
from app.analytics.costs.ledger import Cost, Part
from app.analytics.costs.periods import MONTH, periods_until, size_of
from app.analytics.early_warnings import EarlyWarnings
from ui.models.cost_words import MEANINGS, cause_words, change_words, euro, month_name
from ui.models.costs import CostRow, at, change_of, currencies, rows, total, until
from ui.theme.formats import count, day, local, number

TREND = 12


@dataclass(frozen=True, slots=True)
class MonthView:
    """What the page shows of a month.

    `before` is the total compared with: the whole month before, or its same days while this one runs;
    None where it is not known; `same` has it by cost. `short`: how many of the twelve months are missing.
    """

    book: Book
    currency: str
    parts: tuple[Part, ...]
    rows: tuple[CostRow, ...]
    whole: Decimal
    before: Decimal | None
    before_words: str
    same: Mapping[Cost, Decimal | None]
    period_words: str
    months: tuple[tuple[str, tuple[Part, ...] | None], ...]
    others: tuple[str, ...]
    short: int

    def of(self, cost: Cost) -> tuple[Part, ...]:
        """A cost's parts."""
        return tuple(part for part in self.parts if part.cost is cost)

    @property
    def total_note(self) -> str:
        """How it compares, in words."""
        if self.before is None:
            return "nothing to compare with yet"
        off = self.whole - self.before
        if not off:
            return f"as {self.before_words}"
        word = "more" if off > 0 else "less"
        return f"{euro(abs(off), self.currency)} {word} than {self.before_words}"

    @property
    def change(self) -> str:
        """ "−27%"."""
        return change_words(change_of(self.whole, self.before))


def month_view(
    books: Books,
    period: str,
    zone: ZoneInfo,
    *,
    site: str = "",
    currency: str = "",
    earlier: Book | None = None,
    asked: int = 0,
) -> MonthView | None:
    """A month; None where it is not computed yet.

    Args:
        books: what is computed.
        period: the month shown.
        zone: the operator's.
        site: only this one; "" for all.
        currency: "" for the operator's own.
        earlier: the month before with its evidence, for comparing a running month with its same days.
        asked: so many months were asked for; where there are fewer, history began within the first, and
            nothing is compared with that one.
    """
    book = books.month(period)
    if book is None:
        return None
    own = currency or book.currency
    order = periods_until(period, TREND)
    known = {one.period: at(one.parts, site=site, currency=own) for one in books.months}
    months = tuple((one, known.get(one)) for one in order)
    parts = known[period]
    last_period = order[-2]
    same, words = _compared(book, known.get(last_period), last_period, zone, site, own, earlier)
    there = sorted({*known, *books.missing})
    if len(there) < asked and last_period == there[0]:
        same, words = None, ""
    before = (
        None
        if same is None
        else sum((v for c, v in same.items() if v is not None and _inside(c)), Decimal(0))
    )
    told = rows(
        [month or () for _, month in months],
        before=same or {},
        quantities={} if site else quantities(book),
        pending=pending_words(book, zone, site),
        missing=asked_of(book, site),
    )
    return MonthView(
        book, own, parts, told, total(parts), before, words, same or {}, period_words(book, zone), months,
        tuple(one for one in currencies(book.parts, own) if one != own),
        sum(1 for one in order if one in books.missing),
    )  # fmt: skip


def _inside(cost: Cost) -> bool:
    return cost is not Cost.CHURN


def _compared(
    book: Book, last: tuple[Part, ...] | None, period: str, zone: ZoneInfo, site: str, currency: str,
    earlier: Book | None,
) -> tuple[dict[Cost, Decimal | None] | None, str]:  # fmt: skip
    """What each cost was in the time compared with, and that time in words."""
    if book.over:
        if last is None:
            return None, ""
        return {cost: _sum([p for p in last if p.cost is cost]) for cost in Cost}, month_name(period)
    if earlier is None or earlier.period != period:
        return None, ""
    passed = book.until_ms - book.start_ms
    limit = min(earlier.end_ms, earlier.start_ms + passed)
    mine = at(earlier.parts, site=site, currency=currency)
    last_day = local(limit - 1, zone).day
    return (
        {cost: until([p for p in mine if p.cost is cost], limit) for cost in Cost},
        f"1–{last_day} {month_name(period, year=False)}",
    )


def _sum(parts: list[Part]) -> Decimal | None:
    known = [part.amount for part in parts if part.amount is not None]
    return sum(known, Decimal(0)) if known else None


def period_words(book: Book, zone: ZoneInfo) -> str:
    """ "1 to 15 October 2026" while it runs."""
    if book.over:
        return month_name(book.period)
    if size_of(book.period) != MONTH:
        return f"{day(book.start_ms, zone)} to {day(book.until_ms - 1, zone, year=True)}"
    last = local(max(book.start_ms, book.until_ms - 1), zone)
    return f"1 to {last.day} {month_name(book.period)}"


def quantities(book: Book) -> Mapping[Cost, str]:
    """Plain counts beside the money, of the whole network."""
    c = book.counts
    found = {
        Cost.LOST_REVENUE: count(c.visits_failed, "visit failed", "visits failed"),
        Cost.BRAND: count(c.newcomers_bad, "newcomer let down", "newcomers let down"),
        Cost.DATA: f"{number(c.blind_h, 1)} h blind" if c.blind_h >= 0.05 else
        count(c.sessions_unproved, "session unproved", "sessions unproved"),
        Cost.MAINTENANCE: count(c.visits_to_sites, "visit"),
        Cost.EXPANSION: f"{number(sum(one.candidate.full_h for one in book.cases), 1)} h full"
        if book.cases else "",
        Cost.CHURN: count(c.drivers_hit, "driver hit", "drivers hit"),
    }  # fmt: skip
    return {cost: words for cost, words in found.items() if not words.startswith(("0 ", "0.0 "))}


def pending_words(book: Book, zone: ZoneInfo, site: str = "") -> Mapping[Cost, str]:
    """Costs that cannot be judged before some day."""
    due: dict[Cost, int] = {}
    for one in book.pending:
        if not site or one.site in (site, ""):
            due[one.cost] = max(due.get(one.cost, 0), one.due_ms)
    return {
        cost: f"pending until {day(at_ms, zone, year=True)}, drivers still followed"
        for cost, at_ms in due.items()
    }


def asked_of(book: Book, site: str = "") -> Mapping[Cost, tuple[str, ...]]:
    """Inputs asked for, by cost."""
    found: dict[Cost, dict[str, None]] = {}
    for ask in book.asks:
        if not site or ask.site in (site, ""):
            found.setdefault(ask.cost, {})[ask.key] = None
    return {cost: tuple(keys) for cost, keys in found.items()}


def choices(months: tuple[str, ...]) -> list[tuple[object, str]]:
    """Months to choose from, the newest first."""
    return [(one, month_name(one)) for one in reversed(months)]


def note_of(
    cost: Cost,
    book: Book,
    kind: str = "",
    key: str = "",
    site: str = "",
    early: EarlyWarnings | None = None,
) -> str:
    """What has to be said beside a cost's figure; `kind` and `key` name the part that is listed alone.

    `early`: what came of the early warnings of this time and site, where it is known.
    """
    told = []
    if kind:
        which = cause_words(key) if kind == "cause" else key or "no site"
        told.append(f"Events of {which} only; Esc shows all.")
    if cost is Cost.LOST_REVENUE and book.revenue_not_margin:
        told.append(
            f"At {count(len(book.revenue_not_margin), 'site')} this is revenue, not margin, because nobody "
            "said yet what a kWh costs."
        )
    if cost is Cost.CHURN:
        told.append("Future margin: it stands beside the monthly total, not in it.")
        if book.churn_test is not None and not site:
            told.append(churn_words(book.churn_test))
    voices = book.counts.complaints + book.counts.reviews
    if cost is Cost.BRAND and voices and not site:
        told.append(
            f"{count(voices, 'complaint and review', 'complaints and reviews')}, never turned into money."
        )
    if cost is Cost.MAINTENANCE and early is not None:
        told.append(f"{MEANINGS[cost]}. {warnings_words(early)}")
    return " ".join(told)


def warnings_words(early: EarlyWarnings) -> str:
    """What came of early warnings, never turned into money."""
    told = []
    if early.taken or early.missed:
        told += [f"{number(early.taken)} taken", f"{number(early.missed)} missed"]
    if early.pending:
        told.append(count(early.pending, "waits for its 30 days", "wait for their 30 days"))
    if early.passed:
        told.append(f"{number(early.passed)} came to nothing")
    return f"Early warnings: {', '.join(told)}." if told else "No early warning came."
