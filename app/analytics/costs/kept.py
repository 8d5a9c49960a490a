"""Months from the cache, and those that are not there computed; what may be read of it in the window.

A cached month holds as long as its mark does: what was written down, what history of the month was
like, and the versions of rules and rates. Facts without their ledger hold longer: a changed rate prices
them anew.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from app.analytics.costs.assumptions import AssumptionSet, assumption_set
from app.analytics.costs.books import Book, Books, book_of
from app.analytics.costs.facts import Facts
from app.analytics.costs.gather import Tell, facts_in_turn
from app.analytics.costs.ledger import Line
from app.analytics.costs.month import RULES
from app.analytics.costs.periods import months_between, span_of
from app.store.cost_months import (
    CostMonth,
    Kept,
    entries_mark,
    history_mark,
    kept_column,
    kept_months,
)
from app.store.journal import Snapshot
from app.store.readers.entries import current_entries
from app.store.readers.sessions import first_session_ms

FACTS = 19
"""Rises when facts are gathered, or months kept, in another way."""
FRESH_MS = 3_600_000
"""The running month is computed again so often."""
WRITTEN = (
    "organisation", "site", "price", "energy-cost", "work-order", "normal", "pool", "call", "manpower",
    "complaint", "credit", "purchase", "expansion", "exclusion", "planned-work", "local-token",
)  # fmt: skip
"""Entries that facts are made of; assumptions are not among them."""
FOLLOWED_MS = 200 * 86_400_000
"""Drivers are followed so long after a month; meanwhile it is looked at again every week."""
WEEK_MS = 7 * 86_400_000

_encode = msgspec.msgpack.Encoder().encode
_facts = msgspec.msgpack.Decoder(Facts).decode
_book = msgspec.msgpack.Decoder(Book).decode
_lines = msgspec.msgpack.Decoder(list[tuple[Line, ...]]).decode


def rates_of(connection: Connection) -> AssumptionSet:
    """The rates that hold."""
    return assumption_set(current_entries(connection, "assumption"))


def known_months(
    connection: Connection, zone: ZoneInfo, now_ms: int, from_ms: int | None = None, to_ms: int | None = None
) -> tuple[str, ...]:
    """Months of which there is history and that begin in [from, to), oldest first."""
    first = first_session_ms(connection)
    if first is None:
        return ()
    return tuple(
        period
        for period in months_between(first, now_ms, zone)
        if (from_ms is None or span_of(period, zone)[0] >= from_ms)
        and (to_ms is None or span_of(period, zone)[0] < to_ms)
    )


def mark_of(connection: Connection, period: str, zone: ZoneInfo, now_ms: int) -> str:
    """What a month's facts depend on, as a text that changes with it."""
    start, end = span_of(period, zone)
    if end > now_ms:
        # So that the running month is not computed with every message.
        history: tuple[int, ...] = (now_ms // FRESH_MS,)
    else:
        history = (min(now_ms - end, FOLLOWED_MS) // WEEK_MS, *history_mark(connection, start, end))
    return _encode((FACTS, entries_mark(connection, WRITTEN), history)).hex()


def due_months(connection: Connection, periods: Iterable[str], zone: ZoneInfo, now_ms: int) -> list[str]:
    """Which of these are not cached as they would be computed now, the newest first."""
    kept = kept_months(connection, zone.key)
    number = rates_of(connection).number
    return [
        p for p in sorted(periods, reverse=True) if not _holds(connection, kept.get(p), zone, now_ms, number)
    ]


def _holds(connection: Connection, kept: Kept | None, zone: ZoneInfo, now_ms: int, number: int) -> bool:
    if kept is None or kept.rules != RULES or kept.assumption_set != number:
        return False
    return kept.mark == mark_of(connection, kept.period, zone, now_ms)


def shown_books(connection: Connection, periods: Sequence[str], zone: ZoneInfo, lines: int = 2) -> Books:
    """What the cache has of these months, at once; nothing is computed. The newest `lines` of them come with
    their evidence. Stale are those priced by other rates; what history changed, `due_months` tells."""
    number = rates_of(connection).number
    # One view of the cache: a month that is replaced meanwhile must not lend its pages other lines.
    with Snapshot(connection):
        kept = kept_months(connection, zone.key)
        pages = _column(
            connection, zone, "page", [p for p in periods if p in kept and kept[p].rules == RULES]
        )
        newest = [p for p in periods if p in pages][-lines:] if lines else []
        whole = _column(connection, zone, "lines", newest)
    months = [book for p in periods if p in pages and (book := _read(pages[p])) is not None]
    return Books(
        tuple(_with(book, whole[book.period]) if book.period in whole else book for book in months),
        tuple(p for p in periods if p not in {book.period for book in months}),
        tuple(book.period for book in months if book.assumption_set != number),
    )


def evidence_of(connection: Connection, period: str, zone: ZoneInfo) -> Book | None:
    """A cached month with all its evidence; None where it is not cached."""
    with Snapshot(connection):
        pages, lines = (_column(connection, zone, column, [period]) for column in ("page", "lines"))
    book = _read(pages[period]) if period in pages and period in lines else None
    return None if book is None else _with(book, lines[period])


def _read(packed: bytes) -> Book | None:
    """A page as kept; None where another version of the program kept it in another form."""
    try:
        return _book(packed)
    except msgspec.ValidationError:
        return None


def _with(book: Book, packed: bytes) -> Book:
    lines = _lines(packed)
    parts = tuple(replace(part, lines=found) for part, found in zip(book.parts, lines, strict=True))
    return replace(book, parts=parts)


def facts_kept(
    connection: Connection, periods: Sequence[str], zone: ZoneInfo, now_ms: int
) -> dict[str, Facts]:
    """Cached facts that still hold, whatever the rates were."""
    kept = kept_months(connection, zone.key)
    good = [p for p in periods if p in kept and kept[p].mark == mark_of(connection, p, zone, now_ms)]
    return {p: _facts(packed) for p, packed in _column(connection, zone, "facts", good).items()}


def books_of(
    connection: Connection, periods: Sequence[str], zone: ZoneInfo, now_ms: int,
    pseudonym: Callable[[str], str], held: AssumptionSet | None = None, *,
    tell: Tell = lambda period, done: None, stopped: Callable[[], bool] = lambda: False,
) -> Books:  # fmt: skip
    """Months with their evidence: from the cache where it holds, else computed.

    Args:
        connection: reading.
        periods: months.
        zone: of sites whose entry names none.
        now_ms: until when.
        pseudonym: what a card is called.
        held: the rates; as written down where None.
        tell, stopped: as for `facts_in_turn`.
    """
    rates = rates_of(connection) if held is None else held
    due = set(periods) if held is not None else set(due_months(connection, periods, zone, now_ms))
    facts = facts_kept(connection, [p for p in periods if p in due], zone, now_ms)
    rest = [p for p in due if p not in facts]
    if rest:
        for found in facts_in_turn(connection, rest, zone, now_ms, pseudonym, tell=tell, stopped=stopped):
            facts[found.period] = found
    made = {p: book_of(one, rates, now_ms, swings=False) for p, one in facts.items()}
    for p in periods:
        if p not in made and (kept := evidence_of(connection, p, zone)) is not None:
            made[p] = kept
    return Books(tuple(made[p] for p in sorted(made)))


def computed(
    connection: Connection, period: str, zone: ZoneInfo, now_ms: int, facts: Facts, held: AssumptionSet
) -> CostMonth:
    """The row that keeps a month."""
    book = book_of(facts, held, now_ms)
    lines = [part.lines for part in book.parts]
    packed = (_squeezed(one) for one in (facts, book.lines_apart(), lines))
    mark = mark_of(connection, period, zone, now_ms)
    return CostMonth(period, zone.key, mark, now_ms, held.number, RULES, *packed)


def _squeezed(value: object) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor(level=6).compress(_encode(value))


def _column(connection: Connection, zone: ZoneInfo, column: str, periods: Sequence[str]) -> dict[str, bytes]:
    import zstandard

    unpack = zstandard.ZstdDecompressor()
    found = kept_column(connection, zone.key, column, tuple(periods))
    return {period: unpack.decompress(packed) for period, packed in found.items()}
