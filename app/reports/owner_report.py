"""The monthly owner's report: what poor operation cost, what was avoided, what to do; and the evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from decimal import Decimal
from fractions import Fraction

from app.analytics.cost_names import NAMES
from app.analytics.costs.assumptions import known
from app.analytics.costs.books import Book, Books
from app.analytics.costs.causes import cause_words, event_words
from app.analytics.costs.ledger import OUTSIDE_TOTAL, PRECEDENCE, Confidence, Cost
from app.analytics.costs.questions import Action, actions, avoided, bridge
from app.analytics.uptime import truncated
from app.reports.document import (
    Cell,
    Chart,
    Column,
    Document,
    Draft,
    Figure,
    Formula,
    moment,
    number,
    text,
)
from app.reports.owner_words import (
    ZERO,
    Money,
    basis,
    inside,
    known_sum,
    month_name,
    opening,
    plain_words,
    sum_of,
)

MOST_LINES = 200
MOST_CAUSES, MOST_STEPS, MOST_SITES = 6, 5, 9
"""What the two pages have room for; annex A has every site where there are more."""


@dataclass(frozen=True, slots=True)
class SiteUptime:
    """A site's uptime in the month against its target; percentages exact, None where nothing was measured."""

    site: str
    percent: Fraction | None
    low: Fraction | None
    target: Fraction
    excused_ms: int
    assessable_ms: int = 1
    """What the percentage is a share of, so that sites add up to the network."""

    @property
    def met(self) -> bool:
        """Whether even the lower bound meets the target."""
        return self.low is not None and self.low >= self.target


@dataclass(frozen=True, slots=True)
class Sold:
    """What was sold in the month. `revenue` None: no price is known."""

    energy_wh: int
    sessions: int
    revenue: Decimal | None = None


def owner_report(
    books: Books, period: str, sites: Sequence[SiteUptime], sold: Sold, zone: tzinfo, now_ms: int,
    organisation: str = "", evidence: Book | None = None, *, annexes: Iterable[str] = ("A", "B", "C"),
    demo: bool = False, began: str = "",
) -> Document:  # fmt: skip
    """The report of one month.

    Args:
        books: twelve months up to it.
        period: "2026-09".
        sites: uptime by site, in any order.
        sold: energy, sessions and revenue.
        zone: in which times are told.
        now_ms: when it is made.
        organisation: whose it is.
        evidence: the month with its lines, for annex B.
        annexes: which of A (uptime of every site), B (events behind each cost), C (rates and method).
        demo: whether it is demo data.
        began: the month within which history began, "" where that is long ago; nothing is compared with it.
    """
    books = replace(books, months=tuple(book for book in books.months if book.period <= period))
    book = books.month(period)
    before = books.before(period)
    if before is not None and before.period == began:
        before = None
    title = f"Owner's report: {month_name(period)}"
    draft = Draft()
    if book is None:
        draft.say(f"Nothing was heard from a station in {month_name(period)}.", strong=True)
        draft.say("So there is nothing to count; the report begins with the first month that has history.")
        return Document(
            "owner", title, organisation, now_ms, tuple(draft.blocks), (), demo, f"owner-{period}"
        )
    money = Money(book.currency)
    draft.say(opening(book, before, money, began), strong=True)
    draft.say(basis(book, sum(not s.met for s in sites), len(sites), money))
    saved = avoided(book.savings, book.currency)
    draft.figures(
        Figure("Lost", money.text(book.total()), _against(before, money)),
        Figure("Avoided", "not clear yet" if saved.amount is None else money.text(saved.amount),
               f"{saved.recoveries} proved recoveries"),
        Figure("Sold", f"{number(sold.energy_wh / 1_000_000, 2)[1]} MWh", _sold(sold, money)),
        Figure("Uptime", _whole(sites), f"{sum(s.met for s in sites)} of {len(sites)} sites met the target"),
    )  # fmt: skip
    draft.chart(_year(books, money))
    causes = _causes(book, money)
    if causes is not None:
        draft.chart(causes)
    draft.heading("Three actions that would save most, a month")
    _actions(draft, actions(books, book.currency), money)
    draft.heading("Uptime by site against its target", annex=True)
    worst = sorted(sites, key=lambda s: (s.percent is None, s.percent or 0))
    wanted = frozenset(annexes)
    _uptime(draft, worst[:MOST_SITES])
    if len(worst) > MOST_SITES:
        others = "; annex A has all" if "A" in wanted else ""
        draft.say(f"The lowest {MOST_SITES} of {len(worst)} sites{others}.")
    draft.heading("The seven costs")
    _seven(draft, book, before, money)
    steps = _steps(book, before, money)
    if steps is not None:
        draft.chart(steps)
    draft.heading("In plain words")
    for line in plain_words(book, before, money):
        draft.say(line)
    if "A" in wanted and len(worst) > MOST_SITES:
        draft.heading("Annex A: uptime of every site", annex=True)
        _uptime(draft, worst)
    if "B" in wanted and evidence is not None:
        draft.heading("Annex B: the events behind each cost", annex=True)
        _evidence(draft, evidence, zone, money)
    method = _method(book) if "C" in wanted else ()
    return Document(
        "owner", title, organisation, now_ms, tuple(draft.blocks), method, demo, f"owner-{period}"
    )


