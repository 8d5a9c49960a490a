"""Notices, contacts that were turned away, and our own commands."""

from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.ids import StationId
from app.domain.records import CommandRecord, NoticeRecord, RefusalRecord
from app.store.tables import command, notice, refusal


def notices(
    connection: Connection,
    identity: str = "",
    *,
    from_ms: int | None = None,
    to_ms: int | None = None,
    critical: bool = False,
    limit: int = 50,
) -> list[NoticeRecord]:
    """What was reported beside statuses and sessions, newest first."""
    c = notice.c
    query = select(notice)
    if identity:
        query = query.where(c.station == identity)
    if from_ms is not None:
        query = query.where(c.at_ms >= from_ms)
    if to_ms is not None:
        query = query.where(c.at_ms < to_ms)
    if critical:
        query = query.where(c.critical.is_(True))
    order = (c.at_ms.desc(), c.seq.desc()) if identity else (c.seq.desc(),)
    return [notice_record(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def critical_notices(connection: Connection, from_ms: int) -> list[NoticeRecord]:
    """What stations called critical since `from_ms`, oldest first."""
    query = select(notice).where(notice.c.critical.is_(True), notice.c.at_ms >= from_ms)
    # By time, as the small index of critical ones is; by number it would read every notice there is.
    return [notice_record(row) for row in connection.execute(query.order_by(notice.c.at_ms, notice.c.seq))]


def refusals(connection: Connection, limit: int = 200) -> list[RefusalRecord]:
    """Who was turned away at the door, latest first."""
    query = select(refusal).order_by(refusal.c.last_ms.desc()).limit(limit)
    return [RefusalRecord(*row) for row in connection.execute(query)]


def commands(
    connection: Connection,
    identity: str = "",
    *,
    from_ms: int | None = None,
    to_ms: int | None = None,
    limit: int | None = 50,
) -> list[CommandRecord]:
    """Our calls and operators' deeds, newest first."""
    c = command.c
    query = select(command)
    if identity:
        query = query.where(c.station == identity)
    if from_ms is not None:
        query = query.where(c.asked_ms >= from_ms)
    if to_ms is not None:
        query = query.where(c.asked_ms < to_ms)
    order = (c.asked_ms.desc(), c.command.desc()) if identity else (c.command.desc(),)
    query = query.order_by(*order)
    if limit is not None:
        query = query.limit(limit)
    return [_command(row) for row in connection.execute(query)]


def next_command(connection: Connection) -> int:
    """The number after the highest."""
    return int(connection.execute(select(func.max(command.c.command))).scalar() or 0) + 1


def notice_record(row: Any) -> NoticeRecord:
    """The record of a row of the table."""
    values = list(row)[1:]
    values[0], values[-1] = StationId(values[0]), bool(values[-1])
    return NoticeRecord(*values)


def _command(row: Any) -> CommandRecord:
    number, identity, *rest = row
    return CommandRecord(number, StationId(identity), *rest)
