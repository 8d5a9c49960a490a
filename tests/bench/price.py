"""How dear it is to price a pool of 50 connectors again when an outage begins in it."""

import statistics
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from app.domain.ids import StationId, TransactionId
from app.domain.records import (
    ConnectorPlan,
    FaultRecord,
    LinkRecord,
    SessionRecord,
    SessionState,
    StationRecord,
    StatusRecord,
)
from app.domain.status import ConnectorStatus, LinkState
from app.faults.money import Pricer
from app.faults.pricing import Hour, Terms, losses
from tests.bench.benches import Line, spread

BEGUN_MS = 1_767_225_600_000
DAY_MS, HOUR_MS = 86_400_000, 3_600_000
STATIONS, DAYS, OUTAGES = 25, 28, 20
CELLS = 168


def again(say: Callable[[str], None]) -> list[Line]:
    """One change after the other, each priced; beside the arithmetic that it needs at the least."""
    pricer, names = _learnt(), [StationId(f"S{n:02}") for n in range(STATIONS)]
    faults: dict[int, FaultRecord] = {}
    spans: list[float] = []
    for number, name in enumerate(names[:OUTAGES], 1):
        now = BEGUN_MS + DAYS * DAY_MS + number * 61_000
        faults[number] = FaultRecord(
            number, "offline", "Offline", "", name, "Depot", onset_ms=now, opened_ms=now
        )
        begun = time.thread_time()
        pricer(faults, now)
        spans.append((time.thread_time() - begun) * 1000)
    begun = time.thread_time()
    for _ in range(CELLS):
        losses(2 * STATIONS, Hour(10.0, 5.0, 0.5), Terms(20.0, 0.1))
    least = (time.thread_time() - begun) * 1000
    ratio = statistics.median(spans) / least
    say(f"priced again: {spread(spans, ' ms', 1)}, {ratio:.1f} × a week's tables")
    return [
        Line(
            "a pool of 50 connectors priced again after a change", "≤ 20 ms",
            f"{spread(spans, ' ms', 1)}; {ratio:.1f} × the loss tables of a week alone",
            statistics.median(spans) <= 20,
        )
    ]  # fmt: skip


def _learnt() -> Pricer:
    pricer, number = Pricer(ZoneInfo("UTC")), 0
    for n in range(STATIONS):
        name = StationId(f"S{n:02}")
        plan = tuple(ConnectorPlan(evse, 1, "CCS", 150_000) for evse in (1, 2))
        pricer.learn(StationRecord(name, site="Depot", plan=plan), BEGUN_MS)
        pricer.learn(LinkRecord(name, BEGUN_MS, LinkState.ONLINE), BEGUN_MS)
        for evse in (1, 2):
            free = StatusRecord(name, evse, 1, BEGUN_MS, BEGUN_MS, ConnectorStatus.AVAILABLE)
            pricer.learn(free, BEGUN_MS)
    for slot in range(DAYS * 24):
        for n in range(slot % 3, STATIONS, 12):
            number += 1
            at_ms, name = BEGUN_MS + slot * HOUR_MS, StationId(f"S{n:02}")
            over = SessionRecord(
                number, name, 1 + slot % 2, 1, TransactionId(str(number)), started_ms=at_ms,
                ended_ms=at_ms + HOUR_MS // 2, energy_wh=20_000, state=SessionState.CLOSED,
            )  # fmt: skip
            pricer.learn(over, at_ms)
    return pricer
