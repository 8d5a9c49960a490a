"""A station's row: as registered, and as it last introduced itself."""

from operator import attrgetter
from typing import Any

import msgspec

from app.domain.records import StationRecord
from app.store import tables
from app.store.effects.effect import Effect, Numbers, Row

_PLAIN = attrgetter(*[c.name for c in tables.station.columns][:-2])


def _row(record: StationRecord, numbers: Numbers) -> Row:
    plain: tuple[Any, ...] = _PLAIN(record)
    plan = [[p.evse, p.connector, p.kind, p.rated_power_w, p.price_per_kwh] for p in record.plan]
    return (
        *plain,
        msgspec.json.encode(plan).decode(),
        msgspec.json.encode(record.quirks).decode(),
    )


EFFECT = Effect(tables.station, _row, "update")
