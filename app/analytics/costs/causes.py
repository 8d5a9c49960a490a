"""A cause of a cost in plain words, the same in the window, in reports and in a workbook. Pure.

A cause is kept as one key: a fault's rule ("silence"), what befell a visit ("start failed: never
authorised"), both ("station_event: visits in vain"), or words of its own ("repeat visit").
"""

RULES = {
    "clock_drift": "wrong clock",
    "connector_fault": "a connector reported a fault",
    "energy_without_session": "energy flows without a session",
    "firmware_regression": "worse since a firmware update",
    "flapping_link": "the link comes and goes",
    "meter_backwards": "the meter runs backwards",
    "meter_frozen": "the meter stands still while power flows",
    "no_boot": "starts again and again",
    "offline": "no link",
    "phase_missing": "a phase gives no current",
    "power_limited": "less power than usual",
    "reboots": "restarts by itself",
    "refused_starts": "a card is shown again and again, nothing starts",
    "security_event": "a security event",
    "session_without_energy": "says charging, but nothing flows",
    "short_sessions": "sessions break off",
    "silence": "far fewer sessions than usual",
    "site_together": "all chargers of a site lost at once",
    "starts_without_energy": "no energy after the start",
    "station_event": "the station reported a fault",
    "stuck_cable": "the cable does not come free",
    "stuck_state": "plugged in for hours without a session",
    "temperature": "too hot",
    "zero_power_plug": "plugged in, but no power",
}
"""A fault's rule → what is wrong."""

STOPS = {
    "DeAuthorized": "card refused",
    "EmergencyStop": "emergency stop",
    "EVDisconnected": "car unplugged",
    "HardReset": "station reset",
    "ImmediateReset": "station reset",
    "SoftReset": "station reset",
    "Local": "driver stopped",
    "PowerLoss": "power lost",
    "Reboot": "station restarted",
    "Remote": "stopped from here",
    "UnlockCommand": "plug unlocked",
    "Other": "other",
    "CostLimitReached": "price limit reached",
    "EnergyLimitReached": "energy limit reached",
    "GroundFault": "ground fault",
    "LocalOutOfCredit": "credit used up",
    "MasterPass": "stopped by staff card",
    "OvercurrentFault": "overcurrent",
    "PowerQuality": "poor power quality",
    "ReqEnergyTransferRejected": "car and station disagreed",
    "SOCLimitReached": "charge level reached",
    "StoppedByEV": "car stopped",
    "TimeLimitReached": "time limit reached",
    "Timeout": "nobody plugged in",
}
"""Why a session ended, by OCPP 1.6 and 2.0.1 → in words."""

REASONS = STOPS | {
    "": "reason not told",
    "Other": "reason not told",
    "inferred": "no end received",
    "never authorised": "no card was accepted",
    "no session began": "card accepted, no session began",
    "Rejected": "start rejected",
}
"""Also how attempts here name it."""

_BEFORE = {
    "start failed": "start failed",
    "no energy": "no energy came",
    "session cut": "session cut",
}
_AFTER = {"visits in vain": "drivers left without a charge", "sessions cut": "sessions cut"}


def cause_words(cause: str) -> str:
    """A cause as it stands inside a sentence; "" where none is told apart."""
    if cause in RULES:
        return RULES[cause]
    head, parted, tail = cause.partition(": ")
    if parted and head in RULES and tail in _AFTER:
        return f"{RULES[head]}, {_AFTER[tail]}"
    if parted and head in _BEFORE:
        return f"{_BEFORE[head]}, {reason_words(tail)}"
    return cause.replace("_", " ").replace(".", ", ")


def note_words(note: str) -> str:
    """A line's note: "never authorised, fault 12" tells its reason in words, other notes stand as written."""
    head, parted, rest = note.rpartition(", fault ")
    if parted and rest.isdigit():
        return f"{cause_words(head) if ': ' in head else reason_words(head)}, fault {rest}"
    return cause_words(note)


def reason_words(reason: str) -> str:
    """Why a session ended or a start failed, inside a sentence."""
    return REASONS.get(reason, reason.replace("_", " "))


EVENTS = {
    "attempt": "visit",
    "blind": "gap",
    "driver": "driver",
    "link": "gap of the link",
    "order": "work order",
    "peak": "peak at",
    "pool": "connectors of",
}


def event_words(name: str) -> str:
    """What a line's `object` names, in words: "fault 12" of "fault:12", "visit, KLD-03" of
    "visit:KLD-03/1792…" (when it was stands beside it)."""
    kind, _, rest = name.partition(":")
    which, parted, at = rest.rpartition("/")
    if not parted or not at.isdigit():
        which = rest
    word = EVENTS.get(kind, kind.replace("-", " "))
    return f"{word}{', ' if parted else ' '}{which}" if which else word
