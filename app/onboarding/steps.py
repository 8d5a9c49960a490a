"""What a commissioning consists of, and how one stands. Kept as the entry kind "commissioning"."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import msgspec


class Stand(StrEnum):
    """How a step stands. WAITING is for a person at the charger; the last three are ends."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class RunState(StrEnum):
    """How a commissioning stands. STOPPED at a failure, PAUSED by a person; both go on."""

    RUNNING = "running"
    STOPPED = "stopped"
    PAUSED = "paused"
    DONE = "done"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class StepKind:
    """A step: its key, what it is called, and what it proves."""

    key: str
    title: str
    proves: str


KINDS: tuple[StepKind, ...] = (
    StepKind("connects", "Connects", "The charger reaches this machine and is let in."),
    StepKind("boots", "Introduces itself", "It tells its maker, model, serial number and firmware."),
    StepKind("time", "Clock is right", "Its messages carry the right time."),
    StepKind("statuses", "Connectors report", "Each connector tells a status and none is faulted."),
    StepKind("configuration", "Settings applied", "The template is written and read back equal."),
    StepKind("start", "Test charge starts", "A session starts by a command from here."),
    StepKind("energy", "Energy is counted", "The meter's energy arrives and rises."),
    StepKind("offline", "Survives a cut of the link", "What it measured without link arrives afterwards."),
    StepKind("stop", "Test charge stops", "The session ends by a command from here, with its energy."),
    StepKind("reboot", "Restarts and returns", "It restarts when told to and is there again."),
)
TITLES: Mapping[str, str] = {kind.key: kind.title for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a commissioning.

    Attributes:
        text: the evidence of one that ended, what is awaited of one under way.
        acts: what was done for it in this attempt, so that nothing is done twice.
        remedy: key of what may mend a failure, "" if there is none but to retry.
        by, why: of a step that was skipped.
    """

    key: str
    stand: Stand = Stand.PENDING
    began_ms: int | None = None
    ended_ms: int | None = None
    text: str = ""
    acts: tuple[str, ...] = ()
    command: int | None = None
    remedy: str = ""
    by: str = ""
    why: str = ""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One commissioning of one station.

    Attributes:
        evse: where the test charge is.
        token: for whom it is.
        session: its number, once there is one.
        cut_from_ms, cut_to_ms: while the link was cut for the test.
        vendor … protocol: the station as it introduced itself, for the protocol.
    """

    station: str
    started_ms: int
    by: str
    evse: int = 1
    token: str = "FORECOURT-TEST"
    state: RunState = RunState.RUNNING
    steps: tuple[Step, ...] = tuple(Step(kind.key) for kind in KINDS)
    ended_ms: int | None = None
    session: int | None = None
    energy_wh: int | None = None
    cut_from_ms: int | None = None
    cut_to_ms: int | None = None
    name: str = ""
    site: str = ""
    vendor: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    protocol: str = ""
    peer: str = ""

    @property
    def key(self) -> str:
        """Its entry."""
        return f"{self.station} {self.started_ms}"

    @property
    def place(self) -> int:
        """Which step it stands at; the number of steps once all have ended."""
        for place, step in enumerate(self.steps):
            if step.stand not in (Stand.PASSED, Stand.SKIPPED):
                return place
        return len(self.steps)

    @property
    def current(self) -> Step | None:
        """The step it stands at."""
        return self.steps[self.place] if self.place < len(self.steps) else None

    def count(self, stand: Stand) -> int:
        """How many steps stand so."""
        return sum(1 for step in self.steps if step.stand is stand)

    def with_step(self, step: Step) -> "Run":
        """The same run with this step in its place."""
        return replace(self, steps=tuple(step if s.key == step.key else s for s in self.steps))


def body_of(run: Run) -> dict[str, Any]:
    """A run as an entry's body."""
    body: dict[str, Any] = msgspec.to_builtins(run)
    return body


def run_of(body: Mapping[str, Any]) -> Run | None:
    """Read it back; None where the body is of another form."""
    try:
        return msgspec.convert(dict(body), Run)
    except msgspec.ValidationError:
        return None


def verdict(run: Run) -> str:
    """The result in one sentence."""
    skipped, passed = run.count(Stand.SKIPPED), run.count(Stand.PASSED)
    if run.state is RunState.DONE:
        if not skipped:
            return f"All {passed} steps passed."
        return f"{passed} steps passed, {skipped} skipped with a reason."
    failed = next((step for step in run.steps if step.stand is Stand.FAILED), None)
    if failed is not None:
        return f"Not passed: stopped at “{TITLES[failed.key]}”."
    return f"Not finished: {passed} of {len(run.steps)} steps passed."
