"""Opening: one instance, the right schema, sound or not at all, in sentences."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.errors import DatabaseDamaged, DatabaseTooNew, DataDirectoryBusy, ForecourtError
from app.domain.ids import StationId
from app.domain.records import JournalKind, JournalRow
from app.store import journal, lock, schema, tables
from app.store.backup import take_backup
from app.store.open import Store, open_reading
from app.store.readers.sessions import next_session


def test_a_new_directory_is_for_its_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "data"
    store = Store.open(data)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE(store.file.stat().st_mode) == 0o600
    assert stat.S_IMODE((data / lock.LOCK).stat().st_mode) == 0o600
    assert store.warnings == ()
    store.close()


def test_an_open_directory_is_reported_with_the_remedy(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o777)
    data.chmod(0o777)
    store = Store.open(data)
    assert store.warnings == (
        f"The data directory {data} can be entered by others (mode 777); close it with: chmod 700 {data}",
    )
    store.close()


def test_a_second_instance_is_refused_in_a_sentence_that_names_the_first(tmp_path: Path) -> None:
    first = Store.open(tmp_path)
    with pytest.raises(DataDirectoryBusy, match=f"in use by another Forecourt .process {os.getpid()} on"):
        Store.open(tmp_path)
    assert lock.holder(tmp_path).startswith(f"process {os.getpid()}")
    first.close()
    assert lock.holder(tmp_path) == ""
    Store.open(tmp_path).close()


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "forecourt.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (tmp_path / "forecourt.db").read_bytes()
    for way in (Store.open, open_reading):
        with pytest.raises(DatabaseTooNew, match="revision 9999, this one knows 0005"):
            way(tmp_path)
    assert (tmp_path / "forecourt.db").read_bytes() == before


def test_damage_is_named_with_the_backup_to_restore(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    file = tmp_path / "forecourt.db"
    backup = take_backup(file, tmp_path / "backups" / "daily-2026-01-05.db")
    page = 4096
    content = bytearray(file.read_bytes())
    content[page * 5 : page * 9] = os.urandom(page * 4)
    file.write_bytes(content)
    (tmp_path / lock.CLEAN).unlink()
    with pytest.raises(DatabaseDamaged, match="is damaged") as told:
        Store.open(tmp_path)
    assert f"forecourt restore {backup} --data {tmp_path}" in str(told.value)
    with pytest.raises(DatabaseDamaged):
        Store.open(tmp_path)


def test_damage_found_while_in_use_is_named_too(tmp_path: Path) -> None:
    """A clean stop is not checked at the start: who then meets the damage says so in a sentence."""
    Store.open(tmp_path).close()
    file = tmp_path / "forecourt.db"
    with sqlite3.connect(file) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'session'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with file.open("r+b") as damaged:
        damaged.seek((page - 1) * size)
        damaged.write(b"\x5a" * size)
    for reading in (open_reading(tmp_path), Store.open(tmp_path)):
        try:
            with pytest.raises(DatabaseDamaged, match="is damaged"):
                reading.read(next_session)
        finally:
            reading.close()


def test_a_file_that_is_no_database_is_damage_too(tmp_path: Path) -> None:
    (tmp_path / "forecourt.db").write_bytes(b"not a database, " * 1000)
    with pytest.raises(DatabaseDamaged, match="there is no backup beside it"):
        Store.open(tmp_path)
    assert (tmp_path / "forecourt.db").read_bytes().startswith(b"not a database")


def test_a_foreign_database_is_not_touched(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "forecourt.db") as connection:
        connection.execute("CREATE TABLE mine (a)")
    with pytest.raises(ForecourtError, match="database of another program"):
        Store.open(tmp_path)


def test_only_an_unclean_stop_costs_a_check(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    assert not (tmp_path / lock.CLEAN).exists()
    store.close()
    assert lock.take_clean_mark(tmp_path)
    assert not lock.take_clean_mark(tmp_path)


class FullDisk:
    """A connection whose disk takes no more."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str) -> sqlite3.Cursor:
        """Refuse to move the log into the file."""
        if "checkpoint" in statement:
            raise sqlite3.OperationalError("database or disk is full")
        return self._connection.execute(statement)

    def close(self) -> None:
        """Close."""
        self._connection.close()


def test_a_full_disk_does_not_keep_the_store_from_closing(tmp_path: Path) -> None:
    """The log stays beside the file, others may open it, and it is looked at then."""
    store = Store.open(tmp_path)
    store.inline_writer().submit([JournalRow(1, StationId("S"), JournalKind.IN, "kept")])
    store._writing = [(writer, FullDisk(connection)) for writer, connection in store._writing]
    store.close()
    assert not (tmp_path / "forecourt.clean").exists()
    again = Store.open(tmp_path)
    assert again.read(journal.counted)[0] == 1
    again.close()


def test_readers_cannot_write_and_need_no_lock(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    reading = open_reading(tmp_path)
    with reading.connect() as connection:
        assert connection.execute(select(tables.session)).all() == []
        with pytest.raises(Exception, match="readonly"):
            connection.exec_driver_sql("DELETE FROM session")
    reading.close()
    store.close()


def test_reading_an_empty_directory_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ForecourtError, match="There is no database in"):
        open_reading(tmp_path)


def test_a_fresh_database_gives_pages_back_and_uses_wal(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA auto_vacuum").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    store.close()


def test_network_shares_are_told_by_their_mount(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"rootfs / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\ntmp {tmp_path}/local tmpfs rw 0 0\n"
    )
    assert lock.network_share(tmp_path / "data", mounts) == "nfs4"
    assert lock.network_share(tmp_path / "local" / "data", mounts) is None


def test_a_url_without_its_driver_is_a_plain_sentence(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    with pytest.raises(ForecourtError, match=r"needs the Python package|cannot be used"):
        Store.open(tmp_path, "postgresql+psycopg://localhost/forecourt")
    with pytest.raises(ForecourtError, match=r"store\.url cannot be used"):
        Store.open(tmp_path, "nonsense")
    Store.open(tmp_path).close()


def test_start_imports_nothing_heavy() -> None:
    import subprocess
    import sys

    code = (
        "import sys, app.store.open;print([m for m in ('alembic', 'zstandard', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_the_schema_knows_its_head() -> None:
    assert schema.HEAD == "0005"