def _against(before: Book | None, money: Money) -> str:
    return "" if before is None else f"{month_name(before.period)}: {money.text(before.total())}"


def _sold(sold: Sold, money: Money) -> str:
    sessions = f"{number(sold.sessions)[1]} sessions"
    return sessions if sold.revenue is None else f"{money.text(sold.revenue)}, {sessions}"


def _whole(sites: Sequence[SiteUptime]) -> str:
    known_ = [(site.percent, site.assessable_ms) for site in sites if site.percent is not None]
    up = sum((percent * ms for percent, ms in known_), Fraction(0))
    whole = sum(ms for _, ms in known_)
    return f"{truncated(up / whole)}%" if whole else "–"


def _year(books: Books, money: Money) -> Chart:
    months = books.months[-12:]
    labels = tuple(f"{datetime.strptime(b.period, '%Y-%m'):%b}" for b in months)
    lost = tuple(float(b.total()) for b in months)
    kept = tuple(None if (a := avoided(b.savings, b.currency).amount) is None else float(a) for b in months)
    second = kept if any(value is not None for value in kept) else ()
    return Chart(
        "What was lost, and avoided, by month?",
        money.currency,
        "bars",
        labels,
        lost,
        second,
        ("lost", "avoided"),
    )


def _causes(book: Book, money: Money) -> Chart | None:
    """The causes that cost most; None where nothing did."""
    sums: dict[tuple[Cost, str], Decimal] = {}
    for part in inside(book):
        if part.amount:
            key = (part.cost, part.cause)
            sums[key] = sums.get(key, ZERO) + part.amount
    most = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_CAUSES]
    if not most:
        return None
    labels = tuple(f"{NAMES[cost]}: {cause_words(cause) or 'not told apart'}" for (cost, cause), _ in most)
    values = tuple(float(amount) for _, amount in most)
    return Chart("Which causes cost most?", money.currency, "rows", labels, values)


def _steps(book: Book, before: Book | None, money: Money) -> Chart | None:
    """From the month before to this one by what changed most; None where there is nothing to compare."""
    if before is None or not book.over:
        return None
    steps = [step for step in bridge(before, book, book.currency, most=MOST_STEPS) if step.change]
    rest = sum((step.change for step in steps[MOST_STEPS:]), ZERO)
    told = [
        (f"{NAMES[step.cost]}: {cause_words(step.cause) or 'not told apart'}", step.change)
        for step in steps[:MOST_STEPS]
    ]
    if rest:
        told.append(("All other causes", rest))
    then, now = month_name(before.period), month_name(book.period)
    return Chart(
        f"Why does {now} differ from {then}?", money.currency, "bridge",
        (then, *(label for label, _ in told), now),
        (float(before.total()), *(float(change) for _, change in told), float(book.total())),
    )  # fmt: skip


def _actions(draft: Draft, found: Sequence[Action], money: Money) -> None:
    columns = (Column(""), Column("What", wide=True), Column("Which cost"), Column("Where"),
               Column(f"Saves {money.currency}", right=True), Column("Range", right=True))  # fmt: skip
    rows = []
    for n, action in enumerate(found, 1):
        spread = f"{number(action.low, 0)[1]} to {number(action.high, 0)[1]}"
        what = f"{action.do.capitalize()}: {cause_words(action.cause)}"
        where = action.station or action.site or "the network"
        rows.append([
            text(str(n)), text(what), text(NAMES[action.cost]), text(where),
            money.cell(action.expected), text(spread),
        ])  # fmt: skip
    draft.grid(columns, rows, empty="Nothing stands out; there is too little to save.")


def _uptime(draft: Draft, sites: Sequence[SiteUptime]) -> None:
    columns = (Column("Site", wide=True), Column("Uptime %", right=True), Column("Target %", right=True),
               Column("Target"), Column("Excused h", right=True))  # fmt: skip
    rows = []
    for site in sites:
        shown = truncated(site.percent) or "–"
        met = (
            "–"
            if site.percent is None
            else "met"
            if site.met
            else "missed"
            if site.percent < site.target
            else "not proven"
        )
        rows.append([
            text(site.site or "no site"), (None if site.percent is None else float(site.percent), shown),
            (float(site.target), truncated(site.target)), text(met),
            number(site.excused_ms / 3_600_000, 1),
        ])  # fmt: skip
    draft.grid(columns, rows, empty="No site was in service.")


