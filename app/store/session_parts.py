"""The cache of what sessions delivered after a midnight. Never truth; dropped when in doubt.

A closed session that is told of again, or gets another reading, may be parted differently: the
writer drops its rows in the transaction that keeps the news.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select

from app.domain.records import ReadingRecord, SessionRecord
from app.store.tables import session_part


class Part(NamedTuple):
    """What a session delivered from `edge_ms`, a midnight of `zone`, to its end."""

    session: int
    zone: str
    edge_ms: int
    after_wh: int


def parts_between(
    connection: Connection, zone: str, from_ms: int, to_ms: int, sessions: Iterable[int] | None = None
) -> list[Part]:
    """Cached parts at edges in [from, to], of some sessions or of all."""
    c = session_part.c
    query = select(session_part).where(c.zone == zone, c.edge_ms >= from_ms, c.edge_ms <= to_ms)
    if sessions is not None:
        query = query.where(c.session.in_(list(sessions)))
    return [Part(*row) for row in connection.execute(query)]


class Parted:
    """Which sessions have cached parts; kept by the one who writes."""

    def __init__(self, known: Iterable[tuple[int]]) -> None:
        self._known = {row[0] for row in known}
        self._touched: set[int] | None = None

    @staticmethod
    def query() -> Any:
        """What gives `known`."""
        return select(session_part.c.session).distinct()

    def watch(self) -> None:
        """Note from now on which sessions are told of, until `standing`: parts are being computed."""
        self._touched = set()

    def overtaken(self, kind: type, records: Sequence[Any]) -> set[int]:
        """Sessions whose cached parts a group of records makes doubtful."""
        if kind is not SessionRecord and kind is not ReadingRecord:
            return set()
        if self._touched is not None:
            self._touched.update(record.session for record in records if record.session)
        known = self._known
        # They stay known: whether this group is committed is not sure yet, and to drop twice is harmless.
        return {record.session for record in records if record.session in known} if known else set()

    def standing(self, parts: Iterable[Part]) -> list[Part]:
        """Computed parts of sessions that nobody told of since `watch`; they count as cached now."""
        touched = self._touched or set()
        self._touched = None
        standing = [part for part in parts if part.session not in touched]
        self._known.update(part.session for part in standing)
        return standing

    @staticmethod
    def drop(sessions: Iterable[int]) -> Any:
        """The statement that drops the parts of sessions."""
        return delete(session_part).where(session_part.c.session.in_(sorted(sessions)))
