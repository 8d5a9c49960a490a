"""Files that stations brought or fetched."""

from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.ids import StationId
from app.domain.records import FileRecord
from app.store.tables import file


def files(connection: Connection, identity: str = "", limit: int = 100) -> list[FileRecord]:
    """Files of a station (or of all), newest first, also those that never came."""
    query = select(file)
    if identity:
        query = query.where(file.c.station == identity)
    query = query.order_by(file.c.asked_ms.desc(), file.c.file.desc()).limit(limit)
    return [_file(row) for row in connection.execute(query)]


def standing_files(connection: Connection, after_ms: int) -> list[FileRecord]:
    """Addresses that expire(d) after `after_ms`, and what is still marked as under way."""
    query = select(file).where((file.c.expires_ms > after_ms) | file.c.state.in_(("asked", "receiving")))
    return [_file(row) for row in connection.execute(query)]


def files_to_delete(connection: Connection, before_ms: int) -> list[FileRecord]:
    """Rows asked before `before_ms` whose file is still there and belongs to no younger row as well."""
    younger = select(file.c.path).where(file.c.asked_ms >= before_ms)
    query = select(file).where(file.c.asked_ms < before_ms, file.c.path != "", file.c.path.not_in(younger))
    return [_file(row) for row in connection.execute(query)]


def next_file(connection: Connection) -> int:
    """The number after the highest."""
    return int(connection.execute(select(func.max(file.c.file))).scalar() or 0) + 1


def _file(row: Any) -> FileRecord:
    number, identity, *rest = row
    return FileRecord(number, StationId(identity), *rest)
