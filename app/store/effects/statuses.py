"""Points of the status timeline; the same point twice is one."""

from app.domain.records import StatusRecord
from app.store import tables
from app.store.effects.effect import Effect, Numbers, Row


def _row(record: StatusRecord, numbers: Numbers) -> Row:
    return (
        numbers.outlet(record.station, record.evse, record.connector),
        record.at_ms,
        record.received_ms,
        record.status,
        record.error,
        record.vendor_error,
        record.info,
        record.live,
    )


EFFECT = Effect(tables.status, _row, "nothing")
