"""What was issued for a month, beside what is known of it now, as a table."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from app.analytics.cost_names import NAMES
from app.analytics.costs.books import Book
from app.analytics.costs.ledger import Cost
from app.analytics.costs.statements import Compared, Statement, compared
from ui.models.cells import Cell, Tone
from ui.models.cost_answers import Answer, AnswerRow, Head
from ui.models.cost_words import euro, month_name, signed
from ui.theme.formats import WIDEST_DAY, clock, count, day

HEADS = (
    Head("Issued", f"{WIDEST_DAY} 2026, 14:32"),
    Head("Cost", "Maintenance and visits", stretch=True),
    Head("As issued", "€ 12 345.67", right=True),
    Head("Now", "€ 12 345.67", right=True),
    Head("Differs by", "+€ 12 345.67", right=True),
    Head("By", "Marta Berg"),
    Head("Rates", "set 12"),
)


def issued_answer(statements: Sequence[Statement], book: Book, zone: ZoneInfo) -> Answer:
    """The month's statements, the newest first: the total of each, and below it the costs that differ."""
    mine = [one for one in statements if one.body.get("period") == book.period]
    rows: list[AnswerRow] = []
    for statement in reversed(mine):
        whole, *costs = compared(statement, book)
        rows += [_row(statement, one, zone) for one in (whole, *(one for one in costs if one.changed))]
    return Answer(_told(mine, book), HEADS, tuple(rows))


def _told(mine: Sequence[Statement], book: Book) -> str:
    month = month_name(book.period)
    if not mine:
        return (
            f"{month} was not issued." if book.over else f"{month} still runs; it is issued once it is over."
        )
    off = book.total() - mine[-1].total
    times = "once" if len(mine) == 1 else count(len(mine), "time")
    if not off:
        return f"{month} was issued {times}; nothing that is known since changes its total."
    apart = f"{euro(abs(off), book.currency)} {'more' if off > 0 else 'less'}"
    return f"{month} was issued {times}; by what is known now it would be {apart}. What was issued stands."


def _row(statement: Statement, one: Compared, zone: ZoneInfo) -> AnswerRow:
    whole = not one.cost
    name = "Six costs together" if whole else NAMES[Cost(one.cost)]
    at = f"{day(statement.at_ms, zone, year=True)}, {clock(statement.at_ms, zone)}"
    off = one.now - one.issued
    return AnswerRow(
        f"{statement.entry}/{one.cost}/{one.currency}",
        (
            Cell(at if whole else "", tone=Tone.QUIET),
            Cell(name, strong=whole),
            Cell(euro(one.issued, one.currency), strong=whole),
            Cell(euro(one.now, one.currency)),
            Cell(signed(off, one.currency) if off else "as issued", tone=Tone.NORMAL if off else Tone.FAINT),
            Cell(statement.by if whole else "", tone=Tone.QUIET),
            Cell(_rates(statement.body.get("assumption_set")) if whole else "", tone=Tone.QUIET),
        ),
    )


def _rates(number: object) -> str:
    """Which rates were in force; before any was entered there was no set."""
    return f"set {number}" if number else "defaults"
