"""Charging sessions: the open ones at start, one that memory has forgotten, and pages of them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.records import Flag, SessionRecord, SessionState
from app.store.tables import OPEN_STATES, session, station

_NAMES = [column.name for column in session.columns]
_STATE, _FLAGS = _NAMES.index("state"), _NAMES.index("flags")
_STATES = {state.value: state for state in SessionState}
_FLAG_OF = {flag.value: flag for flag in Flag}


def open_sessions(connection: Connection, identity: str = "") -> list[SessionRecord]:
    """Sessions that may still grow, of all stations or of one, oldest first."""
    query = select(session).where(
        session.c.state.in_([literal(s, literal_execute=True) for s in OPEN_STATES])
    )
    if identity:
        query = query.where(session.c.station == identity)
    # Sorted here: an ORDER BY would lure the planner away from the small index of open sessions.
    return sorted((session_record(row) for row in connection.execute(query)), key=lambda s: s.session)


def review_sessions(connection: Connection) -> list[SessionRecord]:
    """Sessions that wait for a person, of all stations, oldest first."""
    query = select(session).where(session.c.state == literal("review", literal_execute=True))
    return sorted((session_record(row) for row in connection.execute(query)), key=lambda s: s.session)


def recent_sessions(connection: Connection, identity: str, limit: int = 50) -> list[SessionRecord]:
    """The newest sessions of a station, open or not, newest first."""
    query = select(session).where(session.c.station == identity)
    query = query.order_by(session.c.started_ms.desc(), session.c.session.desc()).limit(limit)
    return [session_record(row) for row in connection.execute(query)]


def first_session_ms(connection: Connection) -> int | None:
    """When the oldest session began; those whose begin nobody knows are left out."""
    begun = session.c.started_ms
    return connection.execute(select(func.min(begun)).where(begun > 0)).scalar()


def one_session(connection: Connection, number: int) -> SessionRecord | None:
    """One session by our number."""
    row = connection.execute(select(session).where(session.c.session == number)).first()
    return session_record(row) if row is not None else None


def _newest(*fits: ColumnElement[bool]) -> Select[Any]:
    query = select(session).where(session.c.station == bindparam("identity"), *fits)
    return query.order_by(session.c.session.desc()).limit(1)


# Built once: to build a query anew costs as much as to run it. The words `!= ''` name the index.
_BY_START = _newest(
    session.c.start_key == bindparam("key"), session.c.start_key != literal("", literal_execute=True)
)
_BY_STOP = _newest(
    session.c.stop_key == bindparam("key"), session.c.stop_key != literal("", literal_execute=True)
)
_BY_TRANSACTION = _newest(session.c.transaction == bindparam("key"))


def find_session(
    connection: Connection,
    identity: str,
    *,
    start_key: str = "",
    transaction: str = "",
    stop_key: str = "",
) -> SessionRecord | None:
    """The newest session of a station that fits the first of the keys that fits any.

    Asked in the order start, stop, transaction, since a stop's own words name its session better
    than an id that several may bear. Empty keys fit nothing.
    """
    for query, key in ((_BY_START, start_key), (_BY_STOP, stop_key), (_BY_TRANSACTION, transaction)):
        if key:
            row = connection.execute(query, {"identity": identity, "key": key}).first()
            if row is not None:
                return session_record(row)
    return None


def next_session(connection: Connection) -> int:
    """The number after the highest."""
    return int(connection.execute(select(func.max(session.c.session))).scalar() or 0) + 1


@dataclass(frozen=True, slots=True)
class Sought:
    """Which sessions; empty fields do not filter. The period is that of the start, [from, to)."""

    text: str = ""
    from_ms: int | None = None
    to_ms: int | None = None
    site: str = ""
    station: str = ""
    states: tuple[SessionState, ...] = ()
    flag: str = ""
    any_flag: tuple[str, ...] = ()

    def conditions(self, connection: Connection) -> list[ColumnElement[bool]]:
        """As SQL over `session` alone."""
        c = session.c
        found: list[ColumnElement[bool]] = []
        if self.from_ms is not None:
            found.append(c.started_ms >= self.from_ms)
        if self.to_ms is not None:
            found.append(c.started_ms < self.to_ms)
        if self.station:
            found.append(c.station == self.station)
        if self.site:
            at_site = select(station.c.station).where(station.c.site == self.site)
            found.append(c.station.in_(connection.execute(at_site).scalars().all()))
        if self.states:
            # Spelled as in the small index of those in review, so that it is used.
            told = [literal(state.value, literal_execute=True) for state in self.states]
            found.append(c.state == told[0] if len(told) == 1 else c.state.in_(told))
        if self.flag or self.any_flag:
            # Spelled as in the small index of flagged sessions, so that it is used.
            found.append(c.flags != literal("", literal_execute=True))
        if self.flag:
            found.append(("," + c.flags + ",").contains(f",{self.flag},", autoescape=True))
        if self.any_flag:
            flags = "," + c.flags + ","
            found.append(or_(*(flags.contains(f",{flag},", autoescape=True) for flag in self.any_flag)))
        if self.text:
            # Stations are few and sessions many: names are looked up once, not for each session.
            named = select(station.c.station).where(
                or_(*(_says(connection, part, self.text) for part in (station.c.name, station.c.site)))
            )
            ways = [_says(connection, part, self.text) for part in (c.station, c.token, c.transaction)]
            ways.append(_says(connection, cast(c.session, String), self.text))
            if stations := connection.execute(named).scalars().all():
                ways.append(c.station.in_(stations))
            found.append(or_(*ways))
        return found


def _says(connection: Connection, column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether a column contains a text, whatever the case. SQLite's LIKE ignores it by itself."""
    if connection.dialect.name == "sqlite":
        return column.contains(text, autoescape=True)
    return column.icontains(text, autoescape=True)


