"""Opening and closing what is kept: one instance, the right schema, sound or not at all."""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from app.domain.errors import DatabaseDamaged, ForecourtError
from app.store import lock, schema
from app.store.backup import backups, daily, take_backup
from app.store.connect import FILE, connect_writing, reading_engine, url_engine
from app.store.inline import InlineWriter
from app.store.sql import positional
from app.store.writer import Deliver, Writer

log = logging.getLogger("forecourt.store")

P = ParamSpec("P")
T = TypeVar("T")


class Reading:
    """Read-only access, from any thread; several may read while one writes."""

    def __init__(self, engine: Engine, read_file: Path | None = None) -> None:
        self._engine = engine
        self._read_file = read_file

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Lend a reading connection.

        Raises:
            DatabaseDamaged: what is asked for lies in a part of the file that does not hold together.
            ForecourtError: the disk does not give it.
        """
        with _faults_told(self._read_file), self._engine.connect() as connection:
            yield connection

    def read(self, question: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Answer `question(connection, …)`; waits for the database, so not on the loop's thread
        unless it is one indexed row. Raises as `connect` does."""
        with self.connect() as connection:
            return question(connection, *args, **kwargs)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


class Store(Reading):
    """A data directory that this process holds: its database, open for one writer and many readers."""

    def __init__(
        self, engine: Engine, data_dir: Path, held: lock.DirectoryLock, url: str, warnings: tuple[str, ...]
    ) -> None:
        super().__init__(engine, None if url else data_dir / FILE)
        self.data_dir = data_dir
        self.warnings = warnings
        """What the operator should mend, in sentences (open permissions)."""
        self._lock = held
        self._url = url
        self._writing: list[tuple[Writer | InlineWriter, Any]] = []

    @classmethod
    def open(cls, data_dir: Path, url: str = "") -> "Store":
        """Open the data directory, making or migrating the database where need be.

        Args:
            data_dir: where all is kept; made for its owner only if it is not there.
            url: an SQLAlchemy URL instead of the file in the directory.

        Raises:
            DataDirectoryBusy: another instance has it open.
            DatabaseDamaged: the file does not hold together.
            DatabaseTooNew: a newer Forecourt wrote it.
            ForecourtError: the directory or the database cannot be used.
        """
        warnings = lock.private_directory(data_dir)
        held = lock.DirectoryLock(data_dir)
        try:
            clean = lock.take_clean_mark(data_dir)
            if url:
                engine = url_engine(url, reading=False)
                schema.prepare_url(engine, engine.url.render_as_string(hide_password=True))
                engine.dispose()
                return cls(url_engine(url, reading=True), data_dir, held, url, tuple(warnings))
            file = data_dir / FILE
            _prepare_file(file, clean)
            return cls(reading_engine(file), data_dir, held, "", tuple(warnings))
        except BaseException:
            held.release()
            raise

    @property
    def file(self) -> Path:
        """The database file."""
        return self.data_dir / FILE

    @property
    def bytes(self) -> int:
        """Size of the database with its write-ahead log; 0 where it lies elsewhere."""
        sizes = (Path(f"{self.file}{end}") for end in ("", "-wal"))
        return sum(path.stat().st_size for path in sizes if path.exists())

    def backup(self, file: Path) -> Path:
        """Write a checked copy to `file` while others write; for a worker thread.

        Raises:
            ForecourtError: the copy cannot be made.
        """
        if self._url:
            raise ForecourtError("A PostgreSQL database is backed up with its own tools, such as pg_dump.")
        return take_backup(self.file, file)

    def daily_backup(self, day: str) -> Path | None:
        """The copy of `day` ("2026-03-29"), checked; None where it is there or not ours to make."""
        return None if self._url else daily(self.data_dir, day)

    def writer(
        self,
        deliver: Deliver,
        *,
        now_ms: Callable[[], int],
        group_ms: int = 10,
        on_recording: Callable[[bool, str], None] = lambda recording, cause: None,
    ) -> Writer:
        """The writer, started. One at a time. Raises as `connect` does."""
        with _faults_told(self._read_file):
            connection, engine = self._write_connection()
            writer = Writer(
                connection,
                positional(engine.dialect),
                deliver,
                now_ms=now_ms,
                group_ms=group_ms,
                on_recording=on_recording,
            )
        self._writing.append((writer, connection))
        writer.start()
        return writer

    def inline_writer(self, *, every: int = 2_000) -> InlineWriter:
        """A writer in the caller's own thread, for replay. One at a time. Raises as `connect` does."""
        with _faults_told(self._read_file):
            connection, engine = self._write_connection()
            if not self._url:
                # A replay that is cut short begins again: only its end has to be on the disk.
                connection.execute("PRAGMA synchronous=NORMAL")
            writer = InlineWriter(connection, positional(engine.dialect), every=every)
        self._writing.append((writer, connection))
        return writer

    def _write_connection(self) -> tuple[Any, Engine]:
        if not self._url:
            return connect_writing(self.file), self._engine
        engine = url_engine(self._url, reading=False)
        return engine.raw_connection().driver_connection, engine

    def close(self) -> None:
        """Stop the writers, move the log into the file, mark the stop as clean, let others in.

        Where the disk has no room for that, the log stays beside the file and the next start looks
        at all of it: nothing that was kept is lost.
        """
        try:
            for writer, connection in self._writing:
                writer.stop()
                if not self._url:
                    connection.execute("PRAGMA synchronous=FULL")
            super().close()
            for _, connection in self._writing:
                if not self._url:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            lock.leave_clean_mark(self.data_dir)
        except (sqlite3.Error, OSError) as error:
            log.warning("the database could not be closed tidily: %s", error)
        finally:
            for _, connection in self._writing:
                connection.close()
            self._writing.clear()
            self._lock.release()


