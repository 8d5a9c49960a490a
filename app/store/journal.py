"""Reading the journal: in order for replay, newest first for the log, and what a restart needs."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from app.domain.records import JournalKind, JournalRow
from app.store.segments import journal_row, unpack
from app.store.tables import journal, segment

PAGE = 2_000
_PACKED = (
    segment.c.first_seq, segment.c.effect, segment.c.last_seq, segment.c.crc32, segment.c.plain_bytes,
    segment.c.packed,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows. Empty or None does not filter; `from_ms` inclusive, `to_ms` exclusive."""

    station: str = ""
    from_ms: int | None = None
    to_ms: int | None = None
    kinds: Collection[JournalKind] = ()
    text: str = ""
    effect_only: bool = False
    held_only: bool = False

    def fits(self, row: JournalRow) -> bool:
        """Whether a row is wanted."""
        return (
            (not self.station or row.station == self.station)
            and (self.from_ms is None or row.at_ms >= self.from_ms)
            and (self.to_ms is None or row.at_ms < self.to_ms)
            and (not self.kinds or row.kind in self.kinds)
            and (not self.effect_only or row.effect)
            and (not self.held_only or row.held)
            and (not self.text or self._says(row))
        )

    def _says(self, row: JournalRow) -> bool:
        text = self.text.casefold()
        return any(text in part.casefold() for part in (row.frame, row.answer, row.action, row.station))

    def hot(self) -> list[ColumnElement[bool]]:
        """The same as conditions on the hot table (a superset where LIKE is laxer)."""
        c = journal.c
        found: list[ColumnElement[bool]] = []
        if self.station:
            found.append(c.station == self.station)
        if self.from_ms is not None:
            found.append(c.at_ms >= self.from_ms)
        if self.to_ms is not None:
            found.append(c.at_ms < self.to_ms)
        if self.kinds:
            found.append(c.kind.in_([kind.value for kind in self.kinds]))
        if self.effect_only:
            found.append(c.effect.is_(True))
        if self.held_only:
            found.append(c.held.is_(True))
        if self.text and self.text.isascii():
            parts = (c.frame, c.answer, c.action, c.station)
            found.append(or_(*(part.icontains(self.text, autoescape=True) for part in parts)))
        return found

    def cold(self) -> list[ColumnElement[bool]]:
        """Conditions on segments that may hold wanted rows."""
        c = segment.c
        found: list[ColumnElement[bool]] = []
        if self.station:
            found.append(c.stations.contains(f"\n{self.station}\n", autoescape=True))
        if self.from_ms is not None:
            found.append(c.last_ms >= self.from_ms)
        if self.to_ms is not None:
            found.append(c.first_ms < self.to_ms)
        if self.effect_only or self.held_only:
            found.append(c.effect.is_(True))
        return found


ALL = Wanted()


def rows(connection: Connection, wanted: Wanted = ALL, after_seq: int = 0) -> Iterator[JournalRow]:
    """All wanted rows in the order in which they were kept, hot and cold, while others write.

    Raises:
        DatabaseDamaged: at a segment that is not what was written.
    """
    edge = segment.c.last_seq
    while after_seq >= 0:
        found, after_seq = _next_page(connection, wanted, after_seq, edge > after_seq)
        yield from found
        # After the first, parts begin where the one before ended: the key's own index finds them.
        edge = segment.c.first_seq


def _next_page(
    connection: Connection, wanted: Wanted, after: int, beyond: ColumnElement[bool]
) -> tuple[list[JournalRow], int]:
    """The next rows and where to go on, −1 at the end.

    Rows move from the hot table into segments meanwhile: where both are asked, one transaction
    sees both.
    """
    cold = select(*_PACKED).where(beyond).order_by(segment.c.first_seq).limit(2)
    conditions = wanted.cold()
    with Snapshot(connection):
        packed = connection.execute(cold.where(*conditions)).all()
        hot_from = after
        if not packed:
            hot_from = max(after, _last_packed(connection))
        hot = (
            []
            if packed
            else connection.execute(
                select(journal)
                .where(journal.c.seq > hot_from, *wanted.hot())
                .order_by(journal.c.seq)
                .limit(PAGE)
            ).all()
        )
    if not packed:
        return _exact(wanted, (journal_row(row) for row in hot)), hot[-1].seq if len(hot) == PAGE else -1
    # The two segments of one move share their bounds; what is not of the same move waits.
    same = [p for p in packed if p.first_seq == packed[0].first_seq]
    found = [row for p in same for row in _unpacked(p)]
    found.sort(key=lambda row: row.seq)
    return _exact(wanted, (row for row in found if row.seq > after)), packed[0].last_seq


