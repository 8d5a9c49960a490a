"""The money clock of one pool: what its faults lost and lose, carried on from where it was."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from app.faults.calendar import HOUR_MS, Calendar
from app.faults.demand import Demand, Rate
from app.faults.learnt import Vector
from app.faults.pools import Pool
from app.faults.prices import Prices, Worth
from app.faults.pricing import (
    Hour,
    Now,
    Outage,
    Terms,
    at_once,
    between,
    erlang_b,
    losses,
    lost_between,
    parts,
    shared_out,
)
from app.faults.standing import Place

WEEK_MS = 7 * 24 * HOUR_MS
POINTS, APART_MS = 12, 60_000
"""That a fault is over is told some minutes after it was: so many earlier instants can be gone back to."""
_CELLS = 168


@dataclass(slots=True)
class PoolState:
    """A pool priced at an instant. Amounts are major units, kWh where `priced` is False."""

    pool: Pool
    at_ms: int
    priced: bool
    worth: Worth
    now: Now
    rate: Rate
    hour: Hour
    kwh: float
    recovered: float
    basis: str
    lost: Mapping[int, float]
    lost_minor: Mapping[int, int]
    losing_minor: Mapping[int, int]
    ahead: tuple[Sequence[int], Sequence[float]] = ((), ())
    """Ends of the hours to come and what the pool loses until then, as it is now."""
    blocking: Sequence[float] = field(default_factory=list)

    @property
    def currency(self) -> str:
        """Of its amounts."""
        return self.worth.currency

    @property
    def digits(self) -> int:
        """Minor digits of its currency."""
        return self.worth.digits

    @property
    def saves(self) -> Mapping[int, float]:
        """What mending each fault saves an hour."""
        return self.now.saves

    def expected(self, fault: int, rest_ms: int) -> float:
        """A fault's share of what the pool loses in the next `rest_ms` if all stays as it is."""
        part = self.now.shares.get(fault, 0.0)
        if not part or not self.now.loss or not self.ahead[0]:
            return self._later(fault, rest_ms)
        return part / self.now.loss * self._until(rest_ms)

    def _until(self, rest_ms: int) -> float:
        ends, sums = self.ahead
        if not sums:
            return 0.0
        weeks, left = divmod(rest_ms, WEEK_MS)
        if weeks:
            # One week is like the other.
            return weeks * sums[-1] + self._until(left)
        goal = self.at_ms + rest_ms
        n = bisect_right(ends, goal)
        if n >= len(ends):
            return sums[-1]
        before, start = (sums[n - 1], ends[n - 1]) if n else (0.0, self.at_ms)
        span = ends[n] - start
        return before + (sums[n] - before) * max(0, goal - start) / span if span else before

    def _later(self, fault: int, rest_ms: int) -> float:
        """In a closed or dead hour the shares of now are nothing: faults share alike what comes."""
        return self._until(rest_ms) / max(1, len(self.now.saves)) if fault in self.now.saves else 0.0


class _Point(NamedTuple):
    """What each fault had lost at an instant, and the outages that were known then."""

    at_ms: int
    lost: Mapping[int, float]
    outages: tuple[Outage, ...]

    def holds(self, current: Sequence[Outage]) -> bool:
        """Whether all until then was as it is told now."""
        return _until(self.outages, self.at_ms) == _until(current, self.at_ms)


