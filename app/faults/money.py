"""What open faults cost, live: lost so far, losing now, saved if mended now, expected (D.2, D.3).

`Pricer` is one of the listeners of the fault engine: put it first in `all_rules(pricer=…)` and it hears
every record before the rules do, live, primed and replayed alike. Then

    pricer(open_faults, now_ms)  -> {fault: Money}      # what is open; each pool as a whole, about 1 Hz
    pricer.settle(closed_fault)  -> FaultRecord          # with lost_minor, currency, drivers_hit; final
    pricer.pool_losses(now_ms)   -> {pool: minor units}  # what the shares add up to
    pricer.losing(now_ms)        -> minor units an hour of all open faults

A pool is priced again when an outage begins, ends or changes, when the hour, a price or the pool
changes; in between the clock runs on at the rate it has.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.fact import changed
from app.domain.records import (
    EntryRecord,
    FaultRecord,
    LinkRecord,
    NoticeRecord,
    Record,
    SessionRecord,
    StationRecord,
    StatusRecord,
)
from app.faults.calendar import Calendar
from app.faults.clock import Remaining, Repairs
from app.faults.demand import Demand
from app.faults.drivers import Drivers, covering
from app.faults.explain import explained
from app.faults.limits import Limits
from app.faults.money_limits import MoneyLimits
from app.faults.pool_clock import PoolClock, PoolState
from app.faults.pools import Pools
from app.faults.prices import Prices
from app.faults.pricing import Outage, cut_session, minor
from app.faults.reach import Reach
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Told
from app.faults.views import Money

REMEMBERED = 2_000
"""So many closed faults and cut sessions are remembered: they share what was lost while they stood with
those that began before their end, and may come back themselves."""


@dataclass(slots=True)
class _Kept:
    """One fault as the clock follows it: where it reaches and since when with which weight."""

    row: FaultRecord
    root: int
    places: frozenset[Place]
    spans: list[tuple[int, float]]
    ended_ms: int | None = None
    hit: frozenset[str] = frozenset()
    hit_version: int = -1
    cut_minor: int = 0
    cuts: list[dict[str, Any]] = field(default_factory=list)

    def outages(self) -> list[Outage]:
        """Its spans as outages of the fault that answers for it."""
        ends = [*(at for at, _ in self.spans[1:]), self.ended_ms]
        return [
            Outage(self.root, self.places, weight, start, end)
            for (start, weight), end in zip(self.spans, ends, strict=True)
            if weight > 0 and (end is None or end > start)
        ]


class Pricer:
    """The money of one control room's faults.

    Args:
        zone: of sites whose entry names none.
        limits: the numbers of resources/rules.
    """

    name = "money"
    learns = True
    hears: tuple[type, ...] = (
        StationRecord,
        StatusRecord,
        LinkRecord,
        SessionRecord,
        NoticeRecord,
        EntryRecord,
    )

    def __init__(self, zone: ZoneInfo, limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self.limits = limits.of("money", MoneyLimits)
        self.calendar = Calendar(zone)
        self.pools = Pools()
        self.demand = Demand(self.pools, self.calendar, limits)
        self.prices = Prices(self.calendar)
        self.repairs = Repairs(self.limits.repair_weight, self.limits.repair_h)
        self.drivers = Drivers()
        self._reach = Reach(self.limits, self.pools, self.demand)
        self._clocks: dict[str, PoolClock] = {}
        self._kept: dict[int, _Kept] = {}
        self._past: dict[int, _Kept] = {}
        self._states: dict[str, PoolState] = {}
        self._cut_by: dict[int, int] = {}

    # -- listening -----------------------------------------------------------------------------

    def hear(self, record: Record, scene: Scene) -> Told:
        """A record was committed."""
        self.learn(record, scene.now_ms)
        self.drivers.hear(record)
        if isinstance(record, StatusRecord) and record.live:
            for kept in [k for k in self._kept.values() if k.row.station == record.station]:
                self._weigh(kept, record.at_ms)
        return NONE

    def learn(self, record: Record, at_ms: int) -> None:
        """Learn from a record, also from one long past: demand, prices, repairs."""
        if isinstance(record, FaultRecord):
            self.repairs.hear(record)
            return
        self.demand.hear(record, at_ms)
        if isinstance(record, EntryRecord | StationRecord):
            self.prices.hear(record)
            guess = self.prices.assumed("demand.starts_a_day")
            if isinstance(record, EntryRecord) and record.kind == "assumption":
                self.demand.guess(None if guess is None else float(guess))

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """Nothing is waited for."""
        return NONE

    # -- pricing -------------------------------------------------------------------------------

    def __call__(self, open_faults: Mapping[int, FaultRecord], now_ms: int) -> Mapping[int, Money]:
        """The money of open faults at an instant, each pool as a whole."""
        self.drivers.tick(now_ms)
        self._follow(open_faults, now_ms)
        self._states = self._price(now_ms, self._kept.values())
        return {fault: self._money(kept, now_ms) for fault, kept in self._kept.items()}

    def opened(self, row: FaultRecord, now_ms: int) -> None:
        """A fault is open: what it takes counts from its onset, and every change of it from when it is heard.

        `__call__` does the same for all; this is for where nobody asks what faults cost meanwhile.
        """
        if row.fault not in self._kept:
            self._kept[row.fault] = self._again(row.fault, now_ms) or self._made(row, row.onset_ms)

    def settle(self, row: FaultRecord) -> FaultRecord:
        """A closed fault with its final loss and the drivers it hit; the clock stops at its end."""
        kept = self._kept.pop(row.fault, None) or self._made(row, row.onset_ms)
        kept.row = row
        over = row.over_ms
        kept.ended_ms = max(over or row.onset_ms, row.onset_ms)
        kept.spans = [span for span in kept.spans if span[0] < kept.ended_ms] or kept.spans[:1]
        self.repairs.hear(row)
        states = self._price(kept.ended_ms, (*self._kept.values(), kept), self._keys(kept))
        self._put_by(kept)
        lost, currency = self._lost(kept, states)
        self._look(kept, kept.ended_ms)
        return changed(
            row, lost_minor=None if lost is None else lost + kept.cut_minor, currency=currency,
            drivers_hit=max(row.drivers_hit, len(kept.hit)),
        )  # fmt: skip

    def hit(self, fault: int) -> int:
        """How many drivers an open fault hit so far."""
        kept = self._kept.get(fault)
        return 0 if kept is None else len(kept.hit)

    def pool_losses(self) -> Mapping[str, int]:
        """What each pool lost through the faults that are priced, minor units; their shares add up to it."""
        return {key: sum(state.lost_minor.values()) for key, state in self._states.items() if state.priced}

    def losing(self) -> int:
        """What all pools lose an hour now, minor units."""
        return sum(sum(state.losing_minor.values()) for state in self._states.values() if state.priced)

    # -- following -----------------------------------------------------------------------------

    def _follow(self, rows: Mapping[int, FaultRecord], now_ms: int) -> None:
        for fault in [fault for fault in self._kept if fault not in rows]:
            # Closed without being settled, as after an act was taken back.
            kept = self._kept.pop(fault)
            kept.ended_ms = now_ms
            self._put_by(kept)
        for fault, row in rows.items():
            known = self._kept.get(fault)
            if known is None:
                known = self._kept[fault] = self._again(fault, now_ms) or self._made(row, row.onset_ms)
            known.row = row
            known.places = self._reach.places(row)
            known.root = self._root(row, rows)
            # What cleared is over, also while nobody has acknowledged it.
            known.ended_ms = row.cleared_ms
            self._weigh(known, now_ms)
            self._look(known, row.cleared_ms or now_ms)

    def _put_by(self, kept: _Kept) -> None:
        self._past[kept.row.fault] = kept
        while len(self._past) > REMEMBERED:
            del self._past[next(iter(self._past))]

    def _again(self, fault: int, now_ms: int) -> _Kept | None:
        """A closed fault that came back: the time in between cost nothing."""
        kept = self._past.pop(fault, None)
        if kept is not None and kept.ended_ms is not None:
            kept.spans += [(kept.ended_ms, 0.0), (now_ms, self._reach.weight(kept.row, kept.places))]
            kept.ended_ms = None
        return kept

    def _weigh(self, kept: _Kept, at_ms: int) -> None:
        weight = self._reach.weight(kept.row, kept.places)
        if weight != kept.spans[-1][1]:
            kept.spans.append((max(at_ms, kept.spans[-1][0]), weight))

    def _made(self, row: FaultRecord, at_ms: int) -> _Kept:
        places = self._reach.places(row)
        return _Kept(row, row.fault, places, [(at_ms, self._reach.weight(row, places))])

    def _root(self, row: FaultRecord, rows: Mapping[int, FaultRecord]) -> int:
        """The fault that answers for it: the topmost above it that reaches as far."""
        seen = {row.fault}
        while row.parent is not None and row.parent in rows and row.parent not in seen:
            above = rows[row.parent]
            if not self._reach.takes(above):
                break
            row = above
            seen.add(row.fault)
        return row.fault

    def _look(self, kept: _Kept, until_ms: int) -> None:
        """Who was hit, and which sessions were cut."""
        if kept.hit_version == self.drivers.version or not kept.places:
            return
        kept.hit_version = self.drivers.version
        covers = covering(kept.places)
        kept.hit |= self.drivers.hit(covers, kept.row.onset_ms, until_ms + 1)
        if not any(weight for _, weight in kept.spans):
            # What takes nothing out of use cuts no session.
            return
        for cut in self.drivers.cuts(covers, kept.row.onset_ms):
            pool = self.pools.of(cut.place)
            # Each session's money is lost once, through the fault that was told first.
            if pool is None or self._cut_by.setdefault(cut.session, kept.row.fault) != kept.row.fault:
                continue
            if len(self._cut_by) > REMEMBERED:
                del self._cut_by[next(iter(self._cut_by))]
            if any(known["session"] == cut.session for known in kept.cuts):
                continue
            usual = self.demand.energy_kwh(pool)
            worth = self.prices.worth(pool.site, (cut.place,), cut.ended_ms)
            if usual is None or worth.per_kwh is None:
                continue
            lost = cut_session(
                Decimal(repr(round(usual, 3))), Decimal(cut.delivered_wh) / 1000, worth.per_kwh,
                Decimal(repr(self._recovered())),
            )  # fmt: skip
            kept.cut_minor += minor(lost, worth.digits)
            kept.cuts.append(
                {
                    "session": cut.session,
                    "expected_kwh": round(usual, 3),
                    "delivered_kwh": cut.delivered_wh / 1000,
                    "per_kwh": str(worth.per_kwh),
                    "lost": minor(lost, worth.digits),
                }
            )

    # -- pools ---------------------------------------------------------------------------------

    def _price(
        self, now_ms: int, asked: Iterable[_Kept], only: Set[str] | None = None
    ) -> dict[str, PoolState]:  # fmt: skip
        """The pools (of `only`) in which what is asked for took something, with what shared that."""
        by_pool: dict[str, list[Outage]] = {}
        for kept in asked:
            if outages := kept.outages():
                for key in self._keys(kept) if only is None else self._keys(kept) & only:
                    by_pool.setdefault(key, []).extend(outages)
        begun = {key: min(o.from_ms for o in outages) for key, outages in by_pool.items()}
        first_ms = min(begun.values(), default=now_ms)
        for kept in self._past.values():
            ended_ms = kept.ended_ms or 0
            if ended_ms > first_ms:
                for key in self._keys(kept) & begun.keys():
                    if ended_ms > begun[key]:
                        by_pool[key].extend(kept.outages())
        if only is None:
            for key in [key for key in self._clocks if key not in by_pool]:
                del self._clocks[key]
        states = {}
        for key, outages in by_pool.items():
            clock = self._clocks.get(key)
            if clock is None:
                clock = self._clocks[key] = PoolClock(self.demand, self.prices, self.calendar)
            states[key] = clock.at(self.pools[key], outages, now_ms, self._recovered())
        return states

    def _recovered(self) -> float:
        given = self.prices.assumed("revenue.recovered_share")
        return self.limits.recovered if given is None else float(given)

    def _floor(self, digits: int) -> int:
        given = self.prices.assumed("queue.floor_per_hour")
        return minor(self.limits.floor_per_hour if given is None else given, digits)

    def _keys(self, kept: _Kept) -> set[str]:
        return {pool.key for place in kept.places if (pool := self.pools.of(place)) is not None}

    def _mine(self, kept: _Kept, states: Mapping[str, PoolState]) -> Sequence[tuple[str, PoolState]]:
        return [(key, states[key]) for key in sorted(self._keys(kept)) if key in states]

    def _lost(self, kept: _Kept, states: Mapping[str, PoolState]) -> tuple[int | None, str]:
        mine = [state for _, state in self._mine(kept, states)]
        currency = next((state.currency for state in mine if state.currency), "")
        if not mine:
            return 0, currency
        if not any(state.priced for state in mine):
            return None, currency
        return sum(state.lost_minor.get(kept.row.fault, 0) for state in mine), currency

    def _money(self, kept: _Kept, now_ms: int) -> Money:
        row, fault = kept.row, kept.row.fault
        mine = self._mine(kept, self._states)
        if kept.root != fault:
            return Money(workings={"counted_with": kept.root, "drivers_hit": len(kept.hit)})
        taking = bool(mine) and row.cleared_ms is None and kept.spans[-1][1] > 0
        if not mine:
            return Money(lost=0, losing=0, saves=0, expected=0, workings={"takes_nothing_out_of_use": True})
        lost, currency = self._lost(kept, self._states)
        rest = self.repairs.remaining(row.site, row.rule, now_ms - row.onset_ms)
        workings = explained(
            fault, mine, rest, ranged=row.rule in self.limits.ranged, cuts=kept.cuts, hit=len(kept.hit)
        )
        basis = max((state.basis for _, state in mine), key=("measured", "thin", "guess").index)
        if lost is None:
            # No price is known: nothing is invented, and what mending saves is told in kWh.
            return Money(currency, None, None, None, None, rest.overdue, basis, workings)
        losing = sum(state.losing_minor.get(fault, 0) for _, state in mine)
        saves = sum(minor(state.saves.get(fault, 0.0), state.digits) for _, state in mine)
        if taking:
            floor = self._floor(mine[0][1].digits)
            workings["at_least_by_floor"] = saves < floor
            saves = max(saves, floor)
        expected = self._expected(fault, mine, rest) if taking else 0
        return Money(currency, lost + kept.cut_minor, losing, saves, expected, rest.overdue, basis, workings)

    def _expected(self, fault: int, mine: Sequence[tuple[str, PoolState]], rest: Remaining) -> int | None:
        if rest.ms is None:
            return None
        return sum(minor(state.expected(fault, rest.ms), state.digits) for _, state in mine)
