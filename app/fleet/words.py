"""Plain words for what stations report in code."""

import re
from functools import lru_cache

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_KEEP = frozenset({"EV", "EVSE", "TLS", "CSMS", "RFID"})
_SPOKEN = {
    "EVCommunicationError": "No communication with the car",
    "WeakSignal": "Weak radio signal",
    "OtherError": "Fault the charger has no code for",
    "InternalError": "Internal fault",
    "HighTemperature": "Too hot",
    "ReaderFailure": "Card reader failure",
    "GroundFailure": "Earth fault",
    "LocalListConflict": "Local card list conflict",
}


@lru_cache(maxsize=1024)
def plain(code: str) -> str:
    """ "ConnectorLockFailure" as "Connector lock failure", OCPP 2.x' "ConnectorPlugRetentionLock.Problem" as
    "Connector plug retention lock: problem"; what is no code only begins in upper case."""
    if code in _SPOKEN:
        return _SPOKEN[code]
    component, dot, variable = code.partition(".")
    if dot and all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", part) for part in (component, variable)):
        said = plain(variable)
        return f"{plain(component)}: {said[:1].lower()}{said[1:]}"
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", code):
        return code[:1].upper() + code[1:]
    words = [p if p in _KEEP else p.lower() for p in _PARTS.findall(code)]
    text = " ".join(words)
    return text[:1].upper() + text[1:]
