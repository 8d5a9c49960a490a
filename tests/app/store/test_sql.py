"""The SQL the writer runs means the same for SQLite and PostgreSQL, and plans that matter stay."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from app.domain.records import JournalRow, SessionRecord
from app.store import tables
from app.store.column_kinds import partial_too
from app.store.effects import EFFECTS
from app.store.open import Store
from app.store.readers import readings, sessions, statuses
from app.store.sql import InsertText, effect_text, positional

DIALECTS = [sqlite.dialect(), positional(postgresql.dialect())]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_effect_has_its_insert_in_both_dialects(dialect: Any) -> None:
    mark = "?" if dialect.name == "sqlite" else "%s"
    for effect in EFFECTS.values():
        width = len(effect.table.columns)
        rows = [tuple(range(width))] * 5
        chunks = list(effect_text(dialect, effect).chunks(rows))
        assert [len(values) // width for _, values in chunks] == [5]
        assert all(text.count(mark) == len(values) for text, values in chunks)
        assert all("ON CONFLICT" in text for text, _ in chunks)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_table_can_be_made_in_both_dialects(dialect: Any) -> None:
    for table in tables.metadata.sorted_tables:
        made = str(CreateTable(table).compile(dialect=dialect))
        assert "WITHOUT ROWID" not in made or dialect.name == "sqlite"
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))


def test_many_rows_are_parted_below_the_limit_of_values() -> None:
    insert = InsertText(sqlite.dialect(), tables.session)
    width = len(tables.session.columns)
    chunks = list(insert.chunks([tuple(range(width))] * 100))
    assert sum(len(values) for _, values in chunks) == 100 * width
    assert max(len(values) for _, values in chunks) <= 2000


class _Explained:
    """Stands in for a connection: runs a statement, and keeps how SQLite would find its rows."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.dialect = connection.dialect
        self.exec_driver_sql = connection.exec_driver_sql
        self.plan: list[str] = []

    def execute(self, statement: Any, values: dict[str, Any] | None = None) -> Any:
        statement = statement.params(values) if values else statement
        literal = {"render_postcompile": True, "literal_binds": True}
        text = str(statement.compile(self._connection, compile_kwargs=literal))
        found = self._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")
        self.plan += [row[3] for row in found]
        return self._connection.execute(statement)


@pytest.mark.parametrize(
    ("question", "index"),
    [
        (lambda c: sessions.open_sessions(c), "ix_session_open"),
        (lambda c: sessions.recent_sessions(c, "S1"), "ix_session_station_started_ms"),
        (lambda c: sessions.find_session(c, "S1", start_key="k"), "ix_session_start_key"),
        (lambda c: sessions.find_session(c, "S1", stop_key="k"), "ix_session_stop_key"),
        (lambda c: sessions.find_session(c, "S1", transaction="t"), "ix_session_station_transaction"),
        (lambda c: readings.session_readings(c, 1), "ix_reading_session"),
        (lambda c: readings.power_between(c, 0, 1), "PRIMARY KEY (at_ms>? AND at_ms<?)"),
        (lambda c: statuses.words_of_all(c, 0, 1), "PRIMARY KEY (outlet=? AND at_ms>? AND at_ms<?)"),
        (lambda c: statuses.last_statuses(c), "PRIMARY KEY (outlet=? AND at_ms=?)"),
    ],
)
def test_what_is_asked_often_is_found_by_index(tmp_path: Path, question: Any, index: str) -> None:
    store = Store.open(tmp_path)
    with store.connect() as connection:
        explained = _Explained(connection)
        question(explained)
    assert any(index in step for step in explained.plan), explained.plan
    store.close()


def test_what_is_written_most_has_its_fields_in_the_order_of_its_columns() -> None:
    columns = [column.name for column in tables.session.columns]
    assert list(SessionRecord.__struct_fields__) == columns
    assert (
        list(JournalRow.__struct_fields__)[: len(tables.journal.columns) - 1]
        == [column.name for column in tables.journal.columns][1:]
    )


def test_an_index_over_some_rows_is_one_in_postgresql_too() -> None:
    partial_too("postgresql")
    for table in tables.metadata.sorted_tables:
        for index in table.indexes:
            texts = [
                str(CreateIndex(index).compile(dialect=d)) for d in (sqlite.dialect(), postgresql.dialect())
            ]
            assert ("WHERE" in texts[0]) == ("WHERE" in texts[1])
