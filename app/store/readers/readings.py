"""What meters said: of a session, of a span of time, of a plug."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, func, literal, select

from app.domain.ids import SessionId, StationId
from app.domain.meter import Reading, Sample
from app.domain.records import ReadingRecord
from app.store.journal import Snapshot
from app.store.reading_packs import unpack, unpack_powers
from app.store.tables import layout, outlet, reading, reading_pack, session

_texts = msgspec.msgpack.Decoder(list[str]).decode


class Layout(NamedTuple):
    """What a reading's texts are: its context, whether it was signed, and the channels."""

    context: str
    signed: bool
    channels: list[tuple[str, str, str, str, str]]


_NONE = literal(0, literal_execute=True)
"""Written into the SQL, because a partial index is used only where its condition stands there."""

_HOUR_MS = 3_600_000
_FEW = 500
"""Sessions that are named in one statement."""

_layout = msgspec.json.Decoder(tuple[str, bool, list[tuple[str, str, str, str, str]]]).decode


@lru_cache(maxsize=4096)
def _channels(text: str) -> Layout:
    return Layout(*_layout(text))


class _Names:
    """Turns rows of `reading` into records; looks numbers up once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._outlets: dict[int, tuple[str, int, int]] = {}
        self._layouts: dict[int, Layout] = {}

    def outlet(self, number: int) -> tuple[str, int, int]:
        """Station, EVSE and connector of a number."""
        found = self._outlets.get(number)
        if found is None:
            c = outlet.c
            query = select(c.station, c.evse, c.connector).where(c.outlet == number)
            station, evse, connector = self._connection.execute(query).one()
            found = self._outlets[number] = (station, evse, connector)
        return found

    def layout(self, number: int) -> Layout:
        """What a layout's texts are."""
        found = self._layouts.get(number)
        if found is None:
            query = select(layout.c.channels).where(layout.c.layout == number)
            found = self._layouts[number] = _channels(self._connection.execute(query).scalar_one())
        return found

    def record(self, row: Sequence[Any]) -> ReadingRecord:
        """The record a row keeps."""
        at_ms, plug, number, kind, received_ms, energy_wh, power_w, soc, trusted, blob = row
        station, evse, connector = self.outlet(plug)
        told = self.layout(kind)
        samples = tuple(
            Sample(measurand, text, number_of(text), unit, phase, location, context)
            for (measurand, unit, phase, location, context), text in zip(
                told.channels, _texts(blob), strict=True
            )
        )
        return ReadingRecord(
            StationId(station), evse, connector, received_ms, SessionId(number) if number else None,
            Reading(at_ms, samples, energy_wh, power_w, soc, told.context, told.signed), bool(trusted),
        )  # fmt: skip


def session_readings(connection: Connection, number: int) -> list[ReadingRecord]:
    """All readings of a session, in order of time."""
    names = _Names(connection)
    return [names.record(row) for row in _rows_of(connection, number)]


def _rows_of(connection: Connection, number: int) -> list[Sequence[Any]]:
    packs = connection.execute(select(reading_pack).where(reading_pack.c.session == number)).all()
    plain = connection.execute(select(reading).where(reading.c.session == number, reading.c.session > _NONE))
    return _once([*(row for pack in packs for row in unpack(pack)), *plain])


