"""SQL texts for the writer, compiled once from the tables and run by the driver with plain tuples.

One statement writes many rows (`VALUES (…), (…)`): every step of the driver gives up the
interpreter lock and has to win it back from the loop's thread, so few steps matter more than
few bytes. There is a text for each number of rows up to `MOST_ROWS`, made when it is first needed;
the driver's statement cache holds those of all tables that a stream of messages writes.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from sqlalchemy import Dialect, Table, func
from sqlalchemy.dialects import sqlite

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
        self._compile = partial(_compiled, dialect, table, on_conflict, sums, least, most, leave)
        """Done when it is first needed: a start has no time for what few runs write."""
        self._parts: tuple[str, str, str] | None = None
        self._most = max(1, min(MOST_ROWS, MOST_VALUES // len(table.columns)))
        self._texts: dict[int, str] = {}

    def _text(self, size: int) -> str:
        text = self._texts.get(size)
        if text is None:
            if self._parts is None:
                self._parts = self._compile()
            head, group, tail = self._parts
            text = self._texts[size] = head + ", ".join([group] * size) + tail
        return text

    def chunks(self, rows: Sequence[Row]) -> Iterator[tuple[str, list[Any]]]:
        """Statements with their values that together write `rows`, in order."""
        most = self._most
        for start in range(0, len(rows), most):
            part = rows[start : start + most]
            yield self._text(len(part)), list(chain.from_iterable(part))


def _compiled(
    dialect: Dialect, table: Table, on_conflict: str,
    sums: frozenset[str], least: frozenset[str], most: frozenset[str], leave: tuple[str, ...],
) -> tuple[str, str, str]:  # fmt: skip
    """The statement's text before, of, and after the values of one row."""
    insert = _insert_for(dialect)(table)
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
    return text[: group.start(1)], group[1], text[group.end(1) :]


def _insert_for(dialect: Dialect) -> Callable[[Table], Any]:
    if dialect.name != "postgresql":
        return sqlite.insert
    from sqlalchemy.dialects import postgresql  # a start has no time for what only few need

    return postgresql.insert


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
