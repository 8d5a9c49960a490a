"""StatusNotification (OCPP 1.6 section 4.9): connector n is EVSE n, connector 1; 0 is the station."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.domain.events import StatusReported
from app.domain.reception import Reception
from app.domain.status import ConnectorStatus
from app.protocol.context import Context
from app.protocol.fields import text, whole
from app.protocol.reception import Payload, Route, nothing
from app.protocol.stamps import judge
from app.protocol.words import spellings

_STATUS = {status.value.lower(): status for status in ConnectorStatus}
_ERRORS = spellings(
    "ConnectorLockFailure EVCommunicationError GroundFailure HighTemperature InternalError"
    " LocalListConflict OtherError OverCurrentFailure PowerMeterFailure PowerSwitchFailure"
    " ReaderFailure ResetFailure UnderVoltage OverVoltage WeakSignal"
)
_NO_ERROR = frozenset({"noerror", "", "null", "none"})


def status_notification(payload: Payload, ctx: Context) -> Reception:
    """The state of one connector. A missing time is legal here; what came last counts as live."""
    get = payload.get
    received_ms, clock = ctx.received_ms, ctx.clock
    said = get("timestamp")
    at_ms, said_ms, _, _, odd_time = judge(said, received_ms, *clock)
    word = get("status")
    if type(word) is not str:
        word = text(word)
    state, odd_state = _state(word)
    vendor_error = get("vendorErrorCode")
    vendor_error = _said(vendor_error) if vendor_error else ""
    error_code = get("errorCode")
    if error_code == "NoError" and not vendor_error and state is not ConnectorStatus.FAULTED:
        error = odd_error = ""
    else:
        error, vendor_error, odd_error = _error(error_code, vendor_error, state)
    evse = get("connectorId")
    evse, connector = (evse, 1) if type(evse) is int and evse else plug(evse)
    event = StatusReported(
        ctx.station,
        at_ms,
        received_ms,
        evse,
        connector,
        state,
        error,
        vendor_error,
        _said(vendor) if (vendor := get("vendorId")) else "",
        _said(info) if (info := get("info")) else "",
        word,
    )
    if not said and odd_time == "Q29":
        odd_time = ""
    odd = odd_time or odd_state or odd_error
    quirks = tuple(sorted({odd_time, odd_state, odd_error} - {""})) if odd else ()
    return Reception((event,), nothing, True, True, True, quirks, said_ms)


def plug(connector_id: Any) -> tuple[int, int]:
    """EVSE and connector of a 1.6 connector id; what is no number speaks for the station."""
    number = connector_id if type(connector_id) is int else whole(connector_id)
    return (number, 1) if number else (0, 0)


def _said(value: Any) -> str:
    """A text, or "" also for the words with which some firmware says nothing (ABB, Q27)."""
    if not value:
        return ""
    words = text(value)
    return "" if words in ("null", "NULL") else words


@lru_cache(maxsize=256)
def _state(word: str) -> tuple[ConnectorStatus, str]:
    """The state of a word, in any case, and Q26 where it had to be guessed or is unknown."""
    state = _STATUS.get(word.strip().lower(), ConnectorStatus.UNKNOWN)
    return state, "" if state.value == word and state is not ConnectorStatus.UNKNOWN else "Q26"


def _error(word: Any, vendor_error: str, state: ConnectorStatus) -> tuple[str, str, str]:
    """Error ("" for none), vendor's error code, and the quirk seen.

    Unknown errors are OtherError with their word kept as the vendor's (Q26). A vendor's code of
    zeros beside NoError says nothing (Q62).
    """
    raw = text(word)
    lower = raw.lower()
    if lower in _NO_ERROR:
        quirk = "Q62" if state is ConnectorStatus.FAULTED else "" if raw == "NoError" else "Q26"
        if vendor_error and not vendor_error.lower().strip("0x ,;.-"):
            return "", "", "Q62"
        return "", vendor_error, quirk
    error = _ERRORS.get(lower)
    if error is None:
        return "OtherError", vendor_error or raw, "Q26"
    return error, vendor_error, "" if error == raw else "Q26"


ROUTES: Mapping[str, Route] = {"StatusNotification": status_notification}
