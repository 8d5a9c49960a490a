"""Months as issued: the figures stand with their versions, a later one is shown beside (decision 19)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from app.analytics.costs.books import Book
from app.domain.entries import body_of
from app.domain.records import EntryRecord
from app.store.readers.entries import current_entries

KIND = "statement"


@dataclass(frozen=True, slots=True)
class Statement:
    """A month as issued. `body`: {"period", "assumption_set", "rules", "until_ms", "currency", "total",
    "costs": {cost: {currency: "amount"}}}."""

    entry: str
    at_ms: int
    by: str
    body: Mapping[str, Any]

    @property
    def total(self) -> Decimal:
        """The total that was issued."""
        return Decimal(str(self.body["total"]))


@dataclass(frozen=True, slots=True)
class Compared:
    """An issued figure and today's. `cost` "" is the total."""

    cost: str
    currency: str
    issued: Decimal
    now: Decimal

    @property
    def changed(self) -> bool:
        """Whether they differ."""
        return self.issued != self.now


def statement_body(connection: Connection, book: Book, now_ms: int) -> tuple[int, dict[str, Any]]:
    """(the number of the next statement of this month, what is kept of it)."""
    before = [s for s in statements(connection) if s.body.get("period") == book.period]
    return len(before) + 1, {
        "period": book.period, "assumption_set": book.assumption_set, "rules": book.rules,
        "until_ms": book.until_ms, "issued_ms": now_ms, "currency": book.currency,
        "total": str(book.total()),
        "costs": {k: {c: str(v) for c, v in m.items()} for k, m in _sums(book).items()},
    }  # fmt: skip


def statements(connection: Connection) -> tuple[Statement, ...]:
    """All that were issued, oldest first."""
    return issued(current_entries(connection, KIND))


def issued(entries: Iterable[EntryRecord]) -> tuple[Statement, ...]:
    """All that were issued, oldest first."""
    found = [Statement(e.entry, e.at_ms, e.by, body_of(e)) for e in entries if e.kind == KIND and not e.gone]
    return tuple(sorted(found, key=lambda s: (s.at_ms, s.entry)))


def compared(statement: Statement, book: Book) -> tuple[Compared, ...]:
    """What was issued beside what a month is now, the total first."""
    now, then = _sums(book), statement.body.get("costs", {})
    made = [Compared("", book.currency, statement.total, book.total())]
    for cost in sorted({*now, *then}):
        for currency in sorted({*now.get(cost, {}), *then.get(cost, {})}):
            was = Decimal(str(then.get(cost, {}).get(currency, "0")))
            made.append(Compared(cost, currency, was, now.get(cost, {}).get(currency, Decimal(0))))
    return tuple(made)


def _sums(book: Book) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {}
    for part in book.parts:
        if part.amount is not None:
            mine = found.setdefault(str(part.cost), {})
            mine[part.currency] = mine.get(part.currency, Decimal(0)) + part.amount
    return found
