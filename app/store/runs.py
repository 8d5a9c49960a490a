"""When Forecourt itself was there: runs with a mark every 30 s, and the spans it was blind.

Blind is the time between two runs, a gap of more than 90 s between two marks (the machine slept,
the process was stopped), and any span in which nothing could be written.
"""

from sqlalchemy import func, insert, select, update

from app.store.groups import GroupWriter
from app.store.tables import blind, run

GAP_MS = 90_000
NOT_RUNNING = "Forecourt was not running"
STOOD_STILL = "Forecourt stood still (the computer slept or was overloaded)"


def begin(group: GroupWriter, now_ms: int, version: str) -> int:
    """Note that a run begins, and that nobody looked since the last one. Returns its number."""
    rows = group.execute(
        select(run.c.run, run.c.alive_ms, run.c.stopped_ms).order_by(run.c.run.desc()).limit(1)
    )
    number = 1
    group.begin()
    if rows:
        last, alive_ms, stopped_ms = rows[0]
        number = last + 1
        seen_ms = alive_ms if stopped_ms is None else stopped_ms
        if now_ms > seen_ms:
            add_blind(group, seen_ms, now_ms, NOT_RUNNING)
    group.execute(insert(run).values(run=number, started_ms=now_ms, alive_ms=now_ms, version=version))
    group.commit()
    return number


def alive(group: GroupWriter, number: int, now_ms: int) -> bool:
    """Mark that the run goes on; True where the gap since the last mark was a blind one."""
    last_ms = group.execute(select(run.c.alive_ms).where(run.c.run == number))[0][0]
    gap = now_ms - last_ms > GAP_MS
    group.begin()
    if gap:
        add_blind(group, last_ms, now_ms, STOOD_STILL)
    group.execute(update(run).where(run.c.run == number).values(alive_ms=max(now_ms, last_ms)))
    group.commit()
    return bool(gap)


def end(group: GroupWriter, number: int, now_ms: int) -> None:
    """Note a clean end."""
    group.begin()
    group.execute(update(run).where(run.c.run == number).values(alive_ms=now_ms, stopped_ms=now_ms))
    group.commit()


def add_blind(group: GroupWriter, started_ms: int, ended_ms: int, cause: str) -> None:
    """Keep a span in which Forecourt could not see or keep; within the caller's transaction."""
    number = group.execute(select(func.coalesce(func.max(blind.c.blind), 0) + 1))[0][0]
    group.execute(insert(blind).values(blind=number, started_ms=started_ms, ended_ms=ended_ms, cause=cause))
