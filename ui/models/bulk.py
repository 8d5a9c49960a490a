"""What can be asked of many stations at once, and what that would touch."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.operations import (
    Consequence,
    FetchLog,
    Operation,
    ReadConfiguration,
    Reset,
    SetAvailability,
)
from app.fleet.views import StationView
from ui.theme.formats import count

WAVES = (2, 10)
"""Stations in the first waves; the rest follow (UI, Stations / Configuration)."""
ASKS_COUNT_ABOVE = 10
"""A batch over so many stations asks to type the count (UI section 9)."""


@dataclass(frozen=True, slots=True)
class BulkDeed:
    """A command for many stations.

    Attributes:
        title: of the sheet and of the batch: "Reset".
        verb: on the button.
        text: what it does, in a sentence or two.
        choices: (key, word) where the command has ways; `make(station, choice)` gives the operation.
        prepare: run in the core just before it is handed over: (room, station, operation) → operation.
        icon: a Lucide name.
    """

    key: str
    title: str
    verb: str
    icon: str
    text: Mapping[str, str]
    make: Callable[[str, str], Operation]
    choices: Sequence[tuple[str, str]] = field(default=(("", ""),))
    prepare: Callable[[Any, str, Operation], Awaitable[Operation]] | None = None
    one: bool = False
    """One command for one station, and no batch."""
    harmless: bool = False
    """It changes nothing: no number has to be typed, and it goes on where one station fails."""


RESET = BulkDeed(
    "reset",
    "Reset",
    "Reset",
    "rotate-ccw",
    {
        "soft": "Each station restarts once it is idle, where it can wait. It is proved when the station "
        "has come back and is available.",
        "hard": "Each station restarts at once and cuts what it is doing. It is proved when the station "
        "has come back and is available.",
    },
    lambda _station, way: Reset(hard=way == "hard"),
    (("soft", "When idle"), ("hard", "At once")),
)
AVAILABILITY = BulkDeed(
    "availability",
    "Change availability",
    "Change",
    "power",
    {
        "out": "Drivers can not start there any more; a running session goes on to its end. "
        "It is proved when every connector reports that it is out of service.",
        "in": "Drivers can charge there again. It is proved when the connectors report that they are "
        "available.",
    },
    lambda _station, way: SetAvailability(operative=way == "in"),
    (("out", "Out of service"), ("in", "In service")),
)
READ = BulkDeed(
    "read",
    "Read configuration",
    "Read",
    "refresh-cw",
    {"": "Every setting is read and kept, and compared with the template. Nothing is changed."},
    lambda _station, _way: ReadConfiguration(),
    harmless=True,
)
LOGS = BulkDeed(
    "logs",
    "Fetch logs",
    "Fetch",
    "file-down",
    {
        "Diagnostics": "Each station uploads its diagnostics to an address of this machine that works once. "
        "The files appear on the station's page.",
        "Security": "Each station uploads its security log (OCPP 1.6 security extension and 2.x) to an "
        "address of this machine that works once.",
    },
    lambda _station, way: FetchLog(kind=way),
    (("Diagnostics", "Diagnostics"), ("Security", "Security log")),
    harmless=True,
)
DEEDS = (RESET, AVAILABILITY, READ, LOGS)


@dataclass(frozen=True, slots=True)
class Touched:
    """What a batch would touch, gathered from the consequences of each of its wishes.

    Attributes:
        blocked: (station, reason) of those it can not be sent to.
        warnings: (text, stations) with the same sentence, most first.
        sessions: the sessions it would cut, without repeats.
        asks_why: a typed reason is needed.
        agreed: the keys to agree to, by station.
    """

    blocked: tuple[tuple[str, str], ...] = ()
    warnings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sessions: tuple[int, ...] = ()
    asks_why: bool = False
    agreed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def touched(found: Iterable[tuple[str, Sequence[Consequence]]]) -> Touched:
    """Gather (station, its consequences)."""
    blocked: list[tuple[str, str]] = []
    warnings: dict[str, list[str]] = {}
    sessions: dict[int, None] = {}
    agreed: dict[str, tuple[str, ...]] = {}
    why = False
    for station, consequences in found:
        stop = next((c for c in consequences if c.blocks), None)
        if stop is not None:
            blocked.append((station, stop.text))
            continue
        agreed[station] = tuple(c.key for c in consequences)
        for consequence in consequences:
            warnings.setdefault(consequence.text, []).append(station)
            sessions.update(dict.fromkeys(consequence.sessions))
            why = why or consequence.asks_why
    ordered = sorted(warnings.items(), key=lambda item: (-len(item[1]), item[0]))
    return Touched(
        tuple(blocked), tuple((text, tuple(who)) for text, who in ordered), tuple(sessions), why, agreed
    )


def selection_words(views: Sequence[StationView]) -> tuple[str, str]:
    """ "3 selected", "3 sessions running on 2 of them"."""
    running = sum(view.sessions_open for view in views)
    busy = sum(1 for view in views if view.sessions_open)
    told = f"{count(running, 'session')} running on {busy} of them" if running else "no session running"
    return f"{len(views)} selected", told
