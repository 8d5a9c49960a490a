"""One phase of three carries nothing: by its voltage at once, by its current over two vehicles."""

from collections.abc import Sequence

import msgspec

from app.domain.meter import Sample
from app.domain.records import ReadingRecord, Record, SessionRecord
from app.faults.limits import Limits
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Resumes, Standing, Told

PHASES = ("L1", "L2", "L3")
_PHASE = {**{phase: phase for phase in PHASES}, **{f"{phase}-N": phase for phase in PHASES}}


class PhaseMissingLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A voltage under voltage_share of the others' in `readings` in a row; or a current under dead_a
    while the two others carry over live_a, for whole sessions of `sessions` different cards, where all
    three were carried before.
    """

    voltage_share: float
    readings: int
    live_a: float
    dead_a: float
    sessions: int


class PhaseMissing(Resumes):
    """Reads voltage and current by phase."""

    name = "phase_missing"
    hears: tuple[type, ...] = (ReadingRecord, SessionRecord)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, PhaseMissingLimits)
        self._standing = Standing(self.name)
        self._low: dict[Place, dict[str, int]] = {}
        self._used: dict[Place, dict[str, float]] = {}
        self._whole: set[Place] = set()
        """Where all three phases carried in the running session, which no later reading changes."""
        self._three: set[Place] = set()
        self._without: dict[Place, tuple[str, list[str]]] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A reading, or a session's end."""
        if isinstance(record, SessionRecord):
            return self._session(record, scene) if record.ended_ms is not None else NONE
        assert isinstance(record, ReadingRecord)
        samples, place = record.reading.samples, Place(record.station, record.evse)
        amps = None if record.session is None or place in self._whole else _phased(samples, "Current.Import")
        volts = _phased(samples, "Voltage")
        if amps:
            used = self._used.setdefault(place, {})
            for phase, value in amps.items():
                used[phase] = max(used.get(phase, 0.0), value)
            if len(used) == len(PHASES) and min(used.values()) > self._limits.live_a:
                self._whole.add(place)
        if volts is None or len(volts) < len(PHASES):
            return NONE
        return self._voltage(place, volts, record.reading.at_ms, scene)

    def _voltage(self, place: Place, volts: dict[str, float], at_ms: int, scene: Scene) -> Told:
        counts, told = self._low.setdefault(place, {}), list(NONE)
        highest = max(volts.values())
        for phase, value in volts.items():
            if value >= self._limits.voltage_share * highest:
                counts.pop(phase, None)
                told += self._standing.end(place, at_ms, lambda f, p=phase: f.mark == f"{p} voltage")  # type: ignore[misc]
                continue
            counts[phase] = counts.get(phase, 0) + 1
            if counts[phase] == self._limits.readings:
                evidence = {f"{name}_v": volt for name, volt in volts.items()}
                evidence["threshold_share"] = self._limits.voltage_share
                told += self._standing.begin(
                    scene, place, "PhaseMissing", at_ms, f"No voltage on {phase}", evidence,
                    mark=f"{phase} voltage",
                )  # fmt: skip
        return tuple(told)

    def _session(self, record: SessionRecord, scene: Scene) -> Told:
        place = Place(record.station, record.evse or 0)
        used = self._used.pop(place, None)
        self._whole.discard(place)
        if used is None or len(used) < len(PHASES):
            return NONE
        at_ms = record.ended_ms or scene.now_ms
        live = [phase for phase in PHASES if used[phase] > self._limits.live_a]
        if len(live) == len(PHASES):
            self._three.add(place)
            self._without.pop(place, None)
            return self._standing.end(place, at_ms, lambda f: f.mark.endswith("current"))
        dead = [phase for phase in PHASES if used[phase] < self._limits.dead_a]
        if len(live) != 2 or len(dead) != 1 or place not in self._three:
            return NONE
        phase, cards = self._without.get(place, (dead[0], []))
        cards = cards if phase == dead[0] else []
        self._without[place] = (dead[0], [*cards, record.token])
        if len({*cards, record.token}) < self._limits.sessions:
            return NONE
        evidence = {f"{name}_a": round(amps, 1) for name, amps in used.items()}
        evidence["sessions"] = len(cards) + 1
        return self._standing.begin(
            scene, place, "PhaseMissing", at_ms, f"No current on {dead[0]}", evidence,
            mark=f"{dead[0]} current",
        )  # fmt: skip


def _phased(samples: Sequence[Sample], measurand: str) -> dict[str, float] | None:
    """What samples say of each phase; None where they say nothing, which most do of voltages."""
    found: dict[str, float] | None = None
    for sample in samples:
        if sample.measurand == measurand and sample.number is not None:
            phase = _PHASE.get(sample.phase)
            if phase is not None:
                found = found or {}
                found[phase] = sample.number
    return found
