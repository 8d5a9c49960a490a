"""Faults and their histories as kept."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, or_, select

from app.domain.ids import StationId
from app.domain.records import FaultEventRecord, FaultRecord
from app.store.tables import fault, fault_event

PAGE = 1_000
_FLAGS = (FaultRecord.__struct_fields__.index("safety"), FaultRecord.__struct_fields__.index("latched"))
_STATION = FaultRecord.__struct_fields__.index("station")


def next_fault(connection: Connection) -> int:
    """The number after the highest."""
    return int(connection.execute(select(func.max(fault.c.fault))).scalar() or 0) + 1


def open_faults(connection: Connection) -> list[FaultRecord]:
    """All that are not closed, oldest first."""
    query = select(fault).where(fault.c.closed_ms.is_(None)).order_by(fault.c.fault)
    return [fault_record(row) for row in connection.execute(query)]


def standing_faults(connection: Connection, closed_since_ms: int) -> list[tuple[FaultRecord, int]]:
    """The open ones and those closed since, oldest first, each with the number of its last line."""
    c = fault.c
    last = (
        select(func.max(fault_event.c.seq))
        .where(fault_event.c.fault == c.fault)
        .scalar_subquery()
        .label("last")
    )
    query = (
        select(fault, last)
        .where(or_(c.closed_ms.is_(None), c.closed_ms >= closed_since_ms))
        .order_by(c.fault)
    )
    return [(fault_record(row[:-1]), int(row[-1] or 0)) for row in connection.execute(query)]


def one_fault(connection: Connection, number: int) -> FaultRecord | None:
    """A fault by its number."""
    row = connection.execute(select(fault).where(fault.c.fault == number)).first()
    return None if row is None else fault_record(row)


def faults_numbered(connection: Connection, numbers: Iterable[int]) -> list[FaultRecord]:
    """Those with these numbers, oldest first."""
    wanted = sorted(numbers)
    found: list[FaultRecord] = []
    for start in range(0, len(wanted), PAGE):
        part = wanted[start : start + PAGE]
        found += map(fault_record, connection.execute(select(fault).where(fault.c.fault.in_(part))))
    return sorted(found, key=lambda f: f.fault)


def faults_between(
    connection: Connection,
    from_ms: int | None = None,
    to_ms: int | None = None,
    station: str = "",
    code: str = "",
) -> Iterator[FaultRecord]:
    """Those opened in [from, to), oldest first."""
    c = fault.c
    query = select(fault).order_by(c.fault).limit(PAGE)
    if from_ms is not None:
        query = query.where(c.opened_ms >= from_ms)
    if to_ms is not None:
        query = query.where(c.opened_ms < to_ms)
    if station:
        query = query.where(c.station == station)
    if code:
        query = query.where(c.code == code)
    after = 0
    while True:
        rows = connection.execute(query.where(c.fault > after)).all()
        yield from map(fault_record, rows)
        if len(rows) < PAGE:
            return
        after = rows[-1].fault


def faults_closed_since(connection: Connection, since_ms: int) -> list[FaultRecord]:
    """Those that ended since, newest first."""
    query = select(fault).where(fault.c.closed_ms >= since_ms).order_by(fault.c.closed_ms.desc())
    return [fault_record(row) for row in connection.execute(query)]


def closed_faults(
    connection: Connection, words: Sequence[str], before: tuple[int, int] | None, limit: int
) -> list[FaultRecord]:
    """Closed ones that have every word in their title, place, code or raw words, newest first.

    Args:
        words: looked for whatever their case.
        before: (closed_ms, fault) of the last one of the page before.
        limit: how many at most.
    """
    c = fault.c
    query = select(fault).where(c.closed_ms.is_not(None))
    for word in words:
        texts = (c.title, c.station, c.site, c.code, c.raw, c.priority, c.recovery, c.assigned, c.rule)
        query = query.where(or_(*(text.icontains(word, autoescape=True) for text in texts)))
    if before is not None:
        closed, number = before
        query = query.where(or_(c.closed_ms < closed, and_(c.closed_ms == closed, c.fault < number)))
    rows = connection.execute(query.order_by(c.closed_ms.desc(), c.fault.desc()).limit(limit))
    return [fault_record(row) for row in rows]


def faults_at(connection: Connection, station: str, limit: int = 200) -> list[FaultRecord]:
    """A station's faults, newest first."""
    query = select(fault).where(fault.c.station == station).order_by(fault.c.opened_ms.desc()).limit(limit)
    return [fault_record(row) for row in connection.execute(query)]


