"""What matters about a fault before a step is taken: facts of one instant, nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Result(StrEnum):
    """What became of a step."""

    RUNNING = "running"
    MENDED = "mended"
    NO_CHANGE = "no change"
    WORSE = "worse"
    REFUSED = "refused"
    """The station refused."""
    PASSED_OVER = "passed over"
    """Nothing was sent, so nothing was tried and nothing has to be waited for."""


PATIENCE_MS = 7_200_000
"""A driver who charges, or a link that is lost, is waited for at least so long."""
TRIES_PER_HOUR = 3
TRIED = frozenset({Result.MENDED, Result.NO_CHANGE, Result.WORSE})


@dataclass(frozen=True, slots=True)
class Tried:
    """One step that was taken for a fault. `number` counts the playbook's steps from 0."""

    number: int
    do: str
    at_ms: int
    result: Result
    automatic: bool = True
    text: str = ""
    settled: bool = False
    """A session proved the fault mended since, or it was over for long: the playbook begins anew."""
    ended_ms: int = 0
    """When it was seen what came of it, which may be a day later; 0 while that is not known."""


@dataclass(frozen=True, slots=True)
class Situation:
    """A fault and its station as of now.

    `charging` counts sessions on the same station in which energy flows or may flow; `stuck` says
    that the session on the faulty EVSE gives and takes nothing any more. `busy_in_group` names a
    station of the same group (parent fault, or site and cause) at which recovery is at work. So long as
    `patience_ms` after the last step (or the start) is waited for a driver or a link before a person is sent.
    `opened_ms` is when it was announced, or came back last. `restarts` are those of the station, for
    whichever of its faults they were taken.
    """

    now_ms: int
    safety: bool = False
    state: str = "UNACK"
    standing: bool = True
    online: bool = True
    doubtful: bool = False
    evse: int | None = None
    charging: int = 0
    plug_free: bool = True
    stuck: bool = False
    template: bool = False
    site: str = ""
    busy_in_group: str = ""
    tried: tuple[Tried, ...] = ()
    restarts: tuple[Tried, ...] = ()
    local_minute: int = 0
    suppressed: bool = False
    opened_ms: int = 0
    patience_ms: int = PATIENCE_MS

    def holds(self, condition: str) -> bool:
        """Whether a step's condition holds."""
        match condition:
            case "online":
                return self.online
            case "nobody-charging":
                return self.charging == 0
            case "plug-free":
                return self.plug_free
            case "session-stuck":
                return self.stuck
            case "evse-known":
                return self.evse is not None
            case "template-known":
                return self.template
        return False


@dataclass(frozen=True, slots=True)
class Switches:
    """What the operator allows. `on` maps (playbook, site) to whether it may run by itself; site "" is all.

    Quiet hours are minutes of the local day; an end before the start wraps midnight.
    """

    killed: bool = False
    on: dict[tuple[str, str], bool] = field(default_factory=dict)
    quiet: tuple[int, int] | None = None
    tries_per_hour: int = TRIES_PER_HOUR

    def automatic(self, playbook: str, site: str) -> bool:
        """Whether a playbook may run by itself at a site. Off where nobody said so."""
        for key in ((playbook, site), ("*", site), (playbook, ""), ("*", "")):
            if key in self.on:
                return self.on[key]
        return False

    def is_quiet(self, minute: int) -> bool:
        """Whether it is quiet then."""
        if self.quiet is None:
            return False
        start, end = self.quiet
        return start <= minute < end if start < end else minute >= start or minute < end


def switches_of(whole: Mapping[str, Any], playbooks: Iterable[Mapping[str, Any]]) -> Switches:
    """What the operator allows, of the entry "recovery" and those of the kind "playbook"."""
    on = {
        (str(body.get("playbook", "*")), str(body.get("site", ""))): bool(body.get("automatic"))
        for body in playbooks
    }
    quiet = whole.get("quiet")
    span = (int(quiet[0]), int(quiet[1])) if quiet else None
    return Switches(bool(whole.get("killed")), on, span, int(whole.get("tries_per_hour", TRIES_PER_HOUR)))


def acted(tried: Sequence[Tried], since_ms: int) -> int:
    """How many steps were really taken since then."""
    return sum(one.result in (*TRIED, Result.RUNNING) and one.at_ms >= since_ms for one in tried)
