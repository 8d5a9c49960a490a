"""What persons wrote down: its newest versions, and how it came to be."""

from typing import Any

from sqlalchemy import Connection, and_, func, select

from app.domain.records import EntryRecord
from app.store.tables import entry


def current_entries(connection: Connection, kind: str = "") -> list[EntryRecord]:
    """The newest version of every entry, also of those taken back, in order of kind and name."""
    newest = select(entry.c.kind, entry.c.entry, func.max(entry.c.version).label("version")).group_by(
        entry.c.kind, entry.c.entry
    )
    if kind:
        newest = newest.where(entry.c.kind == kind)
    top = newest.subquery()
    query = (
        select(entry)
        .join(
            top,
            and_(
                entry.c.kind == top.c.kind,
                entry.c.entry == top.c.entry,
                entry.c.version == top.c.version,
            ),
        )
        .order_by(entry.c.kind, entry.c.entry)
    )
    return [_entry(row) for row in connection.execute(query)]


def versions_of(connection: Connection, kind: str, name: str) -> list[EntryRecord]:
    """All versions of one entry, oldest first."""
    query = select(entry).where(entry.c.kind == kind, entry.c.entry == name).order_by(entry.c.version)
    return [_entry(row) for row in connection.execute(query)]


def entries_as_of(connection: Connection, kind: str, at_ms: int) -> list[EntryRecord]:
    """What held at an instant: the newest version written before it, entries taken back left out."""
    query = select(entry).where(entry.c.kind == kind, entry.c.at_ms <= at_ms).order_by(entry.c.version)
    newest = {found.entry: found for found in map(_entry, connection.execute(query))}
    return [found for _, found in sorted(newest.items()) if not found.gone]


def _entry(row: Any) -> EntryRecord:
    values = list(row)
    values[-1] = bool(values[-1])
    return EntryRecord(*values)
