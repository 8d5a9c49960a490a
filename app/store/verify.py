"""Whether history follows from the journal: a replayed store beside the kept one, table by table."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from app.store import tables
from app.store.readers.readings import readings_between

_AS_KEPT: dict[str, tuple[str, ...]] = {
    # Numbers of insert-only rows may have gaps, dictionary numbers depend on the order of arrival.
    "link": ("seq",),
    "notice": ("seq",),
}
_KEYS: dict[str, tuple[str, ...]] = {
    "station": ("station",),
    "status": ("station", "evse", "connector", "at_ms", "received_ms", "status"),
    "link": ("station", "at_ms", "state", "reason"),
    "session": ("session",),
    "reading": ("at_ms", "station", "evse", "connector", "session", "channels"),
    "notice": ("station", "at_ms", "received_ms", "subject", "name", "detail"),
    "refusal": ("identity", "peer", "cause"),
    "command": ("command",),
    "entry": ("kind", "entry", "version"),
}
_CALLED = {
    "station": "station",
    "status": "status",
    "link": "link state",
    "session": "session",
    "reading": "meter reading",
    "notice": "notice",
    "refusal": "refused contact",
    "command": "command",
    "entry": "entry",
}
_FOLLOWS = ("station", "status", "link", "session", "reading", "notice", "entry")
"""Tables that follow from the journal alone, by default: a contact refused at the door and a call of
ours that was never sent leave no journal row."""


def first_difference(
    kept: Connection, replayed: Connection, subjects: Sequence[str] = _FOLLOWS
) -> str | None:
    """
    The first difference between two stores' histories in one plain sentence; None if there is none.

    Args:
        kept: what the server wrote.
        replayed: what the kept journal gave in an empty store.
        subjects: names of tables of `tables.HISTORY` to compare, in this order.
    """
    for subject in subjects:
        table = tables.metadata.tables[subject]
        pairs = zip_longest(_rows(kept, table), _rows(replayed, table))
        for mine, theirs in pairs:
            if mine != theirs:
                return _sentence(subject, mine, theirs)
    return None


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    left_out = {*_AS_KEPT.get(table.name, ()), "outlet"}
    columns = [column for column in table.columns if column.name not in left_out]
    query: Select[Any]
    if table.name == "reading":
        yield from _readings(connection)
        return
    if "outlet" in table.c:
        joined = table.join(tables.outlet, table.c.outlet == tables.outlet.c.outlet)
        plug = [tables.outlet.c.station, tables.outlet.c.evse, tables.outlet.c.connector]
        query = select(*plug, *columns).select_from(joined)
    else:
        query = select(*columns)
    named = {column.name: column for column in query.selected_columns}
    query = query.order_by(*(named[key] for key in _KEYS[table.name]))
    for row in connection.execution_options(stream_results=True).execute(query).mappings():
        yield dict(row)


def _readings(connection: Connection) -> Iterator[dict[str, Any]]:
    """Readings, packed or not, as rows; those of one instant in an order of their own."""
    for _, together in groupby(readings_between(connection), key=lambda record: record.reading.at_ms):
        rows = []
        for record in together:
            told = record.reading
            channels = [(*sample[:1], *sample[3:]) for sample in told.samples]
            rows.append(
                {
                    "at_ms": told.at_ms, "station": record.station, "evse": record.evse,
                    "connector": record.connector, "session": record.session,
                    "channels": [told.context, told.signed, *channels],
                    "received_ms": record.received_ms, "energy_wh": told.energy_wh,
                    "power_w": told.power_w, "soc_percent": told.soc_percent, "trusted": record.trusted,
                    "values": [sample.value for sample in told.samples],
                }
            )  # fmt: skip
        yield from sorted(rows, key=lambda row: _order(row, _KEYS["reading"]))


def _sentence(subject: str, kept: dict[str, Any] | None, replayed: dict[str, Any] | None) -> str:
    called, keys = _CALLED[subject], _KEYS[subject]
    if kept is None or (replayed is not None and _order(replayed, keys) < _order(kept, keys)):
        assert replayed is not None
        return f"The journal gives a {called} that history does not have: {_named(replayed, keys)}."
    if replayed is None or _order(kept, keys) < _order(replayed, keys):
        return f"History has a {called} that the journal does not give: {_named(kept, keys)}."
    column = next(name for name in kept if kept[name] != replayed[name])
    return (
        f"The {called} with {_named(kept, keys)} differs: {column} is {_shown(kept[column])} in history "
        f"and {_shown(replayed[column])} by the journal."
    )


def _order(row: dict[str, Any], keys: Sequence[str]) -> list[tuple[bool, Any]]:
    return [(row[key] is not None, row[key]) for key in keys]


def _named(row: dict[str, Any], keys: Sequence[str]) -> str:
    return ", ".join(f"{key} {_shown(row[key])}" for key in keys if key != "channels")


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()[:80]
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else text[:117] + "…"