def children_of(connection: Connection, number: int) -> list[FaultRecord]:
    """What lay, or lies, under a fault, oldest first, also after it was released."""
    under = select(fault_event.c.fault).where(
        fault_event.c.verb.in_(("suppress", "regrouped", "merge")),
        fault_event.c.detail.contains(f'"parent":{number}}}', autoescape=True),
    )
    query = (
        select(fault).where(or_(fault.c.parent == number, fault.c.fault.in_(under))).order_by(fault.c.fault)
    )
    return [fault_record(row) for row in connection.execute(query)]


def history_of(connection: Connection, number: int) -> list[FaultEventRecord]:
    """A fault's lines, oldest first."""
    query = select(fault_event).where(fault_event.c.fault == number).order_by(fault_event.c.seq)
    return [FaultEventRecord(*row) for row in connection.execute(query)]


def lines_of(
    connection: Connection, numbers: Sequence[int], verb: str
) -> dict[int, list[FaultEventRecord]]:  # fmt: skip
    """The lines of these faults with this verb, oldest first, by fault."""
    c = fault_event.c
    found: dict[int, list[FaultEventRecord]] = {}
    for start in range(0, len(numbers), PAGE):
        part = numbers[start : start + PAGE]
        query = select(fault_event).where(c.fault.in_(part), c.verb == verb).order_by(c.fault, c.seq)
        for row in connection.execute(query):
            line = FaultEventRecord(*row)
            found.setdefault(line.fault, []).append(line)
    return found


def lines_between(
    connection: Connection, from_ms: int, to_ms: int, verbs: Sequence[str] = ()
) -> list[FaultEventRecord]:
    """Lines of all histories in [from, to), in order of time."""
    c = fault_event.c
    query = select(fault_event).where(c.at_ms >= from_ms, c.at_ms < to_ms).order_by(c.at_ms, c.fault, c.seq)
    if verbs:
        query = query.where(c.verb.in_(verbs))
    return [FaultEventRecord(*row) for row in connection.execute(query)]


def told_already(connection: Connection, closed_since_ms: int) -> list[tuple[str, int, str]]:
    """Who was told of the faults that stand, and of those closed since: (rule, fault, kind)."""
    query = (
        select(fault_event.c.fault, fault_event.c.detail)
        .join(fault, fault.c.fault == fault_event.c.fault)
        .where(
            or_(fault.c.closed_ms.is_(None), fault.c.closed_ms >= closed_since_ms),
            fault_event.c.verb == "notified",
        )
    )
    found = []
    for number, detail in connection.execute(query):
        told = json.loads(detail)
        found.append((str(told.get("rule", "")), int(number), str(told.get("kind", "new"))))
    return found


class Similar(NamedTuple):
    """A fault of the same kind that is over, and the line that ended it."""

    fault: FaultRecord
    ended_by: FaultEventRecord | None
    same_station: bool


def similar_faults(connection: Connection, number: int, limit: int = 20) -> list[Similar]:
    """Faults of the same code that are over, those of the same station first, newest first."""
    asked = one_fault(connection, number)
    if asked is None:
        return []
    c = fault.c
    query = (
        select(fault)
        .where(c.code == asked.code, c.fault != number, c.closed_ms.is_not(None))
        .order_by((c.station == asked.station).desc(), c.opened_ms.desc())
        .limit(limit)
    )
    found = [fault_record(row) for row in connection.execute(query)]
    ends = ends_of(connection, [f.fault for f in found])
    return [Similar(f, ends.get(f.fault), f.station == asked.station) for f in found]


def ends_of(connection: Connection, numbers: Sequence[int]) -> dict[int, FaultEventRecord]:
    """The line of each fault's history that ended it, where one did."""
    ends: dict[int, FaultEventRecord] = {}
    e = fault_event.c
    lines = (
        select(fault_event)
        .where(e.fault.in_(numbers), or_(e.to_state == "NORM", e.actor_kind == "automatic"))
        .order_by(e.fault, e.seq)
    )
    for row in connection.execute(lines):
        line = FaultEventRecord(*row)
        # The last that anybody did, else the last that the station or the server said.
        before = ends.get(line.fault)
        if before is None or line.actor_kind in ("automatic", "person") or before.actor_kind == "server":
            ends[line.fault] = line
    return ends


def fault_record(row: Any) -> FaultRecord:
    """The record a row keeps."""
    values = list(row)
    values[_STATION] = StationId(values[_STATION])
    for flag in _FLAGS:
        values[flag] = bool(values[flag])
    return FaultRecord(*values)
