"""How many drivers would come: starts by pool and hour of the week, learnt as they are heard (D.1).

λ̂ of an hour of the week = (n + κ·m) / (T + κ): n starts, T observed hours with a free healthy
connector, m the prior (the site's daily shape at the pool's own level). Hours in which a pool was full or
down are no evidence of no demand, nor is a gap so long that it is itself suspect. The window is 26
weeks, older weeks count less (half-life 13). Everything follows from the records, in their time.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from app.domain.records import (
    EntryRecord,
    LinkRecord,
    Record,
    SessionRecord,
    SessionState,
    StationRecord,
    StatusRecord,
)
from app.domain.status import ConnectorStatus, LinkState
from app.faults.calendar import CELLS, DAY_MS, HOUR_MS, WEEK_MS, Calendar
from app.faults.learnt import STAYS, Learnt, Vector
from app.faults.limits import Limits
from app.faults.money_limits import DemandLimits
from app.faults.pools import Pool, Pools
from app.faults.standing import Place
from app.faults.statistics import shrunk
from app.faults.uneven import Uneven

REFRESH = 64
"""Priors are computed anew after so many starts, or a quarter as many as there are pools; what a pool
knows itself always is."""
_HOURS, _NO_STAYS = np.arange(STAYS), np.zeros(STAYS)
_BACK = (np.arange(CELLS)[None, :] - np.arange(STAYS)[:, None]) % CELLS
"""The cell that lies so many hours (down) before each cell (across)."""
LEAST_ATTEMPT_MS = 30_000
_FREE = ConnectorStatus.AVAILABLE
_BROKEN = (ConnectorStatus.FAULTED, ConnectorStatus.UNAVAILABLE)
_TELLING = (_FREE, *_BROKEN)
"""Between others a pool stays as open as it was."""
_ON_AIR = (LinkState.ONLINE, LinkState.DOUBTFUL)


class Rate(NamedTuple):
    """Starts an hour of a pool at one hour of the week. `starts` and `hours` are what they stand on."""

    per_hour: float
    sd: float
    starts: float
    hours: float
    prior: float


class Demand:
    """Learns from committed records; tells expected starts, stays and energies of pools.

    Args:
        pools: the pools, fed by this.
        calendar: hours of the week in a site's time.
        limits: κ, half-life and the rest.
    """

    def __init__(self, pools: Pools, calendar: Calendar, limits: Limits) -> None:
        self.pools, self.calendar = pools, calendar
        self.limits = limits.of("demand", DemandLimits)
        self._learnt: dict[str, Learnt] = {}
        self._status: dict[Place, ConnectorStatus] = {}
        self._links: dict[str, LinkState] = {}
        self._occupied: dict[Place, int] = {}
        self._sessions: dict[tuple[str, int], int] = {}
        self._counted: dict[tuple[str, int], int] = {}
        self._ended: dict[tuple[str, int], int] = {}
        self._stays, self._stays_count = np.zeros(STAYS), 0.0
        self._energy_wh = self._energy_count = 0.0
        """Of the whole network."""
        self._guess: float | None = None
        self._fleet_version = 0
        self._fleet_hour = -1
        self._fleet_year = 0.0
        self._fleet: tuple[int, int, Vector, float] | None = None
        self._a_year: tuple[tuple[int, int], float] | None = None
        self._uneven = Uneven(
            self.limits.uneven, self.limits.uneven_days, self.limits.weeks, self.limits.half_life_weeks
        )
        self._sites_known: dict[str, tuple[tuple[int, int], Vector, float]] = {}
        self.on_start: list[Callable[[Place, int], None]] = []
        """Told of every start that was counted: where and when."""

    # -- what is heard -------------------------------------------------------------------------

    def hear(self, record: Record, at_ms: int) -> None:
        """A record was committed; `at_ms` is when what it tells reached us."""
        if isinstance(record, StatusRecord):
            self.pools.hear(record)
            if record.live:
                self._told(record)
        elif isinstance(record, SessionRecord):
            self._session(record)
        elif isinstance(record, LinkRecord):
            self._links[record.station] = record.state
            self._recount(self.pools.connectors(record.station), record.at_ms)
        elif isinstance(record, StationRecord | EntryRecord):
            self.pools.hear(record)
            if isinstance(record, EntryRecord):
                self.calendar.hear(record)

    def guess(self, starts_a_day: float | None) -> None:
        """What the operator expects of a connector nobody knows yet, in starts a day."""
        self._guess = starts_a_day
        self.look_again()

    def look_again(self) -> None:
        """Let priors be computed anew, so that what is asked next does not depend on who asked before."""
        self._fleet = None
        self._sites_known.clear()
        for learnt in self._learnt.values():
            learnt.rates = None

    def visible(self, place: Place) -> bool:
        """Whether a connector looks available and could be taken now."""
        free = self._status.get(place) is _FREE and self._links.get(place.station) in _ON_AIR
        return free and not self.broken(place)

    def broken(self, place: Place) -> bool:
        """Whether a connector, its EVSE or its station says Faulted or Unavailable."""
        above = (place, Place(place.station, place.evse), Place(place.station))
        return any(self._status.get(one) in _BROKEN for one in above)

    def _told(self, record: StatusRecord) -> None:
        place = Place(record.station, record.evse, record.connector)
        before = self._status.get(place)
        self._status[place] = record.status
        if before is record.status:
            return
        if record.evse and record.connector:
            self._stay(place, before, record)
        if before in _TELLING or record.status in _TELLING:
            here = self.pools.connectors(record.station, record.evse, record.connector)
            self._recount(here, record.at_ms)

    def _stay(self, place: Place, before: ConnectorStatus | None, record: StatusRecord) -> None:
        """A connector is taken, or is free again: how long it was occupied, and whether in vain."""
        if record.status is not _FREE:
            if before is _FREE:
                self._occupied[place] = record.at_ms
            return
        since = self._occupied.pop(place, None)
        if since is None or record.at_ms <= since:
            return
        key = (place.station, place.evse)
        if self._ended.get(key, 0) >= since:
            self._stayed(place, record.at_ms - since)
        elif before is ConnectorStatus.PREPARING and record.at_ms - since >= LEAST_ATTEMPT_MS:
            # A visit that failed is demand all the same.
            self._start(place, since)

    def _stayed(self, place: Place, span_ms: int) -> None:
        pool = self.pools.of(place)
        if pool is None:
            return
        learnt, hours = self._of(pool), span_ms / HOUR_MS
        fade = 1 / self.limits.stays
        before = _NO_STAYS if learnt.stays is None else learnt.stays
        more = np.clip(hours - _HOURS, 0.0, 1.0) - before * fade
        learnt.stays = before + more
        self._stays += more
        self._stays_count += 1 - learnt.stays_count * fade
        learnt.stays_count += 1 - learnt.stays_count * fade

    def _session(self, record: SessionRecord) -> None:
        if record.evse is None:
            return
        key = (record.station, record.evse)
        connector = record.connector or 1
        place = Place(record.station, record.evse, connector)
        if record.session > self._sessions.get(key, 0):
            self._sessions[key] = record.session
            self._start(place, record.started_ms)
        over = record.ended_ms is not None and record.state in (SessionState.CLOSED, SessionState.INFERRED)
        if over and record.session > self._counted.get(key, 0):
            self._counted[key] = record.session
            self._ended[key] = record.ended_ms or 0
            pool = self.pools.of(place)
            if pool is not None and record.energy_wh is not None and record.energy_wh >= self.limits.good_wh:
                learnt, fade = self._of(pool), 1 / self.limits.stays
                energy, count = record.energy_wh - learnt.energy_wh * fade, 1 - learnt.energy_count * fade
                learnt.energy_wh += energy
                learnt.energy_count += count
                self._energy_wh += energy
                self._energy_count += count

    def _start(self, place: Place, at_ms: int) -> None:
        pool = self.pools.of(place)
        if pool is None:
            return
        learnt = self._of(pool)
        self._accrue(pool, learnt, at_ms)
        week, cell = at_ms // WEEK_MS, self.calendar.cell(pool.site, at_ms)
        learnt.add(0, week, cell, 1)
        learnt.days.started(at_ms // DAY_MS)
        sure, days = learnt.gap_over(self.limits.suspect_mu), learnt.days.settle()
        if sure and days[0] and sum(learnt.shares.values()) >= self.limits.uneven_from:
            self._uneven.add(week, *days)
        fade = 0.5 ** ((week - learnt.shares_week) / self.limits.half_life_weeks)
        if week > learnt.shares_week:
            learnt.shares = {p: n * fade for p, n in learnt.shares.items()}
            learnt.shares_week = week
        learnt.shares[place] = learnt.shares.get(place, 0.0) + 1
        learnt.version += 1
        self._fleet_version += 1
        for told in self.on_start:
            told(place, at_ms)

    def _recount(self, places: tuple[Place, ...], at_ms: int) -> None:
        """The pools of these connectors may be open now, or no more."""
        seen = set()
        for place in places:
            pool = self.pools.of(place)
            if pool is None or pool.key in seen:
                continue
            seen.add(pool.key)
            learnt = self._of(pool)
            self._accrue(pool, learnt, at_ms)
            is_open = any(self.visible(member) for member in pool.members)
            learnt.open_since_ms = at_ms if is_open else None

    def _accrue(self, pool: Pool, learnt: Learnt, at_ms: int) -> None:
        since = learnt.open_since_ms
        if since is None or at_ms <= since:
            return
        rates = self._rates(pool, learnt, at_ms).item
        for start, end in self.calendar.hours(since, at_ms):
            cell, hours = self.calendar.cell(pool.site, start), (end - start) / HOUR_MS
            mu = rates(cell) * hours
            learnt.open_for(start // WEEK_MS, cell, hours, mu)
            learnt.days.open_on(start // DAY_MS, mu)
        learnt.open_since_ms = at_ms

    def _of(self, pool: Pool) -> Learnt:
        learnt = self._learnt.get(pool.key)
        if learnt is None:
            learnt = self._learnt[pool.key] = Learnt(self.limits.weeks, self.limits.half_life_weeks)
        return learnt

    # -- what is asked -------------------------------------------------------------------------

    def rate(self, pool: Pool, at_ms: int) -> Rate:
        """Starts an hour expected of a pool at an instant."""
        learnt = self._of(pool)
        cell = self.calendar.cell(pool.site, at_ms)
        starts, hours = learnt.weighed(at_ms // WEEK_MS)
        rates = self._rates(pool, learnt, at_ms)
        kappa, n, t = self.limits.kappa, float(starts[cell]), float(hours[cell])
        per_hour = float(rates[cell])
        prior = (per_hour * (t + kappa) - n) / kappa
        return Rate(per_hour, (per_hour * (t + kappa)) ** 0.5 / (t + kappa), n, t, max(0.0, prior))

    def counted(self, pool: Pool, at_ms: int) -> Vector:
        """Starts counted by hour of the week, older ones less."""
        return self._of(pool).weighed(at_ms // WEEK_MS)[0]

    def observed(self, pool: Pool, at_ms: int) -> tuple[Vector, Vector]:
        """Starts counted and hours observed by hour of the week, older ones less."""
        return self._of(pool).weighed(at_ms // WEEK_MS)

    def rates(self, pool: Pool, at_ms: int) -> Vector:
        """Starts an hour by hour of the week (168), as known at an instant."""
        return self._rates(pool, self._of(pool), at_ms)

    def load(self, pool: Pool, at_ms: int) -> Vector | None:
        """Offered load by hour of the week: ∫ λ(t−u)·P(stay > u) du, which is λ·s for stays up to 1 h (D.2).

        None where no stay is known in the whole network.
        """
        stays = self.stay_hours(pool)
        if stays is None:
            return None
        rates = self.rates(pool, at_ms)
        found: Vector = stays @ rates[_BACK]
        return found

    def expected(self, pool: Pool, from_ms: int, to_ms: int) -> float:
        """Starts expected of a pool in [from, to)."""
        rates, cell, site = self._rates(pool, self._of(pool), to_ms).item, self.calendar.cell, pool.site
        total, start = 0.0, from_ms
        while start < to_ms:
            end = min(to_ms, (start // HOUR_MS + 1) * HOUR_MS)
            total += rates(cell(site, start)) * (end - start)
            start = end
        return total / HOUR_MS

    @property
    def uneven(self) -> float:
        """The variance of a day's demand over its mean squared, in the whole network."""
        return self._uneven.variance

    def share(self, place: Place, pool: Pool) -> float:
        """A connector's part of its pool's starts, drawn to an equal part (F.1)."""
        shares = self._of(pool).shares
        count = max(1, len(pool.members))
        total = sum(shares.get(member, 0.0) for member in pool.members)
        return shrunk(shares.get(place, 0.0), total, 1 / count, self.limits.share_weight)

    def starts(self, place: Place, pool: Pool) -> float:
        """Starts counted at a connector, older ones less."""
        return self._of(pool).shares.get(place, 0.0)

    def starts_of(self, pool: Pool, at_ms: int) -> float:
        """Starts counted in a pool, older ones less."""
        return float(self.counted(pool, at_ms).sum())

    def fleet_a_year(self, at_ms: int) -> float:
        """Starts a year of all pools at the present pace, looked at once an hour of the log: it moves slowly
        and every start asks for it."""
        hour = at_ms // HOUR_MS
        if self._fleet_hour != hour:
            self._fleet_hour = hour
            self._fleet_year = sum(self._mean(pool, at_ms) for pool in self.pools.all()) * 8766
        return self._fleet_year

    def stay_hours(self, pool: Pool) -> Vector | None:
        """How long a start occupies: P(stay > u) integrated over each hour u; its sum is the mean stay.

        None where no stay is known in the whole network.
        """
        learnt, weight = self._of(pool), self.limits.stay_weight
        fleet, count = self._stays, self._stays_count
        if count <= 0:
            return None
        here = _NO_STAYS if learnt.stays is None else learnt.stays
        found: Vector = (here + weight * fleet / count) / (learnt.stays_count + weight)
        return found

    def energy_kwh(self, pool: Pool) -> float | None:
        """What a session takes on average, kWh; None where no session is known in the whole network."""
        learnt, weight = self._of(pool), self.limits.stay_weight
        total, count = self._energy_wh, self._energy_count
        if count <= 0:
            return None
        return (learnt.energy_wh + weight * total / count) / (learnt.energy_count + weight) / 1000

    # -- how it is computed --------------------------------------------------------------------

    def _rates(self, pool: Pool, learnt: Learnt, at_ms: int) -> Vector:
        week = at_ms // WEEK_MS
        if learnt.rates is not None and learnt.rates[:2] == (week, learnt.version):
            return learnt.rates[2]
        starts, hours = learnt.weighed(week)
        kappa = self.limits.kappa
        prior = self._prior(pool, starts, hours, week)
        found: Vector = (starts + kappa * prior) / (hours + kappa)
        learnt.rates = (week, learnt.version, found)
        return found

    def _mean(self, pool: Pool, at_ms: int) -> float:
        learnt = self._of(pool)
        rates = self._rates(pool, learnt, at_ms)
        if learnt.mean is None or learnt.mean[0] is not rates:
            learnt.mean = rates, float(rates.mean())
        return learnt.mean[1]

    def _prior(self, pool: Pool, starts: Vector, hours: Vector, week: int) -> Vector:
        """The site's daily shape at the pool's own level."""
        shape, per_connector = self._of_site(pool.site, week)
        usual = per_connector * len(pool.members)
        level = shrunk(float(starts.sum()), float(hours.sum()), usual, self.limits.level_hours)
        found: Vector = np.concatenate((level * shape,) * 7)
        return found

    def _of_site(self, site: str, week: int) -> tuple[Vector, float]:
        """A site's daily shape (mean 1), drawn to the fleet's, and the fleet's starts by connector."""
        age = (week, self._age())
        known = self._sites_known.get(site)
        if known is not None and known[0] == age:
            return known[1], known[2]
        shape, per_connector = self._of_fleet(week)
        starts, hours = np.zeros(24), np.zeros(24)
        for other in self.pools.at(site):
            if (learnt := self._learnt.get(other.key)) is not None:
                n, t, _ = learnt.daily(week)
                starts += n
                hours += t
        kappa, total = self.limits.kappa, float(hours.sum())
        mean = float(starts.sum()) / total if total else 0.0
        daily = (starts + kappa * mean * shape) / (hours + kappa)
        if daily.mean() > 0:
            shape = daily / daily.mean()
        self._sites_known[site] = (age, shape, per_connector)
        return shape, per_connector

    def _age(self) -> int:
        # Priors of a big network move slowly, and are dear to compute.
        return self._fleet_version // max(REFRESH, len(self._learnt) // 4)

    def _of_fleet(self, week: int) -> tuple[Vector, float]:
        """The fleet's daily shape (mean 1) and its starts an hour and connector."""
        if self._fleet is not None and self._fleet[:2] == (week, self._age()):
            return self._fleet[2], self._fleet[3]
        starts, hours, plug_hours = np.zeros(24), np.zeros(24), 0.0
        for key, learnt in self._learnt.items():
            n, t, total = learnt.daily(week)
            starts += n
            hours += t
            plug_hours += total * max(1, len(self.pools[key].members))
        mean = starts.sum() / hours.sum() if hours.sum() else 0.0
        kappa = self.limits.kappa
        daily = (starts + kappa * mean) / (hours + kappa)
        shape = daily / daily.mean() if daily.mean() > 0 else np.ones(24)
        measured = float(starts.sum()) / plug_hours if plug_hours else 0.0
        per_connector = measured if self._guess is None else self._guess / 24
        self._fleet = (week, self._age(), shape, per_connector)
        return shape, per_connector
