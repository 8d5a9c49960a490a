"""Which connectors a fault takes, and how much of each: the shares of resources/rules/money.toml."""

from app.domain.records import FaultRecord
from app.faults.alarm import detail_of
from app.faults.demand import Demand
from app.faults.money_limits import MoneyLimits
from app.faults.pools import Pools
from app.faults.standing import Place


class Reach:
    """Judges faults by their rule, code and place, and by what the connector says now."""

    def __init__(self, limits: MoneyLimits, pools: Pools, demand: Demand) -> None:
        self._limits, self._pools, self._demand = limits, pools, demand

    def places(self, row: FaultRecord) -> frozenset[Place]:
        """The connectors at a fault's place; of a site, those of the stations it names where it does."""
        if row.station:
            return frozenset(self._pools.connectors(row.station, row.evse or 0, row.connector or 0))
        if not row.site:
            return frozenset()
        named = detail_of(row).get("evidence", {}).get("stations")
        found = self._pools.of_site(row.site)
        return frozenset(p for p in found if not isinstance(named, list) or p.station in named)

    def takes(self, row: FaultRecord) -> bool:
        """Whether a fault takes anything out of use now."""
        return self.weight(row, self.places(row)) > 0

    def weight(self, row: FaultRecord, places: frozenset[Place]) -> float:
        """How much of each of its connectors a fault takes now, 0 to 1."""
        limits = self._limits
        if row.rule in limits.by_status and places and all(self._demand.broken(place) for place in places):
            return 1.0
        if row.rule == "power_limited":
            share = detail_of(row).get("evidence", {}).get("share_of_usual")
            if isinstance(share, int | float):
                return min(1.0, max(0.0, 1 - share))
        if row.rule in limits.by_status:
            return limits.outage.get(row.rule, limits.codes.get(row.code, 0.0))
        return limits.outage.get(row.rule, 0.0)
