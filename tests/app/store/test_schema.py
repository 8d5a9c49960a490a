"""The schema: what a fresh database has is what the migrations make, from every revision on."""

import dataclasses
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.domain import records
from app.store import schema, tables
from app.store.connect import connect_writing
from app.store.open import Store

PAST = Path(__file__).parent / "past"
SQL_OF = "SELECT sql FROM sqlite_master WHERE name = ?"
OLD = sorted(PAST.glob("*.sql"))


def described(file: Path) -> dict[str, object]:
    """Columns, keys and indexes of every table, in words that compare."""
    with closing(sqlite3.connect(file)) as connection:
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if not row[0].startswith("sqlite_")
        ]
        found: dict[str, object] = {}
        for name in names:
            indexes = {}
            for _, index, unique, origin, partial in connection.execute(f"PRAGMA index_list({name})"):
                columns = [row[2] for row in connection.execute(f"PRAGMA index_info({index})")]
                where = connection.execute(
                    "SELECT sql FROM sqlite_master WHERE name = ?", (index,)
                ).fetchone()
                text = (where[0] or "").partition("WHERE")[2].strip() if where else ""
                indexes[index] = (columns, unique, origin, partial, text)
            rowid = (
                "WITHOUT ROWID"
                in connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
            )
            found[name] = (connection.execute(f"PRAGMA table_info({name})").fetchall(), indexes, rowid)
        return found


def migrated(file: Path) -> Path:
    """A database made by the migrations alone."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    schema.migrate(file)
    return file


def test_a_fresh_database_equals_a_migrated_one(tmp_path: Path) -> None:
    Store.open(tmp_path / "fresh").close()
    made = described(migrated(tmp_path / "migrated.db"))
    assert described(tmp_path / "fresh" / "forecourt.db") == made
    with closing(sqlite3.connect(tmp_path / "migrated.db")) as connection:
        assert schema.revision_of(connection) == schema.HEAD


@pytest.mark.parametrize("old", OLD, ids=lambda path: path.stem)
def test_every_revision_can_be_opened_with_all_its_rows(old: Path, tmp_path: Path) -> None:
    file = tmp_path / "forecourt.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(old.read_text())
        counts = rows_of(connection)
    Store.open(tmp_path).close()
    with closing(sqlite3.connect(file)) as connection:
        assert schema.revision_of(connection) == schema.HEAD
        after = rows_of(connection)
    assert {name: after[name] for name in counts} == counts
    assert sum(counts.values()) > len(counts)
    fresh = tmp_path / "fresh"
    Store.open(fresh).close()
    assert described(file) == described(fresh / "forecourt.db")
    is_old = old.stem != schema.HEAD
    assert (tmp_path / "backups" / f"before-update-from-{old.stem}.db").exists() is is_old


def rows_of(connection: sqlite3.Connection) -> dict[str, int]:
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def test_the_newest_revision_is_among_the_kept_ones() -> None:
    assert {path.stem for path in OLD} == set(tables.REVISIONS)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store.open(tmp_path).close()
    file = tmp_path / "forecourt.db"
    before = described(file)

    def half(engine: object, revision: str = "head") -> None:
        with engine.connect() as connection:  # type: ignore[attr-defined]
            connection.exec_driver_sql("CREATE TABLE half (a)")
        raise RuntimeError("cut")

    monkeypatch.setattr(schema, "upgrade", half)
    with pytest.raises(RuntimeError):
        schema.migrate(file)
    assert described(file) == before


@pytest.mark.parametrize(
    ("record", "table"),
    [
        (records.StationRecord, tables.station),
        (records.SessionRecord, tables.session),
        (records.CommandRecord, tables.command),
        (records.RefusalRecord, tables.refusal),
        (records.FileRecord, tables.file),
        (records.EntryRecord, tables.entry),
        (records.VariableRecord, tables.variable),
        (records.FaultRecord, tables.fault),
        (records.FaultEventRecord, tables.fault_event),
    ],
)
def test_rows_are_their_records_field_by_field(record: type, table: object) -> None:
    fields = [field.name for field in dataclasses.fields(record)]
    assert [column.name for column in table.columns] == fields  # type: ignore[attr-defined]


def test_opening_an_up_to_date_database_needs_no_alembic(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with closing(connect_writing(tmp_path / "forecourt.db")) as connection:
        assert schema.revision_of(connection) == schema.HEAD
