"""What all facts of a month stand on: stations, prices, demand as learnt until then, and who tried what.

One `Material` is made for a month and asked by each `gather_*`; what several of them need is read once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from app.analytics.attempt_history import PlacedAttempt, attempts_between
from app.analytics.attempts import Attempt, Step, visits_of
from app.analytics.costs.lost_revenue import Place
from app.analytics.costs.periods import Span, span_of, widest
from app.analytics.timelines import union
from app.domain.entries import standing
from app.domain.prices import Prices
from app.domain.records import EntryRecord, FaultRecord, StationRecord
from app.domain.status import Admission, ConnectorStatus
from app.faults.calendar import Calendar
from app.faults.demand import Demand
from app.faults.learning import LEARN_MS
from app.faults.limits import Limits
from app.faults.pools import Pool, Pools
from app.faults.standing import Place as Plug
from app.store.readers.entries import current_entries
from app.store.readers.links import links_of_all
from app.store.readers.sessions import first_session_ms, session_record
from app.store.readers.stations import all_stations
from app.store.readers.statuses import all_points
from app.store.tables import outlet, session, status

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
VISIT_GAP_MS = 3_600_000
FEW = 3


class Worth(NamedTuple):
    """What a visit or a kWh brings. `margin` False: it is revenue, as the energy's cost is not known."""

    value: Decimal
    currency: str
    margin: bool


class Visit(NamedTuple):
    """What one driver did at one place, in order; `token` "" where he is not known."""

    site: str
    token: str
    tries: tuple[Attempt, ...]
    weak: bool = False
    """Whether its power stayed below half of what this card usually reaches."""
    full: bool = False
    """Whether it ended by a fault only after the vehicle had taken all it wanted."""

    @property
    def at_ms(self) -> int:
        """When it began."""
        return self.tries[0].at_ms

    @property
    def good(self) -> bool:
        """Whether he got what he came for."""
        return self.full or any(a.good for a in self.tries)

    @property
    def unproved(self) -> bool:
        """Whether nobody can tell, because its energy is not proved."""
        return not self.good and any(a.lost == "energy not proved" for a in self.tries)

    @property
    def bad(self) -> bool:
        """A bad experience: in vain, cut, more than one try, or half the usual power (reference H).

        Who charges again after a first try that went well did not try twice.
        """
        again = len(self.tries) > 1 and not self.tries[0].good
        return not self.unproved and (not self.good or again or self.weak)

    @property
    def name(self) -> str:
        """What its evidence is called: its session where there is one."""
        last = next((a.session for a in reversed(self.tries) if a.session is not None), None)
        return f"session:{last}" if last is not None else f"visit:{self.tries[0].station}/{self.at_ms}"


class SessionRow(NamedTuple):
    """What costs need of a session."""

    session: int
    station: str
    evse: int
    token: str
    token_kind: str
    started_ms: int
    ended_ms: int | None
    energy_wh: int | None
    state: str
    flags: str
    curve: bool
    """Whether it told a reading on the way."""
    peak_power_w: int | None


class Network(NamedTuple):
    """What was written down of the network, as it is now."""

    stations: Mapping[str, StationRecord]
    entries: Sequence[EntryRecord]
    calendar: Calendar
    prices: Prices
    zones: frozenset[ZoneInfo]


@dataclass(slots=True)
class Learner:
    """Demand, learnt on from month to month as long as they are asked in order."""

    demand: Demand
    pools: Pools
    calendar: Calendar
    until_ms: int | None = None

    def learn(self, connection: Connection, until_ms: int, stopped: Callable[[], bool]) -> None:
        """Hear what was until an instant, a week at a time.

        Raises:
            Stopped: nobody wants it any more.
        """
        at = max(self.until_ms or 0, until_ms - LEARN_MS)
        at = max(at, (first_session_ms(connection) or until_ms) - WEEK_MS)
        while at < until_ms:
            if stopped():
                raise Stopped
            end = min(at + WEEK_MS, until_ms)
            for record, heard_ms in _heard(connection, at, end):
                self.demand.hear(record, heard_ms)
            at = end
        self.demand.look_again()
        self.until_ms = until_ms


class Stopped(Exception):
    """The computing was cancelled."""


def _heard(connection: Connection, from_ms: int, to_ms: int) -> Iterator[tuple[Any, int]]:
    found: list[tuple[int, int, Any]] = []
    for points in links_of_all(connection, from_ms, to_ms).values():
        found += [(point.at_ms, 0, point) for point in points if point.at_ms >= from_ms]
    found += [
        (p.at_ms, 1, p) for p in all_points(connection, from_ms, to_ms) if p.at_ms >= from_ms
    ]  # fmt: skip
    ended = select(session).where(session.c.ended_ms >= from_ms, session.c.ended_ms < to_ms)
    for record in map(session_record, connection.execute(ended.order_by(session.c.session))):
        found.append((record.ended_ms or 0, 2, record))
    found.sort(key=lambda one: one[:2])
    return ((record, at_ms) for at_ms, _, record in found)


