"""Failures of EVSEs out of the faults that were kept (reference section G).

A failure is a transition into Faulted, a confirmed silence, or more than 60 min without a link that
neither the grid nor Forecourt caused. It lasts from its onset until the EVSE is verified working:
the first good session after it, or a test when it was put back in service.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, case, func, or_, select

from app.analytics.maintenance import Failure, merged
from app.domain.records import FaultRecord, StationRecord
from app.domain.status import ConnectorStatus
from app.domain.work_orders import WorkOrder, orders_of
from app.store.readers.entries import current_entries
from app.store.readers.faults import fault_record, faults_between
from app.store.readers.stations import all_stations
from app.store.tables import fault, fault_event, notice, outlet, session, status

MINUTE_MS = 60_000
OFFLINE_MS = 60 * MINUTE_MS
BACK_MS = 365 * 86_400_000
"""So far back a fault that still stands may have begun."""
GOOD_WH = 1_000
GOOD_MS = 3 * MINUTE_MS
"""A session under 1 kWh or 3 min proves nothing (reference B.1)."""
FIELD_MS = 7 * 86_400_000
"""A visit so long after the end still counts against a remote fix (G)."""
NOT_OURS = frozenset({"SitePower"})
SPOKEN = frozenset({"connector_fault", "station_event"})
NEAR_MS = MINUTE_MS
MENDED = frozenset({"mended, not proved", "proved", "did not hold"})


class _Boot(msgspec.Struct):
    firmware: str | None = None


_boot = msgspec.json.Decoder(_Boot).decode

Firmware = Mapping[str, Sequence[tuple[int, str]]]
"""By station, from when which firmware ran: (from ms, version), oldest first."""


@dataclass(frozen=True, slots=True)
class Make:
    """What a station is, as far as figures are compared by it."""

    vendor: str = ""
    model: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """A failure with its faults and what failed."""

    failure: Failure
    faults: tuple[int, ...]
    make: Make
    site: str


def failures_between(
    connection: Connection, from_ms: int, to_ms: int, station: str = "", history: Firmware | None = None
) -> tuple[KnownFailure, ...]:
    """Failures whose onset lies in [from, to), oldest first, those that came back within 30 min joined.

    `history` is what `firmware_history` says, for who has read it.
    """
    stations = {str(s.station): s for s in all_stations(connection) if station in ("", s.station)}
    kept = [
        (one, good) for one, good in _kept(connection, from_ms, to_ms, station) if one.station in stations
    ]
    if not kept:
        return ()
    parents = {f.fault: f for f in faults_between(connection, from_ms - BACK_MS, None, code="SitePower")}
    acts = _acts(connection, from_ms)
    orders = [o for o in orders_of(current_entries(connection)) if o.visits]
    if history is None:
        history = firmware_history(connection, stations.values())
    faults: dict[tuple[str, int, str], list[tuple[int, int]]] = {}
    made = []
    for one, good in kept:
        if not _is_failure(one, parents):
            continue
        failure = _failure(one, good, acts.get(one.fault, ()), orders)
        key = (failure.station, failure.evse, failure.cause)
        faults.setdefault(key, []).append((failure.onset_ms, one.fault))
        made.append(failure)
    found = []
    for failure in merged(made):
        end = failure.working_ms
        mine = tuple(
            number
            for onset, number in faults[failure.station, failure.evse, failure.cause]
            if failure.onset_ms <= onset and (end is None or onset <= end)
        )
        record = stations[failure.station]
        version = firmware_at(history, failure.station, failure.onset_ms)
        found.append(KnownFailure(failure, mine, Make(record.vendor, record.model, version), record.site))
    return tuple(found)


def firmware_history(
    connection: Connection, stations: Iterable[StationRecord]
) -> dict[str, tuple[tuple[int, str], ...]]:
    """By station, from when which firmware ran: (from ms, version), oldest first.

    What ran before the first known boot is that boot's version: nobody saw another.
    """
    told: dict[str, list[tuple[int, str]]] = {str(s.station): [] for s in stations}
    now = {str(s.station): s.firmware for s in stations}
    query = (
        select(notice.c.station, notice.c.at_ms, notice.c.detail)
        .where(notice.c.subject == "boot")
        .order_by(notice.c.at_ms)
    )
    last: dict[str, str] = {}
    for name, at_ms, detail in connection.execute(query):
        # Nearly every boot says what the one before it said.
        if name in told and last.get(name) != detail:
            last[name] = detail
            version = (_boot(detail).firmware or "") if detail else ""
            if version and (not told[name] or told[name][-1][1] != version):
                told[name].append((at_ms, version))
    return {
        name: tuple([(0, points[0][1]), *points[1:]]) if points else ((0, now[name]),)
        for name, points in told.items()
    }


def firmware_at(history: Firmware, station: str, at_ms: int) -> str:
    """Which firmware ran at an instant."""
    version = ""
    for since, name in history.get(station, ()):
        if since <= at_ms:
            version = name
    return version


def _is_failure(fault: FaultRecord, parents: Mapping[int, FaultRecord]) -> bool:
    """Whether a fault that was read is one after all: what a query cannot say well."""
    above = parents.get(fault.parent) if fault.parent is not None else None
    if above is not None and above.code in NOT_OURS:
        return False
    return fault.rule != "silence" or fault.confirmed


def _failure(
    fault: FaultRecord,
    good: int | None,
    acts: Sequence[tuple[int, str]],
    orders: Iterable[WorkOrder],
) -> Failure:
    working = _verified(fault, good, acts) if fault.over_ms is not None else None
    return Failure(
        str(fault.station), fault.evse or 0, fault.code, fault.onset_ms, fault.opened_ms,
        fault.acknowledged_ms, working, _fixed(fault, working, acts, orders) if working is not None else "",
    )  # fmt: skip


def _verified(fault: FaultRecord, good: int | None, acts: Sequence[tuple[int, str]]) -> int | None:
    tests = [at for at, verb in acts if verb == "back-in-service"]
    found = [at for at in (fault.recovered_ms, *tests) if at is not None and at >= fault.onset_ms]
    return min([*found, *(() if good is None else (good,))], default=None)


def _fixed(
    fault: FaultRecord,
    working: int,
    acts: Sequence[tuple[int, str]],
    orders: Iterable[WorkOrder],
) -> str:
    for order in orders:
        mine = fault.fault in order.faults
        here = (order.station, order.evse) in ((fault.station, fault.evse), (fault.station, None))
        if (mine or here) and any(fault.onset_ms <= v.at_ms <= working + FIELD_MS for v in order.visits):
            return "field"
    if fault.recovery in MENDED or fault.recovered_ms is not None:
        return "remote"
    if any(verb in ("close", "back-in-service", "reset-latch", "recovery") for _, verb in acts):
        return "remote"
    return "itself"


def _kept(
    connection: Connection, from_ms: int, to_ms: int, station: str
) -> list[tuple[FaultRecord, int | None]]:
    """Faults that began in [from, to) and may be failures, each with when the first good session since began.

    Both are looked up beside each fault: a year has many times more words and sessions than failures.
    """
    f = fault.c
    offline = and_(f.rule == "offline", or_(_over().is_(None), _over() - f.onset_ms > OFFLINE_MS))
    spoken = and_(f.rule.in_(sorted(SPOKEN)), _faulted())
    query = select(*fault.c, _good()).where(
        f.onset_ms >= from_ms, f.onset_ms < to_ms, or_(f.rule == "silence", offline, spoken)
    )
    if station:
        query = query.where(f.station == station)
    return [(fault_record(row[:-1]), row[-1]) for row in connection.execute(query.order_by(f.fault))]


def _over() -> ColumnElement[Any]:
    return func.coalesce(fault.c.cleared_ms, fault.c.closed_ms)


def _faulted() -> ColumnElement[bool]:
    """Whether a fault's EVSE, or one of its station, said Faulted about its onset or while it lasted."""
    c, o, f = status.c, outlet.c, fault.c
    near = f.onset_ms + NEAR_MS
    return (
        select(c.at_ms)
        .select_from(outlet.join(status, c.outlet == o.outlet))
        .where(
            o.station == f.station,
            or_(func.coalesce(f.evse, 0) == 0, o.evse == f.evse),
            c.status == ConnectorStatus.FAULTED.value,
            c.at_ms >= f.onset_ms - NEAR_MS,
            c.at_ms <= case((f.cleared_ms > near, f.cleared_ms), else_=near),
        )
        .correlate(fault)
        .exists()
    )


def _good() -> ScalarSelect[Any]:
    """When the first good session began on a fault's EVSE since it was over."""
    c, f = session.c, fault.c
    return (
        select(c.started_ms)
        .where(
            c.station == f.station,
            c.started_ms >= _over(),
            f.evse.is_(None) | (func.coalesce(c.evse, 0) == f.evse),
            c.energy_wh >= GOOD_WH,
            or_(c.ended_ms.is_(None), c.ended_ms - c.started_ms >= GOOD_MS),
        )
        .order_by(c.started_ms)
        .limit(1)
        .correlate(fault)
        .scalar_subquery()
    )


def _acts(connection: Connection, from_ms: int) -> dict[int, list[tuple[int, str]]]:
    """What persons did that ends faults, and steps that people asked for."""
    c = fault_event.c
    query = (
        select(c.fault, c.at_ms, c.verb)
        .where(
            c.at_ms >= from_ms,
            c.actor_kind == "person",
            c.verb.in_(("close", "back-in-service", "reset-latch", "recovery")),
        )
        .order_by(c.at_ms)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for number, at_ms, verb in connection.execute(query):
        found.setdefault(number, []).append((at_ms, verb))
    return found
