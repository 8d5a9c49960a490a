"""The faults a station had: what ended each, and which come again and again."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.records import FaultEventRecord, FaultRecord
from app.store.readers.faults import ends_of, faults_at

WINDOW_MS = 90 * 86_400_000
MOST = 300


@dataclass(frozen=True, slots=True)
class PastFault:
    """A fault that is over, and the line of its history that ended it."""

    fault: FaultRecord
    ended_by: FaultEventRecord | None


@dataclass(frozen=True, slots=True)
class Repeat:
    """What happened at one place more than once in 90 days; `lost` in minor units by currency."""

    code: str
    title: str
    evse: int | None
    times: int
    last_ms: int
    lost: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class StationFaults:
    """What the station page shows of faults of the past, newest first; repeats the most frequent first."""

    station: str
    past: tuple[PastFault, ...]
    repeats: tuple[Repeat, ...]


def station_faults(connection: Connection, station: str, now_ms: int) -> StationFaults:
    """A station's faults of 90 days that are over; what lay under another cause is left out."""
    since = now_ms - WINDOW_MS
    found = [f for f in faults_at(connection, station, MOST) if f.opened_ms >= since and f.parent is None]
    over = [f for f in found if f.closed_ms is not None]
    ends = ends_of(connection, [f.fault for f in over])
    groups: dict[tuple[str, int | None], list[FaultRecord]] = defaultdict(list)
    for fault in found:
        groups[fault.code, fault.evse].append(fault)
    repeats = [_repeat(members) for members in groups.values() if sum(f.alarms for f in members) > 1]
    repeats.sort(key=lambda one: (-one.times, -one.last_ms))
    return StationFaults(station, tuple(PastFault(f, ends.get(f.fault)) for f in over), tuple(repeats))


def _repeat(members: list[FaultRecord]) -> Repeat:
    newest = members[0]
    lost: dict[str, int] = defaultdict(int)
    for fault in members:
        if fault.lost_minor:
            lost[fault.currency] += fault.lost_minor
    return Repeat(
        newest.code, newest.title, newest.evse, sum(f.alarms for f in members), newest.opened_ms,
        tuple(sorted(lost.items(), key=lambda item: -item[1])),
    )  # fmt: skip
