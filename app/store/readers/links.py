"""When stations could be reached, and when Forecourt itself could not see or keep."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from app.domain.ids import StationId
from app.domain.records import LinkRecord
from app.domain.status import LinkState
from app.store.tables import blind, link, outlet, run, station, status


class Blind(NamedTuple):
    """A span in which Forecourt was not running or could not write."""

    start_ms: int
    end_ms: int
    cause: str


def link_points(
    connection: Connection, identity: str, from_ms: int | None = None, to_ms: int | None = None
) -> list[LinkRecord]:
    """A station's link timeline in [from, to), with the state it came in with.

    A point that was kept later and reaches further back overrules those it reaches back over.
    """
    c = link.c
    query = select(link).where(c.station == identity)
    lead = []
    if from_ms is not None:
        before = query.where(c.at_ms < from_ms).order_by(c.seq.desc()).limit(1)
        lead = list(connection.execute(before))
        query = query.where(c.at_ms >= from_ms)
        if lead:
            query = query.where(c.seq > lead[0].seq)
    if to_ms is not None:
        # What is later overrules only what is later, too.
        query = query.where(c.at_ms < to_ms)
    return _standing(lead + list(connection.execute(query.order_by(c.seq))), to_ms)


def links_of_all(connection: Connection, from_ms: int, to_ms: int) -> dict[str, list[LinkRecord]]:
    """The same of every station at once."""
    lead, own = link.alias(), link.alias()
    names = select(own.c.station).distinct().subquery()
    newest = (
        select(func.max(lead.c.seq))
        .where(lead.c.station == names.c.station, lead.c.at_ms < from_ms)
        .scalar_subquery()
    )
    first = select(link).select_from(names.join(link, link.c.seq == newest))
    rows: dict[str, list[Any]] = {row.station: [row] for row in connection.execute(first)}
    inside = select(link).where(link.c.at_ms >= from_ms, link.c.at_ms < to_ms).order_by(link.c.seq)
    for row in connection.execute(inside):
        known = rows.setdefault(row.station, [])
        if not known or row.seq > known[0].seq:
            known.append(row)
    return {name: _standing(found, to_ms) for name, found in rows.items()}


def _standing(rows: Iterable[Any], to_ms: int | None) -> list[LinkRecord]:
    standing: list[LinkRecord] = []
    for _, name, at_ms, state, reason in rows:
        while standing and standing[-1].at_ms > at_ms:
            standing.pop()
        standing.append(LinkRecord(StationId(name), at_ms, LinkState(state), reason))
    if to_ms is not None:
        standing = [point for point in standing if point.at_ms < to_ms]
    return standing


def last_links(connection: Connection) -> dict[str, LinkRecord]:
    """What was kept last of every station's link, for the start."""
    mine, other = link.alias(), link.alias()
    names = select(other.c.station).distinct().subquery()
    newest = select(func.max(mine.c.seq)).where(mine.c.station == names.c.station).scalar_subquery()
    query = select(link).select_from(names.join(link, link.c.seq == newest))
    return {
        row.station: LinkRecord(StationId(row.station), row.at_ms, LinkState(row.state), row.reason)
        for row in connection.execute(query)
    }


def linked_stations(connection: Connection) -> list[str]:
    """Stations that ever connected."""
    return list(connection.execute(select(link.c.station).distinct().order_by(link.c.station)).scalars())


def first_contacts(connection: Connection, identity: str = "") -> dict[str, int]:
    """When each station first called: its first link, or its first word where no link was kept.

    Stations that never did are not there.
    """
    mine = station.c.station
    plugs = select(outlet.c.outlet).where(outlet.c.station == mine).correlate(station)
    called = select(func.min(link.c.at_ms)).where(link.c.station == mine).scalar_subquery()
    said = select(func.min(status.c.at_ms)).where(status.c.outlet.in_(plugs)).correlate(station)
    query = select(mine, func.coalesce(called, said.scalar_subquery()))
    if identity:
        query = query.where(mine == identity)
    return {name: at_ms for name, at_ms in connection.execute(query) if at_ms is not None}


def blind_spans(connection: Connection, from_ms: int | None = None, to_ms: int | None = None) -> list[Blind]:
    """Blind spans that reach into [from, to), oldest first, whole."""
    c = blind.c
    query = select(c.started_ms, c.ended_ms, c.cause).order_by(c.started_ms, c.blind)
    if from_ms is not None:
        query = query.where(c.ended_ms > from_ms)
    if to_ms is not None:
        query = query.where(c.started_ms < to_ms)
    return [Blind(*row) for row in connection.execute(query)]


def first_run_ms(connection: Connection) -> int | None:
    """When Forecourt first ran on this database."""
    return connection.execute(select(run.c.started_ms).order_by(run.c.run).limit(1)).scalar()


def last_mark_ms(connection: Connection) -> int | None:
    """The last mark of the newest run: until then somebody was looking. None before the first run."""
    query = select(run.c.alive_ms).order_by(run.c.run.desc()).limit(1)
    return connection.execute(query).scalar()
