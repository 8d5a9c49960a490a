"""What peaks cost and could cost: each month's highest quarter hour at a site, and the lowest that would
have served the same drivers in the time they were there (reference E.4)."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.analytics.costs.data import Parked, achievable_peak, peak_kw
from app.analytics.costs.periods import period_of
from app.analytics.days import zone_of
from app.analytics.insights.chosen import Chosen, stations_of
from app.store.tables import session

QUARTER_MS = 900_000


@dataclass(frozen=True, slots=True)
class SitePeak:
    """A site's month: highest quarter-hour mean in kW, and the lowest that would have done."""

    site: str
    period: str
    peak_kw: float
    achievable_kw: float
    sessions: int


def site_peaks(connection: Connection, chosen: Chosen, zone: str) -> tuple[SitePeak, ...]:
    """Each site's peak by local month, sites and months in order.

    A session's energy is spread evenly over the time its highest power needs for it, at most its
    stay: readings would say it finer, and cost seconds for a year.
    """
    where = zone_of(zone)
    known = stations_of(connection, chosen)
    c = session.c
    query = select(c.station, c.started_ms, c.ended_ms, c.energy_wh, c.peak_power_w).where(
        c.started_ms >= chosen.from_ms, c.started_ms < chosen.to_ms, c.ended_ms.is_not(None), c.energy_wh > 0
    )
    groups: dict[tuple[str, str], list[Parked]] = {}
    for name, start, end, energy, power in connection.execute(query):
        if name in known and end > start:
            key = (known[name].site or name, period_of(start, where))
            groups.setdefault(key, []).append(parked(start, end, energy, power))
    return tuple(
        SitePeak(site, period, peak_kw(found), achievable_peak(found), len(found))
        for (site, period), found in sorted(groups.items())
    )


def parked(start: int, end: int, energy_wh: int, power_w: int | None) -> Parked:
    """A session in quarter hours, its energy taken as fast as its highest power allows."""
    first, last = start // QUARTER_MS, -(-end // QUARTER_MS)
    quarters = max(1, last - first)
    hours = (end - start) / 3_600_000
    most = max(power_w or 0, energy_wh / max(hours, 0.05)) / 1000
    left, taken = energy_wh / 1000, []
    for n in range(quarters):
        inside = min(end, (first + n + 1) * QUARTER_MS) - max(start, (first + n) * QUARTER_MS)
        got = min(left, most * max(0, inside) / 3_600_000)
        taken.append(got)
        left -= got
    if left > 1e-9:
        taken[-1] += left
    return Parked(first, tuple(taken), max(most, max(taken) * 4))
