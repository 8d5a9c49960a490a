"""A charging session's row, saved whole. A record has its fields in the order of the table's columns."""

from msgspec.structs import astuple

from app.domain.records import SessionRecord
from app.store import tables
from app.store.effects.effect import Effect, Numbers, Row

_FLAGS = SessionRecord.__struct_fields__.index("flags")


def _row(record: SessionRecord, numbers: Numbers) -> Row:
    row = astuple(record)
    return (*row[:_FLAGS], ",".join(row[_FLAGS]), *row[_FLAGS + 1 :])


EFFECT = Effect(
    tables.session,
    _row,
    "update",
    steady=("station", "transaction", "started_ms", "ended_ms", "state", "start_key", "stop_key", "alias"),
)
