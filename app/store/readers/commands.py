"""Commands that may still change, one by its number, and what was seen since one was sent."""

from typing import Any

from sqlalchemy import Connection, select

from app.domain.ids import StationId
from app.domain.records import CommandRecord, Record, SessionRecord
from app.store.readers.links import link_points
from app.store.readers.others import notices
from app.store.readers.sessions import session_record
from app.store.readers.statuses import status_points
from app.store.tables import OPEN_COMMANDS, command, notice, session

MOST_EVIDENCE = 2_000
"""Notices read back for one command."""


def open_commands(connection: Connection) -> list[CommandRecord]:
    """Commands that had not ended, oldest first."""
    query = select(command).where(command.c.outcome.in_(OPEN_COMMANDS)).order_by(command.c.command)
    return [_record(row) for row in connection.execute(query)]


def one_command(connection: Connection, number: int) -> CommandRecord | None:
    """A command by its number."""
    row = connection.execute(select(command).where(command.c.command == number)).first()
    return None if row is None else _record(row)


def batch_commands(connection: Connection, batch: int) -> list[CommandRecord]:
    """The commands of a batch, in the order they were asked for."""
    query = select(command).where(command.c.batch == batch).order_by(command.c.command)
    return [_record(row) for row in connection.execute(query)]


def firmware_before(connection: Connection, station: str, at_ms: int) -> str | None:
    """JSON of the last boot before `at_ms`; None where none is known."""
    c = notice.c
    query = (
        select(c.detail)
        .where(c.station == station, c.subject == "boot", c.received_ms < at_ms)
        .order_by(c.at_ms.desc(), c.seq.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar()
    return None if found is None else str(found)


def seen_since(connection: Connection, station: str, from_ms: int) -> list[Record]:
    """What a station told since `from_ms`, in the order it was received."""
    found: list[tuple[int, Record]] = []
    for point in link_points(connection, station, from_ms):
        if point.at_ms >= from_ms:
            found.append((point.at_ms, point))
    for status in status_points(connection, station, from_ms):
        if status.received_ms >= from_ms:
            found.append((status.received_ms, status))
    for one in notices(connection, station, from_ms=from_ms, limit=MOST_EVIDENCE):
        found.append((one.received_ms, one))
    c = session.c
    recent = select(session).where(c.station == station, (c.ended_ms.is_(None)) | (c.ended_ms >= from_ms))
    for row in connection.execute(recent.order_by(c.session)):
        record = session_record(row)
        found.append((_last_word(record), record))
    return [record for _, record in sorted(found, key=lambda pair: pair[0])]


def _last_word(record: SessionRecord) -> int:
    return record.received_end_ms or record.last_sample_ms or record.received_start_ms


def _record(row: Any) -> CommandRecord:
    number, station, *rest = row
    return CommandRecord(number, StationId(station), *rest)
