"""Forecourt's own faults: what it sees of itself, every half minute, judged by a rule like any other.

Where the limits are 2 GB or 5 % of free space, commits of a second, a backup older than 26 h, a clock
that jumps by 5 s, a listener that is closed, a certificate with less than 30 days to go.
"""

from collections.abc import Hashable

import msgspec

from app.domain.fact import Fact
from app.domain.records import Record
from app.faults.limits import Limits
from app.faults.rule import Scene
from app.faults.standing import NONE, Place, Standing, Told

MB = 1024 * 1024
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


class OwnState(Fact, frozen=True):
    """What Forecourt sees of itself; None is unknown. `jump_ms`: by how much the clock moved by itself."""

    at_ms: int
    free_bytes: int | None = None
    disk_bytes: int | None = None
    recording: bool = True
    recording_cause: str = ""
    commit_ms: int | None = None
    backup_ms: int | None = None
    """The last verified backup, or the start of the run while there is none."""
    listening: bool = True
    listening_cause: str = ""
    jump_ms: int = 0
    certificate_ends_ms: int | None = None
    failed_rules: tuple[tuple[str, int], ...] = ()
    """Rules that failed, and how often."""


class OwnLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """See resources/rules/own.toml."""

    free_mb: int
    free_share: float
    commit_ms: int
    looks: int
    backup_h: float
    jump_s: float
    jump_shown_min: float
    certificate_days: float
    rule_shown_h: float


HERE = Place("")


class Own:
    """Disk, database, backup, clock, listener, certificate, and rules of ours that fail."""

    name = "own"
    hears: tuple[type, ...] = (OwnState,)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits.of(self.name, OwnLimits)
        self._standing = Standing(self.name)
        self._slow = 0
        self._failed: dict[str, int] = {}

    def hear(self, record: Record | OwnState, scene: Scene) -> Told:
        """Forecourt looked at itself."""
        assert isinstance(record, OwnState)
        return (
            *self._disk(record, scene),
            *self._judge(
                scene, record.at_ms, "NotRecording", not record.recording, "Nothing can be recorded",
                cause=record.recording_cause,
            ),
            *self._database(record, scene),
            *self._backup(record, scene),
            *self._judge(
                scene, record.at_ms, "PortLost", not record.listening, "Stations cannot connect",
                cause=record.listening_cause,
            ),
            *self._clock(record, scene),
            *self._certificate(record, scene),
            *self._rules(record, scene),
        )  # fmt: skip

    def wake(self, key: Hashable, scene: Scene) -> Told:
        """What only shows that something happened was shown long enough."""
        code, mark = key if isinstance(key, tuple) else (str(key), "")
        return self._standing.end(HERE, scene.now_ms, lambda f: (f.code, f.mark) == (code, mark))

    def _judge(self, scene: Scene, at_ms: int, code: str, bad: bool, title: str, **evidence: object) -> Told:
        if bad:
            return self._standing.begin(scene, HERE, code, at_ms, title, evidence)
        return self._standing.end(HERE, at_ms, lambda f: f.code == code)

    def _disk(self, state: OwnState, scene: Scene) -> Told:
        if state.free_bytes is None or state.disk_bytes is None:
            return NONE
        limit = min(self._limits.free_mb * MB, self._limits.free_share * state.disk_bytes)
        if self._standing.holds(HERE, "DiskSpace"):
            limit *= 1.1
        free_mb = state.free_bytes // MB
        return self._judge(
            scene, state.at_ms, "DiskSpace", state.free_bytes < limit, f"{free_mb} MB of disk left",
            free_mb=free_mb, limit_mb=round(limit / MB),
        )  # fmt: skip

    def _database(self, state: OwnState, scene: Scene) -> Told:
        if state.commit_ms is None:
            return NONE
        slow = state.commit_ms >= self._limits.commit_ms
        self._slow = min(self._slow + 1, self._limits.looks) if slow else max(self._slow - 1, 0)
        standing = self._standing.holds(HERE, "DatabaseSlow")
        bad = self._slow > 0 if standing else self._slow >= self._limits.looks
        return self._judge(
            scene, state.at_ms, "DatabaseSlow", bad, "Database is slow",
            commit_ms=state.commit_ms, limit_ms=self._limits.commit_ms,
        )  # fmt: skip

    def _backup(self, state: OwnState, scene: Scene) -> Told:
        if state.backup_ms is None:
            return NONE
        age_h = (state.at_ms - state.backup_ms) / HOUR_MS
        return self._judge(
            scene, state.at_ms, "BackupLate", age_h > self._limits.backup_h, "No backup for a day",
            last_backup_ms=state.backup_ms, limit_h=self._limits.backup_h,
        )  # fmt: skip

    def _clock(self, state: OwnState, scene: Scene) -> Told:
        if abs(state.jump_ms) < self._limits.jump_s * 1000:
            return NONE
        scene.wake(self.name, "ClockJump", state.at_ms + round(self._limits.jump_shown_min * 60_000))
        way = "forward" if state.jump_ms > 0 else "back"
        title = f"Clock jumped {way} by {abs(state.jump_ms) // 1000} s"
        return self._judge(scene, state.at_ms, "ClockJump", True, title, jump_s=state.jump_ms / 1000)

    def _certificate(self, state: OwnState, scene: Scene) -> Told:
        if state.certificate_ends_ms is None:
            return NONE
        days = (state.certificate_ends_ms - state.at_ms) // DAY_MS
        title = f"Certificate ends in {days} days" if days >= 1 else "Certificate ends within a day"
        if state.certificate_ends_ms <= state.at_ms:
            title = "Certificate has ended"
        return self._judge(
            scene, state.at_ms, "CertificateEnds", days < self._limits.certificate_days, title,
            ends_ms=state.certificate_ends_ms, limit_days=self._limits.certificate_days,
        )  # fmt: skip

    def _rules(self, state: OwnState, scene: Scene) -> Told:
        told: Told = NONE
        for rule, times in state.failed_rules:
            if times <= self._failed.get(rule, 0):
                continue
            self._failed[rule] = times
            until = state.at_ms + round(self._limits.rule_shown_h * HOUR_MS)
            scene.wake(self.name, ("RuleFailed", rule), until)
            told += self._standing.begin(
                scene, HERE, "RuleFailed", state.at_ms, f"The rule {rule} failed", {"times": times}, mark=rule
            )
        return told
