"""Age: old journal rows are packed, rows without effect expire, freed pages go back to the disk.

Small steps in the writer's thread: reading and packing happen elsewhere, the writer only swaps
rows for their segment, so that it is never held for long.
"""

from sqlalchemy import Connection, delete, func, insert, literal, select

from app.store.groups import GroupWriter
from app.store.reading_packs import ReadingPack
from app.store.reading_packs import pack as pack_readings
from app.store.segments import Packed, pack
from app.store.tables import journal, reading, reading_pack, segment, session

DAY_MS = 86_400_000
HOT_DAYS = 2
EXPIRE_DAYS = 30
MOST_HOT = 500_000
"""Rows the hot table may hold whatever their age."""
CHUNK = 1_000
"""Rows that are swapped at once, in a few milliseconds."""
PACK_DAYS = 7
"""How long ago a session closed whose readings are packed; the power of the last day needs them plain."""
_SESSIONS = 10
_MOST_BYTES = 3_000_000
_PAGES = 50


def next_segments(connection: Connection, now_ms: int, *, hot_days: float = HOT_DAYS) -> list[Packed]:
    """What to pack next, packed; empty if nothing is old enough. Only reads: run it in a reader."""
    c = journal.c
    oldest, newest = connection.execute(select(func.min(c.seq), func.max(c.seq))).one()
    if oldest is None:
        return []
    limit_ms = now_ms - round(hot_days * DAY_MS)
    crowded = newest - oldest > MOST_HOT
    size = 0
    rows = []
    for row in connection.execute(select(journal).order_by(c.seq).limit(CHUNK)):
        if (not crowded and row.at_ms >= limit_ms) or size > _MOST_BYTES:
            break
        size += len(row.frame) + len(row.answer)
        rows.append(tuple(row))
    # A quiet network waits a day longer rather than making many small segments.
    full = len(rows) == CHUNK or size > _MOST_BYTES
    if not rows or not (full or rows[0][1] < limit_ms - DAY_MS):
        return []
    return pack(rows, rows[0][0], rows[-1][0])


def swap(group: GroupWriter, packed: list[Packed]) -> int:
    """Put segments in the place of their rows, in one transaction. Returns how many rows moved."""
    group.begin()
    for part in packed:
        group.execute(insert(segment).values(part._asdict()))
    first, last = packed[0].first_seq, packed[0].last_seq
    group.execute(delete(journal).where(journal.c.seq >= first, journal.c.seq <= last))
    group.commit()
    return sum(part.row_count for part in packed)


def next_reading_packs(
    connection: Connection, now_ms: int, *, after: int = 0, days: float = PACK_DAYS
) -> tuple[list[ReadingPack], int]:
    """Readings of sessions that closed long enough ago, packed, and the session to go on after.

    (…, 0) at the end. Only reads: run it in a reader.
    """
    c = reading.c
    some = literal(0, literal_execute=True)
    query = select(c.session).where(c.session > some, c.session > after).distinct().order_by(c.session)
    numbers = list(connection.execute(query.limit(_SESSIONS)).scalars())
    limit_ms = now_ms - round(days * DAY_MS)
    closed = select(session.c.session).where(session.c.session.in_(numbers), session.c.ended_ms < limit_ms)
    old = list(connection.execute(closed.order_by(session.c.session)).scalars())
    already = select(reading_pack.c.session).where(reading_pack.c.session.in_(numbers))
    packed = set(connection.execute(already).scalars())
    packs = []
    for number in old:
        # What came after its session was packed stays where it is; readers look in both places.
        if number not in packed:
            mine = select(reading).where(c.session == number, c.session > some)
            rows = connection.execute(mine.order_by(c.at_ms, c.outlet, c.layout)).all()
            packs.append(pack_readings(number, rows))
    # Numbers rise with time: where none is old enough, those after are younger still.
    return packs, numbers[-1] if old and len(numbers) == _SESSIONS else 0


def swap_readings(group: GroupWriter, packs: list[ReadingPack]) -> int:
    """Put packs in the place of their rows, in one transaction. Returns how many rows moved.

    A session that got another reading meanwhile is left for the next time.
    """
    if not packs:
        return 0
    some = literal(0, literal_execute=True)
    c = reading.c
    group.begin()
    mine = (c.session.in_([made.session for made in packs]), c.session > some)
    there = dict(group.execute(select(c.session, func.count()).where(*mine).group_by(c.session)))
    whole = [made for made in packs if there.get(made.session) == made.row_count]
    if whole:
        group.execute(insert(reading_pack).values([made._asdict() for made in whole]))
        group.execute(
            delete(reading).where(c.session.in_([made.session for made in whole]), c.session > some)
        )
    group.commit()
    return sum(made.row_count for made in whole)


def expire(group: GroupWriter, now_ms: int, *, days: float = EXPIRE_DAYS) -> int:
    """Let go of one segment of rows without effect that is old enough; how many rows went."""
    limit_ms = now_ms - round(days * DAY_MS)
    old = group.execute(
        select(segment.c.first_seq, segment.c.row_count)
        .where(segment.c.effect.is_(False), segment.c.last_ms < limit_ms)
        .order_by(segment.c.first_seq)
        .limit(1)
    )
    if not old:
        return 0
    group.begin()
    group.execute(delete(segment).where(segment.c.first_seq == old[0][0], segment.c.effect.is_(False)))
    group.commit()
    return int(old[0][1])


def shrink(group: GroupWriter) -> bool:
    """Give some free pages back to the disk; whether there are more to give. SQLite only.

    An eighth of the file may stay free: new rows use it again, which costs less than to give it
    back and take it anew.
    """
    if not group.sqlite:
        return False
    free = int(group.cursor.execute("PRAGMA freelist_count").fetchone()[0])
    pages = int(group.cursor.execute("PRAGMA page_count").fetchone()[0])
    if free < max(_PAGES // 2, pages // 8):
        return False
    # As a script: the driver runs a statement without columns one step only, and a step is one page.
    group.cursor.executescript(f"PRAGMA incremental_vacuum({_PAGES})")
    return True
