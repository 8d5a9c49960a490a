"""Backups: whole and checked while the server writes; restore puts back and deletes nothing."""

import sqlite3
import stat
from pathlib import Path

import pytest

from app.domain.errors import DatabaseTooNew, DataDirectoryBusy, ForecourtError
from app.domain.records import JournalKind, JournalRow
from app.store.backup import KEPT_DAILY, backups, daily, restore, take_backup
from app.store.connect import connect_reading
from app.store.open import Store

NOW = 1_767_225_600_000


def journal_count(file: Path) -> int:
    with sqlite3.connect(file) as connection:
        return int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])


def filled(data: Path, count: int = 100) -> None:
    store = Store.open(data)
    writer = store.inline_writer()
    for n in range(count):
        writer.submit([JournalRow(NOW + n, "S1", JournalKind.IN, f'[2,"{n}","X",{{}}]')])
    store.close()


def test_stations_are_answered_in_the_middle_of_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path / "data", 500)
    store = Store.open(tmp_path / "data")
    told: list[Exception | None] = []
    writer = store.writer(lambda batch: told.extend(error for _, error in batch), now_ms=lambda: NOW)
    halves: list[int] = []

    def talk() -> int:
        if not halves:
            for n in range(500):
                writer.submit([JournalRow(NOW + n, "S1", JournalKind.IN)], (), lambda error: None)
            writer.flush()
            halves.append(len(told))
        return 0

    def talkative(file: Path) -> sqlite3.Connection:
        connection = connect_reading(file)
        connection.set_progress_handler(talk, 200)
        return connection

    monkeypatch.setattr("app.store.backup.connect_reading", talkative)
    file = store.backup(tmp_path / "out" / "b.db")
    assert halves == [500]
    assert told == [None] * 500
    # The copy is of the instant at which it began, and whole.
    assert journal_count(file) == 500
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (tmp_path / "out" / "b.db.sha256").read_text().endswith("  b.db\n")
    assert not list((tmp_path / "out").glob("*.part"))
    store.close()


def test_a_backup_that_cannot_be_written_leaves_nothing_half_done(tmp_path: Path) -> None:
    filled(tmp_path / "data")
    (tmp_path / "blocked").write_text("a file, not a directory")
    with pytest.raises(ForecourtError, match="could not be written"):
        take_backup(tmp_path / "data" / "forecourt.db", tmp_path / "blocked" / "b.db")


def test_restore_brings_back_and_moves_aside(tmp_path: Path) -> None:
    data = tmp_path / "data"
    filled(data, 10)
    backup = take_backup(data / "forecourt.db", tmp_path / "b.db")
    filled(data, 5)
    assert journal_count(data / "forecourt.db") == 15
    aside = restore(data, backup, stamp="t")
    assert aside == data / "before-restore-t"
    assert journal_count(aside / "forecourt.db") == 15
    assert journal_count(data / "forecourt.db") == 10
    assert restore(data, backup, stamp="t") == data / "before-restore-t-2"
    Store.open(data).close()


def test_restore_into_an_empty_directory(tmp_path: Path) -> None:
    filled(tmp_path / "data")
    backup = take_backup(tmp_path / "data" / "forecourt.db", tmp_path / "b.db")
    assert restore(tmp_path / "new", backup) is None
    assert journal_count(tmp_path / "new" / "forecourt.db") == 100


def test_restore_refuses_what_is_not_sound(tmp_path: Path) -> None:
    data = tmp_path / "data"
    filled(data)
    backup = take_backup(data / "forecourt.db", tmp_path / "b.db")
    with pytest.raises(ForecourtError, match="There is no backup"):
        restore(data, tmp_path / "nothing.db")
    original = backup.read_bytes()
    backup.write_bytes(original[:-1] + b"x")
    with pytest.raises(ForecourtError, match="SHA-256 differs"):
        restore(data, backup)
    text = tmp_path / "text.db"
    text.write_text("no database at all " * 500)
    with pytest.raises(ForecourtError, match="no sound database"):
        restore(data, text)
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as other:
        other.execute("CREATE TABLE t (a)")
    with pytest.raises(ForecourtError, match="not a backup of Forecourt"):
        restore(data, foreign)
    newer = tmp_path / "newer.db"
    newer.write_bytes(original)
    with sqlite3.connect(newer) as other:
        other.execute("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(DatabaseTooNew):
        restore(data, newer)
    assert journal_count(data / "forecourt.db") == 100


def test_restore_waits_for_no_running_server(tmp_path: Path) -> None:
    data = tmp_path / "data"
    filled(data)
    backup = take_backup(data / "forecourt.db", tmp_path / "b.db")
    store = Store.open(data)
    with pytest.raises(DataDirectoryBusy):
        restore(data, backup)
    store.close()


def test_daily_backups_are_taken_once_and_the_old_ones_go(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    days = [f"2026-{month:02d}-{day:02d}" for month in (1, 2) for day in range(1, 18)]
    for day in days:
        assert daily(tmp_path, day) is not None
    assert daily(tmp_path, days[-1]) is None
    left = sorted(path.name for path in backups(tmp_path))
    assert left == [f"daily-{day}.db" for day in days[-KEPT_DAILY:]]
    assert len(list((tmp_path / "backups").glob("*.sha256"))) == KEPT_DAILY


def test_the_backup_of_a_sunday_is_checked_down_to_the_packed_parts(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    with sqlite3.connect(tmp_path / "forecourt.db") as connection:
        connection.execute("INSERT INTO reading_pack VALUES (7, 0, 0, 1, 1, 12345, x'00')")
    assert daily(tmp_path, "2026-03-28") is not None
    with pytest.raises(ForecourtError, match="the readings of session 7 are not what was written"):
        daily(tmp_path, "2026-03-29")
    with sqlite3.connect(tmp_path / "forecourt.db") as connection:
        connection.execute("DELETE FROM reading_pack")
    assert daily(tmp_path, "2026-03-29") is not None
