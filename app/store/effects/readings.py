"""Meter readings, packed: one row an instant, the station's own texts in a small blob.

Unique by instant, plug, session and layout (the set of measurands, phases and contexts): a reading
told twice is one; two batches of one second that measure different things are both kept.
"""

import msgspec

from app.domain.records import ReadingRecord
from app.store import tables
from app.store.effects.effect import Effect, Numbers, Row

_pack = msgspec.msgpack.Encoder().encode
_json = msgspec.json.Encoder().encode


def _row(record: ReadingRecord, numbers: Numbers) -> Row:
    reading = record.reading
    samples = reading.samples
    channels = _json(
        (
            reading.context,
            reading.signed,
            [(s.measurand, s.unit, s.phase, s.location, s.context) for s in samples],
        )
    ).decode()
    return (
        reading.at_ms,
        numbers.outlet(record.station, record.evse, record.connector),
        record.session or 0,
        numbers.layout(channels),
        record.received_ms,
        reading.energy_wh,
        reading.power_w,
        reading.soc_percent,
        record.trusted,
        _pack([s.value for s in samples]),
    )


EFFECT = Effect(tables.reading, _row, "nothing")
