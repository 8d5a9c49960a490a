"""Which schema a database has, and bringing it to ours. A normal start never imports alembic."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, inspect, text

from app.domain.errors import DatabaseDamaged, DatabaseTooNew, ForecourtError
from app.store import tables
from app.store.column_kinds import partial_too
from app.store.connect import connect_writing

HEAD = tables.REVISIONS[-1]
MIGRATIONS = Path(__file__).parent / "migrations"


def revision_of(connection: sqlite3.Connection) -> str | None:
    """The revision a SQLite database is at; None where it holds no tables yet."""
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise
    return str(row[0]) if row else None


def refuse_newer(revision: str, name: str) -> None:
    """Raise DatabaseTooNew for a revision this program does not know."""
    if revision not in tables.REVISIONS:
        raise DatabaseTooNew(
            f"The database {name} was written by a newer Forecourt (revision {revision}, this one knows "
            f"{HEAD}); start the newer program, or restore a backup made before the update."
        )


def create(connection: sqlite3.Connection) -> None:
    """Make all tables in an empty SQLite database, at the newest revision, in one transaction."""
    connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
    connection.execute("PRAGMA journal_mode=WAL")
    engine = _over(connection)
    connection.execute("BEGIN IMMEDIATE")
    with engine.connect() as wrapped:
        tables.metadata.create_all(wrapped)
    for statement in stamp_statements(HEAD):
        connection.execute(statement)
    connection.execute("COMMIT")


def stamp_statements(revision: str) -> tuple[str, ...]:
    """What marks a database as being at `revision`, as alembic itself would."""
    if not revision.isalnum():
        raise ValueError(revision)
    return (
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
        f"INSERT INTO alembic_version VALUES ('{revision}')",
    )


def migrate(file: Path) -> None:
    """Bring a SQLite database to the newest revision: all of it or nothing.

    Raises:
        DatabaseDamaged: rows of the migrated database refer to rows that are not there.
    """
    with closing(connect_writing(file)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("BEGIN IMMEDIATE")
        try:
            upgrade(_over(connection))
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
            if broken is not None:
                raise DatabaseDamaged(f"The database {file} could not be brought up to date: {broken}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run alembic over an engine whose transaction the caller owns."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    command.upgrade(config, revision)


def prepare_url(engine: Engine, name: str) -> None:
    """Create or migrate a database that is named by URL."""
    with engine.connect() as connection:
        known = inspect(connection).get_table_names()
        if "alembic_version" not in known:
            if "journal" in known:
                raise ForecourtError(f"The database {name} holds other tables; name an empty one.")
            partial_too(engine.dialect.name)
            tables.metadata.create_all(connection)
            for statement in stamp_statements(HEAD):
                connection.execute(text(statement))
            return
        revision = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    refuse_newer(revision, name)
    if revision != HEAD:
        upgrade(engine)


def _over(connection: sqlite3.Connection) -> Engine:
    """An engine that lends one connection and leaves its transaction alone."""

    class Lent:
        """The connection without its ending."""

        def __getattr__(self, name: str) -> Any:
            return getattr(connection, name)

        def commit(self) -> None:
            """The caller commits."""

        def rollback(self) -> None:
            """The caller rolls back."""

        def close(self) -> None:
            """The caller closes."""

    from sqlalchemy.pool import StaticPool

    return create_engine("sqlite://", creator=lambda: Lent(), poolclass=StaticPool)
