"""Questions to the store that pages ask beside the books: evidence, coverage, what a maker owes."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.analytics.days import zone_of
from app.domain.care_plans import Purchase, purchase_of
from app.domain.entries import standing
from app.domain.records import FaultEventRecord, FaultRecord, StationRecord
from app.store.readers.entries import current_entries
from app.store.readers.faults import faults_between, history_of
from app.store.readers.stations import all_stations
from app.store.tables import day_state, session

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
UNSEEN = ("blind", "unknown", "offline")


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a week a station was seen: shares 0 to 1, None where it was not in service yet."""

    station: str
    site: str
    weeks: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How complete the data is: by station and week, `starts_ms` the first day of each week."""

    starts_ms: tuple[int, ...]
    stations: tuple[Covered, ...]


def coverage(connection: Connection, zone_name: str, now_ms: int, weeks: int = 13) -> Coverage:
    """The share of time of which the state of a station is known, from whole days that are cached."""
    c = day_state.c
    first = now_ms - weeks * WEEK_MS
    query = select(c.station, c.day_ms, c.end_ms, c.state_ms).where(
        c.evse == 0, c.day_ms >= first, c.rule.endswith(f" {zone_name}", autoescape=True)
    )
    sums: dict[str, list[list[float]]] = {}
    for station, day_ms, _, states in connection.execute(query):
        week = min(weeks - 1, (day_ms - first) // WEEK_MS)
        lasted: dict[str, int] = json.loads(states)
        mine = sums.setdefault(station, [[0.0, 0.0] for _ in range(weeks)])[week]
        mine[0] += sum(ms for state, ms in lasted.items() if state not in UNSEEN)
        mine[1] += sum(lasted.values())
    sites = {str(s.station): s.site for s in all_stations(connection)}
    found = [
        Covered(
            station, sites.get(station, ""), tuple(seen / of if of else None for seen, of in by_week)
        )
        for station, by_week in sorted(sums.items())
    ]  # fmt: skip
    return Coverage(tuple(first + n * WEEK_MS for n in range(weeks)), tuple(found))


@dataclass(frozen=True, slots=True)
class Owed:
    """One fault of a warranty pack: the station, its purchase, and its history line by line."""

    fault: FaultRecord
    station: StationRecord
    purchase: Purchase | None
    covered: bool | None
    """Whether it lay in warranty; None where nobody wrote down until when."""
    history: tuple[FaultEventRecord, ...]
    down_h: float


@dataclass(frozen=True, slots=True)
class WarrantyPack:
    """What a maker stands for: faults with evidence and dates, in order of station and time.

    `unknown` names stations whose warranty nobody wrote down: their faults are in it, marked so.
    """

    vendor: str
    from_ms: int
    to_ms: int
    faults: tuple[Owed, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """How long a station stood before it earned: from delivery to its first session with energy.

    `days` None: nobody charged there yet; then `waiting_days` tells how long it has waited.
    """

    station: str
    site: str
    delivered: str
    first_ms: int | None
    days: float | None
    waiting_days: float


def deliveries(connection: Connection, zone_name: str, now_ms: int) -> tuple[Delivered, ...]:
    """Stations whose delivery was written down, those that waited longest first."""
    zone = zone_of(zone_name)
    c = session.c
    earned = select(c.station, func.min(c.started_ms)).where(c.energy_wh > 0, c.started_ms > 0)
    first = {name: int(at) for name, at in connection.execute(earned.group_by(c.station))}
    sites = {str(s.station): s.site for s in all_stations(connection)}
    found = []
    for name, body in standing(current_entries(connection, "purchase"), "purchase").items():
        purchase = purchase_of(name, body)
        try:
            day = datetime.fromisoformat(purchase.delivered).replace(tzinfo=zone)
        except ValueError:
            # No date, or none that can be read: then nothing is said of its wait.
            continue
        since = round(day.timestamp() * 1000)
        at = first.get(name)
        days = None if at is None else max(0.0, (at - since) / DAY_MS)
        waited = max(0.0, (now_ms - since) / DAY_MS) if days is None else days
        found.append(Delivered(name, sites.get(name, ""), purchase.delivered, at, days, waited))
    return tuple(sorted(found, key=lambda one: (-one.waiting_days, one.station)))


NOT_THE_MAKERS = frozenset({"offline", "site_together", "flapping_link", "clock_drift", "refused_starts"})
"""Kinds of fault that a maker does not stand for: network, grid, lists of cards."""


def vendors(connection: Connection) -> tuple[str, ...]:
    """Makers of which there are stations."""
    return tuple(sorted({s.vendor for s in all_stations(connection) if s.vendor}))


def warranty(
    connection: Connection, zone_name: str, vendor: str, from_ms: int, to_ms: int, now_ms: int,
    most: int = 500,
) -> WarrantyPack:  # fmt: skip
    """The warranty pack of a maker: faults opened in [from, to) that lay in warranty, or may have."""
    stations = {str(s.station): s for s in all_stations(connection) if s.vendor == vendor}
    written = standing(current_entries(connection, "purchase"), "purchase")
    bought = {name: purchase_of(name, body) for name, body in written.items()}
    zone = zone_of(zone_name)
    found = []
    for fault in faults_between(connection, from_ms, to_ms):
        known = stations.get(str(fault.station))
        if known is None or fault.rule in NOT_THE_MAKERS or fault.parent is not None:
            continue
        purchase = bought.get(str(fault.station))
        day = datetime.fromtimestamp(fault.onset_ms / 1000, zone).date().isoformat()
        covered = purchase.in_warranty(day) if purchase is not None else None
        if covered is False:
            continue
        over = fault.cleared_ms or fault.closed_ms or now_ms
        found.append(Owed(fault, known, purchase, covered, (), (over - fault.onset_ms) / 3_600_000))
        if len(found) >= most:
            break
    told = tuple(
        replace(o, history=tuple(history_of(connection, o.fault.fault)))
        for o in sorted(found, key=lambda o: (str(o.station.station), o.fault.onset_ms))
    )
    return WarrantyPack(vendor, from_ms, to_ms, told, _unknown(told))


def _unknown(owed: Sequence[Owed]) -> tuple[str, ...]:
    return tuple(sorted({str(o.station.station) for o in owed if o.covered is None}))


WARRANTY_COLUMNS = (
    "station", "vendor", "model", "serial", "firmware", "delivered", "warranty_until", "in_warranty", "fault",
    "code", "title", "raw", "began", "ended", "hours", "evidence",
)  # fmt: skip


def warranty_rows(pack: WarrantyPack) -> Iterable[tuple[object, ...]]:
    """The pack as rows of WARRANTY_COLUMNS; times are ms UTC."""
    for owed in pack.faults:
        f, s, p = owed.fault, owed.station, owed.purchase
        covered = {True: "yes", False: "no", None: "not known"}[owed.covered]
        lines = "; ".join(f"{line.verb}: {line.text}" if line.text else line.verb for line in owed.history)
        yield (
            str(s.station), s.vendor, s.model, s.serial, s.firmware, p.delivered if p else "",
            p.warranty_until if p else "", covered, f.fault, f.code, f.title, f.raw, f.onset_ms,
            f.cleared_ms, round(owed.down_h, 2), lines,
        )  # fmt: skip
