"""Early warnings taken or missed: faults that leave a connector in use and are often followed by one that
does not. Maintenance that better attention would have spared, as counts, never as money."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.analytics.failure_history import OFFLINE_MS
from app.domain.records import FaultRecord
from app.domain.work_orders import WorkOrder, orders_of
from app.store.readers.entries import current_entries
from app.store.readers.faults import faults_between, lines_between

DAY_MS = 86_400_000
FOLLOWS_MS = 30 * DAY_MS
"""So long an outage of the same connector counts as what was warned of; a younger warning is pending."""
WARNS = frozenset({"temperature", "power_limited", "flapping_link", "reboots", "short_sessions"})
OUT = frozenset({"connector_fault", "station_event", "offline", "silence", "starts_without_energy"})
DEEDS = frozenset({"assign", "recovery", "out-of-service", "due"})
"""What somebody, or recovery, does about a fault; to have seen it is no deed."""


@dataclass(frozen=True, slots=True)
class EarlyWarnings:
    """How many were acted on with no outage after it, were left alone until the outage came, wait for their
    thirty days, and went by themselves."""

    taken: int = 0
    missed: int = 0
    pending: int = 0
    passed: int = 0


def early_warnings(
    connection: Connection, from_ms: int, to_ms: int, now_ms: int, site: str = ""
) -> EarlyWarnings:
    """The warnings opened in [from, to), of one site or of all, by what followed."""
    until = min(to_ms + FOLLOWS_MS, now_ms)
    faults = [f for f in faults_between(connection, from_ms, until + 1) if site in ("", f.site)]
    deeds: dict[int, int] = {}
    for line in lines_between(connection, from_ms, until + 1, sorted(DEEDS)):
        deeds.setdefault(line.fault, line.at_ms)
    for order in orders_of(current_entries(connection, "work-order")):
        _ordered(order, deeds)
    warnings = [f for f in faults if f.rule in WARNS and f.opened_ms < to_ms and f.parent is None]
    return judged(warnings, [f for f in faults if _is_outage(f)], deeds, now_ms)


def _is_outage(fault: FaultRecord) -> bool:
    """A link that was away for less than an hour is no failure (reference section G): it is what a link
    that comes and goes does anyway."""
    if fault.rule == "offline":
        return fault.over_ms is None or fault.over_ms - fault.onset_ms > OFFLINE_MS
    return fault.rule in OUT


def _ordered(order: WorkOrder, deeds: dict[int, int]) -> None:
    for number in order.faults:
        deeds[number] = min(deeds.get(number, order.created_ms), order.created_ms)


def judged(
    warnings: Iterable[FaultRecord], outages: Sequence[FaultRecord], deeds: Mapping[int, int], now_ms: int
) -> EarlyWarnings:
    """What came of each; `deeds` is when something was done about a fault first. Pure."""
    by_station: dict[str, list[FaultRecord]] = {}
    for outage in sorted(outages, key=lambda f: f.onset_ms):
        by_station.setdefault(str(outage.station), []).append(outage)
    counts = {"taken": 0, "missed": 0, "pending": 0, "passed": 0}
    for warning in warnings:
        counts[
            _came_of(warning, by_station.get(str(warning.station), ()), deeds.get(warning.fault), now_ms)
        ] += 1
    return EarlyWarnings(**counts)


def _came_of(warning: FaultRecord, outages: Sequence[FaultRecord], deed_ms: int | None, now_ms: int) -> str:
    first = bisect_right([o.onset_ms for o in outages], warning.onset_ms)
    after = next(
        (o.onset_ms for o in outages[first:] if warning.evse in (None, o.evse) or o.evse is None), None
    )
    end = warning.opened_ms + FOLLOWS_MS
    acted = deed_ms is not None and (after is None or deed_ms < after)
    if after is not None and after <= end:
        # Acted on in time, and it still failed: attention was paid, the remedy did not hold.
        return "passed" if acted else "missed"
    if now_ms < end:
        return "pending"
    return "taken" if acted else "passed"
