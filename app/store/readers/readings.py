"""What meters said: of a session, of a span of time, of a plug."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, Select, func, literal, select

from app.domain.ids import SessionId, StationId
from app.domain.meter import Reading, Sample
from app.domain.records import ReadingRecord
from app.store.tables import layout, outlet, reading

_texts = msgspec.msgpack.Decoder(list[str]).decode


class Layout(NamedTuple):
    """What a reading's texts are: its context, whether it was signed, and the channels."""

    context: str
    signed: bool
    channels: list[tuple[str, str, str, str, str]]


class Power(NamedTuple):
    """Power of one plug at one instant. `session` 0: outside any session."""

    at_ms: int
    outlet: int
    session: int
    power_w: int


_NONE = literal(0, literal_execute=True)
"""Written into the SQL, because a partial index is used only where its condition stands there."""

_layout = msgspec.json.Decoder(tuple[str, bool, list[tuple[str, str, str, str, str]]]).decode


@lru_cache(maxsize=4096)
def _channels(text: str) -> Layout:
    return Layout(*_layout(text))


def _query() -> Select[Any]:
    return select(
        reading, outlet.c.station, outlet.c.evse, outlet.c.connector, layout.c.channels
    ).select_from(
        reading.join(outlet, reading.c.outlet == outlet.c.outlet).join(
            layout, reading.c.layout == layout.c.layout
        )
    )


def session_readings(connection: Connection, number: int) -> list[ReadingRecord]:
    """All readings of a session, in order of time."""
    query = _query().where(reading.c.session == number, reading.c.session > _NONE)
    found = [_record(row) for row in connection.execute(query)]
    return sorted(found, key=lambda record: (record.reading.at_ms, record.received_ms))


def readings_between(
    connection: Connection, from_ms: int | None = None, to_ms: int | None = None, identity: str = ""
) -> Iterator[ReadingRecord]:
    """Readings in [from, to), in order of time, a page at a time so that none holds the database."""
    c = reading.c
    last: Any = None
    while True:
        query = _query().order_by(c.at_ms, c.outlet, c.session, c.layout).limit(2_000)
        if last is not None:
            query = query.where(
                c.at_ms >= last.at_ms,
                (c.at_ms > last.at_ms)
                | (c.outlet > last.outlet)
                | ((c.outlet == last.outlet) & (c.session > last.session))
                | ((c.outlet == last.outlet) & (c.session == last.session) & (c.layout > last.layout)),
            )
        elif from_ms is not None:
            query = query.where(c.at_ms >= from_ms)
        if to_ms is not None:
            query = query.where(c.at_ms < to_ms)
        if identity:
            query = query.where(outlet.c.station == identity)
        page = connection.execute(query).all()
        for row in page:
            yield _record(row)
        if len(page) < 2_000:
            return
        last = page[-1]


def power_between(
    connection: Connection, from_ms: int, to_ms: int, identity: str = ""
) -> list[Row[tuple[int, int, int, int]]]:
    """(at_ms, outlet, session, power_w) of every reading that told its power, in order of time."""
    c = reading.c
    query = select(c.at_ms, c.outlet, c.session, c.power_w).where(
        c.at_ms >= from_ms, c.at_ms < to_ms, c.power_w.is_not(None)
    )
    if identity:
        mine = select(outlet.c.outlet).where(outlet.c.station == identity)
        query = query.where(c.outlet.in_(mine))
    return list(connection.execute(query.order_by(c.at_ms)))


def register_near(
    connection: Connection, number: int, at_ms: int
) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """The trusted registers of a session just before (or at) and after an instant: (time, Wh) each."""
    c = reading.c
    mine = (c.session == number, c.session > _NONE, c.energy_wh.is_not(None), c.trusted.is_(True))
    rows = sorted(
        (row.at_ms, row.energy_wh) for row in connection.execute(select(c.at_ms, c.energy_wh).where(*mine))
    )
    before = [row for row in rows if row[0] <= at_ms]
    after = [row for row in rows if row[0] > at_ms]
    return (before[-1] if before else None), (after[0] if after else None)


def reading_count(connection: Connection) -> int:
    """How many readings are kept."""
    return int(connection.execute(select(func.count()).select_from(reading)).scalar_one())


def _record(row: Any) -> ReadingRecord:
    told = _channels(row.channels)
    texts = _texts(row.samples)
    samples = tuple(
        Sample(measurand, text, number_of(text), unit, phase, location, context)
        for (measurand, unit, phase, location, context), text in zip(told.channels, texts, strict=True)
    )
    return ReadingRecord(
        StationId(row.station),
        row.evse,
        row.connector,
        row.received_ms,
        SessionId(row.session) if row.session else None,
        Reading(row.at_ms, samples, row.energy_wh, row.power_w, row.soc_percent, told.context, told.signed),
        bool(row.trusted),
    )


def number_of(text: str) -> float | None:
    """A told value as a number, a comma decimal too (decision 15); None where it is none."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if value - value == 0 else None
