"""Seeded commands and batches, as the desk would tell them."""

import json
import random
from dataclasses import replace

from app.domain.ids import StationId
from app.domain.operations import BatchView, CommandState
from app.domain.records import CommandRecord
from app.fleet.views import Picture
from app.operations.feed import DeskChanges
from tests.ui.pictures import MINUTE, NOW_MS

_KINDS = (
    ("Reset", "Reset", {"type": "Soft"}, {"hard": False, "evse": None}),
    (
        "SetAvailability",
        "ChangeAvailability",
        {"connectorId": 0, "type": "Inoperative"},
        {"operative": False},
    ),
    ("Trigger", "TriggerMessage", {"requestedMessage": "MeterValues"}, {"message": "MeterValues"}),
    ("ReadConfiguration", "GetConfiguration", {}, {"variables": []}),
    ("FetchLog", "GetDiagnostics", {"location": "http://192.168.40.12/f/…"}, {"kind": "Diagnostics"}),
    ("Message", "DataTransfer", {"vendorId": "nordwatt"}, {"action": "DataTransfer"}),
)
_STATES = (
    (CommandState.PROVED, "It came back after 1 min 41 s and is available."),
    (CommandState.DONE, ""),
    (CommandState.ACCEPTED, ""),
    (CommandState.QUEUED, ""),
    (CommandState.REFUSED, "The station refused: a session runs. Wait for it, or reset at once."),
    (CommandState.TIMED_OUT, "No answer in 30 s; it may have acted."),
    (CommandState.NOT_PROVED, "It did not come back within 10 min."),
    (CommandState.PROVED, "Every connector reports that it is out of service."),
)


def records(picture: Picture, count: int = 40, *, batch: int | None = None) -> list[CommandRecord]:
    """`count` commands to the stations of a picture, oldest first."""
    rng = random.Random(7)
    stations = sorted(picture.stations)
    made = []
    for number in range(1, count + 1):
        operation, action, payload, wish = _KINDS[0 if batch else number % len(_KINDS)]
        state, proof = _STATES[number % len(_STATES)]
        asked = NOW_MS - (count - number) * 7 * MINUTE
        sent = asked + 20 if state is not CommandState.QUEUED else None
        answered = asked + 20 + rng.randrange(20, 2_400) if state in _ANSWERED else None
        made.append(
            CommandRecord(
                number, StationId(stations[number % len(stations)]), action,
                ("mira", "jonas", "")[number % 3], "night work" if number % 4 == 0 else "", asked,
                json.dumps(payload), sent, answered, '{"status":"Accepted"}' if answered else "", state.value,
                asked + MINUTE if state is CommandState.PROVED else None, operation, json.dumps(wish),
                batch, None, f"m{number}", proof,
            )
        )  # fmt: skip
    return made


_ANSWERED = (CommandState.PROVED, CommandState.DONE, CommandState.ACCEPTED, CommandState.REFUSED)


def running(batch: int = 3, title: str = "Reset", total: int = 20) -> BatchView:
    """A batch in its second wave."""
    return BatchView(
        batch, title, "mira", total, proved=8, failed=0, running=3, waiting=total - 11, wave=2, waves=3,
        started_ms=NOW_MS - 26 * MINUTE,
    )  # fmt: skip


def stopped(batch: int = 2) -> BatchView:
    """A batch that stopped at its first failure."""
    return replace(
        running(batch, "Firmware 4.2.3", 6), proved=1, failed=1, running=0, waiting=0, wave=1, waves=2,
        state="stopped", stopped_why="HHA-02 did not boot with 4.2.3: it reports 4.2.1.", ended_ms=NOW_MS,
    )  # fmt: skip


def told(picture: Picture, *batches: BatchView) -> DeskChanges:
    """What the desk tells of all this."""
    return DeskChanges(tuple(records(picture, 20, batch=3)), batches)
