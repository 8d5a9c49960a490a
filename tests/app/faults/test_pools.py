"""Which connectors drivers take for each other."""

import json

from app.domain.ids import StationId
from app.domain.records import ConnectorPlan, EntryRecord, StationRecord, StatusRecord
from app.domain.status import Admission, ConnectorStatus
from app.faults.pools import Pools
from app.faults.standing import Place


def station(name: str, site: str, *plugs: tuple[str, int], **more) -> StationRecord:
    plan = tuple(ConnectorPlan(n, 1, kind, power * 1000) for n, (kind, power) in enumerate(plugs, 1))
    return StationRecord(StationId(name), site=site, plan=plan, **more)


def members(pools: Pools, *place) -> list[tuple]:
    pool = pools.of(Place(*place))
    return [] if pool is None else [p[:3] for p in pool.members]


def test_same_site_same_standard_power_within_two():
    """A 150 kW plug is no substitute for a 50 kW one, an AC plug none for DC, the next site none at all."""
    pools = Pools()
    pools.hear(station("A", "Depot", ("CCS", 50), ("Type2", 22)))
    pools.hear(station("B", "Depot", ("CCS", 100), ("CCS", 150)))
    pools.hear(station("C", "Market", ("CCS", 50)))
    assert members(pools, "A", 1, 1) == [("A", 1, 1), ("B", 1, 1)]
    assert members(pools, "A", 2, 1) == [("A", 2, 1)]
    assert members(pools, "B", 2, 1) == [("B", 2, 1)]
    assert members(pools, "C", 1, 1) == [("C", 1, 1)]


def test_the_operator_puts_connectors_together():
    """And takes it back."""
    pools = Pools()
    pools.hear(station("A", "Depot", ("CCS", 50)))
    pools.hear(station("B", "Depot", ("CCS", 300)))
    body = json.dumps({"connectors": [["A", 1, 1], ["B", 1, 1]]})
    pools.hear(EntryRecord("pool", "mine", 1, 0, "me", "", body))
    assert len(members(pools, "A", 1, 1)) == 2
    pools.hear(EntryRecord("pool", "mine", 2, 0, "me", "", "{}", gone=True))
    assert len(members(pools, "A", 1, 1)) == 1


def test_a_connector_that_nobody_planned_is_seen():
    """Q60: created on sight; without a site a station is its own pool."""
    pools = Pools()
    pools.hear(station("A", ""))
    pools.hear(station("B", ""))
    for name in ("A", "B"):
        pools.hear(StatusRecord(StationId(name), 3, 1, 0, 0, ConnectorStatus.AVAILABLE))
    assert members(pools, "A", 3, 1) == [("A", 3, 1)]
    assert pools.connectors("A") == (Place("A", 3, 1),)


def test_a_station_that_moves_or_leaves_changes_both_pools():
    """Nothing stays behind."""
    pools = Pools()
    pools.hear(station("A", "Depot", ("CCS", 50)))
    pools.hear(station("B", "Depot", ("CCS", 50)))
    pools.hear(station("B", "Market", ("CCS", 50)))
    assert members(pools, "A", 1, 1) == [("A", 1, 1)]
    pools.hear(station("B", "Market", ("CCS", 50), admission=Admission.RETIRED))
    assert members(pools, "B", 1, 1) == []
    assert [pool.site for pool in pools.all()] == ["Depot"]
