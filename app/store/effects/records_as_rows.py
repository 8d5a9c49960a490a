"""Records whose table has their fields, in their order: files, settings, entries, faults."""

from collections.abc import Callable
from operator import attrgetter

from sqlalchemy import Table

from app.store import tables
from app.store.effects.effect import Effect, Numbers, Row


def _as_is(table: Table) -> Callable[[object, Numbers], Row]:
    fields = attrgetter(*[column.name for column in table.columns])

    def row(record: object, numbers: Numbers) -> Row:
        values: Row = fields(record)
        return values

    return row


FILE = Effect(tables.file, _as_is(tables.file), "update")
VARIABLE = Effect(tables.variable, _as_is(tables.variable), "update")
ENTRY = Effect(tables.entry, _as_is(tables.entry), "nothing")
FAULT = Effect(tables.fault, _as_is(tables.fault), "update")
FAULT_EVENT = Effect(tables.fault_event, _as_is(tables.fault_event), "nothing")
