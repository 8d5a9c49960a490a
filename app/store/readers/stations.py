"""Stations as registered; all of them are read at start."""

from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from app.domain.ids import StationId
from app.domain.records import ConnectorPlan, StationRecord
from app.domain.status import Admission
from app.store.tables import station

_plan = msgspec.json.Decoder(list[tuple[int, int, str, int | None, str]]).decode
_quirks = msgspec.json.Decoder(list[tuple[str, int]]).decode


def all_stations(connection: Connection) -> list[StationRecord]:
    """Every station, in the order of identities."""
    return [station_record(row) for row in connection.execute(select(station).order_by(station.c.station))]


def one_station(connection: Connection, identity: str) -> StationRecord | None:
    """One station, None if it was never heard of."""
    row = connection.execute(select(station).where(station.c.station == identity)).first()
    return station_record(row) if row is not None else None


def sites(connection: Connection) -> tuple[str, ...]:
    """Names of sites that stations stand at, sorted."""
    query = select(station.c.site).where(station.c.site != "").distinct().order_by(station.c.site)
    return tuple(connection.execute(query).scalars())


def station_count(connection: Connection) -> int:
    """How many stations are known."""
    return int(connection.execute(select(func.count()).select_from(station)).scalar_one())


def station_record(row: Any) -> StationRecord:
    """The record a row keeps."""
    values = list(row)
    values[0], values[1] = StationId(values[0]), Admission(values[1])
    values[-2] = tuple(ConnectorPlan(*item) for item in _plan(values[-2]))
    values[-1] = tuple(_quirks(values[-1]))
    return StationRecord(*values)
