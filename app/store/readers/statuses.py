"""What connectors said of themselves: points, ordered by the station's own time."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, ScalarSelect, func, select

from app.domain.ids import StationId
from app.domain.records import StatusRecord
from app.domain.status import ConnectorStatus
from app.store.tables import outlet, status

_STATUS = {state.value: state for state in ConnectorStatus}


def last_statuses(connection: Connection, identity: str = "") -> list[StatusRecord]:
    """The live state at start: of each plug the status that was received last and told live."""
    late, inner = status.alias(), status.alias()
    # A plug's rows lie together by time; what was received last is among the newest few of them.
    few = (
        select(inner.c.at_ms, inner.c.received_ms)
        .where(inner.c.outlet == outlet.c.outlet, inner.c.live.is_(True))
        .order_by(inner.c.at_ms.desc(), inner.c.received_ms.desc())
        .limit(8)
        .correlate(outlet)
        .subquery()
    )
    at = select(few.c.at_ms).order_by(few.c.received_ms.desc()).limit(1).correlate(outlet).scalar_subquery()
    query = (
        select(late, outlet.c.station, outlet.c.evse, outlet.c.connector)
        .select_from(outlet.join(late, (late.c.outlet == outlet.c.outlet) & (late.c.at_ms == at)))
        .where(late.c.live.is_(True))
        .order_by(outlet.c.outlet, late.c.received_ms)
    )
    if identity:
        query = query.where(outlet.c.station == identity)
    newest = {row.outlet: row for row in connection.execute(query)}
    return [_record(row[:8], row.station, row.evse, row.connector) for row in newest.values()]


def status_points(
    connection: Connection, identity: str, from_ms: int | None = None, to_ms: int | None = None
) -> list[StatusRecord]:
    """Points of a station in [from, to), with the last one of each plug before `from`.

    In the order of plug, the station's time, receipt.
    """
    found: list[StatusRecord] = []
    plugs = select(outlet).where(outlet.c.station == identity).order_by(outlet.c.evse, outlet.c.connector)
    for number, station, evse, connector in connection.execute(plugs).all():
        for row in _points(connection, number, from_ms, to_ms):
            found.append(_record(row, station, evse, connector))
    return found


def status_words(
    connection: Connection, identity: str, from_ms: int, to_ms: int
) -> dict[tuple[int, int], list[tuple[int, str, int]]]:
    """(at_ms, word, received_ms) of each plug in [from, to) and its last before; for long windows."""
    c = status.c
    found: dict[tuple[int, int], list[tuple[int, str, int]]] = {}
    mine = select(outlet).where(outlet.c.station == identity)
    for number, _, evse, connector in connection.execute(mine).all():
        query = select(c.at_ms, c.status, c.received_ms).where(c.outlet == number)
        before = query.where(c.at_ms < from_ms).order_by(c.at_ms.desc(), c.received_ms.desc()).limit(1)
        inside = query.where(c.at_ms >= from_ms, c.at_ms < to_ms).order_by(c.at_ms, c.received_ms)
        rows = [*connection.execute(before), *connection.execute(inside)]
        found[evse, connector] = rows
    return found


def _last_before(at_ms: int) -> ScalarSelect[int]:
    """When a plug (of the query around it) last said anything before an instant."""
    c = status.alias().c
    last = select(c.at_ms).where(c.outlet == outlet.c.outlet, c.at_ms < at_ms).order_by(c.at_ms.desc())
    return last.limit(1).correlate(outlet).scalar_subquery()


def words_of_all(
    connection: Connection, from_ms: int, to_ms: int
) -> dict[str, dict[tuple[int, int], list[tuple[int, str, int]]]]:
    """The same of every station at once; for windows of some days, as all of it is held in memory."""
    own, lead = status.alias(), _last_before(from_ms)
    plug = (outlet.c.station, outlet.c.evse, outlet.c.connector)
    said = (own.c.at_ms, own.c.status, own.c.received_ms)
    mine = own.c.outlet == outlet.c.outlet
    found: dict[str, dict[tuple[int, int], list[tuple[int, str, int]]]] = {}
    for when in (own.c.at_ms == lead, (own.c.at_ms >= from_ms) & (own.c.at_ms < to_ms)):
        # An outer join, so that plugs that said nothing are there too, and are looked up one by one.
        query = select(*plug, *said).select_from(outlet.outerjoin(own, mine & when))
        for name, evse, connector, at_ms, word, received_ms in connection.execute(query).all():
            words = found.setdefault(name, {}).setdefault((evse, connector), [])
            if at_ms is not None:
                words.append((at_ms, word, received_ms))
    for by_plug in found.values():
        for words in by_plug.values():
            words.sort(key=lambda word: (word[0], word[2]))
    return found


def words_between(
    connection: Connection, from_ms: int, to_ms: int, identity: str = "", only: str = ""
) -> Iterator[tuple[str, int, int, str]]:
    """(station, EVSE, at ms, word) of what was said in [from, to) and last before, plug by plug in order;
    of one word only where one is named."""
    c, lead = status.c, _last_before(from_ms)
    said = (c.outlet == outlet.c.outlet) & (c.at_ms >= func.coalesce(lead, from_ms)) & (c.at_ms < to_ms)
    # An outer join, so that plugs are looked up one by one: an inner one would walk all that was ever said.
    query = select(outlet.c.station, outlet.c.evse, c.at_ms, c.status).select_from(
        outlet.outerjoin(status, said)
    )
    if identity:
        query = query.where(outlet.c.station == identity)
    if only:
        query = query.where(c.status == only)
    for row in connection.execute(query.order_by(outlet.c.outlet, c.at_ms, c.received_ms)):
        if row[2] is not None:
            yield row[0], row[1], row[2], row[3]


def all_points(
    connection: Connection, from_ms: int | None = None, to_ms: int | None = None
) -> Iterator[StatusRecord]:
    """The same of every station, station by station."""
    names = select(outlet.c.station).distinct().order_by(outlet.c.station)
    for identity in connection.execute(names).scalars().all():
        yield from status_points(connection, identity, from_ms, to_ms)


def points_of_all(connection: Connection, from_ms: int, to_ms: int | None = None) -> Iterator[StatusRecord]:
    """Points of every station in [from, to) without those before, in one question; in the same order."""
    said = (status.c.outlet == outlet.c.outlet) & (status.c.at_ms >= from_ms)
    if to_ms is not None:
        said &= status.c.at_ms < to_ms
    plug = (outlet.c.station, outlet.c.evse, outlet.c.connector)
    # An outer join, so that plugs are looked up one by one: an inner one would walk all that was ever said.
    query = select(status, *plug).select_from(outlet.outerjoin(status, said))
    for row in connection.execute(query.order_by(*plug, status.c.at_ms, status.c.received_ms)):
        if row[0] is not None:
            yield _record(row[:8], *row[8:])


def plugs(connection: Connection, identity: str) -> list[tuple[int, int]]:
    """(evse, connector) of which a station ever said something."""
    query = select(outlet.c.evse, outlet.c.connector).where(outlet.c.station == identity)
    return [
        (evse, connector) for evse, connector in connection.execute(query.order_by(*query.selected_columns))
    ]


def status_count(connection: Connection) -> int:
    """How many points are kept."""
    return int(connection.execute(select(func.count()).select_from(status)).scalar_one())


def _points(connection: Connection, number: int, from_ms: int | None, to_ms: int | None) -> list[Any]:
    c = status.c
    query = select(status).where(c.outlet == number)
    lead = []
    if from_ms is not None:
        before = query.where(c.at_ms < from_ms).order_by(c.at_ms.desc(), c.received_ms.desc()).limit(1)
        lead = list(connection.execute(before))
        query = query.where(c.at_ms >= from_ms)
    if to_ms is not None:
        query = query.where(c.at_ms < to_ms)
    return lead + list(connection.execute(query.order_by(c.at_ms, c.received_ms)))


def _record(row: Any, station: str, evse: int, connector: int) -> StatusRecord:
    _, at_ms, received_ms, word, error, vendor_error, info, live = row
    return StatusRecord(
        StationId(station), evse, connector, at_ms, received_ms, _STATUS[word], error, vendor_error, info,
        bool(live),
    )  # fmt: skip
