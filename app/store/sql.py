"""SQL texts for the writer, compiled once from the tables and run by the driver with plain tuples.

One statement writes many rows (`VALUES (…), (…)`): every step of the driver gives up the
interpreter lock and has to win it back from the loop's thread, so few steps matter more than
few bytes. There is a text for each number of rows up to `MOST_ROWS`, made when it is first needed;
the driver's statement cache holds those of all tables that a stream of messages writes.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Dialect, Table, func
from sqlalchemy.dialects import postgresql, sqlite

from app.store.effects.effect import Effect, Row

MOST_ROWS = 64
MOST_VALUES = 2_000
"""Values bound in one statement at most; every SQLite allows 32,766 and any PostgreSQL 65,535."""


class InsertText:
    """The insert of one table in the dialect's own words, for any number of rows."""

    def __init__(
        self,
        dialect: Dialect,
        table: Table,
        on_conflict: str = "",
        *,
        sums: frozenset[str] = frozenset(),
        least: frozenset[str] = frozenset(),
        most: frozenset[str] = frozenset(),
        leave: tuple[str, ...] = (),
    ) -> None:
        insert = (postgresql if dialect.name == "postgresql" else sqlite).insert(table)
        statement: Any = insert
        if on_conflict == "nothing":
            statement = insert.on_conflict_do_nothing()
        elif on_conflict == "update":
            keys = [c.name for c in table.primary_key.columns]
            new = insert.excluded
            low, high = (func.least, func.greatest) if dialect.name == "postgresql" else (func.min, func.max)
            replaced = {}
            for column in table.columns:
                name = column.name
                if name in keys or name in leave:
                    continue
                replaced[name] = (
                    column + new[name]
                    if name in sums
                    else low(column, new[name])
                    if name in least
                    else high(column, new[name])
                    if name in most
                    else new[name]
                )
            statement = insert.on_conflict_do_update(index_elements=keys, set_=replaced)
        text = str(statement.compile(dialect=dialect))
        group = re.search(r"VALUES (\([^()]*\))", text)
        if group is None:
            raise RuntimeError(f"cannot read the insert of {table.name}: {text}")
        self.width = len(table.columns)
        self._group = group[1]
        self._head, self._tail = text[: group.start(1)], text[group.end(1) :]
        self._most = max(1, min(MOST_ROWS, MOST_VALUES // self.width))
        self._texts: dict[int, str] = {}

    def _text(self, size: int) -> str:
        text = self._texts.get(size)
        if text is None:
            text = self._texts[size] = self._head + ", ".join([self._group] * size) + self._tail
        return text

    def chunks(self, rows: Sequence[Row]) -> Iterator[tuple[str, list[Any]]]:
        """Statements with their values that together write `rows`, in order."""
        most = self._most
        for start in range(0, len(rows), most):
            part = rows[start : start + most]
            yield self._text(len(part)), list(chain.from_iterable(part))


def effect_text(dialect: Dialect, effect: Effect, *, leave: tuple[str, ...] = ()) -> InsertText:
    """The insert an effect asks for; an update leaves the columns in `leave` as they are."""
    return InsertText(
        dialect,
        effect.table,
        effect.on_conflict,
        sums=effect.sums,
        least=effect.least,
        most=effect.most,
        leave=leave,
    )


def positional(dialect: Dialect) -> Dialect:
    """The same dialect with parameters by position, which plain tuples need."""
    if dialect.paramstyle in ("qmark", "format"):
        return dialect
    return type(dialect)(paramstyle="format")  # type: ignore[call-arg]
