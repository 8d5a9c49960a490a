"""What a fault is called on the screen: its shape, place, state, signs and what was done, in words."""

import json
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.records import FaultEventRecord, FaultRecord
from app.domain.status import Shown
from app.faults.views import FaultView
from ui.theme.formats import clock, count, day, duration, local, when
from ui.theme.money import money

LINK_RULES = frozenset({"offline", "no_boot", "flapping_link", "site_together"})
SAID_RULES = frozenset({"connector_fault", "station_event", "security_event", "monitor"})

STATE = {
    "UNACK": "New",
    "ACKED": "Acknowledged",
    "RTNUN": "Over, not seen",
    "SHLVD": "Shelved",
    "DSUPR": "Suppressed",
    "OOSRV": "Out of service",
    "NORM": "Over",
}
"""The states of ISA-18.2 in one word each."""

NOTHING = "nothing"
"""What a fault loses that takes no connector out of use; where it is not known stands a dash."""
VERB = {
    "began": "Condition began",
    "ended": "Condition ended",
    "came back": "Came back",
    "announce": "Fault opened",
    "clear": "Back to normal",
    "acknowledge": "Acknowledged",
    "unacknowledge": "Acknowledgement taken back",
    "shelve": "Shelved",
    "unshelve": "Taken from the shelf",
    "suppress": "Suppressed by design",
    "regrouped": "Cause changed",
    "release": "Stands for itself again",
    "out-of-service": "Taken out of service",
    "back-in-service": "Back in service",
    "close": "Closed by hand",
    "assign": "Assigned",
    "note": "Note",
    "confirm": "Confirmed",
    "unconfirm": "Confirmation taken back",
    "due": "Due time",
    "reset-latch": "Latch reset",
    "recovery": "Recovery",
    "notified": "Told",
    "split": "Split off",
    "merge": "Merged",
    "stale": "Stale",
    "escalated": "Nobody acted in time",
}

STEP = {
    "wait": "Wait",
    "trigger-status": "Ask for the status",
    "trigger-boot": "Ask it to report itself",
    "unlock": "Unlock the connector",
    "out-and-back": "Out of service and back",
    "soft-reset": "Soft reset",
    "hard-reset": "Hard reset",
    "restart-link": "Restart the link",
    "send-configuration": "Send the configuration again",
    "free-session": "End the stuck session",
    "set-clock": "Set the clock",
    "send-list": "Send the local list",
    "fetch-log": "Ask for the log",
    "send-person": "Send a person",
}
"""The steps of playbooks."""

_ICON = {
    "note": "message-square",
    "assign": "user",
    "due": "clock",
    "notified": "bell",
    "escalated": "bell",
    "shelve": "clock",
    "unshelve": "clock",
    "recovery": "wrench",
    "split": "unlink",
    "merge": "link",
    "acknowledge": "check",
    "unacknowledge": "undo-2",
    "out-of-service": "ban",
    "back-in-service": "check",
    "clear": "check",
    "ended": "check",
    "close": "check",
    "confirm": "check",
    "unconfirm": "undo-2",
}
_ACTOR_ICON = {
    "station": "plug-zap",
    "server": "server",
    "automatic": "wrench",
    "person": "user",
    "driver": "users",
}


def shown_of(record: FaultRecord) -> Shown:
    """The shape of a fault: what the station says is broken, no link, or what was found by watching."""
    if record.safety:
        return Shown.FAULTED
    if record.rule in LINK_RULES:
        return Shown.OFFLINE
    return Shown.FAULTED if record.rule in SAID_RULES else Shown.DEGRADED


def where(record: FaultRecord) -> str:
    """The part of the station that is faulty: "EVSE 1, connector 2"; "" for all of it."""
    parts = []
    if record.evse:
        parts.append(f"EVSE {record.evse}")
    if record.connector and record.connector != 1:
        parts.append(f"connector {record.connector}")
    return ", ".join(parts)


def owner(record: FaultRecord) -> str:
    """The station, the site, or Forecourt itself."""
    return record.station or record.site or "Forecourt"


def place(record: FaultRecord) -> str:
    """What stands after the station: its site and the part that is faulty."""
    site = record.site if record.station else "the whole site" if record.site else "this machine"
    return "  ·  ".join(part for part in (site, where(record)) if part)


def lasted(record: FaultRecord, now_ms: int) -> str:
    """How long it has stood: from its onset until it was over, or until now."""
    over = record.over_ms
    return duration(max(0, (over if over is not None else now_ms) - record.onset_ms))


