"""The cache of what months cost. Never truth; a row whose mark is another's is made anew."""

from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from app.store.groups import GroupWriter
from app.store.tables import command, cost_month, entry, fault, notice, session


class CostMonth(NamedTuple):
    """A row, in the order of the table's columns."""

    period: str
    zone: str
    mark: str
    made_ms: int
    assumption_set: int
    rules: int
    facts: bytes
    page: bytes
    lines: bytes


class Kept(NamedTuple):
    """What is known of a row before it is unpacked."""

    period: str
    mark: str
    made_ms: int
    assumption_set: int
    rules: int


def kept_months(connection: Connection, zone: str) -> dict[str, Kept]:
    """Which months are cached, by period."""
    c = cost_month.c
    query = select(c.period, c.mark, c.made_ms, c.assumption_set, c.rules).where(c.zone == zone)
    return {row.period: Kept(*row) for row in connection.execute(query)}


def kept_column(connection: Connection, zone: str, column: str, periods: tuple[str, ...]) -> dict[str, bytes]:
    """One of `facts`, `page`, `lines` of some months, by period."""
    c = cost_month.c
    query = select(c.period, c[column]).where(c.zone == zone, c.period.in_(periods))
    return {period: bytes(packed) for period, packed in connection.execute(query)}


def keep_month(group: GroupWriter, row: CostMonth) -> None:
    """Put a row in the place of the one before it; for the writer's thread."""
    c = cost_month.c
    group.begin()
    group.execute(delete(cost_month).where(c.period == row.period, c.zone == row.zone))
    group.execute(insert(cost_month).values(**row._asdict()))
    group.commit()


def history_mark(connection: Connection, from_ms: int, to_ms: int) -> tuple[int, ...]:
    """Numbers that change when what happened in [from, to) is told anew, or of late."""
    s, f, k, n = session.c, fault.c, command.c, notice.c
    questions = (
        select(func.count(), func.max(s.session)).where(s.started_ms >= from_ms, s.started_ms < to_ms),
        select(func.count(), func.max(s.session)).where(s.ended_ms >= from_ms, s.ended_ms < to_ms),
        select(func.count(), func.coalesce(func.sum(f.closed_ms.is_(None)), 0)).where(
            f.opened_ms >= from_ms, f.opened_ms < to_ms
        ),
        select(func.count(), func.max(k.command)).where(k.asked_ms >= from_ms, k.asked_ms < to_ms),
        select(func.max(n.seq), func.min(n.seq)).where(
            n.critical.is_(True), n.at_ms >= from_ms, n.at_ms < to_ms
        ),
    )
    return tuple(int(one or 0) for asked in questions for one in connection.execute(asked).one())


def entries_mark(connection: Connection, kinds: tuple[str, ...]) -> tuple[int, int]:
    """Numbers that change when one of these kinds of entries does."""
    c = entry.c
    row = connection.execute(select(func.count(), func.max(c.at_ms)).where(c.kind.in_(kinds))).one()
    return int(row[0]), int(row[1] or 0)
