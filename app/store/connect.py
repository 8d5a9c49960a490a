"""Connections: the pragmas that durability rests on, for the one that writes and those that read."""

import sqlite3
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import QueuePool

from app.domain.errors import ForecourtError
from app.domain.records import JournalKind, SessionState
from app.domain.status import ConnectorStatus

FILE = "forecourt.db"

_SHARED = (
    "foreign_keys=ON",
    "busy_timeout=5000",
    "mmap_size=0",
    "cell_size_check=ON",
    "trusted_schema=OFF",
)
_WRITING = (
    *_SHARED,
    "journal_mode=WAL",
    "synchronous=FULL",
    "journal_size_limit=67108864",
    # The writer checkpoints in its own commits: 16 MB apart, so that hot pages are copied once.
    "wal_autocheckpoint=4000",
    # With 5,000 stations 998 of 1,000 pages are found in 8 MB, and 999 in 32, which upkeep's tables fill.
    "cache_size=-8192",
    "temp_store=MEMORY",
)
_READING = (*_SHARED, "query_only=ON", "wal_autocheckpoint=0", "cache_size=-4096", "temp_store=MEMORY")

# The driver looks, in vain and for each value, how to adapt what is not exactly a number, a text or bytes:
# telling it is a third as dear. A message writes thirty such values.
sqlite3.register_adapter(type(None), dict[None, None]().get)
sqlite3.register_adapter(bool, int)
for _word in (JournalKind, SessionState, ConnectorStatus):
    sqlite3.register_adapter(_word, str.__str__)


def connect_writing(file: Path) -> sqlite3.Connection:
    """The writing connection: autocommit, statements cached, every commit on the disk."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, cached_statements=512)
    for pragma in _WRITING:
        connection.execute(f"PRAGMA {pragma}")
    if sys.platform == "darwin":
        connection.execute("PRAGMA fullfsync=ON")
    return connection


def connect_reading(file: Path) -> sqlite3.Connection:
    """A connection that cannot change anything."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, cached_statements=256)
    for pragma in _READING:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def reading_engine(file: Path, *, size: int = 4) -> Engine:
    """A pool of reading connections for SQLAlchemy, for use from several threads."""
    return create_engine(
        "sqlite://",
        creator=lambda: connect_reading(file),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=size,
        # The one that came home last: its pages are warm, and the others' need not be filled.
        pool_use_lifo=True,
        # What is read is never written: nothing to roll back when a connection comes home.
        pool_reset_on_return=None,
        skip_autocommit_rollback=True,
    )


def url_engine(url: str, *, reading: bool) -> Engine:
    """An engine for a database that is named by URL (PostgreSQL); the driver is the operator's.

    Raises:
        ForecourtError: the driver is not installed or the URL cannot be read.
    """
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"}
    if reading:
        options |= {"pool_size": 4, "max_overflow": 4}
    try:
        return create_engine(url, **options)
    except ModuleNotFoundError as error:
        raise ForecourtError(
            f"The database of store.url needs the Python package “{error.name}”; install it beside Forecourt."
        ) from error
    except Exception as error:
        raise ForecourtError(f"store.url cannot be used: {error}") from error
