"""What an idle station costs in the live picture and the sessions' memory (budget: 10 KiB of 40)."""

import tracemalloc

from app.domain.ids import StationId
from app.domain.records import LinkRecord, Record, StationRecord, StatusRecord
from app.domain.status import ConnectorStatus, LinkState
from app.fleet import Fleet
from app.sessions import StationSessions
from tests.app.fleet.fleet_story import BERLIN, T0

STATIONS = 400


def test_an_idle_station_costs_little() -> None:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        fleet, sessions = Fleet(BERLIN, T0), []
        for number in range(STATIONS):
            name = StationId(f"STATION-{number:06d}")
            records: list[Record] = [
                StationRecord(name, name=f"Name {number}", serial=f"SN-{number}", last_seen_ms=T0 + number),
                LinkRecord(name, T0 + number, LinkState.ONLINE),
                *(StatusRecord(name, e, 1, T0, T0, ConnectorStatus.AVAILABLE) for e in (1, 2)),
            ]
            state = StationSessions(name)
            for record in records:
                fleet.apply(record)
                state.apply(record)
            sessions.append(state)
        feed = fleet.subscribe()
        fleet.snapshot(T0)
        feed.take()
        each = (tracemalloc.get_traced_memory()[0] - before) / STATIONS
    finally:
        tracemalloc.stop()
    assert each < 10 * 1024
