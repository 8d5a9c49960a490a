"""Stations whose clock is wrong, and how it can be mended in their version.

1.6 has no setting for the time: a station takes it from the answers to its BootNotification and
Heartbeat (1.6 sections 4.2 and 4.6). 2.x has ClockCtrlr: `TimeSource` says where the time comes from,
and where that is "Heartbeat" the same holds; `DateTime` may be writable (2.1 part 2, B and appendix 2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.operations import Operation, Trigger, Variable, WriteConfiguration
from app.domain.records import VariableRecord
from app.operations.configuration.values import parts

WRONG_MS = 60_000
"""A clock off by more than this is shown as wrong (Q65)."""

DATE_TIME = Variable("DateTime", "ClockCtrlr")
TIME_SOURCE = Variable("TimeSource", "ClockCtrlr")


@dataclass(frozen=True, slots=True)
class Mend:
    """One way to put a clock right."""

    operation: Operation
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class WrongClock:
    """A station whose clock is wrong. `skew_ms` is its clock minus ours: positive is ahead."""

    station: str
    skew_ms: int
    version: str
    online: bool
    mends: tuple[Mend, ...]

    @property
    def sentence(self) -> str:
        """How wrong it is."""
        return f"Its clock is {in_words(abs(self.skew_ms))} {'ahead' if self.skew_ms > 0 else 'behind'}."


def in_words(ms: int) -> str:
    """A span as people say it: "90 s", "7 min", "3 h 10 min", "12 days"."""
    seconds = round(ms / 1000)
    if seconds < 120:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(minutes / 1440)} days"


def mends(version: str, now_ms: int, rows: Iterable[VariableRecord] = ()) -> tuple[Mend, ...]:
    """The ways that a station of this version offers, the gentlest first.

    Args:
        version: "1.6", "2.0.1", "2.1", "" for a station that never connected.
        now_ms: the right time.
        rows: what was read of its settings.
    """
    if not version:
        return ()
    heartbeat = Mend(
        Trigger("Heartbeat"),
        "Ask for a heartbeat",
        "The answer to a heartbeat tells the right time; most stations set their clock by it.",
    )
    boot = Mend(
        Trigger("BootNotification"),
        "Ask for a boot notification",
        "Its answer tells the time again, for stations that set their clock only then. Nothing restarts.",
    )
    if version == "1.6":
        return heartbeat, boot
    found = {(r.component.casefold(), r.name.casefold()): r for r in rows if r.attribute == "Actual"}
    source = found.get(("clockctrlr", "timesource"))
    ways = [heartbeat, boot]
    if source is not None and source.value is not None and not source.readonly:
        named = parts(source.value)
        if "Heartbeat" not in named:
            value = ",".join((*named, "Heartbeat"))
            ways.append(
                Mend(
                    WriteConfiguration(((TIME_SOURCE, value),)),
                    "Let it take the time from heartbeats",
                    f"It takes its time from {source.value or 'nowhere'}; heartbeats become its last source.",
                )
            )
    clock = found.get(("clockctrlr", "datetime"))
    if clock is not None and not clock.readonly and clock.value is not None:
        ways.append(
            Mend(
                WriteConfiguration(((DATE_TIME, stamp(now_ms)),)),
                "Set its clock",
                "The right time is written to it. It may drift again.",
            )
        )
    return tuple(ways)


def stamp(ms: int) -> str:
    """`2026-01-31T12:00:00Z`, whole seconds."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
