"""Plain words for what stations, sessions and Forecourt itself say in codes."""

import re

from app.analytics.costs.causes import REASONS
from app.domain.records import Flag, SessionState
from app.domain.status import ConnectorStatus, LinkState, Shown

ABNORMAL = frozenset((Shown.FAULTED, Shown.OFFLINE, Shown.DEGRADED, Shown.UNKNOWN))
IN_USE = frozenset((Shown.CHARGING, Shown.PREPARING, Shown.FINISHING))

STATUS = {
    ConnectorStatus.AVAILABLE: "Available",
    ConnectorStatus.PREPARING: "Preparing",
    ConnectorStatus.CHARGING: "Charging",
    ConnectorStatus.SUSPENDED_EV: "Paused by the car",
    ConnectorStatus.SUSPENDED_EVSE: "Paused by the station",
    ConnectorStatus.FINISHING: "Finishing",
    ConnectorStatus.RESERVED: "Reserved",
    ConnectorStatus.UNAVAILABLE: "Out of service",
    ConnectorStatus.FAULTED: "Faulted",
    ConnectorStatus.UNKNOWN: "Not reported yet",
}

LINK = {
    LinkState.ONLINE: "Connected",
    LinkState.DOUBTFUL: "Silent, may be lost",
    LinkState.OFFLINE: "Offline",
    LinkState.NEVER: "Never connected",
}

SESSION_STATE = {
    SessionState.OPEN: "Running",
    SessionState.INTERRUPTED: "Interrupted",
    SessionState.CLOSED: "Closed",
    SessionState.INFERRED: "Closed by evidence",
    SessionState.REVIEW: "Waits for a person",
}

FLAG = {
    Flag.START_UNKNOWN: (
        "Start not seen",
        "The start was never sent; the first reading stands for it.",
    ),
    Flag.STOP_MISSING: (
        "No stop received",
        "The stop was never sent; the last reading stands for it.",
    ),
    Flag.STOP_TWICE: ("Stopped twice", "The station sent two different stops; the first one counts."),
    Flag.STOP_FOREIGN_ID: (
        "Stop under another number",
        "The stop named a number we never gave; card, plug and meter fit only this session.",
    ),
    Flag.ORPHAN_STOP: ("Stop without a start", "A stop arrived for which no start is known."),
    Flag.CLOSED_BY_HAND: ("Closed by hand", "An operator closed it at its last trusted reading."),
    Flag.CLOSED_BY_EVIDENCE: (
        "Closed by evidence",
        "The station showed that it had ended: the plug was free, or another session began.",
    ),
    Flag.REOPENED: ("Opened again", "It was taken for ended, then the station went on reporting it."),
    Flag.OFFLINE: ("Charged offline", "Parts of it happened while the station had no connection."),
    Flag.REPLAYED: ("Told late", "Its messages waited in the station and arrived later."),
    Flag.START_REPEATED: ("Start repeated", "The station sent the start again; it counts once."),
    Flag.TIME_DOUBTFUL: ("Clock off", "The station's clock was wrong, so our time of receipt is used."),
    Flag.METER_BACKWARDS: ("Meter ran backwards", "A reading was lower than the one before; it is left out."),
    Flag.METER_RESET: ("Meter reset", "The meter began again from a low value; both parts are added."),
    Flag.FALSE_ZERO: ("False zero", "The meter said zero for a moment; that reading is left out."),
    Flag.UNIT_DOUBTFUL: ("Unit doubtful", "Wh and kWh could not be told apart for certain."),
    Flag.METER_MISSING: ("No meter values", "The station sent no meter values during the session."),
    Flag.METER_GAP: ("Meter gap", "For a while no values arrived; the register still counts all energy."),
    Flag.SEQ_GAP: ("Message missing", "One of its numbered messages never arrived."),
    Flag.TOKEN_UNKNOWN: ("Unknown card", "The card is not in the list; it was accepted by your setting."),
    Flag.TOKEN_REFUSED: ("Card refused", "The card was refused, yet the station went on charging."),
    Flag.INTERRUPTED: ("Interrupted", "The station restarted or lost its link while it ran."),
    Flag.SIGNED: ("Signed values", "The meter signed its values; they are kept as sent."),
    Flag.EVSE_UNKNOWN: ("Plug not named", "The station did not say at which plug it charged."),
    Flag.NO_ENERGY: ("No energy", "It ended without any energy delivered."),
}
"""Flag → its name and one sentence that explains it."""

HARMLESS = frozenset((Flag.SIGNED, Flag.START_REPEATED, Flag.REPLAYED, Flag.OFFLINE, Flag.TOKEN_UNKNOWN))
"""Flags that are told on the session's panel but ask nobody to look."""

GRAVE = frozenset((Flag.ORPHAN_STOP, Flag.TOKEN_REFUSED, Flag.METER_BACKWARDS, Flag.UNIT_DOUBTFUL))

STOP = {code: words[:1].upper() + words[1:] for code, words in REASONS.items() if code}


ERROR = {
    "ConnectorLockFailure": "Connector lock failure",
    "EVCommunicationError": "Car and station do not understand each other",
    "GroundFailure": "Ground failure",
    "HighTemperature": "Too hot",
    "InternalError": "Internal error",
    "LocalListConflict": "Card list does not fit",
    "OtherError": "Other error",
    "OverCurrentFailure": "Overcurrent",
    "OverVoltage": "Overvoltage",
    "PowerMeterFailure": "Power meter failure",
    "PowerSwitchFailure": "Power switch failure",
    "ReaderFailure": "Card reader failure",
    "ResetFailure": "Restart failed",
    "UnderVoltage": "Undervoltage",
    "WeakSignal": "Weak radio signal",
}


def within(words: str) -> str:
    """Words as they stand in the middle of a sentence; an abbreviation, as DC, keeps its capitals."""
    return words[:1].lower() + words[1:] if words[:2].istitle() else words


def stop_reason(code: str) -> str:
    """Why a session ended, in words; a code we do not know is shown as it came, none as a dash."""
    return STOP.get(code) or code[:1].upper() + code[1:] or "–"


def flag_name(flag: Flag) -> str:
    """Two or three words for a flag."""
    return FLAG[flag][0]


def flag_sentence(flag: Flag) -> str:
    """One sentence that explains a flag."""
    return FLAG[flag][1]


def pseudonym(token: str, word: str = "Card") -> str:
    """A driver's card as lists show it: its last four characters (CONTRACTS decision 18)."""
    return f"{word} ···{token[-4:]}" if token else f"No {word}".capitalize()


def error_words(code: str) -> str:
    """A status error code in words; one we do not know is split at its capitals."""
    return ERROR.get(code) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", code).capitalize() if code else ""
