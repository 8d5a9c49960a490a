"""Settings of stations as they were last read."""

from typing import Any

from sqlalchemy import Connection, select

from app.domain.ids import StationId
from app.domain.records import VariableRecord
from app.store.tables import variable


def variables(connection: Connection, identity: str = "") -> list[VariableRecord]:
    """The settings of a station (or of all), by component and name."""
    c = variable.c
    query = select(variable)
    if identity:
        query = query.where(c.station == identity)
    query = query.order_by(c.station, c.component, c.component_instance, c.evse, c.connector, c.name)
    return [_variable(row) for row in connection.execute(query)]


def _variable(row: Any) -> VariableRecord:
    values = dict(row._mapping)
    return VariableRecord(
        **{**values, "station": StationId(values["station"]), "readonly": bool(values["readonly"])}
    )
