"""The cache of whole days: how long each EVSE was in each state. Never truth; dropped when in doubt.

A point that comes late changes the past: the writer drops the station's days from there on in the
transaction that keeps the point, so that what is cached is what would be computed.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, select

from app.domain.records import LinkRecord, StatusRecord
from app.store.effects.effect import Row
from app.store.tables import day_state


class DayRow(NamedTuple):
    """One day of one EVSE (0: the station as a whole), in the order of the table's columns."""

    station: str
    day_ms: int
    evse: int
    rule: str
    end_ms: int
    up_ms: int
    down_ms: int
    unmeasured_ms: int
    state_ms: str


def days_of(connection: Connection, rule: str, from_ms: int, to_ms: int, station: str = "") -> list[Any]:
    """Cached days that lie in [from, to), by station, day and EVSE."""
    c = day_state.c
    query = select(day_state).where(c.day_ms >= from_ms, c.end_ms <= to_ms, c.rule == rule)
    if station:
        query = query.where(c.station == station)
    return list(connection.execute(query.order_by(c.station, c.day_ms, c.evse)))


def day_counts(connection: Connection, rule: str, from_ms: int, to_ms: int) -> dict[str, int]:
    """How many rows of days in [from, to) are cached of each station."""
    c = day_state.c
    query = select(c.station, func.count()).where(c.day_ms >= from_ms, c.end_ms <= to_ms, c.rule == rule)
    return {row[0]: row[1] for row in connection.execute(query.group_by(c.station))}


class Horizon:
    """Up to when the days of each station are cached; kept by the one who writes."""

    def __init__(self, known: Iterable[tuple[str, int]]) -> None:
        self._until = dict(known)
        self._watched = 0
        self._touched: dict[str, int] = {}

    @staticmethod
    def query() -> Any:
        """What gives `known`."""
        return select(day_state.c.station, func.max(day_state.c.end_ms)).group_by(day_state.c.station)

    def watch(self, before_ms: int) -> None:
        """Note from now on whose past before `before_ms` changes: its days are being computed."""
        self._watched = before_ms
        self._touched = {}

    def overtaken(self, kind: type, records: Sequence[Any]) -> dict[str, int]:
        """Stations whose cached days a group of records changes, and from when on."""
        if kind is not StatusRecord and kind is not LinkRecord:
            return {}
        until, watched = self._until, self._watched
        late: dict[str, int] = {}
        for record in records:
            at_ms, station = record.at_ms, record.station
            if at_ms < watched:
                self._touched[station] = min(at_ms, self._touched.get(station, at_ms))
            if at_ms < until.get(station, 0):
                late[station] = min(at_ms, late.get(station, at_ms))
        return late

    def standing(self, rows: Iterable[DayRow]) -> list[DayRow]:
        """Computed days that no record has overtaken since `watch`; they count as cached now."""
        touched = self._touched
        standing = [row for row in rows if row.end_ms <= touched.get(row.station, row.end_ms)]
        for row in standing:
            self._until[row.station] = max(self._until.get(row.station, 0), row.end_ms)
        return standing

    @staticmethod
    def drop(station: str, from_ms: int) -> Any:
        """The statement that drops a station's days from a time on."""
        return delete(day_state).where(day_state.c.station == station, day_state.c.end_ms > from_ms)


def as_rows(days: Iterable[DayRow]) -> list[Row]:
    """Days as plain rows, to be written."""
    return [tuple(day) for day in days]
