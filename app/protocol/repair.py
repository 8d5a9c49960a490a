"""The forgiving path: payloads that break their schema but whose meaning is clear are repaired.

Each repair answers one violation and names the quirk it stands for; the payload is then validated
again (ARCHITECTURE decision 4, CONTRACTS decision 5). What a violation does not settle is refused.
A valid payload never comes here. Payloads are changed in place: the raw text stays with the frame.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from app.protocol.frames import INT64_MAX, INT64_MIN, Fault
from app.protocol.schemas import REQUEST, RESPONSE, Direction, Violation, at, check, schema

_ROUNDS = 8

Path = tuple[str | int, ...]


class Repaired(NamedTuple):
    """What became of a payload. `refused` is the violation that stands, None when all is well."""

    quirks: tuple[str, ...]
    refused: Violation | None


# What may be missing: (action, property) -> the value that means the same. ABSENT: it stays away,
# and the adapter uses the time of receipt, the link's own knowledge, or "unknown".
ABSENT = object()
_MISSING: dict[tuple[str, str], Any] = {
    ("BootNotification", "chargePointVendor"): "",
    ("BootNotification", "chargePointModel"): "",
    ("BootNotification", "vendorName"): "",
    ("BootNotification", "model"): "",
    ("BootNotification", "reason"): "Unknown",
    ("DataTransfer", "vendorId"): "",
    ("StatusNotification", "errorCode"): "NoError",
    ("StatusNotification", "connectorId"): ABSENT,
    ("StartTransaction", "connectorId"): ABSENT,
    ("StartTransaction", "idTag"): ABSENT,
    ("StartTransaction", "meterStart"): ABSENT,
    ("StopTransaction", "transactionId"): ABSENT,
    ("StopTransaction", "meterStop"): ABSENT,
    ("MeterValues", "connectorId"): ABSENT,
    ("MeterValues", "evseId"): ABSENT,
    ("TransactionEvent", "triggerReason"): ABSENT,
    ("TransactionEvent", "seqNo"): ABSENT,
    ("NotifyReport", "seqNo"): 0,
    ("NotifyEvent", "seqNo"): 0,
}
_MISSING_ANYWHERE = frozenset({"timestamp", "generatedAt"})

# Words that steer what we do: an unknown one leaves the meaning open.
_STEERING = frozenset({"eventType", "action", "hashAlgorithm", "certificateType", "exiRequest"})

_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})


def repair(version: str, action: str, payload: dict[str, Any], direction: Direction = REQUEST) -> Repaired:
    """Repair what a station sent, a request or an answer, until its schema has nothing left to refuse.

    Raises:
        KeyError: the version has no such action.
    """
    quirks: dict[str, None] = {}
    document = schema(version, action, direction).document
    for _ in range(_ROUNDS):
        changed = False
        useless: set[Path] = set()
        for violation in check(version, action, direction, payload):
            if not _still_there(payload, violation.path):
                # An earlier repair took it away; the next round tells what is left.
                changed = True
                continue
            found = _one(action, direction, document, payload, violation)
            if found is None:
                sample = _sample(violation.path)
                if not sample:
                    return Repaired(tuple(quirks), violation)
                useless.add(sample)
                found = _Repair("Q57", True)
            quirks[found.quirk] = None
            changed = changed or found.changed
        for path in sorted(useless, key=lambda path: path[-1], reverse=True):
            if _still_there(payload, path):
                holder, index = _holder(payload, path)
                del holder[index]
        if not changed:
            return Repaired(tuple(quirks), None)
    return Repaired(tuple(quirks), check(version, action, direction, payload)[0])


def _still_there(payload: Any, path: Path) -> bool:
    try:
        for step in path:
            payload = payload[step]
    except (LookupError, TypeError):
        return False
    return True


def _sample(path: Path) -> Path:
    """The path of the sampled value that `path` leads into; () elsewhere.

    One useless sample is dropped, so that its neighbours are not lost with it (Q57).
    """
    if "sampledValue" in path:
        end = path.index("sampledValue") + 2
        if len(path) >= end:
            return path[:end]
    return ()


class _Repair(NamedTuple):
    quirk: str
    changed: bool


def _one(
    action: str, direction: Direction, document: dict[str, Any], payload: dict[str, Any], violation: Violation
) -> _Repair | None:
    """Repair one violation, or say that it may stand; None if it must be refused."""
    holder, key = _holder(payload, violation.path)
    if violation.fault is Fault.EXTRA:
        target = holder[key] if violation.path else payload
        for name in violation.wanted:
            target.pop(name, None)
        return _Repair("Q28", True)
    if violation.fault is Fault.REQUIRED:
        return _missing(action, holder[key] if violation.path else payload, violation.wanted[0])
    if holder is None:
        return None
    value = holder[key]
    if (value is None or value == [] or value == {}) and _remove(document, holder, violation.path):
        return _Repair("Q27" if value is None else "Q25", True)
    if violation.kind == "type":
        return _retype(holder, key, violation.wanted)
    if violation.kind == "enum":
        return _reword(holder, key, violation.wanted, direction)
    if violation.kind == "maxLength":
        return _Repair("Q47" if key in ("idTag", "idToken") else "Q15", False)
    if violation.kind in ("multipleOf", "maxItems"):
        return _Repair("Q25", False)
    if key == "transactionId" and type(value) is int:
        holder[key] = -1  # an id that we never issued, whatever its digits
        return _Repair("Q43", True)
    if violation.kind == "minItems" and key in ("meterValue", "sampledValue", "transactionData"):
        return _Repair("Q57", False)
    return None


def _there(payload: Any, path: Path) -> bool:
    """Whether there still is something at `path`."""
    for step in path:
        if isinstance(payload, dict):
            if step not in payload:
                return False
        elif not (isinstance(payload, list) and isinstance(step, int) and step < len(payload)):
            return False
        payload = payload[step]
    return True


def _holder(payload: dict[str, Any], path: Path) -> tuple[Any, Any]:
    """The container and key of what lies at `path`; (None, None) for the payload itself."""
    if not path:
        return None, None
    holder: Any = payload
    for step in path[:-1]:
        holder = holder[step]
    return holder, path[-1]


def _missing(action: str, target: dict[str, Any], name: str) -> _Repair | None:
    if name in _MISSING_ANYWHERE:
        return _Repair("Q29", False)
    if (action, name) not in _MISSING:
        return None
    value = _MISSING[action, name]
    if value is ABSENT:
        return _Repair("Q29", False)
    target[name] = value
    return _Repair("Q29", True)


def _remove(document: dict[str, Any], holder: Any, path: Path) -> bool:
    """Take away an empty optional property; one that is required stays for others to judge."""
    name = path[-1]
    if not isinstance(holder, dict):
        return False
    if name in at(document, path[:-1]).get("required", ()) and holder[name] is not None:
        return False
    del holder[name]
    return True


def _retype(holder: Any, key: Any, wanted: tuple[Any, ...]) -> _Repair | None:
    for kind in wanted:
        value = _COERCIONS[kind](holder[key]) if kind in _COERCIONS else None
        if value is not None:
            holder[key] = value
            return _Repair("Q25", True)
    return None


def _as_number(value: Any) -> float | int | None:
    if type(value) is str:
        try:
            value = float(value.strip().replace(",", ".")) if len(value) < 64 else None
        except ValueError:
            return None
    if type(value) not in (int, float) or not math.isfinite(value):
        return None
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def _as_integer(value: Any) -> int | None:
    if type(value) is str and value.strip().lstrip("+-").isdecimal() and len(value) < 64:
        number: float | int | None = int(value)
    else:
        number = _as_number(value)
    if number is None:
        return None
    whole = math.floor(number + 0.5) if isinstance(number, float) else number
    return whole if INT64_MIN <= whole <= INT64_MAX else None


def _as_text(value: Any) -> str | None:
    if type(value) is bool:
        return "true" if value else "false"
    if value is None:
        return None
    return str(value) if type(value) in (int, float) else msgspec.json.encode(value).decode()


def _as_boolean(value: Any) -> bool | None:
    word = str(value).strip().lower() if type(value) in (str, int) else ""
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def _as_list(value: Any) -> list[Any] | None:
    return None if value is None else [value]


_COERCIONS: dict[str, Callable[[Any], Any]] = {
    "integer": _as_integer,
    "number": _as_number,
    "string": _as_text,
    "boolean": _as_boolean,
    "array": _as_list,
}


def _reword(holder: Any, key: Any, options: tuple[Any, ...], direction: Direction) -> _Repair | None:
    """A known word in another case or with blanks around it; else an unknown word that may stand."""
    said = holder[key]
    if type(said) is not str:
        return None
    plain = said.strip().strip("\x00").casefold()
    for option in options:
        if plain == option.casefold():
            holder[key] = option
            return _Repair("Q26", True)
    if key in _STEERING or direction is RESPONSE:
        return None
    if key == "errorCode":
        # The raw word stays visible where the station left room for it.
        holder.setdefault("vendorErrorCode", said)
        holder[key] = "OtherError"
        return _Repair("Q26", True)
    if {"Celcius", "Celsius"} & set(options) and plain in ("celcius", "celsius"):
        holder[key] = "Celcius" if "Celcius" in options else "Celsius"
        return _Repair("Q26", True)
    return _Repair("Q26", False)


# Where a station names a token: padding is trimmed for matching, the raw frame keeps it (Q27).
_TOKENS: dict[str, tuple[str, ...]] = {
    "Authorize": ("idTag", "idToken"),
    "StartTransaction": ("idTag",),
    "StopTransaction": ("idTag",),
    "TransactionEvent": ("idToken",),
    "BatterySwap": ("idToken",),
    "StatusNotification": ("info", "vendorErrorCode", "vendorId"),
}
TOUCHED = frozenset(_TOKENS)


def trim(action: str, payload: dict[str, Any]) -> bool:
    """Take blanks, NULs and a literal "null" off the texts that are matched; True if there were any."""
    touched = False
    for name in _TOKENS[action]:
        said = payload.get(name)
        holder, key = payload, name
        if type(said) is dict:
            holder, key, said = said, "idToken", said.get("idToken")
        if type(said) is not str:
            continue
        plain = said.strip(" \t\r\n\x00")
        if action == "StatusNotification" and plain == "null":
            del holder[key]
            touched = True
        elif plain != said:
            holder[key] = plain
            touched = True
    return touched


def clean(value: Any) -> bool:
    """Strip NULs from all texts below `value`; True if there were any (Q27)."""
    touched = False
    items = value.items() if type(value) is dict else enumerate(value) if type(value) is list else ()
    for key, below in list(items):
        if type(below) is str:
            if "\x00" in below:
                value[key] = below.replace("\x00", "")
                touched = True
        elif type(below) is dict or type(below) is list:
            touched = clean(below) or touched
    return touched
