"""What an owner asks next, as tables: a question, its answer in one line, and the rows it rests on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.analytics.cost_names import NAMES
from app.analytics.costs.books import Book, Books
from app.analytics.costs.causes import note_words
from app.analytics.costs.facts import AtRisk
from app.analytics.costs.ledger import Confidence, Cost, Nature, Part
from app.analytics.costs.savings import NOT_CLEAR
from ui.models.cells import Cell, Column, Tone
from ui.models.cost_events import formula_words, quantity_of, route_of
from ui.models.cost_month import MonthView
from ui.models.cost_words import (
    KNOWN,
    STREAMS,
    cause_words,
    driver_name,
    euro,
    month_name,
    object_words,
    title_of,
)
from ui.models.costs import ZERO, Event, amount_of, at, shares_of, total
from ui.theme.formats import UNKNOWN, WIDEST_DAY, count, day, number


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row; `route` and `argument` are where Enter leads."""

    key: str
    cells: tuple[Cell, ...]
    route: str = ""
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its title, whether it stands at the right, its widest text."""

    title: str
    sample: str
    right: bool = False
    stretch: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A table with the line that answers its question."""

    told: str
    heads: tuple[Head, ...]
    rows: tuple[AnswerRow, ...]

    def table(self) -> list[list[str]]:
        """Titles and rows as plain texts, for a file."""
        return [
            [head.title for head in self.heads],
            *[[cell.text for cell in row.cells] for row in self.rows],
        ]


def _cell_at(place: int) -> Callable[[AnswerRow], Cell]:
    return lambda row: row.cells[place]


def columns(heads: Sequence[Head]) -> tuple[Column[AnswerRow], ...]:
    """The columns of an answer's table."""
    return tuple(
        Column(
            f"{i}",
            head.title,
            _cell_at(i),
            sample=head.sample,
            right=head.right,
            stretch=head.stretch,
            fixed=i < 2,
            yields=i,
        )
        for i, head in enumerate(heads)
    )


def _money(amount: Decimal | None, currency: str, *, strong: bool = True) -> Cell:
    if amount is None:
        return Cell(UNKNOWN, tone=Tone.FAINT)
    return Cell(euro(amount, currency), strong=strong)


def _text(text: str, *, quiet: bool = False, link: bool = False) -> Cell:
    tone = Tone.LINK if link else Tone.QUIET if quiet else Tone.NORMAL
    return Cell(text or UNKNOWN, tone=tone if text else Tone.FAINT)


def bank(view: MonthView, zone: ZoneInfo) -> Answer:
    """Which euros left the bank: lines of cash out."""
    cash = [part for part in view.parts if part.nature is Nature.CASH]
    found = [Event(part, line) for part in cash for line in part.lines if line.amount]
    found.sort(key=lambda one: -(one.line.amount or ZERO))
    whole = amount_of(cash)
    if whole is None:
        told = "Nothing that was paid is known of this month."
    else:
        rest = view.whole - whole
        told = (
            f"{euro(whole, view.currency)} of {euro(view.whole, view.currency)} was paid out; "
            f"{euro(rest, view.currency)} is margin that was not earned, or time."
        )
    rows = [
        AnswerRow(
            f"{i}",
            (
                _text(day(one.line.at_ms, zone), quiet=True),
                _text(title_of(one.line), link=True),
                _text(cause_words(one.part.cause)),
                _text(one.part.station or one.part.site, quiet=True),
                _text(NAMES[one.part.cost], quiet=True),
                _text(KNOWN[one.part.confidence][0], quiet=True),
                _money(one.line.amount, view.currency),
            ),
            *route_of(one),
        )
        for i, one in enumerate(found)
    ]
    heads = (
        Head("Day", WIDEST_DAY),
        Head("Evidence", "Work order WO-1234"),
        Head("What", "Repeat visit", stretch=True),
        Head("Where", "Aachen Nord 1"),
        Head("Cost", "Maintenance cost"),
        Head("Known", "Measured"),
        Head("Amount", "€1,234.00", right=True),
    )
    return Answer(told, heads, tuple(rows))


