"""A connector that looks available and earns nothing: fewer starts than its own usual allows (F.1–F.3).

Three tests share one budget of false alarms a year. Gap: the starts μ expected since the last one
exceed ln(S/F). Sibling: its pool started n times since, and the chance that none was here is below F/S;
or below 0.01 while the gap is on watch. Fall: a cumulative sum for a fall to a quarter exceeds ln(S/F),
so a renewal of it alarms by chance with F/S. S is the starts a year of the whole network. Days differ, so
what was expected on each counts as the chance that nobody comes on such a day (`uneven`); with days all
alike that is the reference's μ.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import msgspec

from app.domain.records import EntryRecord, LinkRecord, Record, SessionRecord, StatusRecord
from app.faults.calendar import DAY_MS, HOUR_MS
from app.faults.demand import Demand
from app.faults.limits import Limits
from app.faults.pools import Pool
from app.faults.rule import Finding, Scene
from app.faults.standing import NONE, Place, Standing, Told
from app.faults.statistics import cusum_down, gap_threshold, poisson_none
from app.faults.uneven import weighed

LOOK_MS = 14 * 24 * HOUR_MS
"""How far ahead the next look is computed at most."""


class SilenceLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """False alarms a year of each test over the whole network; where a gap is on watch; the sibling
    test's least starts and its chance while on watch; the fall that is looked for and the least
    threshold of its sum; how many starts a connector must have had to be known, and for the fall test.
    """

    gap_a_year: float
    sibling_a_year: float
    fall_a_year: float
    watch_mu: float
    sibling_starts: int
    sibling_on_watch: float
    rho: float
    fall_least: float
    known_starts: float
    known_for_fall: float


@dataclass(slots=True)
class _Ear:
    """What is heard of one connector since its last start."""

    last_start_ms: int | None = None
    known_until_ms: int = 0
    visible: bool = False
    mu: float = 0.0
    hours: float = 0.0
    day: int = -1
    today: float = 0.0
    """What was expected on the last day of them (of UTC)."""
    before: float = 0.0
    """The days before it, weighed."""
    siblings: int = 0
    none_here: float = 1.0
    fall: float = 0.0

    def expect(self, day: int, mu: float, uneven: float) -> None:
        """So many starts were expected on a day, or in a further part of it."""
        if day != self.day:
            self.before, self.today, self.day = self.weighed(uneven), 0.0, day
        self.today += mu

    def weighed(self, uneven: float) -> float:
        """−ln of the chance that nobody came since the last start."""
        return self.before + weighed(self.today, uneven)


class Silence:
    """Follows each connector's expected starts while it looks available.

    Args:
        demand: what is usual; fed before this rule hears.
        limits: the budget.
    """

    name = "silence"
    hears: tuple[type, ...] = (StatusRecord, LinkRecord, SessionRecord, EntryRecord)
    learns = True

    def __init__(self, demand: Demand, limits: Limits) -> None:
        self._demand = demand
        self._limits = limits.of(self.name, SilenceLimits)
        self._standing = Standing(self.name)
        self._ears: dict[Place, _Ear] = {}
        self._started: list[tuple[Place, int]] = []
        demand.on_start.append(lambda place, at_ms: self._started.append((place, at_ms)))

    def hear(self, record: Record, scene: Scene) -> Told:
        """Something changed at a station; starts were counted by the demand just before."""
        told: list[Finding] = []
        started, self._started = self._started, []
        for place, at_ms in started:
            told += self._start(place, at_ms, record, scene)
        if isinstance(record, StatusRecord) and record.live:
            for place in self._demand.pools.connectors(record.station, record.evse, record.connector):
                self._look(place, record.received_ms, scene)
        elif isinstance(record, LinkRecord):
            for place in self._demand.pools.connectors(record.station):
                self._look(place, scene.now_ms, scene)
        elif isinstance(record, EntryRecord) and record.kind == "normal" and not record.gone:
            for place in self._standing:
                if scene.normal(self.name, next(iter(self._standing.at(place))).subject):
                    told += self._standing.end(place, scene.now_ms, ended="marked as normal here")
        return tuple(told)

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """The gap should be long enough by now to be an alarm."""
        assert isinstance(key, Place)
        ear = self._ears.get(key)
        pool = self._demand.pools.of(key)
        if ear is None or pool is None:
            return NONE
        self._accrue(key, pool, ear, scene.now_ms)
        told = self._judge(key, pool, ear, scene)
        self._plan(key, pool, ear, scene)
        return told

    def learnt(self, scene: Scene) -> None:
        """The long past was told: from here on it is looked when a gap is long enough."""
        for place, ear in self._ears.items():
            pool = self._demand.pools.of(place)
            if pool is not None:
                self._accrue(place, pool, ear, scene.now_ms)
                self._plan(place, pool, ear, scene)

    def resume(self, finding: Finding, scene: Scene) -> None:
        """A silence that was found before a restart goes on."""
        self._standing.take(finding)

    # -- what is heard -------------------------------------------------------------------------

    def _start(self, place: Place, at_ms: int, record: Record, scene: Scene) -> Told:
        pool = self._demand.pools.of(place)
        if pool is None:
            return NONE
        told: list[Finding] = []
        for member in pool.members:
            ear = self._ears.setdefault(member, _Ear())
            self._accrue(member, pool, ear, at_ms)
            if member == place:
                # A visit that failed is demand, but no proof that the connector works.
                if isinstance(record, SessionRecord):
                    told += self._heard(place, ear, at_ms)
            elif ear.visible and ear.last_start_ms is not None:
                ear.siblings += 1
                ear.none_here *= 1 - self._demand.share(member, pool)
                told += self._judge(member, pool, ear, scene)
        return tuple(told)

    def _heard(self, place: Place, ear: _Ear, at_ms: int) -> Told:
        ear.fall = cusum_down(ear.fall, ear.weighed(self._demand.uneven), 1, self._limits.rho)
        ear.mu = ear.hours = ear.today = ear.before = 0.0
        ear.siblings, ear.none_here, ear.last_start_ms = 0, 1.0, at_ms
        if self._standing.holds(place):
            ear.fall = 0.0
            return self._standing.end(place, at_ms, ended="a session started")
        return NONE

    def _look(self, place: Place, at_ms: int, scene: Scene) -> None:
        visible, ear = self._demand.visible(place), self._ears.get(place)
        if not visible and (ear is None or not ear.visible):
            return
        pool = self._demand.pools.of(place)
        if pool is None:
            return
        if ear is None:
            ear = self._ears[place] = _Ear()
        self._accrue(place, pool, ear, at_ms)
        if visible != ear.visible:
            ear.visible = visible
            if not scene.learning:
                self._plan(place, pool, ear, scene)

    def _accrue(self, place: Place, pool: Pool, ear: _Ear, at_ms: int) -> None:
        """Count what was expected since it was looked at last, while it looked available."""
        since, ear.known_until_ms = ear.known_until_ms, max(at_ms, ear.known_until_ms)
        if not ear.visible or not since or at_ms <= since:
            return
        share, uneven = self._demand.share(place, pool), self._demand.uneven
        for start, end in self._demand.calendar.days(since, at_ms):
            mu = self._demand.expected(pool, start, end) * share
            ear.expect(start // DAY_MS, mu, uneven)
            ear.mu += mu
        ear.hours += (at_ms - since) / HOUR_MS

    # -- what follows --------------------------------------------------------------------------

    def _thresholds(self, now_ms: int) -> tuple[float, float, float, float]:
        """S, and the thresholds of gap, sibling and fall."""
        starts, limits = self._demand.fleet_a_year(now_ms), self._limits
        gap = max(limits.watch_mu, gap_threshold(starts, limits.gap_a_year))
        fall = max(limits.fall_least, gap_threshold(starts, limits.fall_a_year))
        return starts, gap, limits.sibling_a_year / max(starts, 1.0), fall

    def _judge(self, place: Place, pool: Pool, ear: _Ear, scene: Scene) -> Told:
        limits = self._limits
        if not ear.visible or ear.last_start_ms is None or self._standing.holds(place):
            return NONE
        if self._demand.starts(place, pool) < limits.known_starts:
            return NONE
        starts, gap, sibling, fall = self._thresholds(scene.now_ms)
        known_well = self._demand.starts(place, pool) >= limits.known_for_fall
        mu = ear.weighed(self._demand.uneven)
        sum_now = cusum_down(ear.fall, mu, 0, limits.rho) if known_well else 0.0
        on_watch = mu >= limits.watch_mu
        by_sibling = ear.siblings >= limits.sibling_starts and ear.none_here < sibling
        by_sibling = by_sibling or (on_watch and ear.siblings > 0 and ear.none_here < limits.sibling_on_watch)
        tests = [
            name
            for name, holds in (("gap", mu >= gap), ("sibling", by_sibling), ("fall", sum_now >= fall))
            if holds
        ]
        if not tests:
            return NONE
        evidence: dict[str, Any] = {
            "tests": tests,
            "last_start_ms": ear.last_start_ms,
            "expected_starts": round(ear.mu, 3),
            "probability_of_none": poisson_none(mu),
            "days_differ_share": round(self._demand.uneven**0.5, 3),
            "hours_available": round(ear.hours, 2),
            "threshold_starts": round(gap, 3),
            "pool": pool.key,
            "pool_starts_since": ear.siblings,
            "share_of_pool": round(self._demand.share(place, pool), 4),
            "probability_none_of_them_here": ear.none_here,
            "threshold_probability": sibling,
            "fall_sum": round(sum_now, 3),
            "threshold_fall": round(fall, 3),
            "network_starts_a_year": round(starts),
            "false_alarms_a_year": limits.gap_a_year + limits.sibling_a_year + limits.fall_a_year,
        }
        title = f"No session for {ear.hours:.0f} h where {ear.mu:.1f} were expected"
        if tests == ["fall"]:
            title = "Far fewer sessions than usual"
        return self._standing.begin(scene, place, "SilentConnector", ear.last_start_ms, title, evidence)

    def _plan(self, place: Place, pool: Pool, ear: _Ear, scene: Scene) -> None:
        """Be woken when the first of the tests will hold if nothing comes."""
        if not ear.visible or ear.last_start_ms is None or self._standing.holds(place):
            scene.sleep(self.name, place)
            return
        _, gap, _, fall = self._thresholds(scene.now_ms)
        mu = ear.weighed(self._demand.uneven)
        sum_now = cusum_down(ear.fall, mu, 0, self._limits.rho)
        marks = [gap - mu, (fall - sum_now) / (1 - self._limits.rho)]
        if mu < self._limits.watch_mu:
            marks.append(self._limits.watch_mu - mu)
        wanted = mu + max(min(marks), 0.0)
        share, rates = self._demand.share(place, pool), self._demand.rates(pool, scene.now_ms)
        calendar, now = self._demand.calendar, scene.now_ms
        uneven, then = self._demand.uneven, _Ear(day=ear.day, today=ear.today, before=ear.before)
        rate = (rates * share).item
        so_far = mu
        for start, end in calendar.hours(now, now + LOOK_MS):
            then.expect(
                start // DAY_MS, rate(calendar.cell(pool.site, start)) * (end - start) / HOUR_MS, uneven
            )
            after = then.weighed(uneven)
            if after >= wanted and after > so_far:
                due = start + round((end - start) * max(0.0, wanted - so_far) / (after - so_far)) + 1_000
                scene.wake(self.name, place, max(due, now + 60_000))
                return
            so_far = after
        scene.wake(self.name, place, now + LOOK_MS)