def open_reading(data_dir: Path, url: str = "") -> Reading:
    """Read a live or a closed data directory without holding it.

    Raises:
        ForecourtError: there is no database, or it needs the program that matches it.
    """
    if url:
        return Reading(url_engine(url, reading=True))
    file = data_dir / FILE
    if not file.exists():
        raise ForecourtError(
            f"There is no database in {data_dir}; start Forecourt once, or name it with --data."
        )
    with _damage_told(file), closing(sqlite3.connect(file)) as connection:
        revision = schema.revision_of(connection)
    if revision is None:
        raise ForecourtError(f"The database {file} is empty; start Forecourt once.")
    schema.refuse_newer(revision, str(file))
    if revision != schema.HEAD:
        raise ForecourtError(
            f"The database {file} is of an older Forecourt; start this one once to update it."
        )
    return Reading(reading_engine(file, size=1), file)


def _prepare_file(file: Path, clean: bool) -> None:
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    with _damage_told(file):
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            revision = schema.revision_of(connection)
            if revision is None and _has_tables(connection):
                raise ForecourtError(f"{file} is a database of another program; choose another directory.")
            if revision is None:
                schema.create(connection)
                return
            schema.refuse_newer(revision, str(file))
            if not clean:
                _check(connection, file)
        if revision != schema.HEAD:
            take_backup(file, file.parent / "backups" / f"before-update-from-{revision}.db")
            schema.migrate(file)


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


def _check(connection: sqlite3.Connection, file: Path) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise DatabaseDamaged(_damage(file, str(found)))


@contextmanager
def _damage_told(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise DatabaseDamaged(_damage(file, str(error))) from error
        raise ForecourtError(f"The database {file} cannot be opened: {error}.") from error


_DISK = frozenset(
    (
        sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED,
    )
)  # fmt: skip
"""What a disk or its owner is to blame for; any other error is ours and stays what it is."""


@contextmanager
def _faults_told(file: Path | None) -> Iterator[None]:
    """Damage and a disk's faults, found while the database is in use, in a sentence."""
    try:
        yield
    except (sqlite3.DatabaseError, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if file is None or not code:
            raise
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise DatabaseDamaged(_damage(file, str(cause))) from error
        if code in _DISK:
            raise ForecourtError(f"The database {file} cannot be used: {cause}.") from error
        raise


def _damage(file: Path, what: str) -> str:
    known = backups(file.parent)
    if known:
        advice = f"restore the last backup with: forecourt restore {known[0]} --data {file.parent}"
    else:
        advice = "there is no backup beside it; keep the file and look for a copy elsewhere"
    return f"The database {file} is damaged ({what.splitlines()[0]}); {advice}."
