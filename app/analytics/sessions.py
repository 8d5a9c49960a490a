"""Pages of sessions, and one session with its curve."""

from dataclasses import astuple
from typing import Any

from sqlalchemy import Connection

from app.analytics.results import (
    CurvePoint,
    SessionDetail,
    SessionFilter,
    SessionLine,
    SessionOrder,
    SessionsPage,
    StatusSpan,
)
from app.analytics.spans import status_spans
from app.domain.records import SessionRecord
from app.store.readers.readings import session_readings
from app.store.readers.sessions import (
    Order,
    Sought,
    one_session,
    recent_sessions,
    session_totals,
    sessions_before,
)
from app.store.readers.stations import one_station

NEWEST_FIRST = SessionOrder()


def sessions_page(
    connection: Connection,
    filter: SessionFilter,
    cursor: tuple[Any, int] | None = None,
    limit: int = 200,
    order: SessionOrder = NEWEST_FIRST,
) -> SessionsPage:
    """A page of sessions in `order`, with the totals of all that fit."""
    sought, by = Sought(*astuple(filter)), Order(*astuple(order))
    found = sessions_before(connection, sought, cursor, limit + 1, by)
    rows = tuple(SessionLine(*row) for row in found[:limit])
    more = (by.value(rows[-1].session), int(rows[-1].session.session)) if len(found) > limit else None
    return SessionsPage(rows, more, *session_totals(connection, sought))


def session_detail(connection: Connection, session: int) -> SessionDetail | None:
    """A session's page; None if there is no such session."""
    record = one_session(connection, session)
    if record is None:
        return None
    curve = tuple(
        CurvePoint(
            r.reading.at_ms, r.reading.energy_wh, r.reading.power_w, r.reading.soc_percent, r.trusted,
            r.reading.context,
        )
        for r in session_readings(connection, session)
    )  # fmt: skip
    return SessionDetail(line_of(connection, record), curve, _statuses(connection, record))


def station_sessions(connection: Connection, station: str, limit: int = 20) -> tuple[SessionLine, ...]:
    """A station's newest sessions, newest first."""
    return tuple(line_of(connection, record) for record in recent_sessions(connection, station, limit))


def line_of(connection: Connection, record: SessionRecord) -> SessionLine:
    """A session with its station's name and site."""
    known = one_station(connection, record.station)
    return SessionLine(record, known.name if known else "", known.site if known else "")


def _statuses(connection: Connection, record: SessionRecord) -> tuple[StatusSpan, ...]:
    if record.evse is None:
        return ()
    end = record.ended_ms if record.ended_ms is not None else record.last_sample_ms
    until = max(end or record.started_ms, record.started_ms) + 1
    spans = status_spans(connection, record.station, record.started_ms, until)
    return tuple(
        span
        for span in spans
        if span.evse == record.evse and (not record.connector or span.connector in (0, record.connector))
    )
