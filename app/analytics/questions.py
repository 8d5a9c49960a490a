"""What the window and the tools ask: `(connection, …) -> frozen result` (see `results`)."""

from sqlalchemy import Connection

from app.analytics.energy import energy_between, energy_per_day, energy_today
from app.analytics.messages import messages_page
from app.analytics.power import evse_powers, power_24h, station_power
from app.analytics.results import Counts, StationHistory
from app.analytics.sessions import session_detail, sessions_page, station_sessions
from app.analytics.spans import all_link_spans, all_status_spans, link_spans, status_spans
from app.analytics.strips import strip, strips, uptime
from app.domain.records import CommandRecord, NoticeRecord
from app.store.journal import counted
from app.store.readers.entries import current_entries, versions_of
from app.store.readers.others import commands, notices
from app.store.readers.readings import reading_count
from app.store.readers.sessions import Sought, open_sessions, session_totals
from app.store.readers.stations import sites, station_count
from app.store.readers.statuses import status_count


def station_history(
    connection: Connection, station: str, now_ms: int, zone: str, days: int = 90
) -> StationHistory:
    """All that the station page shows of the past."""
    newest_commands: list[CommandRecord] = commands(connection, station)
    newest_notices: list[NoticeRecord] = notices(connection, station)
    return StationHistory(
        station,
        strip(connection, station, now_ms, zone, days),
        energy_per_day(connection, now_ms, zone, days, station),
        station_sessions(connection, station),
        tuple(newest_commands),
        tuple(newest_notices),
    )


def counts(connection: Connection) -> Counts:
    """How much history there is."""
    rows, first_ms = counted(connection)
    return Counts(
        station_count(connection),
        session_totals(connection, Sought())[0],
        len(open_sessions(connection)),
        status_count(connection),
        reading_count(connection),
        rows,
        first_ms,
    )


__all__ = [
    "all_link_spans",
    "all_status_spans",
    "commands",
    "counts",
    "current_entries",
    "energy_between",
    "energy_per_day",
    "energy_today",
    "evse_powers",
    "link_spans",
    "messages_page",
    "power_24h",
    "session_detail",
    "sessions_page",
    "sites",
    "station_history",
    "station_power",
    "status_spans",
    "strip",
    "strips",
    "uptime",
    "versions_of",
]
