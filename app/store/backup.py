"""Backups: whole, checked, hashed, and only then under their name. Restore never deletes.

A backup is the database: all of history, and which files stations brought. The files themselves lie in the
data directory's `files`, and are copied with it or not at all.
"""

import hashlib
import os
import sqlite3
import time
import zlib
from contextlib import closing
from datetime import date
from pathlib import Path

from app.domain.errors import ForecourtError
from app.store import lock, schema
from app.store.connect import FILE, connect_reading

KEPT_DAILY = 30


def backups(data_dir: Path) -> list[Path]:
    """Backups beside a database, newest first."""
    found = (data_dir / "backups").glob("*.db")
    return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def take_backup(database: Path, file: Path, *, thorough: bool = False) -> Path:
    """Write a checked copy of the database to `file`, with its SHA-256 beside it.

    For a worker thread. It reads through a connection of its own, one instant of the database,
    while the writer goes on: no station waits for a backup. `thorough` checks as `check_copy` says.

    Raises:
        ForecourtError: the copy cannot be written or does not hold together.
    """
    file = file.resolve()
    if file == database.resolve() or (file.exists() and not file.is_file()):
        raise ForecourtError(f"A backup cannot take the place of {file}; name another file.")
    part = file.with_name(file.name + ".part")
    try:
        if not file.parent.is_dir():
            file.parent.mkdir(mode=0o700, parents=True)
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(connect_reading(database)) as connection:
            # What is written is the copy; `query_only` would refuse that too.
            connection.execute("PRAGMA query_only=OFF")
            connection.execute("VACUUM INTO ?", (str(part),))
        check_copy(part, thorough=thorough)
        digest = _sha256(part)
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        os.replace(part, file)
        note = os.open(_note(file), os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(note, "w") as handle_note:
            handle_note.write(f"{digest}  {file.name}\n")
            handle_note.flush()
            os.fsync(handle_note.fileno())
        lock.sync_directory(file.parent)
    except (OSError, sqlite3.Error) as error:
        if part.is_file():
            part.unlink()
        raise ForecourtError(f"The backup {file} could not be written: {error}.") from error
    return file


def check_copy(file: Path, *, thorough: bool = False) -> str:
    """The schema revision of a sound copy.

    A thorough check takes some seconds a gigabyte longer: all indexes against their tables, and
    every packed part against its checksum, which finds what no page of SQLite's can tell.

    Raises:
        ForecourtError: it is no Forecourt database or is damaged.
    """
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            check = "integrity_check" if thorough else "quick_check"
            found = copy.execute(f"PRAGMA {check}(1)").fetchone()[0]
            revision = schema.revision_of(copy)
            if thorough and found == "ok":
                found = _changed_pack(copy) or found
    except sqlite3.Error as error:
        raise ForecourtError(f"{file} is no sound database: {error}.") from error
    if found != "ok":
        raise ForecourtError(f"{file} is damaged: {found}.")
    if revision is None:
        raise ForecourtError(f"{file} is not a backup of Forecourt.")
    return revision


def _changed_pack(copy: sqlite3.Connection) -> str:
    """The first packed part that is not what was written, in words; "" where all are."""
    for table, key, name in (
        ("segment", "first_seq", "the messages from row"),
        ("reading_pack", "session", "the readings of session"),
    ):
        for number, checksum, packed in copy.execute(f"SELECT {key}, crc32, packed FROM {table}"):
            if zlib.crc32(packed) != checksum:
                return f"{name} {number} are not what was written"
    return ""


def restore(data_dir: Path, file: Path, *, stamp: str = "") -> Path | None:
    """Put a backup in the place of the database; what was there is moved aside, never deleted.

    Returns the directory with what was moved aside, None where there was nothing.

    Raises:
        DataDirectoryBusy: Forecourt runs on this directory.
        DatabaseTooNew: the backup is of a newer Forecourt.
        ForecourtError: the backup is missing, changed or damaged.
    """
    if not file.is_file():
        raise ForecourtError(f"There is no backup {file}.")
    note = _note(file)
    if note.is_file() and note.read_text().split()[:1] != [_sha256(file)]:
        raise ForecourtError(f"{file} is not what was backed up: its SHA-256 differs from {note.name}.")
    schema.refuse_newer(check_copy(file), str(file))
    lock.private_directory(data_dir)
    held = lock.DirectoryLock(data_dir)
    try:
        part = data_dir / (FILE + ".part")
        _copy(file, part)
        aside = _move_aside(data_dir, stamp or time.strftime("%Y%m%d-%H%M%S", time.gmtime()))
        os.replace(part, data_dir / FILE)
        lock.sync_directory(data_dir)
    except OSError as error:
        raise ForecourtError(f"The backup could not be restored: {error}.") from error
    finally:
        held.release()
    return aside


def daily(data_dir: Path, day: str) -> Path | None:
    """Take the backup of `day` ("2026-03-29") if there is none yet, and let go of old daily ones.

    That of a Sunday is checked thoroughly.
    """
    file = data_dir / "backups" / f"daily-{day}.db"
    if file.exists():
        return None
    take_backup(data_dir / FILE, file, thorough=date.fromisoformat(day).isoweekday() == 7)
    for old in sorted((data_dir / "backups").glob("daily-*.db"))[:-KEPT_DAILY]:
        old.unlink()
        _note(old).unlink(missing_ok=True)
    return file


def _note(file: Path) -> Path:
    return file.with_name(file.name + ".sha256")


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _copy(source: Path, target: Path) -> None:
    handle = os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with source.open("rb") as reader, os.fdopen(handle, "wb") as writer:
        while block := reader.read(1 << 20):
            writer.write(block)
        writer.flush()
        os.fsync(writer.fileno())


def _move_aside(data_dir: Path, stamp: str) -> Path | None:
    there = [path for end in ("", "-wal", "-shm") if (path := data_dir / (FILE + end)).exists()]
    if not there:
        return None
    aside = data_dir / f"before-restore-{stamp}"
    count = 1
    while aside.exists():
        count += 1
        aside = data_dir / f"before-restore-{stamp}-{count}"
    aside.mkdir(mode=0o700)
    for path in there:
        os.replace(path, aside / path.name)
    return aside
