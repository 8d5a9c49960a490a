"""A paired year fed to the ledger as records, and what the ledger makes of it."""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from sqlalchemy import Connection

from app.analytics.costs import gather
from app.analytics.costs.books import Book, book_of
from app.analytics.costs.kept import rates_of
from app.analytics.costs.ledger import Line, Part
from app.domain.records import Record
from app.replay import replay_rows
from app.settings import Settings
from app.store.open import Store
from tests.bench.paired.frames import rows
from tests.bench.paired.plan import ZONE
from tests.bench.paired.records import told, written
from tests.bench.paired.truth import Key, Paired

T = TypeVar("T")
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Told:
    """What the ledger says of a site, cost and month: the sum and its range as the page shows it."""

    amount: float
    low: float
    high: float


def books_of_year(year: Paired, records: Iterable[Record] | None = None) -> list[Book]:
    """The ledger's books of a year, month by month, from its records alone."""
    with tempfile.TemporaryDirectory(prefix="forecourt-bench-ledger-") as folder:
        store = Store.open(Path(folder))
        writer = store.inline_writer()
        given = records if records is not None else _records(year)
        for batch in _batches(given):
            writer.submit((), batch)
            writer.flush()
        if writer.failed:
            raise AssertionError(f"{writer.failed} records could not be kept")
        try:
            return store.read(_asked, year)
        finally:
            store.close()


def _records(year: Paired) -> Iterator[Record]:
    yield from written(year.sites)
    yield from told(year.played, year.until_ms)
    yield from year.deeds


def _asked(connection: Connection, year: Paired) -> list[Book]:
    held = rates_of(connection)
    # Peaks have no money without a demand charge, and take a third of the time.
    with patch.object(gather, "peaks", lambda m: ()):
        found = gather.facts_in_turn(connection, year.months, ZONE, year.until_ms, lambda token: token)
        return [book_of(facts, held, year.until_ms, swings=False, ranged=False) for facts in found]


def _batches(given: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(given)
    while batch := list(islice(rest, BATCH)):
        yield batch


def told_of(books: Iterable[Book]) -> dict[Key, Told]:
    """By site, cost and month what the ledger says; parts without an amount are not in it."""
    sums: dict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for book in books:
        for part in book.parts:
            if part.amount is None:
                continue
            mine = sums[part.site, part.cost.value, book.period]
            amount = float(part.amount)
            mine[0] += amount
            mine[1] += amount if part.low is None else min(float(part.low), amount)
            mine[2] += amount if part.high is None else max(float(part.high), amount)
    return {key: Told(*found) for key, found in sums.items()}


def booked_twice(books: Iterable[Book]) -> list[str]:
    """Objects whose euros stand in the ledger twice: the same one in two lines of the same stream."""
    seen: dict[tuple[str, ...], str] = {}
    found = []
    for book in books:
        for part in book.parts:
            for line in part.lines:
                key = _stream(part, line, book.period)
                where = f"{part.cost}/{part.cause}"
                if key in seen:
                    found.append(f"{line.object} in {seen[key]} and {where}, {book.period}")
                seen[key] = where
    return found


def _stream(part: Part, line: Line, period: str) -> tuple[str, ...]:
    if line.object.startswith(("fault:", "pool:", "peak:")):
        return line.object, part.cost, period, line.unit
    if line.object.startswith("driver:"):
        return (line.object, period)
    return line.object, line.unit if line.unit in ("kWh", "min") else ""


def books_by_the_whole_path(year: Paired) -> list[Book]:
    """The same from what stations say in OCPP 1.6: through decisions, journal, rules of faults, ledger."""
    with tempfile.TemporaryDirectory(prefix="forecourt-bench-ledger-") as folder:
        settings = Settings(data_dir=Path(folder), zone=ZONE.key)
        replay_rows(settings, rows(year.played, year.sites, year.until_ms))
        store = Store.open(Path(folder))
        try:
            return store.read(_asked, year)
        finally:
            store.close()
