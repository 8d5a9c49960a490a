"""Our own CALLs to stations: checked before a frame is sent, and their answers in a word.

Any message that the schema of the station's version allows can be sent; the few that Forecourt
sends by itself have builders.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.domain.errors import ForecourtError
from app.protocol.schemas import REQUEST, Violation, check
from app.protocol.versions import SERVER_ACTIONS, STATION_ACTIONS


class CommandRefused(ForecourtError):
    """A command that no station may be sent; the sentence says what is wrong with it."""


class Command(NamedTuple):
    """A CALL to a station, ready to be queued."""

    action: str
    payload: Mapping[str, Any]


def command(version: str, action: str, payload: Any) -> Command:
    """Check a CALL to a station of `version` against its schema, whole and strictly.

    Raises:
        CommandRefused: no such action, one that only stations send, or a payload against the schema.
    """
    if action not in SERVER_ACTIONS[version]:
        raise CommandRefused(_no_such(version, action))
    if not isinstance(payload, dict):
        raise CommandRefused(f"{action} needs a JSON object, like {{}}, as its payload.")
    payload = _tenths(payload) if version != "2.1" else payload
    wrong = check(version, action, REQUEST, payload, dates=True)
    if wrong:
        said = "; ".join(_plain(violation) for violation in wrong[:3])
        raise CommandRefused(f"{action} was not sent, because OCPP {version} does not allow it: {said}.")
    return Command(action, payload)


def _no_such(version: str, action: str) -> str:
    if action in STATION_ACTIONS[version]:
        return f"{action} is a message that stations send, so it cannot be sent to one."
    for name in SERVER_ACTIONS[version]:
        if name.lower() == action.lower():
            return f"OCPP {version} has no {action}; it is spelled {name}."
    known_to = [v for v, actions in SERVER_ACTIONS.items() if action in actions]
    if known_to:
        return f"{action} exists in OCPP {' and '.join(known_to)}, but this station speaks {version}."
    return f"OCPP {version} has no action called {action}."


def _plain(violation: Violation) -> str:
    """The fault with what was expected; the words of a missing field already name it."""
    if violation.kind == "required" or not violation.wanted:
        return violation.text
    return f"{violation.text} ({', '.join(str(word) for word in violation.wanted[:12])})"


_TENTHS = frozenset({"limit", "minChargingRate"})


def _tenths(value: Any, name: str = "") -> Any:
    """Round charging limits to the one decimal that 1.6 and 2.0.1 allow: binary 0.1 × 3 has more."""
    if isinstance(value, dict):
        return {key: _tenths(below, key) for key, below in value.items()}
    if isinstance(value, list):
        return [_tenths(below, name) for below in value]
    return round(value, 1) if name in _TENTHS and isinstance(value, float) else value


ASK_BOOT = Command("TriggerMessage", {"requestedMessage": "BootNotification"})
"""Asks a station who it is, in each version; the first thing that may be asked in any registration state."""


def status_word(answer: Mapping[str, Any]) -> str:
    """The word in which a station answered: its status, the worst of several, or "" for none.

    Answers to lists (SetVariables and the like) bear one status for each item: the first that is
    not Accepted speaks for all. 2.x may add a reason, which follows in brackets.
    """
    word = answer.get("status")
    if isinstance(word, str):
        reason = answer.get("statusInfo")
        code = reason.get("reasonCode") if isinstance(reason, dict) else None
        return f"{word} ({code})" if code else word
    words = [
        item[key]
        for items in answer.values()
        if isinstance(items, list)
        for item in items
        if isinstance(item, dict)
        for key in ("attributeStatus", "status")
        if isinstance(item.get(key), str)
    ]
    return next((word for word in words if word != "Accepted"), words[0] if words else "")