def chargers(books: Books, currency: str, site: str = "") -> Answer:
    """Which charger to replace: what each cost in the months that are known, future margin left out."""
    months = books.months[-12:]
    per: dict[str, list[Part]] = {}
    for book in months:
        for part in at(book.parts, site=site, currency=currency):
            if part.station and part.cost is not Cost.CHURN and part.amount is not None:
                per.setdefault(part.station, []).append(part)
    order = sorted(per.items(), key=lambda pair: -total(pair[1]))
    rows = []
    for station, parts in order:
        by_cost = sorted(
            ((cost, amount_of(p for p in parts if p.cost is cost) or ZERO) for cost in Cost),
            key=lambda x: -x[1],
        )
        cash = amount_of(p for p in parts if p.nature is Nature.CASH) or ZERO
        top = by_cost[0]
        shares = dict(shares_of(parts))
        measured = shares.get(Confidence.MEASURED, ZERO)
        rows.append(
            AnswerRow(
                station,
                (
                    _text(station, link=True),
                    _text(parts[0].site, quiet=True),
                    _text(NAMES[top[0]]),
                    _money(top[1], currency, strong=False),
                    _money(cash, currency, strong=False),
                    _money(measured, currency, strong=False),
                    _money(total(parts), currency),
                ),
                "stations/station",
                station,
            )
        )
    span = count(len(months), "month")
    told = (
        f"{order[0][0]} cost most in {span}: {euro(total(order[0][1]), currency)}."
        if order
        else f"No charger has cost anything in the {span} that are known."
    )
    heads = (
        Head("Charger", "UTM-01-00"),
        Head("Site", "Antwerpen Linkeroever", stretch=True),
        Head("Mostly", "Maintenance cost"),
        Head("Of it", "€1,234.00", right=True),
        Head("Paid out", "€1,234.00", right=True),
        Head("Measured", "€1,234.00", right=True),
        Head(f"In {span}", "€12,345.00", right=True),
    )
    return Answer(told, heads, tuple(rows))


def radar(book: Book, now_ms: int, zone: ZoneInfo, site: str = "") -> Answer:
    """Regulars who may not come again, and why; by pseudonym."""
    mine = [one for one in book.at_risk if not site or one.site == site]
    mine.sort(key=lambda one: (-(one.worth or ZERO), -one.silent_days))
    worth = [one.worth for one in mine if one.worth is not None and one.currency == book.currency]
    told = f"{count(len(mine), 'regular')} may not come again"
    if worth:
        told += f"; a year of them is worth {euro(sum(worth, ZERO).quantize(Decimal('0.01')), book.currency)}"
    rows = [_risk(one, zone) for one in mine]
    heads = (
        Head("Driver", "Driver AB12"),
        Head("Why", "Comes every 4 days, 23 days silent", stretch=True),
        Head("Last visit", WIDEST_DAY),
        Head("Usual", "123.5 days", right=True),
        Head("Silent", "123 days", right=True),
        Head("Bad visits", "1 of 12", right=True),
        Head("A year", "€1,234.00", right=True),
    )
    return Answer(f"{told}." if mine else "No regular is at risk as far as is known.", heads, tuple(rows))


def _risk(one: AtRisk, zone: ZoneInfo) -> AnswerRow:
    worth = None if one.worth is None else one.worth.quantize(Decimal("0.01"))
    return AnswerRow(
        one.driver,
        (
            _text(driver_name(one.driver), link=True),
            _text(one.why),
            _text(day(one.last_ms, zone), quiet=True),
            _text(f"{number(one.gap_days, 1)} days", quiet=True),
            _text(f"{number(one.silent_days)} days"),
            _text(f"{number(one.bad)} of {number(one.visits)}"),
            _money(worth, one.currency),
        ),
        "driver",
        one.driver,
    )


