"""The exports, one entry each: their columns, which scripts rely on, and where their rows come from.

The period is [from, to) of a row's own time: a session's start, a reading's or a command's time, the start
of an interval. So the months of a year add up to the year, each row once. Rows stream.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from app.domain.money import major
from app.domain.status import Admission
from app.faults.views import Money
from app.reports import cost_exports
from app.reports.cells import Column, Kind, Row
from app.reports.spans import link_spans, status_spans
from app.store.readers.faults import faults_between
from app.store.readers.links import blind_spans, link_points, linked_stations
from app.store.readers.others import commands
from app.store.readers.readings import readings_between
from app.store.readers.sessions import session_record
from app.store.readers.stations import all_stations
from app.store.readers.statuses import status_points
from app.store.tables import outlet, session

PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of an export. `now_ms` ends an open period of a figure; `pseudonym` masks a token, `mask`
    those of a message; `zone` is the operator's, by which months begin where a site names none; `prices`
    is asked for what open faults cost, where somebody knows it already, else the past is, with the rules
    of `data_dir`."""

    now_ms: int
    from_ms: int | None = None
    to_ms: int | None = None
    station: str = ""
    pseudonym: Callable[[str], str] = str
    mask: Callable[[str], str] = str
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    prices: Callable[[Connection], Mapping[int, Money]] | None = None
    data_dir: Path | None = None

    def within(self, at_ms: int) -> bool:
        """Whether a time lies in the period."""
        return (self.from_ms is None or at_ms >= self.from_ms) and (self.to_ms is None or at_ms < self.to_ms)