def network_of(connection: Connection, zone: ZoneInfo) -> Network:
    """The network as written down."""
    stations = {str(s.station): s for s in all_stations(connection)}
    entries = current_entries(connection)
    calendar = Calendar(zone)
    for entry in entries:
        calendar.hear(entry)
    plans = {name: record.plan for name, record in stations.items()}
    ours = {s.site for s in stations.values() if s.admission in (Admission.ACCEPTED, Admission.RETIRED)}
    zones = frozenset({zone, *(calendar.zone(site) for site in ours)})
    return Network(stations, entries, calendar, Prices(entries, calendar.zone, plans), zones)


def learner_of(network: Network) -> Learner:
    """One that has learnt nothing yet."""
    pools = Pools()
    demand = Demand(pools, network.calendar, Limits())
    for record in network.stations.values():
        pools.hear(record)
    for entry in network.entries:
        pools.hear(entry)
    return Learner(demand, pools, network.calendar)


@dataclass
class Material:
    """A month of the network.

    Args:
        connection: reading.
        period: the month.
        now_ms: the month is told until then.
        network: what was written down.
        learner: has learnt until the month's end, or until now.
        pseudonym: what a card is called here; the same card, the same name.
    """

    connection: Connection
    period: str
    now_ms: int
    network: Network
    learner: Learner
    pseudonym: Callable[[str], str]

    @cached_property
    def span(self) -> Span:
        """From where the month begins first to where it ends last, and not beyond now."""
        start, end = widest(self.period, self.network.zones)
        return start, max(start, min(end, self.now_ms))

    @cached_property
    def _spans(self) -> dict[ZoneInfo, Span]:
        return {zone: span_of(self.period, zone) for zone in self.network.zones}

    @property
    def currency(self) -> str:
        """The operator's."""
        return self.network.prices.currency

    def site_of(self, station: str) -> str:
        """A station's site."""
        record = self.network.stations.get(station)
        return record.site if record is not None else ""

    def inside(self, site: str, at_ms: int) -> bool:
        """Whether an instant lies in the month of a site."""
        start, end = self._spans[self.network.calendar.zone(site)]
        return start <= at_ms < min(end, self.now_ms)

    def site_span(self, site: str) -> Span:
        """The month of a site, until now."""
        start, end = self._spans[self.network.calendar.zone(site)]
        return start, max(start, min(end, self.now_ms))

    def stood(self, row: FaultRecord) -> Span:
        """When a fault stood in the month of its site; ends before it begins where it did not."""
        start, end = self.site_span(row.site or self.site_of(row.station))
        return max(start, row.onset_ms), end if row.over_ms is None else min(end, row.over_ms)

    def place(self, station: str, site: str | None = None, currency: str | None = None) -> Place:
        """A place in this month; `currency` where it is not the operator's."""
        where = self.site_of(station) if site is None else site
        return Place(self.period, where, station, self.currency if currency is None else currency)

    # -- money ---------------------------------------------------------------------------------

    def pool_of(self, station: str, evse: int | None) -> Pool | None:
        """The pool of an EVSE, or of the station's first connector."""
        pools = self.learner.pools
        for plug in pools.connectors(station, evse or 0) or pools.connectors(station):
            if (pool := pools.of(plug)) is not None:
                return pool
        return None

    def per_kwh(self, station: str, evse: int | None, at_ms: int) -> Worth | None:
        """What a kWh brings there then: net price less cost, net price where the cost is not known."""
        found = self.network.prices.margin_per_kwh(self.site_of(station), at_ms, station, evse)
        if found is None:
            return None
        value, currency, known = found
        return Worth(value, currency, known)

    def price_per_kwh(self, station: str, evse: int | None, at_ms: int) -> Worth | None:
        """What a kWh sells for, net."""
        found = self.network.prices.price(self.site_of(station), at_ms, station, evse)
        return None if found is None else Worth(found.net.per_kwh, found.currency, True)

    def usual_kwh(self, pool: Pool | None) -> Decimal | None:
        """What a session takes on average there."""
        found = None if pool is None else self.learner.demand.energy_kwh(pool)
        return None if found is None else Decimal(repr(round(found, 3)))

    def visit_worth(self, station: str, evse: int | None, at_ms: int) -> Worth | None:
        """v: the mean margin of a session there; None where there is no price, or nobody ever charged."""
        pool = self.pool_of(station, evse)
        kwh, each = self.usual_kwh(pool), self.per_kwh(station, evse, at_ms)
        if kwh is None or each is None:
            return None
        value = kwh * each.value
        price = self.network.prices.price(self.site_of(station), at_ms, station, evse)
        if price is not None and pool is not None and (price.per_minute or price.per_session):
            stays = self.learner.demand.stay_hours(pool)
            minutes = Decimal(repr(round(0.0 if stays is None else float(stays.sum()) * 60, 1)))
            value += price.net.per_minute * minutes + price.net.per_session
        return Worth(value, each.currency, each.margin)

    # -- what happened ------------------------------------------------------------------------

    @cached_property
    def sessions(self) -> list[SessionRow]:
        """Sessions that began in the month, in order."""
        c = session.c
        columns = (
            c.session, c.station, c.evse, c.token, c.token_kind, c.started_ms, c.ended_ms, c.energy_wh,
            c.state, c.flags, c.last_sample_ms.is_not(None), c.peak_power_w,
        )  # fmt: skip
        query = select(*columns).where(c.started_ms >= self.span[0], c.started_ms < self.span[1])
        rows = map(SessionRow._make, self.connection.execute(query.order_by(c.started_ms, c.session)))
        # One copy of each word: thousands of rows say the same few.
        words: dict[str, str] = {}
        one = words.setdefault
        return [
            row._replace(
                station=one(row.station, row.station), token=one(row.token, row.token),
                token_kind=one(row.token_kind, row.token_kind), state=one(row.state, row.state),
                flags=one(row.flags, row.flags),
            )
            for row in rows
            if self.inside(self.site_of(row.station), row.started_ms)
        ]  # fmt: skip

    @cached_property
    def visits(self) -> list[Visit]:
        """Visits that began in the month, in order of time."""
        return [
            visit
            for visit in visits_of_span(self.connection, self.span)
            if self.inside(visit.site, visit.at_ms)
        ]

    @cached_property
    def came_at(self) -> Mapping[tuple[str, int | None], Sequence[int]]:
        """When visits began, by station and EVSE: who tries the next connector is one driver, not two."""
        found: dict[tuple[str, int | None], list[int]] = {}
        for visit in self.visits:
            first = visit.tries[0]
            found.setdefault((first.station, first.evse), []).append(first.at_ms)
        return found

    @cached_property
    def stays(self) -> Mapping[tuple[str, int], Sequence[Span]]:
        """By station and EVSE when sessions that began in the month took it."""
        found: dict[tuple[str, int], list[Span]] = {}
        for row in self.sessions:
            end = row.ended_ms if row.ended_ms is not None else self.span[1]
            if row.evse and end > row.started_ms:
                found.setdefault((row.station, row.evse), []).append((row.started_ms, min(end, self.span[1])))
        return {key: union(spans) for key, spans in found.items()}

    @cached_property
    def first_session_ms(self) -> int:
        """When records begin."""
        return first_session_ms(self.connection) or self.now_ms

    @cached_property
    def plugs(self) -> tuple[Plug, ...]:
        """All connectors there are."""
        return tuple(plug for pool in self.learner.pools.all() for plug in pool.members)

    def entries(self, kind: str) -> dict[str, dict[str, Any]]:
        """What stands written down of a kind."""
        return standing(self.network.entries, kind)