def _seven(draft: Draft, book: Book, before: Book | None, money: Money) -> None:
    c = money.currency
    columns = (
        Column("Cost", wide=True), Column(f"Measured {c}", right=True), Column(f"Modelled {c}", right=True),
        Column(f"Assumed {c}", right=True), Column(f"Month {c}", right=True),
        Column(f"Before {c}", right=True),
        Column("Change", right=True),
    )  # fmt: skip
    rows = []
    for cost in (one for one in PRECEDENCE if one not in OUTSIDE_TOTAL):
        rows.append(_cost_row(cost, book, before, money))
    measured, modelled, assumed = (
        sum_of(p for p in inside(book) if p.confidence is how) for how in Confidence
    )
    last = len(rows) + 1
    total, was = book.total(), before.total() if before is not None else None
    rows.append([
        text("All in the total"), money.cell(measured), money.cell(modelled), money.cell(assumed),
        (Formula(f"=SUM(E2:E{last})", float(total)), money.cell(total)[1]), money.cell(was),
        money.cell(None if was is None else total - was),
    ])  # fmt: skip
    draft.grid(columns, rows, total=True)


def _cost_row(cost: Cost, book: Book, before: Book | None, money: Money) -> list[tuple[Cell, str]]:
    mine = [p for p in book.parts if p.cost is cost and p.currency == book.currency]
    amount = _amount(cost, book, book.currency)
    was = _amount(cost, before, book.currency) if before is not None else None
    parts = [known_sum(p for p in mine if p.confidence is how) for how in Confidence]
    change = None if was is None or amount is None else amount - was
    waits = any(pending.cost is cost for pending in book.pending)
    shown = (None, "pending" if waits else "not known yet") if amount is None else money.cell(amount)
    return [
        text(NAMES[cost]),
        *(money.cell(part) for part in parts),
        shown,
        money.cell(was),
        money.cell(change),
    ]


def _amount(cost: Cost, book: Book, currency: str) -> Decimal | None:
    """A cost of a month; None where an input is missing and nothing of it is known."""
    mine = [p for p in book.parts if p.cost is cost and p.currency == currency]
    asked = any(ask.cost is cost for ask in book.asks) or any(
        pending.cost is cost for pending in book.pending
    )
    return None if asked and known_sum(mine) is None else sum_of(mine)


def _evidence(draft: Draft, book: Book, zone: tzinfo, money: Money) -> None:
    columns = (
        Column("Cost"), Column("Cause", wide=True), Column("Event"), Column("When"),
        Column("Quantity", right=True), Column("Unit"), Column(f"Each {money.currency}", right=True),
        Column(f"Amount {money.currency}", right=True),
    )  # fmt: skip
    lines = [(p, line) for p in book.parts for line in p.lines if line.amount]
    lines.sort(key=lambda pair: -(pair[1].amount or ZERO))
    rows = []
    for part, line in lines[:MOST_LINES]:
        rows.append([
            text(NAMES[part.cost]), text(cause_words(part.cause)), (line.object, event_words(line.object)),
            moment(line.at_ms, zone), number(line.quantity, 2), text(line.unit), number(line.unit_price, 2),
            money.cell(line.amount),
        ])  # fmt: skip
    draft.grid(columns, rows, empty="No event cost anything.")
    if len(lines) > len(rows):
        rest = sum((line.amount or ZERO for _, line in lines[MOST_LINES:]), ZERO)
        draft.say(
            f"{len(lines) - len(rows)} smaller events, {money.text(rest)} together, stand in the export."
        )


def _method(book: Book) -> tuple[str, ...]:
    used = sorted({key for part in book.parts for key in part.assumptions})
    rates = known()
    lines = [
        f"Rules {book.rules}, assumptions {book.assumption_set}. Measured: counted from stored events. "
        "Modelled: a formula over measured inputs. Assumed: uses a rate that can be changed.",
        "Every stream of money is booked once; what a second cost asked for stands where it is.",
        "The events of a cause add up to its sum to the cent, so one can lie a cent beside quantity times "
        "price.",
        "Drivers appear under pseudonyms. Churn and brand are booked to the month of the bad experience once "
        "their follow-up is over.",
    ]
    if used:
        told = [
            f"{rates[key].title} ({rates[key].default} {rates[key].unit})" for key in used if key in rates
        ]
        lines.append(f"Defaults that were used: {'; '.join(told)}.")
    if book.revenue_not_margin:
        where = ", ".join(book.revenue_not_margin)
        lines.append(f"What a kWh costs is not known yet at {where}: revenue is shown there.")
    if book.pending:
        waiting = sorted({NAMES[pending.cost] for pending in book.pending})
        lines.append(f"Still followed up, so not final: {', '.join(waiting)}.")
    return tuple(lines)
