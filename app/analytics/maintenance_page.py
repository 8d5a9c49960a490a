"""What the page of maintenance asks: orders with their visits, a year's figures, the scorecard."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, Text, column, func, select, values

from app.analytics.costs.periods import months_until, period_of, span_of
from app.analytics.day_cache import network
from app.analytics.days import zone_of
from app.analytics.failure_history import (
    Firmware,
    KnownFailure,
    Make,
    failures_between,
    firmware_history,
)
from app.analytics.intervals import Share
from app.analytics.maintenance import Maintenance, Score, maintenance, scorecard
from app.analytics.results import Uptime
from app.analytics.strips import uptime
from app.analytics.uptime import pooled
from app.domain.care_plans import Purchase, purchase_of
from app.domain.entries import standing
from app.domain.records import EntryRecord, FaultRecord, StationRecord
from app.domain.work_orders import KIND, WorkOrder, first_time_fixed, orders_of
from app.store.readers.entries import current_entries, versions_of
from app.store.readers.faults import faults_at, faults_numbered
from app.store.readers.links import first_contacts
from app.store.readers.stations import all_stations
from app.store.tables import session

DAY_MS = 86_400_000
SCORED_DAYS = 90
MONTHS = 12
_FEW = 500
"""Pieces that are named in one statement."""


@dataclass(frozen=True, slots=True)
class CarePage:
    """What people wrote down: orders, announced work and purchases, each as it stands."""

    orders: tuple[WorkOrder, ...]
    works: tuple[tuple[str, Mapping[str, Any]], ...]
    purchases: tuple[Purchase, ...]
    sites: Mapping[str, str]
    """The site of each station."""
    places: Mapping[str, tuple[float, float]]
    """Where stations stand, and sites (the middle of their stations)."""
    currency: str
    faults: Mapping[int, FaultRecord]
    """The faults of the orders."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month's figures; `first` is its first day, "2026-10". `first_time` is (fixed, settled)."""

    first: str
    figures: Maintenance
    first_time: Share


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One maker, model and firmware: its failures a year, what was mended from afar, raw uptime.

    `uptime` is None where no station runs this firmware any more.
    """

    make: Make
    units: int
    sessions: int
    score: Score
    remote: Share
    remote_reading: str
    repair_h: float | None
    uptime: Uptime | None
    faults: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A year's months, the last 30 days, and the scorecard of 90 days."""

    months: tuple[Month, ...]
    last: Maintenance
    first_time: Share
    pending: int
    scores: tuple[ScoreRow, ...]
    per_year: float | None
    """Failures a connector-year of all stations."""
    remote: Share
    """Mended from afar, of all in the 90 days."""


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """An order's history and the station's faults, newest first, for its job sheet."""

    versions: tuple[EntryRecord, ...]
    station: StationRecord | None
    faults: tuple[FaultRecord, ...]
    past: tuple[FaultRecord, ...]
    purchase: Purchase | None


def care_page(connection: Connection) -> CarePage:
    """Everything written down about maintenance."""
    kept = current_entries(connection)
    stations = all_stations(connection)
    orders = orders_of(kept)
    own = standing(kept, "organisation").get("own", {})
    purchases = standing(kept, "purchase").items()
    return CarePage(
        orders,
        tuple(sorted(standing(kept, "planned-work").items(), key=lambda item: item[1].get("from_ms") or 0)),
        tuple(purchase_of(name, body) for name, body in purchases),
        {str(s.station): s.site for s in stations},
        _places(stations),
        str(own.get("currency") or "EUR"),
        {f.fault: f for f in faults_numbered(connection, {n for o in orders for n in o.faults})},
    )


def order_detail(connection: Connection, order: WorkOrder) -> OrderDetail:
    """All that belongs to one order."""
    stations = {str(s.station): s for s in all_stations(connection)}
    bought = standing(current_entries(connection, "purchase"), "purchase").get(order.station)
    past = faults_at(connection, order.station, 12) if order.station else []
    return OrderDetail(
        tuple(versions_of(connection, KIND, order.number)),
        stations.get(order.station),
        tuple(faults_numbered(connection, order.faults)),
        tuple(fault for fault in past if fault.fault not in order.faults),
        purchase_of(order.station, bought) if bought else None,
    )


