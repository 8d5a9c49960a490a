"""The prices that were written down, read for a question."""

from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.domain.prices import Prices
from app.faults.calendar import Calendar
from app.store.readers.entries import current_entries
from app.store.readers.stations import all_stations

KINDS = ("organisation", "price", "energy-cost")


def written_prices(connection: Connection, zone: ZoneInfo) -> Prices:
    """Prices and costs of energy as they stand, an import's where nobody wrote one down.

    Bands of the day are meant by the clock on the site's wall; `zone` holds where a site names none.
    """
    calendar = Calendar(zone)
    for site in current_entries(connection, "site"):
        calendar.hear(site)
    entries = [entry for kind in KINDS for entry in current_entries(connection, kind)]
    plans = {str(station.station): station.plan for station in all_stations(connection)}
    return Prices(entries, calendar.zone, plans)
