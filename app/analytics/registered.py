"""The stations as registered, whole: what an import is compared with."""

from sqlalchemy import Connection

from app.domain.records import StationRecord
from app.store.readers.stations import all_stations


def station_records(connection: Connection) -> tuple[StationRecord, ...]:
    """Every station that is known, by identity; accepted or not."""
    return tuple(all_stations(connection))
