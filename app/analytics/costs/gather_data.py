"""Hours nobody saw, peaks that need not have been, sessions without a curve (reference E.4)."""

from decimal import Decimal

from sqlalchemy import func, select

from app.analytics.costs.data import Blind, Parked, Peak, achievable_peak, peak_kw
from app.analytics.costs.gather_faults import FaultLoss
from app.analytics.costs.material import Material
from app.analytics.costs.parked import parked
from app.store.readers.links import blind_spans
from app.store.tables import variable

HOUR_MS = 3_600_000
KW = Decimal("0.1")


def peaks(m: Material) -> tuple[Peak, ...]:
    """Each site's highest quarter hour, and the lowest that would have served the same drivers."""
    by_site: dict[str, list[Parked]] = {}
    for row in m.sessions:
        if row.ended_ms is not None and row.energy_wh and row.ended_ms > row.started_ms:
            one = parked(row.started_ms, row.ended_ms, row.energy_wh, row.peak_power_w)
            by_site.setdefault(m.site_of(row.station), []).append(one)
    found = []
    for site, sessions in sorted(by_site.items()):
        if site:
            highest, lowest = (
                Decimal(repr(one)).quantize(KW) for one in (peak_kw(sessions), achievable_peak(sessions))
            )
            found.append(Peak(m.place("", site), m.span[0], highest, min(highest, lowest)))
    return tuple(found)


def unseen(m: Material, losses: FaultLoss) -> tuple[Blind, ...]:
    """When Forecourt itself did not look, and when a station could not be heard."""
    start, end = m.span
    found = []
    for span in blind_spans(m.connection, start, end):
        hours = (min(span.end_ms, end) - max(span.start_ms, start)) / HOUR_MS
        if hours > 0:
            place = m.place("", "")
            at = max(span.start_ms, start)
            found.append(Blind(place, f"blind:{span.start_ms}", at, _hours(hours), "nobody was looking"))
    for row in losses.rows.values():
        if row.rule != "offline" or not row.station:
            continue
        at, over = m.stood(row)
        hours = (over - at) / HOUR_MS
        if hours > 0:
            place = m.place(str(row.station))
            found.append(Blind(place, f"fault:{row.fault}", at, _hours(hours), "station not heard"))
    return tuple(found)


def without_curve(m: Material) -> int:
    """Sessions that are over and told no reading on the way."""
    return sum(row.ended_ms is not None and not row.curve for row in m.sessions)


def never_read(m: Material) -> int:
    """Stations of which no setting was ever read."""
    asked = m.connection.execute(select(func.count(variable.c.station.distinct()))).scalar() or 0
    return max(0, len(m.network.stations) - int(asked))


def _hours(hours: float) -> Decimal:
    return Decimal(repr(round(hours, 4)))
