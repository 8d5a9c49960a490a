"""Readings in a session: each kept as a row, folded into the session's energy in order of time."""

from collections.abc import Sequence

from app.domain.ids import SessionId, StationId
from app.domain.meter import Reading
from app.domain.records import ReadingRecord
from app.sessions.meter import Meter


def fold(
    meter: Meter,
    readings: Sequence[Reading],
    station: StationId,
    evse: int | None,
    connector: int | None,
    session: SessionId,
    received_ms: int,
) -> tuple[ReadingRecord, ...]:
    """Take `readings` into `meter`, oldest first. Returns their rows."""
    if len(readings) == 1:
        only = readings[0]
        return (
            ReadingRecord(station, evse or 0, connector or 0, received_ms, session, only, meter.read(only)),
        )
    readings = sorted(readings, key=_at_ms)
    return tuple(
        ReadingRecord(station, evse or 0, connector or 0, received_ms, session, reading, meter.read(reading))
        for reading in readings
    )


def history(
    readings: Sequence[Reading],
    station: StationId,
    evse: int | None,
    connector: int | None,
    session: SessionId | None,
    received_ms: int,
) -> tuple[ReadingRecord, ...]:
    """Rows of readings that change no session: beside it, or after its end (Q44, Q56, Q81)."""
    return tuple(
        ReadingRecord(station, evse or 0, connector or 0, received_ms, session, reading)
        for reading in readings
    )


def _at_ms(reading: Reading) -> int:
    return reading.at_ms
