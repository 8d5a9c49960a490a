"""What changed since yesterday at this time: faults opened and ended, and the energy of the day so far."""

from dataclasses import dataclass

from sqlalchemy import Connection

from app.analytics.days import last_days
from app.analytics.energy import energy_between
from app.domain.records import FaultRecord
from app.store.readers.faults import faults_between, faults_closed_since

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Yesterday:
    """The last 24 hours against what was before. Counts are of causes; what lies under one is not counted.

    `healed` are those of `ended` that Forecourt mended and proved. Energies are Wh since local
    midnight, and of yesterday's midnight for as long; None where nothing was delivered in one of them.
    """

    opened: int
    still_open: int
    """Of those that opened, how many are."""
    ended: int
    healed: int
    lost: tuple[tuple[str, int], ...]
    """What those that ended lost in all, minor units by currency."""
    energy_wh: int | None
    before_wh: int | None


def since_yesterday(connection: Connection, now_ms: int, zone: str) -> Yesterday:
    """What changed in the 24 hours before `now_ms`; `zone` tells where the day begins."""
    since = now_ms - DAY_MS
    opened = [f for f in faults_between(connection, since, now_ms) if _counts(f)]
    opened = [f for f in opened if f.opened_ms >= since]
    ended = [f for f in faults_closed_since(connection, since) if _counts(f) and (f.closed_ms or 0) <= now_ms]
    lost: dict[str, int] = {}
    for fault in ended:
        if fault.lost_minor:
            lost[fault.currency] = lost.get(fault.currency, 0) + fault.lost_minor
    yesterday, today = last_days(now_ms, zone, 2)
    passed = now_ms - today.start_ms
    energy = energy_between(connection, today.start_ms, now_ms).total_wh
    before = energy_between(connection, yesterday.start_ms, yesterday.start_ms + passed).total_wh
    known = energy > 0 and before > 0
    return Yesterday(
        len(opened),
        sum(1 for f in opened if f.closed_ms is None),
        len(ended),
        sum(1 for f in ended if f.recovered_ms is not None),
        tuple(sorted(lost.items(), key=lambda item: -item[1])),
        energy if known else None,
        before if known else None,
    )


def _counts(fault: FaultRecord) -> bool:
    return fault.parent is None and fault.state != "DSUPR"