def newest(
    connection: Connection,
    wanted: Wanted,
    before: int | None = None,
    limit: int = 200,
    *,
    most_rows: int = 20_000,
) -> tuple[list[JournalRow], int | None]:
    """Wanted rows before `before`, newest first, and where older ones begin (None: no older ones).

    Looks through about `most_rows` packed rows a call, so a search that finds little answers soon,
    with a place to go on from.
    """
    found: list[JournalRow] = []
    edge = before if before is not None else _after_newest(connection)
    with Snapshot(connection):
        query = select(journal).where(journal.c.seq < edge, *wanted.hot())
        hot = connection.execute(query.order_by(journal.c.seq.desc()).limit(limit)).all()
        lowest_hot = connection.execute(select(func.min(journal.c.seq))).scalar()
    found.extend(_exact(wanted, (journal_row(row) for row in hot)))
    if len(hot) == limit:
        return found, hot[-1].seq
    edge = min(edge, lowest_hot) if lowest_hot is not None else edge
    seen = 0
    while seen < most_rows:
        query = select(*_PACKED).where(segment.c.first_seq < edge, *wanted.cold())
        packed = connection.execute(query.order_by(segment.c.first_seq.desc()).limit(2)).all()
        if not packed:
            return found, None
        same = [p for p in packed if p.first_seq == packed[0].first_seq]
        part = [row for p in same for row in _unpacked(p)]
        part.sort(key=lambda row: row.seq, reverse=True)
        seen += len(part)
        fitting = _exact(wanted, (row for row in part if row.seq < edge))
        room = limit - len(found)
        found.extend(fitting[:room])
        if len(fitting) > room:
            return found, found[-1].seq
        edge = packed[0].first_seq
        if len(found) == limit:
            return found, edge
    return found, edge


def _after_newest(connection: Connection) -> int:
    return int(last_seq(connection)) + 1


def last_seq(connection: Connection) -> int:
    """The number of the newest row, 0 if there is none."""
    hot = connection.execute(select(func.max(journal.c.seq))).scalar() or 0
    return max(hot, _last_packed(connection))


def _last_packed(connection: Connection) -> int:
    query = select(segment.c.last_seq).order_by(segment.c.first_seq.desc()).limit(1)
    return connection.execute(query).scalar() or 0


def recent_answers(connection: Connection, within_ms: int, most: int = 5_000) -> list[JournalRow]:
    """Calls with an effect and the answers they got, in the last `within_ms` before the newest of them.

    Oldest first, `most` at most: a start has no time for more.
    """
    c = journal.c
    query: Select[Any] = (
        select(journal)
        .where(c.kind == JournalKind.IN.value, c.effect.is_(True), c.answer != "")
        .order_by(c.seq.desc())
        .limit(most)
    )
    found = [journal_row(row) for row in connection.execute(query)]
    since_ms = found[0].at_ms - within_ms if found else 0
    return [row for row in reversed(found) if row.at_ms >= since_ms]


def counted(connection: Connection) -> tuple[int, int | None]:
    """How many rows are kept, and the time of the oldest."""
    hot = connection.execute(select(func.count(), func.min(journal.c.at_ms)).select_from(journal)).one()
    cold = connection.execute(select(func.sum(segment.c.row_count), func.min(segment.c.first_ms))).one()
    times = [time for time in (hot[1], cold[1]) if time is not None]
    return hot[0] + (cold[0] or 0), min(times, default=None)


def _unpacked(part: Any) -> list[JournalRow]:
    return unpack(part.crc32, part.plain_bytes, part.packed, part.first_seq, effect=bool(part.effect))


def _exact(wanted: Wanted, found: Iterator[JournalRow]) -> list[JournalRow]:
    return [row for row in found if wanted.fits(row)]


class Snapshot:
    """One consistent view of several tables. The connections are in autocommit mode."""

    def __init__(self, connection: Connection) -> None:
        self._run: Callable[[str], Any] = connection.exec_driver_sql
        self._isolated = connection.dialect.name == "postgresql"

    def __enter__(self) -> None:
        self._run("BEGIN ISOLATION LEVEL REPEATABLE READ" if self._isolated else "BEGIN")

    def __exit__(self, *error: object) -> None:
        self._run("COMMIT")
