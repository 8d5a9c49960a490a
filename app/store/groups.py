"""Writing one group: many messages' rows in one transaction, and the poison rule.

The poison rule: one bad row must not cost its neighbours their commit. A group that fails for a
reason of its data is written again with a SAVEPOINT per message, and only the bad one fails.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from msgspec.structs import astuple
from sqlalchemy import ClauseElement, Dialect

from app.domain.records import JournalRow, Record
from app.store import tables
from app.store.day_states import DayRow, Horizon, as_rows
from app.store.dictionaries import Dictionaries
from app.store.effects import EFFECTS
from app.store.effects.effect import Effect, Row
from app.store.session_parts import Part, Parted
from app.store.sql import InsertText, effect_text
from app.store.tallies import Tallied, TallyRow

Done = Callable[[Exception | None], None]
Item = tuple[Sequence[JournalRow], Sequence[Record], Done | None]

_JOURNAL = len(tables.journal.columns) - 1
"""A row begins with the columns of its table but the first, its number, in their order."""


class GroupWriter:
    """Writes groups of messages through one driver connection in autocommit mode.

    Not thread-safe: it belongs to the thread that writes.
    """

    def __init__(self, connection: Any, dialect: Dialect) -> None:
        self.cursor = connection.cursor()
        self.dialect = dialect
        self.sqlite = dialect.name == "sqlite"
        self._begin = "BEGIN IMMEDIATE" if self.sqlite else "BEGIN"
        self.numbers = Dictionaries(self.cursor)
        self._texts: dict[type, tuple[Effect, InsertText]] = {
            kind: (effect, effect_text(dialect, effect)) for kind, effect in EFFECTS.items()
        }
        self._steady = {kind: _Steady(dialect, effect) for kind, effect in EFFECTS.items() if effect.steady}
        self._horizon = Horizon(self.execute(Horizon.query()))
        self._parted = Parted(self.execute(Parted.query()))
        self._tallied = Tallied(self.execute(Tallied.query()))
        self._journal = InsertText(dialect, tables.journal)
        self._day = InsertText(dialect, tables.day_state, "update")
        self._part = InsertText(dialect, tables.session_part, "update")
        self._tally = InsertText(dialect, tables.tally, "update")
        self._outlet = InsertText(dialect, tables.outlet)
        self._layout = InsertText(dialect, tables.layout)

    def write(self, items: Sequence[Item]) -> list[Exception | None]:
        """Commit all items in one transaction; the errors of those that could not be written.

        Raises what the database says when nothing can be written at all (disk full, read-only,
        I/O); then nothing of the group is kept.
        """
        try:
            self._transaction(items)
        except Exception as error:
            self.rollback()
            if cannot_write(error):
                raise
            return self._one_by_one(items)
        return [None] * len(items)

    def execute(self, statement: ClauseElement) -> list[Any]:
        """Run one Core statement (upkeep, not messages) and give its rows, if it has any."""
        compiled = statement.compile(dialect=self.dialect, compile_kwargs={"render_postcompile": True})
        params: Mapping[str, Any] = compiled.params
        names: Sequence[str] = compiled.positiontup or ()  # type: ignore[attr-defined]
        self.cursor.execute(str(compiled), [params[name] for name in names])
        return list(self.cursor.fetchall()) if self.cursor.description else []

    def watch_days(self, before_ms: int) -> None:
        """Note which stations' past changes from now on, until `write_days`."""
        self._horizon.watch(before_ms)

    def write_days(self, days: Sequence[DayRow]) -> int:
        """Cache days that were computed since `watch_days` and still hold; how many rows."""
        standing = self._horizon.standing(days)
        self.begin()
        for text, values in self._day.chunks(as_rows(standing)):
            self.cursor.execute(text, values)
        self.commit()
        return len(standing)

    def watch_parts(self) -> None:
        """Note which sessions are told of from now on, until `write_parts`."""
        self._parted.watch()

    def write_parts(self, parts: Sequence[Part]) -> int:
        """Cache parts that were computed since `watch_parts` and still hold; how many."""
        standing = self._parted.standing(parts)
        if not standing:
            return 0
        self.begin()
        for text, values in self._part.chunks([tuple(part) for part in standing]):
            self.cursor.execute(text, values)
        self.commit()
        return len(standing)

    def watch_tallies(self) -> None:
        """Note of whom something is told from now on, until `write_tallies`."""
        self._tallied.watch()

    def write_tallies(self, kind: str, rule: str, rows: Sequence[TallyRow]) -> int:
        """Cache what was counted since `watch_tallies` and still holds, and drop what was counted of that
        kind by another rule; how many rows."""
        standing = self._tallied.standing(rows)
        self.begin()
        if self._tallied.changed(kind, rule):
            # It reads the whole table, for which messages must not wait each time.
            self.execute(Tallied.drop_others(kind, rule))
        for text, values in self._tally.chunks([tuple(row) for row in standing]):
            self.cursor.execute(text, values)
        self.commit()
        self._tallied.wrote(kind, rule)
        return len(standing)

    def begin(self) -> None:
        """Start a transaction that may write."""
        self.cursor.execute(self._begin)

    def commit(self) -> None:
        """Make it last."""
        self.cursor.execute("COMMIT")
        self.numbers.keep()
        for steady in self._steady.values():
            steady.keep()

    def rollback(self) -> None:
        """Undo what is open. SQLite has already done so by itself when the disk was full."""
        self.numbers.forget()
        for steady in self._steady.values():
            steady.forget()
        connection = self.cursor.connection
        open_now = connection.in_transaction if self.sqlite else True
        if open_now:
            self.cursor.execute("ROLLBACK")

    def _transaction(self, items: Sequence[Item]) -> None:
        rows = self._rows(items)
        self.begin()
        self._insert(*rows)
        self.commit()

    def _rows(self, items: Sequence[Item]) -> tuple[list[Row], dict[type, list[Any]]]:
        next_seq = self.numbers.next_seq
        journal: list[Row] = []
        by_kind: dict[type, list[Any]] = {}
        for rows, records, _ in items:
            for row in rows:
                journal.append((next_seq("journal"), *astuple(row)[:_JOURNAL]))
            for record in records:
                kind = type(record)
                if kind in by_kind:
                    by_kind[kind].append(record)
                else:
                    by_kind[kind] = [record]
        return journal, by_kind

    def _insert(self, journal: list[Row], by_kind: dict[type, list[Any]]) -> None:
        execute = self.cursor.execute
        if journal:
            for text, values in self._journal.chunks(journal):
                execute(text, values)
        for kind, records in by_kind.items():
            for station, from_ms in self._horizon.overtaken(kind, records).items():
                self.execute(Horizon.drop(station, from_ms))
            if parted := self._parted.overtaken(kind, records):
                self.execute(Parted.drop(parted))
            for station, at_ms in self._tallied.overtaken(kind, records).items():
                self.execute(Tallied.drop(station, at_ms))
            effect, insert = self._texts[kind]
            rows = _collapsed(effect, records, self.numbers)
            steady = self._steady.get(kind)
            if steady is not None:
                same, rows = steady.parted(rows)
                for text, values in steady.text.chunks(same):
                    execute(text, values)
            for text, values in insert.chunks(rows):
                execute(text, values)
        outlets, layouts = self.numbers.fresh()
        for text, values in self._outlet.chunks(outlets):
            execute(text, values)
        for text, values in self._layout.chunks(layouts):
            execute(text, values)

    def _one_by_one(self, items: Sequence[Item]) -> list[Exception | None]:
        errors: list[Exception | None] = []
        execute = self.cursor.execute
        self.begin()
        try:
            for item in items:
                execute("SAVEPOINT item")
                mark = self.numbers.mark()
                try:
                    self._insert(*self._rows([item]))
                except Exception as error:
                    if cannot_write(error):
                        raise
                    execute("ROLLBACK TO item")
                    self.numbers.forget(mark)
                    for steady in self._steady.values():
                        steady.forget()
                    errors.append(error)
                else:
                    errors.append(None)
                execute("RELEASE item")
            self.commit()
        except Exception:
            self.rollback()
            raise
        return errors


