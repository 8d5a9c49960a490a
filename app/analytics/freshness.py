"""How fresh what we tell of connectors is: changes that reached us within a minute (AFIR, art. 20).

Regulation (EU) 2023/1804 and its implementing rules ask for dynamic data within one minute of the
change. Measured is from the time the station gives to the receipt here; a change of which the
station gives no time of its own counts as received at once, because nothing else is known.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from app.analytics.intervals import Share
from app.store.tables import outlet, status

FRESH_MS = 60_000


@dataclass(frozen=True, slots=True)
class Freshness:
    """Status changes of a span: how many reached us within a minute, and how late the latest was (ms)."""

    within: Share
    latest_ms: int | None


def freshness(connection: Connection, from_ms: int, to_ms: int, station: str = "") -> Freshness:
    """The status changes that happened in [from, to), of one station or of all."""
    late = status.c.received_ms - status.c.at_ms
    fresh = func.sum(func.iif(late <= FRESH_MS, 1, 0))
    query = select(func.count(), fresh, func.max(late)).where(
        status.c.at_ms >= from_ms, status.c.at_ms < to_ms, status.c.outlet == outlet.c.outlet
    )
    if station:
        query = query.where(outlet.c.station == station)
    count, good, latest = connection.execute(query).one()
    return Freshness(Share(good or 0, count), latest)