class PoolClock:
    """Prices one pool again and again; what was lost before the last change is carried on."""

    def __init__(self, demand: Demand, prices: Prices, calendar: Calendar) -> None:
        self._demand, self._prices, self._calendar = demand, prices, calendar
        self._state: PoolState | None = None
        self._key: tuple[object, ...] = ()
        self._outages: tuple[Outage, ...] = ()
        self._points: tuple[_Point, ...] = ()
        self._tables: dict[tuple[int, float], list[float]] = {}
        self._load: Vector | None = None
        self._rates: Vector | None = None
        self._age: tuple[Pool, int] | None = None

    def at(self, pool: Pool, outages: Sequence[Outage], now_ms: int, recovered: float) -> PoolState:
        """The pool's state at an instant."""
        current = tuple(sorted(outages, key=lambda o: (o.from_ms, o.fault, sorted(o.places))))
        key = (
            pool, current, self._prices.version, recovered, now_ms // HOUR_MS,
            self._calendar.is_open(pool.site, now_ms),
        )  # fmt: skip
        state = self._state
        if state is not None and key == self._key and _steady(current, state.at_ms, now_ms):
            return self._run_on(state, now_ms)
        known: list[_Point] = []
        if state is not None and (self._key[:1], self._key[2:4]) == (key[:1], key[2:4]):
            known = [*self._points, _Point(state.at_ms, state.lost, self._outages)]
            known.sort(key=lambda point: point.at_ms)
            # All held before this change: once one holds still, so do those before it.
            while known and not known[-1].holds(current):
                known.pop()
        carried: Mapping[int, float] = {}
        since = min((o.from_ms for o in current), default=now_ms)
        before = [point for point in known if since <= point.at_ms <= now_ms]
        if before:
            last = before[-1]
            faults = {o.fault for o in current}
            carried = {fault: lost for fault, lost in last.lost.items() if fault in faults}
            since = last.at_ms
        self._points = _spread(known)
        self._learn(pool, now_ms)
        made = self._made(pool, current, since, now_ms, recovered, carried)
        self._state, self._key, self._outages = made, key, current
        return made

    def _learn(self, pool: Pool, now_ms: int) -> None:
        """Take over what the demand knows; once an hour, and when it knows more."""
        rates, age = self._demand.rates(pool, now_ms), (pool, now_ms // HOUR_MS)
        if rates is not self._rates or age != self._age:
            self._rates, self._age, self._load = rates, age, self._demand.load(pool, now_ms)
            self._tables.clear()

    def _made(
        self, pool: Pool, outages: Sequence[Outage], since: int, now_ms: int, recovered: float,
        carried: Mapping[int, float],
    ) -> PoolState:  # fmt: skip
        members = frozenset(pool.members)
        worth = self._prices.worth(pool.site, pool.members, now_ms)
        kwh = self._demand.energy_kwh(pool) or 0.0
        priced = worth.per_kwh is not None

        def table(at_ms: int) -> list[float]:
            here = self._prices.worth(pool.site, pool.members, at_ms) if priced else worth
            value = kwh * (float(here.per_kwh) if here.per_kwh is not None else 0.0 if priced else 1.0)
            found_key = (self._calendar.cell(pool.site, at_ms), value * (1 - recovered))
            found = self._tables.get(found_key)
            if found is None:
                terms = Terms(max(0.0, value), recovered)
                found = self._tables[found_key] = losses(len(members), self._hour(found_key[0]), terms)
            return found

        pieces = list(self._calendar.open_pieces(pool.site, since, now_ms))
        lost = dict(carried)
        for fault, amount in lost_between(outages, members, pieces, table)[0].items():
            lost[fault] = lost.get(fault, 0.0) + amount
        on = [o for o in outages if o.from_ms <= now_ms and (o.to_ms is None or o.to_ms > now_ms)]
        taken = parts(on, members)
        hour = self._hour(self._calendar.cell(pool.site, now_ms))
        is_open = self._calendar.is_open(pool.site, now_ms)
        now = at_once(taken, table(now_ms) if is_open else [0.0] * (len(members) + 1))
        onset = min((o.from_ms for o in outages), default=now_ms)
        return PoolState(
            pool, now_ms, priced, worth, now, self._demand.rate(pool, now_ms), hour, kwh, recovered,
            self._basis(pool, onset, now_ms), lost, shared_out(lost, worth.digits),
            shared_out(now.shares, worth.digits), self._ahead(pool, taken, now_ms, table),
            erlang_b(len(members), hour.load),
        )  # fmt: skip

    def _ahead(
        self,
        pool: Pool,
        taken: Mapping[Place, Mapping[int, float]],
        now_ms: int,
        table: Callable[[int], Sequence[float]],
    ) -> tuple[Sequence[int], Sequence[float]]:
        ends: list[int] = []
        sums: list[float] = []
        total = 0.0
        down = at_once(taken, table(now_ms)).down
        if taken:
            for start, end in self._calendar.open_pieces(pool.site, now_ms, now_ms + WEEK_MS):
                total += between(table(start), down) * (end - start) / HOUR_MS
                ends.append(end)
                sums.append(total)
        return ends, sums

    def _hour(self, cell: int) -> Hour:
        assert self._rates is not None
        starts = float(self._rates[cell])
        load = 0.0 if self._load is None else float(self._load[cell])
        return Hour(starts, load, load / starts if starts > 0 else 0.0)

    def _basis(self, pool: Pool, from_ms: int, now_ms: int) -> str:
        first = max(from_ms, now_ms - _CELLS * HOUR_MS)
        starts, cell = self._demand.counted(pool, now_ms), self._calendar.cell
        cells = {cell(pool.site, start) for start, _ in self._calendar.hours(first, now_ms + 1)}
        counted = sum(float(starts[one]) for one in cells)
        limits = self._demand.limits
        if counted >= limits.measured_from:
            return "measured"
        return "thin" if counted >= limits.thin_from else "guess"

    def _run_on(self, state: PoolState, now_ms: int) -> PoolState:
        """Nothing changed: the clock ran on at the rate it has."""
        hours = (now_ms - state.at_ms) / HOUR_MS
        if not hours or not state.now.shares:
            return state
        lost = dict(state.lost)
        for fault, share in state.now.shares.items():
            lost[fault] = lost.get(fault, 0.0) + share * hours
        made = replace(state, at_ms=now_ms, lost=lost, lost_minor=shared_out(lost, state.digits))
        self._state = made
        return made


def _steady(outages: Sequence[Outage], from_ms: int, now_ms: int) -> bool:
    """Whether time went on and no outage began or ended meanwhile."""
    edges = (edge for o in outages for edge in (o.from_ms, o.to_ms) if edge is not None)
    return now_ms >= from_ms and not any(from_ms < edge <= now_ms for edge in edges)


def _spread(points: Sequence[_Point]) -> tuple[_Point, ...]:
    """The latest points, none within a minute of the one before it."""
    found: list[_Point] = []
    for point in points:
        if not found or point.at_ms - found[-1].at_ms >= APART_MS:
            found.append(point)
    return tuple(found[-POINTS:])


def _until(outages: Sequence[Outage], at_ms: int) -> list[tuple[object, ...]]:
    """What was until an instant; what goes on then and what ends later are alike."""
    return [
        (o.fault, o.places, o.weight, o.from_ms, None if o.to_ms is None or o.to_ms >= at_ms else o.to_ms)
        for o in outages
        if o.from_ms < at_ms
    ]