def _once(rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    """In order of time; what is there twice, packed and told again, counts once."""
    by_key = {row[:4]: row for row in rows}
    return sorted(by_key.values(), key=lambda row: (row[0], row[4], row[1:4]))


def texts_of(
    connection: Connection, sessions: Sequence[int], wanted: Callable[[Layout], bool]
) -> Iterator[tuple[int, Layout, list[str]]]:
    """(session, layout, texts) of each reading of some sessions whose layout is wanted."""
    names, asked = _Names(connection), {}
    r, p = reading.c, reading_pack.c

    def told(row: Sequence[Any]) -> tuple[int, Layout, list[str]] | None:
        kind = row[3]
        if kind not in asked:
            asked[kind] = wanted(names.layout(kind))
        return (row[2], names.layout(kind), _texts(row[9])) if asked[kind] else None

    for at in range(0, len(sessions), _FEW):
        few = list(sessions[at : at + _FEW])
        packed: dict[int, set[Any]] = {}
        for pack in connection.execute(select(reading_pack).where(p.session.in_(few))).all():
            rows = unpack(pack)
            packed[pack.session] = {row[:4] for row in rows}
            yield from (one for row in rows if (one := told(row)) is not None)
        for row in connection.execute(select(reading).where(r.session.in_(few), r.session > _NONE)).all():
            # Packed and told again, it counts once.
            if tuple(row[:4]) not in packed.get(row.session, ()) and (one := told(row)) is not None:
                yield one


def readings_between(
    connection: Connection, from_ms: int | None = None, to_ms: int | None = None, identity: str = ""
) -> Iterator[ReadingRecord]:
    """Readings in [from, to), in order of time.

    An hour at a time, so that none holds the database long, and one that moves into a pack
    meanwhile is met in the one place or the other.
    """
    names = _Names(connection)
    r, p = reading.c, reading_pack.c
    until = to_ms if to_ms is not None else (1 << 62)
    at = from_ms if from_ms is not None else -(1 << 62)
    while True:
        with Snapshot(connection):
            nearest = [
                connection.execute(select(func.min(r.at_ms)).where(r.at_ms >= at)).scalar(),
                connection.execute(select(func.min(p.first_ms)).where(p.last_ms >= at)).scalar(),
            ]
            known = [time for time in nearest if time is not None]
            if not known or max(at, min(known)) >= until:
                return
            at = max(at, min(known))
            end = min(at + _HOUR_MS, until)
            plain = connection.execute(select(reading).where(r.at_ms >= at, r.at_ms < end)).all()
            packs = connection.execute(select(reading_pack).where(p.last_ms >= at, p.first_ms < end)).all()
        packed = (row for pack in packs for row in unpack(pack) if at <= row[0] < end)
        for row in _once([*packed, *plain]):
            if not identity or names.outlet(row[1])[0] == identity:
                yield names.record(row)
        at = end


def power_between(
    connection: Connection, from_ms: int, to_ms: int, identity: str = ""
) -> list[Sequence[Any]]:
    """(at_ms, outlet, session, power_w) of every reading that told its power, in order of time."""
    c, p = reading.c, reading_pack.c
    mine: frozenset[int] = frozenset()
    if identity:
        known = select(outlet.c.outlet).where(outlet.c.station == identity)
        mine = frozenset(connection.execute(known).scalars())
    query = select(c.at_ms, c.outlet, c.session, c.power_w).where(
        c.at_ms >= from_ms, c.at_ms < to_ms, c.power_w.is_not(None)
    )
    packs = select(reading_pack).where(p.last_ms >= from_ms, p.first_ms < to_ms)
    if identity:
        query = query.where(c.outlet.in_(mine))
        its = select(session.c.session).where(session.c.station == identity)
        packs = packs.where(p.session.in_(its))
    with Snapshot(connection):
        plain = connection.execute(query).all()
        packed = connection.execute(packs).all()
    rows: list[Sequence[Any]] = list(plain)
    for pack in packed:
        for row in unpack_powers(pack):
            if from_ms <= row[0] < to_ms and (not mine or row[1] in mine):
                rows.append(row)
    rows.sort(key=lambda row: (row[0], row[1]))
    return rows


def first_reading_ms(connection: Connection) -> int | None:
    """The time of the oldest reading."""
    times = [
        connection.execute(select(func.min(reading.c.at_ms))).scalar(),
        connection.execute(select(func.min(reading_pack.c.first_ms))).scalar(),
    ]
    return min((time for time in times if time is not None), default=None)


def reading_count(connection: Connection) -> int:
    """How many readings are kept."""
    plain = connection.execute(select(func.count()).select_from(reading)).scalar_one()
    return int(plain) + int(connection.execute(select(func.sum(reading_pack.c.row_count))).scalar() or 0)


def number_of(text: str) -> float | None:
    """A told value as a number, a comma decimal too (decision 15); None where it is none."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if value - value == 0 else None
