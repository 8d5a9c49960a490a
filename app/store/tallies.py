"""The cache of what was counted in whole days and weeks of a station. Never truth; dropped when in doubt.

What is told late changes the counts of its day and, as a plug's word is read in the light of the one before
it, of those after it: the writer drops them in the transaction that keeps the news.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, or_, select

from app.domain.records import CommandRecord, LinkRecord, NoticeRecord, SessionRecord, StatusRecord
from app.store.tables import tally

DAY_MS = 86_400_000
NEAR_MS = 12 * 3_600_000
"""What happens so long before or after a day may still change what is counted in it."""
_NEWEST_DAYS = 7


class TallyRow(NamedTuple):
    """What was counted in [start, end), `days` long, in the order of the table's columns.

    `rule` says what was counted and how; `packed` is understood by who counts.
    """

    days: int
    start_ms: int
    station: str
    rule: str
    end_ms: int
    packed: bytes


def tallies_between(
    connection: Connection, rule: str, days: int, from_ms: int, to_ms: int, stations: Sequence[str] = ()
) -> list[Any]:
    """Cached rows of one length that begin in [from, to), of some stations or of all."""
    c = tally.c
    query = select(c.station, c.start_ms, c.packed).where(
        c.days == days, c.start_ms >= from_ms, c.start_ms < to_ms, c.rule == rule
    )
    if stations:
        query = query.where(c.station.in_(stations))
    return list(connection.execute(query))


def tally_counts(connection: Connection, rule: str, days: int, from_ms: int, to_ms: int) -> dict[str, int]:
    """How many rows of one length that begin in [from, to) each station has."""
    c = tally.c
    query = select(c.station, func.count()).where(
        c.days == days, c.start_ms >= from_ms, c.start_ms < to_ms, c.rule == rule
    )
    return {row[0]: row[1] for row in connection.execute(query.group_by(c.station))}


def tally_starts(
    connection: Connection, rule: str, days: int, from_ms: int, to_ms: int, stations: Collection[str]
) -> dict[str, set[int]]:
    """When the rows of one length begin that begin in [from, to), by station, of some."""
    c = tally.c
    query = select(c.station, c.start_ms).where(
        c.days == days, c.start_ms >= from_ms, c.start_ms < to_ms, c.rule == rule
    )
    found: dict[str, set[int]] = {name: set() for name in stations}
    for name, start_ms in connection.execute(query.where(c.station.in_(sorted(found)))):
        found[name].add(start_ms)
    return found


class Tallied:
    """Up to when the days of each station are counted, and by which rules; kept by the one who writes."""

    def __init__(self, known: Iterable[tuple[str, int]]) -> None:
        self._until: dict[str, int] = dict(known)
        # Of whom no row is that new, none reaches that far.
        self._else = max(self._until.values(), default=0) - (_NEWEST_DAYS - 1) * DAY_MS
        self._watched: dict[str, int] | None = None
        self._rules: dict[str, str] = {}

    @staticmethod
    def query() -> Any:
        """What gives `known`: of the newest days only, as a start has no time to read all."""
        c = tally.c
        newest = select(func.max(c.start_ms)).where(c.days == 1).scalar_subquery()
        query = select(c.station, func.max(c.end_ms)).where(
            c.days == 1, c.start_ms >= newest - _NEWEST_DAYS * DAY_MS
        )
        return query.group_by(c.station)

    def watch(self) -> None:
        """Note from now on of whom and when something is told, until `standing`: it is being counted."""
        self._watched = {}

    def overtaken(self, kind: type, records: Sequence[Any]) -> dict[str, int]:
        """By station: from when on, after a group of records, its rows may hold no longer."""
        at_of = _AT.get(kind)
        if at_of is None:
            return {}
        until, other, watched = self._until, self._else, self._watched
        late: dict[str, int] = {}
        for record in records:
            at_ms = at_of(record)
            if at_ms is None:
                continue
            station = record.station
            if watched is not None:
                watched[station] = min(at_ms, watched.get(station, at_ms))
            if at_ms < until.get(station, other) + NEAR_MS:
                late[station] = min(at_ms, late.get(station, at_ms))
        return late

    def standing(self, rows: Iterable[TallyRow]) -> list[TallyRow]:
        """Counted rows that nothing told since `watch` has overtaken; they are cached now."""
        watched, self._watched = self._watched or {}, None
        standing = [
            row for row in rows if row.end_ms <= watched.get(row.station, row.end_ms + NEAR_MS) - NEAR_MS
        ]
        for row in standing:
            self._until[row.station] = max(self._until.get(row.station, self._else), row.end_ms)
        return standing

    def changed(self, kind: str, rule: str) -> bool:
        """Whether rows of that kind by other rules may be there: until this one was written once in a run."""
        return self._rules.get(kind) != rule

    def wrote(self, kind: str, rule: str) -> None:
        """Rows of that kind are by this rule only, and that is kept."""
        self._rules[kind] = rule

    @staticmethod
    def drop(station: str, at_ms: int, lengths: Sequence[int] = (1, 7)) -> Any:
        """The statement that drops a station's rows from half a day before an instant on."""
        c, low = tally.c, at_ms - NEAR_MS
        begun = or_(*((c.days == days) & (c.start_ms > low - (days + 1) * DAY_MS) for days in lengths))
        return delete(tally).where(begun, c.end_ms > low, c.station == station)

    @staticmethod
    def drop_others(kind: str, rule: str) -> Any:
        """The statement that drops what was counted of a kind by other rules than the one that holds."""
        return delete(tally).where(tally.c.rule.startswith(f"{kind} ", autoescape=True), tally.c.rule != rule)


def _told_ms(record: Any) -> int | None:
    return int(record.at_ms)


def _begun_ms(record: Any) -> int | None:
    return int(record.started_ms)


def _card_ms(record: Any) -> int | None:
    return int(record.at_ms) if record.subject == "token" else None


def _sent_ms(record: Any) -> int | None:
    sent = record.sent_ms
    return None if sent is None else int(sent)


_AT: dict[type, Callable[[Any], int | None]] = {
    SessionRecord: _begun_ms, StatusRecord: _told_ms, LinkRecord: _told_ms, NoticeRecord: _card_ms,
    CommandRecord: _sent_ms,
}  # fmt: skip