def visits_of_span(connection: Connection, span: Span) -> list[Visit]:
    """Visits that began in [from, to), in order of time."""
    start, end = span
    placed: list[PlacedAttempt] = attempts_between(connection, start - VISIT_GAP_MS, end + VISIT_GAP_MS)
    site_of = {p.attempt.station: p.site for p in placed}
    joined = visits_of((p.place, p.attempt) for p in placed)
    weak = _weak_sessions(connection, span)
    full = _full_before_the_end(connection, placed)
    found = [
        Visit(
            site_of[tries[0].station], next((a.token for a in tries if a.token), ""), tuple(tries),
            any(a.session in weak for a in tries), any(a.session in full for a in tries),
        )
        for tries in joined
        if start <= tries[0].at_ms < end
    ]  # fmt: skip
    return sorted(found, key=lambda visit: visit.at_ms)


def _full_before_the_end(connection: Connection, placed: Iterable[PlacedAttempt]) -> frozenset[int]:
    """Sessions that did not end well, and whose vehicle had stopped taking energy by itself before."""
    c = status.c
    found = set()
    for one in placed:
        attempt = one.attempt
        if attempt.session is None or attempt.good or not attempt.came_to(Step.ENERGY) or attempt.running:
            continue
        here = (outlet.c.station == attempt.station) & (outlet.c.evse == attempt.evse)
        query = (
            select(c.status)
            .select_from(status.join(outlet, c.outlet == outlet.c.outlet))
            .where(here, c.at_ms >= attempt.at_ms, c.at_ms < attempt.ended_ms)
            .order_by(c.at_ms.desc())
        )
        if connection.execute(query.limit(1)).scalar() == ConnectorStatus.SUSPENDED_EV:
            found.add(attempt.session)
    return frozenset(found)


def _weak_sessions(connection: Connection, span: Span) -> frozenset[int]:
    """Sessions whose power stayed below half of what the same card reached in its others there, of three at
    least; a card stands for a vehicle, so that a slow one is not called weak."""
    c = session.c
    query = select(c.session, c.station, c.token, c.peak_power_w).where(
        c.started_ms >= span[0], c.started_ms < span[1], c.token != "", c.peak_power_w > 0
    )
    mine: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for number, station, token, power in connection.execute(query):
        mine.setdefault((token, station), []).append((number, power))
    found = set()
    for sessions in mine.values():
        if len(sessions) <= FEW:
            continue
        usual = median(power for _, power in sessions)
        found |= {number for number, power in sessions if power < usual / 2}
    return frozenset(found)
