"""A command of the log in words: what was meant, how it stands, who asked. No Qt."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.operations import ENDED, CommandState
from app.domain.records import CommandRecord
from app.domain.status import Shown
from ui.theme import formats

STATES: Mapping[str, tuple[str, str, str]] = {
    "": ("Done", "check", "Written down."),
    CommandState.QUEUED: ("Waiting", "clock", "Waits for its turn, or for the station's return."),
    CommandState.SENT: ("Sent", "send", "Sent; no answer yet."),
    CommandState.ACCEPTED: ("Accepted", "hourglass", "The station agreed; its proof is awaited."),
    CommandState.DONE: ("Done", "check", "Answered."),
    CommandState.PROVED: ("Proved", "circle-check", "Seen to have worked."),
    CommandState.NOT_PROVED: ("Not proved", "triangle-alert", "Accepted, but nothing shows that it worked."),
    CommandState.REFUSED: ("Refused", "circle-x", "The station refused."),
    CommandState.TIMED_OUT: ("No answer", "triangle-alert", "No answer in time; it may have acted."),
    CommandState.LOST: ("Link lost", "unlink", "The link went before the answer; it may have acted."),
    CommandState.EXPIRED: ("Expired", "hourglass", "The station did not come back in time; never sent."),
    CommandState.CANCELLED: ("Taken back", "undo-2", "Taken back before it was sent."),
    CommandState.UNKNOWN: (
        "Unknown", "circle-question-mark",
        "Forecourt restarted in between; it is not sent again by itself.",
    ),
}  # fmt: skip
"""State → its word, its icon, and the sentence where the log has none of its own."""

BAD = frozenset((CommandState.REFUSED, CommandState.LOST, CommandState.TIMED_OUT, CommandState.NOT_PROVED))

TITLES: Mapping[str, str] = {
    "StartSession": "Start a session",
    "StopSession": "Stop a session",
    "Unlock": "Unlock connector",
    "Reset": "Soft reset",
    "SetAvailability": "Availability",
    "Trigger": "Ask for a message",
    "ReadConfiguration": "Read settings",
    "WriteConfiguration": "Write settings",
    "SetMonitors": "Watch a value",
    "ClearMonitors": "Watch no more",
    "ClearCache": "Forget known cards",
    "ReadLocalListVersion": "Read card list version",
    "SendLocalList": "Send card list",
    "Reserve": "Reserve a connector",
    "CancelReservation": "Give a reservation back",
    "SetProfile": "Set power limit",
    "ClearProfile": "Take limits back",
    "ReadCompositeSchedule": "Ask which limit holds",
    "UpdateFirmware": "Update firmware",
    "FetchLog": "Get diagnostics",
    "TransferData": "Vendor's own message",
    "ShowMessage": "Show a text",
    "ClearMessage": "Take a text off",
    "AskCustomerInformation": "Customer information",
    "TellCost": "Tell the cost",
    "SetStream": "Event stream",
    "ReadMonitors": "Read what is watched",
    "ReadProfiles": "Read charging profiles",
    "Prioritise": "Charge with priority",
    "ReadTransaction": "Ask what still waits",
    "ReadMessages": "Read display texts",
    "ReadStreams": "Read event streams",
}
DEEDS: Mapping[str, str] = {
    "AdmitStation": "Let in", "AddStation": "Registered", "RefuseStation": "Turned away",
    "DescribeStation": "Described", "RetireStation": "Retired", "ReplaceHardware": "Hardware replaced",
    "SetPassword": "Password set", "SetStationSwitch": "Switch set", "CloseSession": "Session closed by hand",
    "SaveEntry": "Written down", "RemoveEntry": "Taken out", "ActOnFault": "Fault worked on",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CommandLine:
    """One line of the command log. `open` True: it may still change; `shown` marks what went wrong."""

    command: int
    title: str
    state: str
    icon: str
    sentence: str
    who: str
    when: str
    why: str
    open: bool
    can_cancel: bool
    shown: Shown | None
    record: CommandRecord

    @property
    def spoken(self) -> str:
        """The line as one sentence."""
        why = f", because {self.why}" if self.why else ""
        return f"{self.title}: {self.state}. {self.sentence} {self.when}, {self.who}{why}"


def operation_of(record: CommandRecord) -> dict[str, Any]:
    """The operation's fields as kept with the command; empty where there are none."""
    try:
        found = json.loads(record.wish or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    inner = found.get("operation")
    return inner if isinstance(inner, dict) else found


def command_line(record: CommandRecord, now_ms: int, zone: ZoneInfo) -> CommandLine:
    """A record of the log as its line says it."""
    word, icon, usual = STATES.get(record.outcome, (record.outcome.capitalize(), "terminal", ""))
    live = record.outcome in set(CommandState) - ENDED
    bad = record.outcome in BAD
    sentence = record.proof or usual
    if record.outcome == CommandState.QUEUED and record.expires_ms is not None and not record.proof:
        sentence = f"Waits for the station's return until {formats.when(record.expires_ms, now_ms, zone)}."
    elif not record.operation and record.action in DEEDS and not record.proof:
        sentence = STATES[""][2]
    elif record.outcome == CommandState.DONE and not record.proof and record.answered_ms and record.sent_ms:
        sentence = f"Answered after {formats.number(record.answered_ms - record.sent_ms)} ms."
    return CommandLine(
        record.command,
        title_of(record),
        word,
        icon,
        sentence,
        record.asked_by or "automatic",
        formats.when(record.asked_ms, now_ms, zone),
        record.reason,
        live,
        record.outcome == CommandState.QUEUED,
        Shown.DEGRADED if bad else None,
        record,
    )


def title_of(record: CommandRecord) -> str:
    """What was meant, with the one detail that tells it from its like."""
    if not record.operation:
        return DEEDS.get(record.action, record.action)
    found = operation_of(record)
    title, evse = _meant(record, found), found.get("evse")
    if not isinstance(evse, int) or not evse:
        return title
    if title.endswith("connector"):
        return f"{title.replace('a connector', 'connector')} {evse}"
    return f"{title}, connector {evse}"


def _meant(record: CommandRecord, found: Mapping[str, Any]) -> str:
    title = TITLES.get(record.operation, record.operation)
    match record.operation:
        case "Reset":
            title = "Hard reset" if found.get("hard") else "Soft reset"
        case "SetAvailability":
            title = "Put in service" if found.get("operative") else "Take out of service"
        case "Trigger":
            title = f"Ask for {found.get('message', 'a message')}"
        case "SetProfile":
            title = f"Set limit{_limit(found)}"
        case "WriteConfiguration":
            title = f"Write {formats.count(len(found.get('values') or ()), 'setting')}"
        case "ReadConfiguration":
            wanted = len(found.get("variables") or ())
            title = f"Read {formats.count(wanted, 'setting')}" if wanted else "Read all settings"
        case "FetchLog":
            title = "Get security log" if found.get("kind") == "Security" else "Get diagnostics"
        case "UpdateFirmware":
            version = found.get("version")
            title = f"Update firmware to {version}" if version else title
        case "SendLocalList":
            title = f"Send card list, version {found.get('version', '?')}"
        case "StopSession" if found.get("session"):
            title = f"Stop session {found['session']}"
        case "Message":
            title = str(found.get("action") or record.action)
    return title


def _limit(found: Mapping[str, Any]) -> str:
    periods = found.get("periods") or ()
    if not periods:
        return ""
    first = periods[0]
    value = first.get("limit") if isinstance(first, dict) else first[1] if len(first) > 1 else None
    if not isinstance(value, int | float):
        return ""
    if found.get("unit") == "A":
        return f" of {value:g} A"
    return f" of {formats.power_text(value)}"


def details(record: CommandRecord, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """Times and reason, for the opened line; the day only where it is another than it was asked on."""
    first = formats.day(record.asked_ms, zone)

    def at(at_ms: int) -> str:
        clock = formats.clock(at_ms, zone, seconds=True)
        return clock if formats.day(at_ms, zone) == first else formats.stamp(at_ms, zone)

    rows = [("Asked", formats.stamp(record.asked_ms, zone)), ("By", record.asked_by or "automatic")]
    if record.reason:
        rows.append(("Why", record.reason))
    if record.sent_ms is not None:
        rows.append(("Sent", at(record.sent_ms)))
    if record.answered_ms is not None:
        took = "" if record.sent_ms is None else f", {_took(record.answered_ms - record.sent_ms)}"
        rows.append(("Answered", f"{at(record.answered_ms)}{took}"))
    if record.proved_ms is not None:
        rows.append(("Proved", at(record.proved_ms)))
    if record.expires_ms is not None:
        rows.append(("Waits until", at(record.expires_ms)))
    if record.batch is not None:
        rows.append(("Part of", f"bulk work {record.batch}"))
    return tuple(rows)


def _took(span_ms: int) -> str:
    return f"after {formats.number(span_ms)} ms"
