"""Plain words for what the desk does: what a command means, where it stands, how a batch goes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.operations import ENDED, BatchView, CommandState
from app.domain.records import CommandRecord
from app.domain.status import Shown
from ui.theme.formats import count, number

OPERATION = {
    "StartSession": "Start a session",
    "StopSession": "Stop the session",
    "Unlock": "Unlock the plug",
    "Reset": "Reset",
    "SetAvailability": "Change availability",
    "Trigger": "Ask for a message",
    "ReadConfiguration": "Read configuration",
    "WriteConfiguration": "Write configuration",
    "SetMonitors": "Watch variables",
    "ClearMonitors": "Watch no more",
    "ClearCache": "Clear the authorization cache",
    "ReadLocalListVersion": "Read the local list's version",
    "SendLocalList": "Send the local list",
    "Reserve": "Reserve",
    "CancelReservation": "Cancel a reservation",
    "SetProfile": "Limit charging",
    "ClearProfile": "Lift limits",
    "ReadCompositeSchedule": "Read the schedule in force",
    "UpdateFirmware": "Update firmware",
    "FetchLog": "Fetch a log",
    "TransferData": "Send vendor data",
    "ShowMessage": "Show a text",
    "ClearMessage": "Take a text off",
    "AskCustomerInformation": "Ask for customer information",
    "TellCost": "Tell the cost",
    "SetStream": "Change an event stream",
    "Message": "Message by hand",
}


@dataclass(frozen=True, slots=True)
class StateMark:
    """How a state is drawn and said: an abnormal one has a shape, the others an icon."""

    word: str
    icon: str = ""
    shown: Shown | None = None


MARKS: Mapping[CommandState, StateMark] = {
    CommandState.QUEUED: StateMark("Queued", "clock"),
    CommandState.SENT: StateMark("Sent", "arrow-up-right"),
    CommandState.ACCEPTED: StateMark("Accepted, proof awaited", "hourglass"),
    CommandState.DONE: StateMark("Done", "check"),
    CommandState.PROVED: StateMark("Proved", "check"),
    CommandState.REFUSED: StateMark("Refused", shown=Shown.DEGRADED),
    CommandState.NOT_PROVED: StateMark("Not proved", shown=Shown.DEGRADED),
    CommandState.TIMED_OUT: StateMark("No answer", shown=Shown.OFFLINE),
    CommandState.LOST: StateMark("Link lost", shown=Shown.OFFLINE),
    CommandState.UNKNOWN: StateMark("Unknown", shown=Shown.UNKNOWN),
    CommandState.EXPIRED: StateMark("Expired, never sent", "hourglass"),
    CommandState.CANCELLED: StateMark("Cancelled", "ban"),
}

GOOD = frozenset((CommandState.DONE, CommandState.PROVED))
UNDER_WAY = frozenset(CommandState) - ENDED
FAILED = ENDED - GOOD - {CommandState.CANCELLED}


def state_of(record: CommandRecord) -> CommandState | None:
    """Where a command stands; None for what was kept before the desk knew states (and for deeds)."""
    try:
        return CommandState(record.outcome)
    except ValueError:
        return None


def mark_of(record: CommandRecord) -> StateMark:
    """How its state is drawn."""
    state = state_of(record)
    if state is not None:
        return MARKS[state]
    return StateMark(record.outcome.capitalize() or "Noted", "check" if record.outcome else "user")


def command_title(record: CommandRecord) -> str:
    """What was meant, in words: "Reset, hard", "Message by hand: TriggerMessage"."""
    name = OPERATION.get(record.operation)
    if name is None:
        return record.action or record.operation
    detail = _detail(record)
    return f"{name}{detail}"


def _detail(record: CommandRecord) -> str:
    wish = wish_of(record)
    match record.operation:
        case "Reset":
            return ", hard" if wish.get("hard") else ", when idle"
        case "SetAvailability":
            where = f" of EVSE {wish['evse']}" if wish.get("evse") else ""
            return f": {'in' if wish.get('operative') else 'out of'} service{where}"
        case "Trigger":
            return f": {wish.get('message', '')}"
        case "Unlock":
            return f" of EVSE {wish.get('evse', '')}"
        case "WriteConfiguration":
            values = wish.get("values")
            return f": {count(len(values), 'setting')}" if isinstance(values, list) else ""
        case "UpdateFirmware":
            return f" to {wish['version']}" if wish.get("version") else ""
        case "FetchLog":
            return f": {str(wish.get('kind', '')).lower()}" if wish.get("kind") else ""
        case "Message":
            return f": {record.action or wish.get('action', '')}"
    return ""


def wish_of(record: CommandRecord) -> dict[str, object]:
    """The operation's own fields, as kept."""
    try:
        found = json.loads(record.wish)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    inner = found.get("operation")
    return {**found, **inner} if isinstance(inner, dict) else found


def took_ms(record: CommandRecord) -> int | None:
    """How long the station took to answer, ms."""
    if record.sent_ms is None or record.answered_ms is None:
        return None
    return record.answered_ms - record.sent_ms


def result_words(record: CommandRecord) -> str:
    """What is known beyond the state: the proof, else the answer, shortened."""
    return record.proof or _answer(record.answer)


def _answer(text: str) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        return text
    if isinstance(found, dict) and isinstance(found.get("status"), str):
        info = found.get("statusInfo")
        more = f" ({info.get('reasonCode')})" if isinstance(info, dict) and info.get("reasonCode") else ""
        return f"{found['status']}{more}"
    return "" if found == {} else text


def batch_done(batch: BatchView) -> int:
    """How many of its stations have ended, well or not."""
    return batch.proved + batch.failed


def batch_words(batch: BatchView) -> str:
    """ "8 of 20 proved, 1 failed, wave 2 of 3"."""
    parts = [f"{number(batch.proved)} of {number(batch.total)} proved"]
    if batch.failed:
        parts.append(f"{number(batch.failed)} failed")
    if batch.state in ("running", "stopping"):
        parts.append(f"wave {batch.wave} of {batch.waves}")
    else:
        parts.append(batch.state)
    return ", ".join(parts)


def wave_sizes(total: int, waves: tuple[int, ...]) -> tuple[int, ...]:
    """How many stations each wave has: the sizes given, then the rest."""
    sizes, left = [], total
    for size in waves:
        if left <= 0:
            break
        sizes.append(min(size, left))
        left -= sizes[-1]
    if left > 0:
        sizes.append(left)
    return tuple(sizes)


def wave_words(total: int, waves: tuple[int, ...]) -> str:
    """ "2 first, then 10, then the remaining 6"."""
    sizes = wave_sizes(total, waves)
    if len(sizes) < 2:
        return "All at once" if total > 1 else ""
    words = [f"{number(sizes[0])} first"]
    words += [f"then {number(size)}" for size in sizes[1:-1]]
    words.append(f"then the remaining {number(sizes[-1])}")
    return ", ".join(words)