def figures(connection: Connection, now_ms: int, zone: str) -> Figures:
    """The maintenance figures, from all that was kept."""
    starts = _months(now_ms, zone)
    history = firmware_history(connection, all_stations(connection))
    failures = failures_between(connection, starts[0][1], now_ms + 1, history=history)
    orders = orders_of(current_entries(connection, KIND))
    since = _in_service(connection)
    onsets = [(f.station, f.evse, f.cause, f.onset_ms) for f in (known.failure for known in failures)]
    months = []
    for (name, start), (_, end) in zip(starts, [*starts[1:], ("", now_ms + 1)], strict=True):
        service = _service_ms(since, start, end)
        mine = [k.failure for k in failures if start <= k.failure.onset_ms < end]
        ended = [o for o in orders if start <= (o.closed_ms or 0) < end]
        fixed, settled, _ = first_time_fixed(ended, now_ms, onsets)
        months.append(Month(name, maintenance(mine, service, now_ms), Share(fixed, settled)))
    recent = now_ms - 30 * DAY_MS
    last = [k.failure for k in failures if k.failure.onset_ms >= recent]
    service = _service_ms(since, recent, now_ms)
    fixed, settled, pending = first_time_fixed(orders, now_ms, onsets)
    begin = now_ms - SCORED_DAYS * DAY_MS
    scored = [k for k in failures if k.failure.onset_ms >= begin]
    rows = _scores(connection, scored, history, begin, now_ms)
    exposed = sum(row.score.exposure_years for row in rows)
    return Figures(
        tuple(months), maintenance(last, service, now_ms), Share(fixed, settled), pending, rows,
        sum(row.score.failures for row in rows) / exposed if exposed else None, _remote(scored),
    )  # fmt: skip


def _in_service(connection: Connection) -> tuple[tuple[int, int], ...]:
    """(first contact, number of EVSEs) of each station that is or was of the network."""
    called = first_contacts(connection)
    return tuple(
        (called[name], len(evses)) for name, (_, evses) in network(connection).items() if name in called
    )


def _service_ms(since: Iterable[tuple[int, int]], start: int, end: int) -> int:
    """In-service time of all EVSEs in [start, end): a station's begins at its first contact."""
    return sum(max(0, end - max(start, begun)) * evses for begun, evses in since)


def scores_between(
    connection: Connection, from_ms: int, to_ms: int, stations: frozenset[str] | None = None
) -> tuple[ScoreRow, ...]:
    """The scorecard of a span, of some stations or of all."""
    history = firmware_history(connection, all_stations(connection))
    found = failures_between(connection, from_ms, to_ms, history=history)
    mine = [known for known in found if stations is None or known.failure.station in stations]
    return _scores(connection, mine, history, from_ms, to_ms, stations)


