"""A meter that stands still while power flows, or whose times do (F.7)."""

from dataclasses import dataclass

import msgspec

from app.domain.records import ReadingRecord, Record, SessionRecord
from app.faults.limits import Limits
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told

MINUTE_MS = 60_000
GAP_MS = 30 * MINUTE_MS
"""Power is not believed across a longer silence."""


class MeterFrozenLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The power told makes at_least_wh over least_min and readings, and the register did not move; or
    as many readings came over least_min with one and the same time.
    """

    at_least_wh: float
    least_min: float
    readings: int


@dataclass(slots=True)
class _Run:
    """Readings since the register (and the time) last moved."""

    session: int
    register_wh: int
    since_ms: int
    last_ms: int
    power_w: int = 0
    told_wh: float = 0.0
    count: int = 1
    said_ms: int = 0
    same_time: int = 1
    time_since_ms: int = 0


class MeterFrozen(Resumes):
    """Compares the register with the power told beside it."""

    name = "meter_frozen"
    hears: tuple[type, ...] = (ReadingRecord, SessionRecord)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, MeterFrozenLimits)
        self._standing = Standing(self.name)
        self._runs: dict[Place, _Run] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A reading of a session, or a session's end."""
        if isinstance(record, SessionRecord):
            if record.ended_ms is not None:
                self._runs.pop(Place(record.station, record.evse or 0), None)
            return NONE
        assert isinstance(record, ReadingRecord)
        reading, place = record.reading, Place(record.station, record.evse)
        if record.session is None or reading.energy_wh is None:
            return NONE
        run = self._runs.get(place)
        if run is None or run.session != record.session:
            self._runs[place] = _Run(
                record.session, reading.energy_wh, record.received_ms, record.received_ms,
                reading.power_w or 0, said_ms=reading.at_ms, time_since_ms=record.received_ms,
            )  # fmt: skip
            return NONE
        if reading.energy_wh != run.register_wh:
            run.register_wh, run.power_w, run.said_ms = reading.energy_wh, reading.power_w or 0, reading.at_ms
            run.since_ms = run.last_ms = run.time_since_ms = record.received_ms
            if run.count > 1:
                run.told_wh, run.count, run.same_time = 0.0, 1, 1
            return self._standing.end(place, reading.at_ms)
        self._add(run, record)
        return self._judge(place, run, scene)

    def _add(self, run: _Run, record: ReadingRecord) -> None:
        gap = min(record.received_ms - run.last_ms, GAP_MS)
        run.told_wh += max(0, run.power_w) * gap / 3_600_000
        run.last_ms, run.count = record.received_ms, run.count + 1
        if record.reading.power_w is not None:
            run.power_w = record.reading.power_w
        if record.reading.at_ms == run.said_ms and record.received_ms > run.time_since_ms:
            run.same_time += 1
        elif record.reading.at_ms != run.said_ms:
            run.said_ms, run.same_time, run.time_since_ms = record.reading.at_ms, 1, record.received_ms

    def _judge(self, place: Place, run: _Run, scene: Scene) -> Told:
        limits = self._limits
        least = limits.least_min * MINUTE_MS
        frozen = run.told_wh >= limits.at_least_wh and run.last_ms - run.since_ms >= least
        same_time = run.same_time > limits.readings and run.last_ms - run.time_since_ms >= least
        if run.count <= limits.readings or not (frozen or same_time):
            return NONE
        evidence = {
            "register_wh": run.register_wh,
            "unchanged_min": round((run.last_ms - run.since_ms) / MINUTE_MS, 1),
            "readings": run.count,
            "energy_by_power_wh": round(run.told_wh),
            "threshold_wh": limits.at_least_wh,
            "time_stands_still": same_time,
        }
        title = "Meter stands still while power flows" if frozen else "The meter's time stands still"
        return self._standing.begin(scene, place, "MeterFrozen", run.since_ms, title, evidence)