@dataclass(frozen=True, slots=True)
class Order:
    """By "start", "station", "duration" or "energy"; equal ones by number. Running ones last until `now_ms`.

    A duration without a known start and an energy that is not proved count as less than nothing.
    """

    by: str = "start"
    descending: bool = True
    now_ms: int = 0

    def column(self) -> ColumnElement[Any]:
        """As SQL over `session`."""
        c = session.c
        if self.by == "station":
            return c.station
        if self.by == "duration":
            lasted = func.coalesce(c.ended_ms, self.now_ms) - c.started_ms
            return case((c.started_ms <= 0, -1), else_=lasted)
        if self.by == "energy":
            return func.coalesce(c.energy_wh, -1)
        return c.started_ms

    def value(self, record: SessionRecord) -> Any:
        """The same of a record."""
        if self.by == "station":
            return str(record.station)
        if self.by == "duration":
            end = self.now_ms if record.ended_ms is None else record.ended_ms
            return end - record.started_ms if record.started_ms > 0 else -1
        if self.by == "energy":
            return -1 if record.energy_wh is None else record.energy_wh
        return record.started_ms


NEWEST_FIRST = Order()


def sessions_before(
    connection: Connection,
    sought: Sought,
    cursor: tuple[Any, int] | None,
    limit: int,
    order: Order = NEWEST_FIRST,
) -> list[tuple[SessionRecord, str, str]]:
    """Sessions with their station's name and site, in `order`, after the cursor
    (the order's value, number) of the last row seen."""
    c = session.c
    query = select(session, station.c.name.label("n"), station.c.site.label("s")).select_from(
        session.outerjoin(station, c.station == station.c.station)
    )
    query = query.where(*sought.conditions(connection))
    by = order.column()
    if cursor is not None:
        value, number = cursor
        if order.descending:
            query = query.where(or_(by < value, and_(by == value, c.session < number)), by <= value)
        else:
            query = query.where(or_(by > value, and_(by == value, c.session > number)), by >= value)
    if sought.states == (SessionState.REVIEW,) and order == NEWEST_FIRST:
        # The few in review are sorted at once; by the index of starts all sessions would be looked at.
        by = by + 0
    ordered = (by.desc(), c.session.desc()) if order.descending else (by, c.session)
    rows = connection.execute(query.order_by(*ordered).limit(limit))
    return [(session_record(row[:-2]), row[-2] or "", row[-1] or "") for row in rows]


def session_totals(connection: Connection, sought: Sought) -> tuple[int, int, int]:
    """Of all that fit: how many, their energy in Wh, and how many ended without energy that can be proved."""
    c = session.c
    proved_or_runs = case((c.state.in_(OPEN_STATES), 1), else_=c.energy_wh)
    query = select(func.count(), func.coalesce(func.sum(c.energy_wh), 0), func.count(proved_or_runs))
    total, energy, proved = connection.execute(query.where(*sought.conditions(connection))).one()
    return total, energy, total - proved


def session_record(row: Any) -> SessionRecord:
    """The record a row keeps."""
    values = list(row)
    values[0] = SessionId(values[0])
    values[1] = StationId(values[1])
    values[4] = TransactionId(values[4])
    values[_STATE] = _STATES[values[_STATE]]
    flags = values[_FLAGS]
    values[_FLAGS] = tuple(_FLAG_OF[flag] for flag in flags.split(",")) if flags else ()
    return SessionRecord(*values)