def state_text(record: FaultRecord, now_ms: int, zone: ZoneInfo) -> str:
    """Its state with what belongs to it: "Shelved until 17:00", "Out of service, review 3 Dec"."""
    word = STATE.get(record.state, record.state)
    if record.state == "SHLVD" and record.until_ms is not None:
        return f"{word} until {when_next(record.until_ms, now_ms, zone)}"
    if record.state == "OOSRV" and record.due_ms is not None:
        return f"{word}, review {day(record.due_ms, zone)}"
    return word


def when_next(at_ms: int, now_ms: int, zone: ZoneInfo) -> str:
    """ "17:00" today, "Thu 17:00" or "3 Dec 17:00" later."""
    at, now = local(at_ms, zone), local(now_ms, zone)
    if at.date() == now.date():
        return clock(at_ms, zone)
    return f"{day(at_ms, zone, weekday=True)} {clock(at_ms, zone)}"


def recovery_text(word: str) -> str:
    """What stands as a fault's recovery: "running: soft reset", "mended, not proved"."""
    for lead in ("running: ", "tried: "):
        if word.startswith(lead):
            step = word[len(lead) :]
            return lead + STEP.get(step, step).lower()
    return word


def initials(name: str) -> str:
    """ "SV" of "Sanne Visser"; the first two letters of a single word."""
    words = [word for word in name.replace(".", " ").replace("_", " ").split() if word]
    if not words:
        return ""
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


def sentence_of(view: FaultView, now_ms: int | None = None) -> str:
    """A fault as one sentence, for a screen reader."""
    record, told = view.record, view.money
    parts = [
        "Safety" if record.safety else "",
        owner(record),
        record.site if record.station else "",
        where(record),
        record.title,
        record.priority,
    ]
    if told is not None and told.losing is not None and told.currency:
        parts.append(f"losing {money(told.losing, told.currency)} per hour")
    if now_ms is not None:
        parts.append(f"for {lasted(record, now_ms)}")
    if view.children:
        parts.append(f"{count(view.children, 'fault')} under it")
    parts.append(STATE.get(record.state, record.state).lower())
    if record.assigned:
        parts.append(f"assigned to {record.assigned}")
    parts += view.signs
    if record.recovery:
        parts.append(recovery_text(record.recovery))
    return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a fault's timeline. Either `shown` (what a station is) or `icon` (what was done)."""

    at_ms: int
    title: str
    text: str
    icon: str = ""
    shown: Shown | None = None
    actor: str = ""


def entry_of(line: FaultEventRecord, record: FaultRecord) -> TimelineEntry:
    """A line of the history in words."""
    title = VERB.get(line.verb, line.verb.capitalize())
    icon = _ICON.get(line.verb, _ACTOR_ICON.get(line.actor_kind, "info"))
    shape = shown_of(record) if line.verb in ("began", "announce", "came back") else None
    if line.verb == "recovery":
        title = "Automatic recovery" if line.actor_kind == "automatic" else f"Recovery by {line.actor}"
    elif line.actor_kind == "person" and line.actor:
        title = f"{title} by {line.actor}"
    elif line.actor_kind == "driver":
        title = f"Driver: {title.lower()}"
    actor = {"server": "Forecourt", "automatic": "automatic", "station": record.station}.get(
        line.actor_kind, line.actor
    )
    return TimelineEntry(
        line.at_ms, title, told_plainly(line.text), "" if shape is not None else icon, shape, actor
    )


def told_plainly(text: str) -> str:
    """ "status UnlockFailed" of an answer as it came, '{"status": …}'; other words as they are."""
    try:
        found = json.loads(text) if text.startswith("{") else None
    except ValueError:
        return text
    return ", ".join(f"{key} {value}" for key, value in found.items()) if isinstance(found, dict) else text


def costs_nothing(view: FaultView) -> bool:
    """Whether it is known to lose nothing, as it takes no connector out of use."""
    return view.money is not None and bool(view.money.workings.get("takes_nothing_out_of_use"))


def ended_words(line: FaultEventRecord | None) -> str:
    """What ended an earlier fault like this, in a few words."""
    if line is None:
        return "it ended by itself"
    if line.verb == "recovery":
        return line.text or "recovery"
    if line.verb == "acknowledge":
        # It takes only what is over already out of the list.
        return "it ended by itself" + (f", seen by {line.actor}" if line.actor_kind == "person" else "")
    if line.actor_kind == "person":
        return f"{VERB.get(line.verb, line.verb).lower()} by {line.actor}" + (
            f": {line.text}" if line.text else ""
        )
    return "it ended by itself" if line.verb in ("clear", "ended") else VERB.get(line.verb, line.verb).lower()


def since_text(at_ms: int, now_ms: int, zone: ZoneInfo) -> str:
    """ "12:18", "Wed 12:18", "3 Oct 12:18"."""
    return when(at_ms, now_ms, zone)
