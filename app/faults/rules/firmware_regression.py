"""A firmware with which the same chargers fail more often than with the one before (reference section G)."""

from collections import deque
from dataclasses import dataclass, field

import msgspec

from app.domain.records import NoticeRecord, Record, SessionRecord
from app.faults.limits import Limits
from app.faults.outcomes import BadSessionLimits, Outcomes
from app.faults.rule import Scene
from app.faults.said import detail_of, is_boot
from app.faults.standing import NONE, Place, Resumes, Standing, Told
from app.faults.statistics import newcombe

DAY_MS = 86_400_000


class FirmwareRegressionLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """connector_days and sessions: at least so much on each side; z: how sure it must be (3: one in a
    thousand), since it is asked again after every session. usual_days: older sessions do not count.
    """

    connector_days: float
    sessions: int
    z: float
    usual_days: float


@dataclass(slots=True)
class _Run:
    """One station with one firmware: (ended, bad) of its sessions, since when, and how many are bad."""

    firmware: str
    since_ms: int
    connectors: int
    ended: deque[tuple[int, bool]] = field(default_factory=deque)
    bad: int = 0

    def add(self, at_ms: int, bad: bool) -> None:
        self.ended.append((at_ms, bad))
        self.bad += bad

    def counts(self, since_ms: int) -> tuple[int, int]:
        """Bad ones and all, without those before `since_ms`, which are forgotten."""
        while self.ended and self.ended[0][0] < since_ms:
            self.bad -= self.ended.popleft()[1]
        return self.bad, len(self.ended)


class FirmwareRegression(Resumes):
    """Compares bad sessions before and after, over all units that made the same step."""

    name = "firmware_regression"
    hears: tuple[type, ...] = (NoticeRecord, SessionRecord)
    learns = True

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, FirmwareRegressionLimits)
        self._outcomes = Outcomes(limits.of("bad_sessions", BadSessionLimits))
        self._standing = Standing(self.name)
        self._runs: dict[str, list[_Run]] = {}
        self._makes: dict[tuple[str, str], set[str]] = {}
        self._make_of: dict[str, tuple[str, str]] = {}

    def hear(self, record: Record, scene: Scene) -> Told:
        """A boot (perhaps with another firmware), or a session."""
        if isinstance(record, NoticeRecord):
            return self._boot(record, scene) if is_boot(record) else NONE
        assert isinstance(record, SessionRecord)
        runs = self._runs.get(record.station)
        verdict = self._outcomes.hear(record, "")
        if verdict is None or not runs:
            return NONE
        outcome = verdict.last[-1]
        runs[-1].add(outcome.ended_ms, outcome.kind != "good")
        runs[-1].counts(outcome.ended_ms - round(self._limits.usual_days * DAY_MS))
        if len(runs) == 1 or scene.learning:
            return NONE
        return self._judge(record.station, outcome.ended_ms, scene)

    def _boot(self, record: NoticeRecord, scene: Scene) -> Told:
        said, name = detail_of(record), record.station
        make = (str(said.get("vendor") or ""), str(said.get("model") or ""))
        firmware = str(said.get("firmware") or "")
        runs = self._runs.setdefault(name, [])
        if not firmware or (runs and runs[-1].firmware == firmware):
            return NONE
        self._makes.setdefault(make, set()).add(name)
        self._make_of[name] = make
        plugs = max(1, len(list(scene.connectors(name))))
        runs.append(_Run(firmware, record.received_ms, plugs))
        del runs[:-2]
        return self._standing.end_station(name, scene.now_ms, ended="it has another firmware now")

    def _judge(self, station: str, now_ms: int, scene: Scene) -> Told:
        make, limits = self._make_of[station], self._limits
        step = (self._runs[station][0].firmware, self._runs[station][1].firmware)
        units = sorted(
            unit for unit in self._makes[make] if tuple(run.firmware for run in self._runs[unit]) == step
        )
        usual_ms = round(limits.usual_days * DAY_MS)
        before = after = (0, 0)
        days_before = days_after = 0.0
        for unit in units:
            old, new = self._runs[unit]
            before = _added(before, old.counts(new.since_ms - usual_ms))
            after = _added(after, new.counts(now_ms - usual_ms))
            days_before += (
                old.connectors * min(new.since_ms - old.since_ms, limits.usual_days * DAY_MS) / DAY_MS
            )
            days_after += new.connectors * (now_ms - new.since_ms) / DAY_MS
        if min(days_before, days_after) < limits.connector_days or min(before[1], after[1]) < limits.sessions:
            return NONE
        low, high = newcombe(after[0], after[1], before[0], before[1], limits.z)
        mark = " ".join((*make, step[1]))
        if low <= 0:
            if newcombe(after[0], after[1], before[0], before[1])[0] > 0:
                return NONE
            told = [self._standing.end(Place(unit), now_ms, lambda f: f.mark == mark) for unit in units]
            return tuple(found for part in told for found in part)
        evidence = {
            "firmware_before": step[0],
            "firmware_now": step[1],
            "bad_before": before[0],
            "sessions_before": before[1],
            "bad_now": after[0],
            "sessions_now": after[1],
            "difference_low": round(low, 4),
            "difference_high": round(high, 4),
            "z": limits.z,
            "connector_days_before": round(days_before, 1),
            "connector_days_now": round(days_after, 1),
            "units": units,
        }
        title = f"More bad sessions since firmware {step[1]}"
        found: list[Told] = []
        for unit in units:
            place = Place(unit)
            if not self._standing.holds(place, mark=mark):
                began = self._runs[unit][1].since_ms
                found.append(
                    self._standing.begin(
                        scene, place, "FirmwareRegression", began, title, evidence, raw=step[1], mark=mark
                    )
                )
        return tuple(told for part in found for told in part)


def _added(sums: tuple[int, int], more: tuple[int, int]) -> tuple[int, int]:
    return sums[0] + more[0], sums[1] + more[1]
