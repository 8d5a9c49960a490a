"""What the owner's report needs beside the costs: each site's uptime and target, and what was sold."""

from collections.abc import Iterable
from datetime import tzinfo
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from app.analytics.timelines import Span
from app.analytics.uptime_history import uptime_by
from app.analytics.uptime_views import Judged, pooled, view_named
from app.analytics.written_prices import written_prices
from app.domain.entries import standing
from app.domain.prices import amount
from app.domain.records import EntryRecord
from app.reports.owner_report import SiteUptime, Sold
from app.store.readers.entries import current_entries
from app.store.readers.stations import all_stations
from app.store.tables import session

RULE = "contract"
TARGET = Fraction(99)
"""Percent, where a site's entry names no `target`."""


def sites_of_month(connection: Connection, window: Span, zone: tzinfo) -> tuple[SiteUptime, ...]:
    """Uptime by site as agreed with hosts, excused time taken out; a site's target is in its entry."""
    sites = {str(s.station): s.site for s in all_stations(connection)}
    targets = _targets(current_entries(connection, "site"))
    view = view_named(RULE)
    parts: dict[str, list[Judged]] = {}
    for row in uptime_by(connection, RULE, window, zone):
        if row.station is not None:
            parts.setdefault(sites.get(row.station, ""), []).append(row.judged)
    found = []
    for site, judged in sorted(parts.items()):
        whole = pooled(view, judged)
        target = targets.get(site, TARGET)
        found.append(SiteUptime(site, whole.best, whole.low, target, whole.excluded_ms, whole.assessable_ms))
    return tuple(found)


def sold_in(connection: Connection, window: Span, zone: ZoneInfo) -> Sold:
    """Energy and sessions that ended in the window, and what they brought by the prices that held at their
    start; revenue None where one of them has no price, or prices are in different currencies."""
    stations = {str(s.station): s for s in all_stations(connection)}
    prices = written_prices(connection, zone)
    c = session.c
    query = select(c.station, c.evse, c.started_ms, c.ended_ms, c.energy_wh).where(
        c.ended_ms >= window[0], c.ended_ms < window[1], c.energy_wh > 0
    )
    energy = count = 0
    revenue: Decimal | None = Decimal(0)
    for name, evse, start, end, wh in connection.execute(query):
        energy, count = energy + wh, count + 1
        site = stations[name].site if name in stations else ""
        price = prices.price(site, start, name, evse)
        if price is None or price.currency != prices.currency:
            revenue = None
        elif revenue is not None:
            revenue += price.of(wh, Decimal(end - start) / 60_000)
    return Sold(energy, count, revenue if count else None)


def _targets(entries: Iterable[EntryRecord]) -> dict[str, Fraction]:
    found = {}
    for site, body in standing(entries, "site").items():
        if body.get("target"):
            found[site] = Fraction(amount(body["target"]))
    return found
