"""Settings of stations as they were last read."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.ids import StationId
from app.domain.records import VariableRecord
from app.store.tables import variable

_KEY = (
    variable.c.station, variable.c.component, variable.c.component_instance, variable.c.evse,
    variable.c.connector, variable.c.name, variable.c.instance, variable.c.attribute,
)  # fmt: skip
_READONLY = tuple(variable.c.keys()).index("readonly")


def variables(connection: Connection, identity: str = "") -> list[VariableRecord]:
    """The settings of a station (or of all), by component and name."""
    query = select(variable)
    if identity:
        query = query.where(variable.c.station == identity)
    return [_variable(row) for row in connection.execute(query.order_by(*_KEY))]


def variables_named(
    connection: Connection, names: Iterable[str], stations: Iterable[str] = ()
) -> list[VariableRecord]:
    """The settings of these names (whatever their case and component) of these stations, or of all."""
    wanted = sorted({name.lower() for name in names})
    query = select(variable).where(func.lower(variable.c.name).in_(wanted))
    identities = list(stations)
    if identities:
        query = query.where(variable.c.station.in_(identities))
    return [_variable(row) for row in connection.execute(query.order_by(*_KEY))]


def _variable(row: Any) -> VariableRecord:
    values = list(row)
    values[0], values[_READONLY] = StationId(values[0]), bool(values[_READONLY])
    return VariableRecord(*values)