def _scores(
    connection: Connection,
    failures: Sequence[KnownFailure],
    history: Firmware,
    from_ms: int,
    to_ms: int,
    only: frozenset[str] | None = None,
) -> tuple[ScoreRow, ...]:
    stations = {str(s.station): s for s in all_stations(connection) if only is None or s.station in only}
    exposure: dict[Make, int] = {}
    units: dict[Make, set[str]] = {}
    running: dict[Make, list[Uptime]] = {}
    for evse in uptime(connection, from_ms, to_ms):
        record = stations.get(evse.station)
        if record is None or not (record.vendor or record.model):
            continue
        for start, end, version in _runs(history[evse.station], evse.from_ms, evse.to_ms):
            make = Make(record.vendor, record.model, version)
            exposure[make] = exposure.get(make, 0) + end - start
            units.setdefault(make, set()).add(evse.station)
        now = Make(record.vendor, record.model, record.firmware)
        running.setdefault(now, []).append(evse.uptime)
    by_make: dict[Make, list[KnownFailure]] = {}
    for known in failures:
        by_make.setdefault(known.make, []).append(known)
    sessions = _sessions(connection, stations, history, from_ms, to_ms)
    whole = _remote(failures)
    scores = scorecard(
        ((m.vendor, m.model, m.firmware), ms, len(by_make.get(m, ()))) for m, ms in exposure.items()
    )
    rows = []
    for score in scores:
        make = Make(*score.group)
        mine = by_make.get(make, [])
        share = _remote(mine)
        times = running.get(make)
        told = maintenance([k.failure for k in mine], exposure[make], to_ms)
        rows.append(
            ScoreRow(
                make, len(units[make]), sessions.get(make, 0), score, share, _reading(share, whole),
                told.mttr_median_h, pooled(times) if times else None,
                tuple(sorted({n for k in mine for n in k.faults})),
            )
        )  # fmt: skip
    return tuple(rows)


def _reading(share: Share, whole: Share) -> str:
    if share.n < 3 or whole.value is None:
        return "few data"
    if share.low > whole.value:
        return "better"
    return "worse" if share.high < whole.value else "not clear"


def _remote(failures: Iterable[KnownFailure]) -> Share:
    known = [k.failure for k in failures if k.failure.fixed]
    return Share(sum(f.fixed == "remote" for f in known), len(known))


def _runs(history: Sequence[tuple[int, str]], from_ms: int, to_ms: int) -> list[tuple[int, int, str]]:
    """The pieces of [from, to) by firmware."""
    found = []
    ends = [since for since, _ in history[1:]] + [to_ms]
    for (since, version), until in zip(history, ends, strict=True):
        start, end = max(since, from_ms), min(until, to_ms)
        if end > start:
            found.append((start, end, version))
    return found


def _sessions(
    connection: Connection,
    stations: Mapping[str, StationRecord],
    history: Firmware,
    from_ms: int,
    to_ms: int,
) -> dict[Make, int]:
    runs = [
        (Make(record.vendor, record.model, version), (name, start, end))
        for name, record in stations.items()
        for start, end, version in _runs(history[name], from_ms, to_ms)
    ]
    part = values(
        column("n", BigInteger), column("station", Text), column("start_ms", BigInteger),
        column("end_ms", BigInteger), name="run",
    )  # fmt: skip
    c = session.c
    found: dict[Make, int] = {}
    for at in range(0, len(runs), _FEW):
        run = part.data([(n, *piece) for n, (_, piece) in enumerate(runs[at : at + _FEW])]).cte("run")
        began = (
            select(func.count())
            .where(c.station == run.c.station, c.started_ms >= run.c.start_ms, c.started_ms < run.c.end_ms)
            .correlate(run)
            .scalar_subquery()
        )
        for n, count in connection.execute(select(run.c.n, began)):
            make = runs[at + n][0]
            found[make] = found.get(make, 0) + int(count)
    return found


def _months(now_ms: int, zone: str) -> list[tuple[str, int]]:
    """The first instants of the last twelve months and of this one, oldest first."""
    where = zone_of(zone)
    return [(month, span_of(month, where)[0]) for month in months_until(period_of(now_ms, where), MONTHS)]


def _places(stations: Iterable[StationRecord]) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    sites: dict[str, list[tuple[float, float]]] = {}
    for record in stations:
        if record.latitude is not None and record.longitude is not None:
            point = (record.latitude, record.longitude)
            found[str(record.station)] = point
            if record.site:
                sites.setdefault(record.site, []).append(point)
    for site, points in sites.items():
        middle = (sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points))
        found.setdefault(site, middle)
    return found


def faults_of(connection: Connection, numbers: Sequence[int]) -> tuple[FaultRecord, ...]:
    """Faults by number, newest first."""
    return tuple(sorted(faults_numbered(connection, numbers), key=lambda f: -f.onset_ms))
