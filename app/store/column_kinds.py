"""The few kinds of columns that all tables are made of, and the metadata that names keys and indexes."""

from sqlalchemy import BigInteger, Boolean, Column, ColumnElement, Index, Integer, MetaData, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BIG = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits everywhere; in SQLite spelled INTEGER so that a single key column is the rowid."""


def key(name: str) -> Column[int]:
    """A number that is (part of) the primary key."""
    return Column(name, BIG, primary_key=True, autoincrement=False)


def ms(name: str, *, null: bool = False) -> Column[int]:
    """A time, UTC milliseconds."""
    return Column(name, BIG, nullable=null)


def whole(name: str, *, null: bool = True) -> Column[int]:
    """A whole number."""
    return Column(name, BIG, nullable=null)


def text(name: str) -> Column[str]:
    """A text, never NULL."""
    return Column(name, Text, nullable=False)


def flag(name: str) -> Column[bool]:
    """Yes or no, never NULL."""
    return Column(name, Boolean, nullable=False)


def partial(name: str, table: Table, where: ColumnElement[bool], *columns: str) -> None:
    """An index over some rows only; for another database than SQLite see `partial_too`."""
    Index(name, *(table.c[column] for column in columns), sqlite_where=where)


def partial_too(dialect: str) -> None:
    """Have the partial indexes be so in PostgreSQL, too: its dialect is loaded only where it is used."""
    if dialect == "postgresql":
        for table in metadata.tables.values():
            for index in table.indexes:
                where = index.dialect_options["sqlite"]["where"]
                index.dialect_options[dialect]["where"] = where