def saved(books: Books, currency: str) -> Answer:
    """What recovery saved, against faults of the same kind that nobody treated."""
    rows, whole = [], ZERO
    for book in reversed(books.months):
        for i, one in enumerate(s for s in book.savings if s.currency in (currency, "")):
            clear = one.clear and one.amount is not None
            whole += (one.amount or ZERO) if clear else ZERO
            span = NOT_CLEAR
            if one.low is not None and one.high is not None:
                low, high = (euro(end.quantize(Decimal("0.01")), currency) for end in (one.low, one.high))
                span = f"{low} to {high}"
            rows.append(
                AnswerRow(
                    f"{book.period}/{i}",
                    (
                        _text(month_name(book.period), quiet=True),
                        _text(cause_words(one.rule)),
                        _text(number(one.treated)),
                        _text(number(one.untreated), quiet=True),
                        _text(UNKNOWN if one.hours is None else f"{number(one.hours, 1)} h"),
                        _text(span, quiet=True),
                        _money(
                            one.amount.quantize(Decimal("0.01")) if clear and one.amount else None, currency
                        )
                        if clear
                        else _text(NOT_CLEAR, quiet=True),
                    ),
                )
            )
    told = (
        f"Proved recoveries saved {euro(whole.quantize(Decimal('0.01')), currency)} where it is clear, "
        "against faults of the same kind that nobody treated."
        if whole
        else "What recovery saved is not clear yet: it takes five of a kind treated and five not."
    )
    heads = (
        Head("Month", "September 2026"),
        Head("Kind of fault", "Connector fault", stretch=True),
        Head("Treated", "123", right=True),
        Head("Untreated", "123", right=True),
        Head("Hours saved", "123.0 h", right=True),
        Head("95% range", "€123.00 to €1,234.00", right=True),
        Head("Saved", "not clear yet", right=True),
    )
    return Answer(told, heads, tuple(rows))


def moved(book: Book, currency: str) -> Answer:
    """What two costs asked for: where it stands, and where it does not stand again."""
    rows = []
    for i, one in enumerate(sorted(book.moved, key=lambda m: -m.exact)):
        kind, which = object_words(one.object)
        what = driver_name(which) if kind == "driver" else f"{kind.replace('-', ' ')} {which}".strip()
        worth = one.exact.quantize(Decimal("0.01"))
        rows.append(
            AnswerRow(
                f"{i}",
                (
                    _text(STREAMS[one.stream].capitalize()),
                    _text(what, quiet=True),
                    _text(NAMES[one.booked]),
                    _text(NAMES[one.asked], quiet=True),
                    _money(worth if worth else None, currency),
                ),
            )
        )
    told = (
        f"{count(len(rows), 'euro stream')} were asked for by two costs. Each stands once."
        if len(rows) > 1
        else "One euro stream was asked for by two costs. It stands once."
        if rows
        else "No euro was asked for by two costs this month."
    )
    heads = (
        Head("What", "A driver's future margin", stretch=True),
        Head("Of", "session 123456"),
        Head("Stands in", "Maintenance cost"),
        Head("Not again in", "Maintenance cost"),
        Head("It asked for", "€1,234.00", right=True),
    )
    return Answer(told, heads, tuple(rows))


def evidence(events: Iterable[Event], zone: ZoneInfo, currency: str) -> Answer:
    """All lines of a cost, as they multiply."""
    rows = [
        AnswerRow(
            f"{i}",
            (
                _text(day(one.line.at_ms, zone), quiet=True),
                _text(title_of(one.line), link=True),
                _text(cause_words(note_words(one.line.note) or one.part.cause)),
                _text(one.part.station or one.part.site, quiet=True),
                _text(quantity_of(one), quiet=True),
                _text(formula_words(one), quiet=True),
                _text(KNOWN[one.part.confidence][0], quiet=True),
                _money(one.line.amount, currency),
            ),
            *route_of(one),
        )
        for i, one in enumerate(events)
    ]
    heads = (
        Head("Day", WIDEST_DAY),
        Head("Evidence", "Session 123456"),
        Head("Cause", "Start refused", stretch=True),
        Head("Where", "Aachen Nord 1"),
        Head("How much", "1 h 50 min"),
        Head("Counted as", "12.123 h × 12.1234"),
        Head("Known", "Measured"),
        Head("Amount", "€1,234.00", right=True),
    )
    return Answer(f"{count(len(rows), 'line')} of evidence, the dearest first.", heads, tuple(rows))