@dataclass(frozen=True, slots=True)
class Export:
    """One export: `rows(connection, asked)` yields a value for each of `columns`."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[Connection, Asked], Iterator[Row]]


def _columns(**kinds: Kind) -> tuple[Column, ...]:
    return tuple(Column(name.rstrip("_"), kind) for name, kind in kinds.items())


T, I, N, AT, W, M = Kind.TEXT, Kind.INTEGER, Kind.NUMBER, Kind.TIME, Kind.WORDS, Kind.MEASURE  # noqa: E741


def _stations(connection: Connection, asked: Asked) -> Iterator[Row]:
    for s in all_stations(connection):
        if (asked.station and s.station != asked.station) or s.admission is Admission.LAPSED:
            continue
        yield (
            s.station, s.name, s.site, s.latitude, s.longitude, s.vendor, s.model, s.serial, s.firmware,
            s.protocol, s.admission is Admission.ACCEPTED, s.first_seen_ms or None, s.last_seen_ms or None,
        )  # fmt: skip


def _sessions(connection: Connection, asked: Asked) -> Iterator[Row]:
    c = session.c
    query = select(session).order_by(c.started_ms, c.session).limit(PAGE)
    if asked.from_ms is not None:
        query = query.where(c.started_ms >= asked.from_ms)
    if asked.to_ms is not None:
        query = query.where(c.started_ms < asked.to_ms)
    if asked.station:
        query = query.where(c.station == asked.station)
    last: Any = None
    while True:
        page = query
        if last is not None:
            beyond = (c.started_ms > last.started_ms) | (c.session > last.session)
            page = query.where(c.started_ms >= last.started_ms, beyond)
        found = connection.execute(page).all()
        for row in found:
            s = session_record(row)
            yield (
                s.session, s.station, s.evse, s.connector, s.transaction, asked.pseudonym(s.token),
                s.started_ms, s.ended_ms, s.meter_start_wh, s.meter_stop_wh, s.energy_wh, s.stop_reason,
                s.state, s.flags,
            )  # fmt: skip
        if len(found) < PAGE:
            return
        last = found[-1]


def _meter(connection: Connection, asked: Asked) -> Iterator[Row]:
    for record in readings_between(connection, asked.from_ms, asked.to_ms, asked.station):
        r = record.reading
        for s in r.samples:
            yield (
                record.session, record.station, record.evse, record.connector, r.at_ms, record.received_ms,
                s.measurand, s.phase, s.location, s.context,
                s.value if s.number is None else s.number, s.unit,
            )  # fmt: skip


def _statuses(connection: Connection, asked: Asked) -> Iterator[Row]:
    names = select(outlet.c.station).distinct().order_by(outlet.c.station)
    for name in [asked.station] if asked.station else connection.execute(names).scalars().all():
        for first, end_ms in status_spans(status_points(connection, name, asked.from_ms)):
            if asked.within(first.at_ms):
                yield (
                    name, first.evse, first.connector, first.at_ms, end_ms, first.status, first.error,
                    first.vendor_error,
                )  # fmt: skip


def _links(connection: Connection, asked: Asked) -> Iterator[Row]:
    blind = blind_spans(connection)
    for name in [asked.station] if asked.station else linked_stations(connection):
        for span in link_spans(link_points(connection, name, asked.from_ms), blind):
            if asked.within(span.start_ms):
                yield name, span.start_ms, span.end_ms, span.state, span.reason


def _commands(connection: Connection, asked: Asked) -> Iterator[Row]:
    for c in reversed(
        commands(connection, asked.station, from_ms=asked.from_ms, to_ms=asked.to_ms, limit=None)
    ):
        yield (
            c.command, c.station, c.action, c.asked_by, c.reason, c.asked_ms, c.sent_ms, c.answered_ms,
            c.answer, c.outcome, c.proved_ms, c.operation,
            asked.mask(c.payload), c.proof, c.expires_ms, c.batch,
        )  # fmt: skip


NO_MONEY = Money()
"""Of a fault that is over, which loses no more, and of one that cannot be priced."""


def _faults(connection: Connection, asked: Asked) -> Iterator[Row]:
    prices: Mapping[int, Money] | None = None
    for f in faults_between(connection, asked.from_ms, asked.to_ms, asked.station):
        money = NO_MONEY
        if f.closed_ms is None:
            if prices is None:
                prices = (asked.prices or _prices_of(asked))(connection)
            money = prices.get(f.fault, NO_MONEY)
        currency = f.currency or money.currency
        lost = money.lost if f.lost_minor is None else f.lost_minor
        yield (
            f.fault, f.parent, f.station, f.evse, f.connector, f.rule, f.code, f.safety, f.state, f.priority,
            f.opened_ms, f.acknowledged_ms, f.cleared_ms, f.closed_ms, f.by, _major(lost, currency),
            _major(money.losing, currency), _major(money.expected, currency), currency or None,
            f.drivers_hit, f.recovery or None, f.recovered_ms,
        )  # fmt: skip


def _prices_of(asked: Asked) -> Callable[[Connection], Mapping[int, Money]]:
    # Only here, because whoever exports something else need not wait for it.
    from app.faults.start import prices_of

    return lambda connection: prices_of(connection, asked.now_ms, asked.data_dir, asked.zone)


def _major(minor: int | None, currency: str) -> float | None:
    """Minor units as a number of major ones."""
    return None if minor is None else float(major(minor, currency))


def _uptime(connection: Connection, asked: Asked) -> Iterator[Row]:
    from app.analytics.questions import uptime
    from app.analytics.uptime_history import uptime_by

    from_ms, to_ms = asked.from_ms, asked.to_ms
    if from_ms is None:
        from_ms = min((s.first_seen_ms for s in all_stations(connection) if s.first_seen_ms), default=None)
    to_ms = asked.now_ms if to_ms is None else to_ms
    if from_ms is None or from_ms >= to_ms:
        return
    for row in uptime(connection, from_ms, to_ms, asked.station or None):
        u = row.uptime
        yield (
            row.station, row.evse, "raw", row.from_ms, row.to_ms, _truncated(u.best), _truncated(u.low),
            _truncated(u.high), u.up_ms + u.down_ms, u.down_ms, 0, u.unmeasured_ms, None,
        )  # fmt: skip
    for rule in RULES:
        for found in uptime_by(connection, rule, (from_ms, to_ms), UTC, asked.station):
            j = found.judged
            if found.evse is not None:
                yield (
                    found.station, found.evse, rule, from_ms, to_ms, _truncated(j.best), _truncated(j.low),
                    _truncated(j.high), j.assessable_ms, j.outage_ms, j.excluded_ms, j.unmeasured_ms,
                    {True: "true", False: "false", None: None}[j.passes],
                )  # fmt: skip


def _truncated(percent: Fraction | None) -> float | None:
    """Two decimals, never rounded up (decision 17)."""
    return None if percent is None else int(percent * 100) / 100


RULES = ("nevi", "uk", "cec")
"""Views with a threshold, exported beside the raw one."""

EXPORTS: dict[str, Export] = {
    e.name: e
    for e in (
        Export(
            "stations",
            _columns(
                station=T, name=T, site=T, latitude=N, longitude=N, vendor=T, model=T, serial=T, firmware=T,
                protocol=T, admitted=T, first_seen=AT, last_seen=AT,
            ),
            _stations,
        ),
        Export(
            "sessions",
            _columns(
                session=I, station=T, evse=I, connector=I, transaction=T, token=T, started_at=AT, ended_at=AT,
                meter_start_wh=I, meter_stop_wh=I, energy_wh=I, stop_reason=T, state=T, flags=W,
            ),
            _sessions,
        ),
        Export(
            "meter",
            _columns(
                session=I, station=T, evse=I, connector=I, at=AT, received_at=AT, measurand=T, phase=T,
                location=T, context=T, value=M, unit=T,
            ),
            _meter,
        ),
        Export(
            "statuses",
            _columns(
                station=T, evse=I, connector=I, started_at=AT, ended_at=AT, state=T, error=T, vendor_error=T
            ),
            _statuses,
        ),
        Export("links", _columns(station=T, started_at=AT, ended_at=AT, state=T, reason=T), _links),
        Export(
            "commands",
            _columns(
                command=I, station=T, action=T, asked_by=T, reason=T, asked_at=AT, sent_at=AT, answered_at=AT,
                answer=T, outcome=T, proved_at=AT, operation=T, payload=T, proof=T, expires_at=AT, batch=I,
            ),
            _commands,
        ),
        Export(
            "faults",
            _columns(
                fault=I, parent=I, station=T, evse=I, connector=I, rule=T, code=T, safety=T, state=T,
                priority=T, opened_at=AT, acknowledged_at=AT, cleared_at=AT, closed_at=AT, by=T, lost=N,
                losing_per_hour=N, expected=N, currency=T, drivers_hit=I, recovery=T, recovered=AT,
            ),
            _faults,
        ),
        Export(
            "uptime",
            _columns(
                station=T, evse=I, rule=T, from_=AT, to=AT, uptime_pct=N, uptime_low_pct=N, uptime_high_pct=N,
                assessable_ms=I, outage_ms=I, excluded_ms=I, unmeasured_ms=I, passes=T,
            ),
            _uptime,
        ),
        Export("costs", cost_exports.COST_COLUMNS, cost_exports.costs),
        Export("cost-evidence", cost_exports.EVIDENCE_COLUMNS, cost_exports.cost_evidence),
    )
}  # fmt: skip
"""By name; `messages` is apart, in the log form (app.reports.messages)."""