_STEADY_KEPT = 50_000


class _Steady:
    """Remembers the indexed columns of rows as committed, to tell updates that leave them alone."""

    def __init__(self, dialect: Dialect, effect: Effect) -> None:
        names = [column.name for column in effect.table.columns]
        self.text = effect_text(dialect, effect, leave=effect.steady)
        self._of = itemgetter(*(names.index(name) for name in effect.steady))
        self._known: dict[Any, Any] = {}
        self._fresh: dict[Any, Any] = {}

    def parted(self, rows: list[Row]) -> tuple[list[Row], list[Row]]:
        """Rows whose indexed columns stand in the table already, and the rest."""
        known, fresh, of = self._known, self._fresh, self._of
        same, rest = [], []
        for row in rows:
            steady = of(row)
            if known.get(row[0]) == steady:
                same.append(row)
            else:
                rest.append(row)
                fresh[row[0]] = steady
        return same, rest

    def keep(self) -> None:
        """The rows are committed."""
        if self._fresh:
            if len(self._known) > _STEADY_KEPT:
                self._known.clear()
            self._known.update(self._fresh)
            self._fresh.clear()

    def forget(self) -> None:
        """Some of the rows were rolled back: be sure of none of them."""
        for key in self._fresh:
            self._known.pop(key, None)
        self._fresh.clear()


def _collapsed(effect: Effect, records: list[Any], numbers: Dictionaries) -> list[Row]:
    make = effect.row
    if effect.on_conflict != "update":
        return [make(record, numbers) for record in records]
    width = len(effect.table.primary_key.columns)
    fold = effect.fold
    by_key: dict[Any, Row] = {}
    if fold is None and width == 1:
        first = effect.table.columns[0].name
        latest = {getattr(record, first): record for record in records}
        return [make(record, numbers) for record in latest.values()]
    for record in records:
        row = make(record, numbers)
        key = row[:width]
        before = by_key.get(key)
        by_key[key] = row if before is None or fold is None else fold(before, row)
    return list(by_key.values())


_ENVIRONMENT = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_PROTOCOL,
}


def cannot_write(error: Exception) -> bool:
    """Whether the place that holds the data failed, and not the data."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(error, sqlite3.Error):
        return code is not None and (code & 0xFF) in _ENVIRONMENT
    state = getattr(error, "sqlstate", None)
    if type(error).__name__ in ("OperationalError", "InterfaceError") or state is not None:
        # PostgreSQL: 22 data exceptions and 23 constraints are the row's fault, the rest the server's.
        return not str(state or "").startswith(("22", "23"))
    return isinstance(error, OSError | MemoryError)
