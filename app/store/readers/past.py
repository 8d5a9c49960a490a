"""The recent past of all stations in the order it was heard, for what has to be read again at a start."""

from bisect import bisect_left
from collections.abc import Iterator

from sqlalchemy import Connection, select

from app.domain.records import Record
from app.store.readers.links import links_of_all
from app.store.readers.others import commands, notice_record, notices
from app.store.readers.readings import readings_between
from app.store.readers.sessions import open_sessions, session_record
from app.store.readers.statuses import all_points, points_of_all
from app.store.tables import notice, session

MOST_NOTICES = 200_000
STEP_MS = 3 * 86_400_000
AHEAD_MS = 86_400_000
"""So much earlier than by its station's clock a status may have been received to be told in its turn."""


def heard_since(
    connection: Connection, from_ms: int, to_ms: int, readings_from_ms: int
) -> Iterator[tuple[Record, int]]:
    """What was heard in [from, to), with when, in that order; before it the states that came into it.

    Of a session its last word alone. Readings only since `readings_from_ms`.
    """
    found: list[tuple[int, int, Record]] = []
    for points in links_of_all(connection, from_ms, to_ms).values():
        found += [(point.at_ms, 0, point) for point in points]
    for status in all_points(connection, from_ms):
        if status.received_ms < to_ms:
            found.append((status.received_ms, 1, status))
    recent = notices(connection, from_ms=from_ms, to_ms=to_ms, limit=MOST_NOTICES)
    found += [(notice.received_ms, 2, notice) for notice in reversed(recent)]
    c = session.c
    ended = select(session).where(c.ended_ms >= from_ms).order_by(c.session)
    for record in [*map(session_record, connection.execute(ended)), *open_sessions(connection)]:
        at_ms = record.received_end_ms or record.last_sample_ms or record.received_start_ms
        found.append((min(at_ms, to_ms), 3, record))
    for command in reversed(commands(connection, from_ms=from_ms, to_ms=to_ms, limit=None)):
        found.append((command.answered_ms or command.asked_ms, 4, command))
    for reading in readings_between(connection, readings_from_ms, to_ms):
        found.append((min(reading.received_ms, to_ms), 5, reading))
    found.sort(key=lambda one: one[:2])
    return ((record, at_ms) for at_ms, _, record in found)


def has_sessions(connection: Connection, count: int) -> bool:
    """Whether there are at least so many sessions."""
    return len(connection.execute(select(session.c.session).limit(count)).all()) >= count


def learnt_from(
    connection: Connection, from_ms: int, to_ms: int, step_ms: int = STEP_MS
) -> Iterator[tuple[Record, int]]:
    """What shows habits in [from, to), in order, with when: links, statuses, ended sessions, boots.

    Sessions are told when they ended, with their last word. It is read a step at a time, as half a year of a
    hundred stations takes hundreds of megabytes at once.
    """
    waiting: list[tuple[int, int, Record]] = []
    # All of them, as a point that was kept late overrules those it reaches back over.
    for points in links_of_all(connection, from_ms, to_ms).values():
        waiting += [(point.at_ms, 0, point) for point in points]
    c = notice.c
    boots = select(notice).where(c.subject == "boot", c.at_ms >= from_ms, c.at_ms < to_ms).order_by(c.seq)
    for boot in map(notice_record, connection.execute(boots)):
        waiting.append((boot.received_ms, 2, boot))
    said_ms = from_ms
    for start_ms in range(from_ms, to_ms, step_ms):
        end_ms = min(start_ms + step_ms, to_ms)
        ahead_ms = end_ms + AHEAD_MS if end_ms < to_ms else None
        read = all_points if start_ms == from_ms else points_of_all
        for status in read(connection, said_ms, ahead_ms):
            if status.received_ms < to_ms:
                waiting.append((status.received_ms, 1, status))
        said_ms = end_ms + AHEAD_MS
        ended = select(session).where(session.c.ended_ms >= start_ms, session.c.ended_ms < end_ms)
        for one in map(session_record, connection.execute(ended.order_by(session.c.session))):
            waiting.append((one.ended_ms or 0, 3, one))
        waiting.sort(key=_in_order)
        due = len(waiting) if end_ms == to_ms else bisect_left(waiting, end_ms, key=_when)
        told, waiting = waiting[:due], waiting[due:]
        for at_ms, _, record in told:
            yield record, at_ms


def _when(one: tuple[int, int, Record]) -> int:
    return one[0]


def _in_order(one: tuple[int, int, Record]) -> tuple[int, int]:
    return one[:2]
