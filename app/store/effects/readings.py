"""Meter readings, packed: one row an instant, the station's own texts in a small blob.

Unique by instant, plug, session and layout (the set of measurands, phases and contexts): a reading
told twice is one; two batches of one second that measure different things are both kept.
"""

from operator import itemgetter

import msgspec

from app.domain.meter import Sample
from app.domain.records import ReadingRecord
from app.store import tables
from app.store.effects.effect import Effect, Numbers, Row

_pack = msgspec.msgpack.Encoder().encode
_channel = itemgetter(*map(Sample._fields.index, ("measurand", "unit", "phase", "location", "context")))


def _row(record: ReadingRecord, numbers: Numbers) -> Row:
    reading = record.reading
    samples = reading.samples
    layout = (reading.context, reading.signed, *map(_channel, samples))
    return (
        reading.at_ms,
        numbers.outlet(record.station, record.evse, record.connector),
        record.session or 0,
        numbers.layout(layout),
        record.received_ms,
        reading.energy_wh,
        reading.power_w,
        reading.soc_percent,
        record.trusted,
        _pack([s.value for s in samples]),
    )


EFFECT = Effect(tables.reading, _row, "nothing")
