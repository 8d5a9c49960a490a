"""OCPP-J frames: text to `Frame` and back. Pure: no socket, clock or schema (1.6J section 4.2; 2.1 part 4).

`parse` reads one WebSocket message; `verdict` says which error the specification owes for a fault,
in the spelling of each version; the `encode_*` functions write what we send, compact (Q20).
"""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple

import msgspec

MAX_DEPTH = 32
MAX_KEYS = 2_000
MAX_STRING = 65_536
MAX_ID = 36
ECHOED_ID = 255
UNKNOWN_ID = "-1"
"""The id that 2.x writes where the id of a frame cannot be read."""

INT64_MIN, INT64_MAX = -(1 << 63), (1 << 63) - 1


class Call(NamedTuple):
    """`[2, id, action, payload]`: a request that must be answered."""

    message_id: str
    action: str
    payload: dict[str, Any]


class CallResult(NamedTuple):
    """`[3, id, payload]`: the answer to a CALL of ours. The payload may still be anything."""

    message_id: str
    payload: Any


class CallError(NamedTuple):
    """`[4, id, code, text, details]`: a refusal of a CALL of ours; missing elements are padded."""

    message_id: str
    code: str
    text: str
    details: dict[str, Any]


class CallResultError(NamedTuple):
    """`[5, id, code, text, details]` (2.1): a CALLRESULT of ours was not understood."""

    message_id: str
    code: str
    text: str
    details: dict[str, Any]


class Send(NamedTuple):
    """`[6, id, action, payload]` (2.1): unconfirmed, never answered."""

    message_id: str
    action: str
    payload: dict[str, Any]


Frame = Call | CallResult | CallError | CallResultError | Send


class Fault(Enum):
    """What can be wrong with a message; one row of the error table each."""

    UNREADABLE = "unreadable"
    """Not JSON, not an array, empty, type not an integer, id not a string."""
    EMPTY = "empty"
    """A message without a byte, or blanks only."""
    MESSAGE_TYPE = "message type"
    """An unknown type number, or 5 and 6 where the version has none."""
    MESSAGE_ID = "message id"
    """An id that is empty or longer than 36 characters."""
    ELEMENTS = "elements"
    """A CALL with another count of elements than 4, or whose action is no string."""
    PAYLOAD = "payload"
    """A payload that is neither an object nor null, or breaks the limits of depth, keys, length."""
    NOT_AN_ANSWER = "not an answer"
    """A frame of type 3 to 6 that cannot be used: never answered, only noted."""
    UNKNOWN_ACTION = "unknown action"
    WRONG_DIRECTION = "wrong direction"
    SEND_ONLY = "send only"
    """A SEND-only action as a CALL."""
    NOT_REGISTERED = "not registered"
    """Anything but a boot (or what we asked for) while Pending or Rejected."""
    ID_IN_USE = "id in use"
    """The same id while the first message is still being handled."""
    REQUIRED = "required"
    TYPE = "type"
    EXTRA = "extra"
    VALUE = "value"
    ITEMS = "items"
    CRASH = "crash"


_ROWS: Mapping[Fault, tuple[str, str, str]] = {
    # fault: (1.6, 2.0.1, 2.1); "" = no reply
    Fault.UNREADABLE: ("", "RpcFrameworkError", "RpcFrameworkError"),
    Fault.EMPTY: ("", "", ""),
    Fault.MESSAGE_TYPE: ("", "MessageTypeNotSupported", ""),
    Fault.MESSAGE_ID: ("FormatViolation", "RpcFrameworkError", "RpcFrameworkError"),
    Fault.ELEMENTS: ("FormatViolation", "RpcFrameworkError", "RpcFrameworkError"),
    Fault.PAYLOAD: ("FormatViolation", "FormatViolation", "FormatViolation"),
    Fault.NOT_AN_ANSWER: ("", "", ""),
    Fault.UNKNOWN_ACTION: ("NotImplemented", "NotImplemented", "NotImplemented"),
    Fault.WRONG_DIRECTION: ("NotSupported", "NotSupported", "NotSupported"),
    Fault.SEND_ONLY: ("NotSupported", "NotSupported", "NotSupported"),
    Fault.NOT_REGISTERED: ("SecurityError", "SecurityError", "SecurityError"),
    Fault.ID_IN_USE: ("GenericError", "GenericError", "GenericError"),
    Fault.REQUIRED: ("ProtocolError", "OccurrenceConstraintViolation", "OccurrenceConstraintViolation"),
    Fault.TYPE: ("TypeConstraintViolation",) * 3,
    Fault.EXTRA: ("FormatViolation",) * 3,
    Fault.VALUE: ("PropertyConstraintViolation",) * 3,
    Fault.ITEMS: ("OccurrenceConstraintViolation",) * 3,
    Fault.CRASH: ("InternalError",) * 3,
}

_COLUMN = {"1.6": 0, "2.0.1": 1, "2.1": 2}

_SPELLING_16 = {
    "FormatViolation": "FormationViolation",
    "OccurrenceConstraintViolation": "OccurenceConstraintViolation",
    "RpcFrameworkError": "FormationViolation",
    "MessageTypeNotSupported": "GenericError",
}

_CANONICAL = {
    "FormationViolation": "FormatViolation",
    "OccurenceConstraintViolation": "OccurrenceConstraintViolation",
}


def spell(version: str, code: str) -> str:
    """The spelling of an error code in `version`; codes that 1.6 lacks become its nearest."""
    code = _CANONICAL.get(code, code)
    return _SPELLING_16.get(code, code) if version == "1.6" else code


def canonical(code: str) -> str:
    """Our one name of an error code, from whichever spelling a station uses (CONTRACTS 16)."""
    return _CANONICAL.get(code, code)


def code_for(version: str, fault: Fault) -> str:
    """The error code that `fault` earns in `version`, spelled; "" where nothing is answered."""
    code = _ROWS[fault][_COLUMN[version]]
    return spell(version, code) if code else ""


class OcppError(Exception):
    """A CALL that is refused: `code` in our canonical (2.x) name, `text` in plain words."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class FrameError(Exception):
    """A message that is no OCPP-J frame. `message_id` is set where it could be read."""

    def __init__(self, fault: Fault, message_id: str | None, text: str) -> None:
        super().__init__(text)
        self.fault = fault
        self.message_id = message_id
        self.text = text


def verdict(version: str, error: FrameError) -> bytes | None:
    """The CALLERROR that an unreadable message earns in `version`, or None: no reply."""
    code = code_for(version, error.fault)
    if not code:
        return None
    message_id = error.message_id
    if message_id is None:
        message_id = UNKNOWN_ID
    return encode_error(version, message_id[:ECHOED_ID], code, error.text)


_made = tuple.__new__
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def parse(text: str | bytes) -> Frame:
    """Read one OCPP-J frame.

    Raises:
        FrameError: not a frame; its `fault` names the row of the error table. Never anything else.
    """
    try:
        frame = _decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as exc:
        # msgspec tells bad UTF-8 and deep nesting as the latter two.
        raise _unreadable(text, exc) from None
    if type(frame) is not list or not frame:
        raise FrameError(Fault.UNREADABLE, None, "not a JSON array with elements")
    kind = frame[0]
    if type(kind) is not int:
        raise FrameError(Fault.UNREADABLE, _readable_id(frame), "the message type is not an integer")
    if kind == 2:
        return _call(frame, text)
    if kind in (3, 4, 5, 6):
        return _answer(kind, frame, text)
    raise FrameError(Fault.MESSAGE_TYPE, _readable_id(frame), f"unknown message type {str(kind)[:20]}")


def _call(frame: list[Any], text: str | bytes) -> Call:
    message_id = frame[1] if len(frame) > 1 else None
    if type(message_id) is not str:
        raise FrameError(Fault.UNREADABLE, None, "the message id is not a string")
    if not 0 < len(message_id) <= MAX_ID:
        raise FrameError(Fault.MESSAGE_ID, message_id, "the message id must have 1 to 36 characters")
    if len(frame) != 4:
        raise FrameError(Fault.ELEMENTS, message_id, f"a CALL has 4 elements, not {len(frame)}")
    _, _, action, payload = frame
    if type(action) is not str:
        raise FrameError(Fault.ELEMENTS, message_id, "the action is not a string")
    if payload is None:
        payload = {}
    elif type(payload) is not dict:
        raise FrameError(Fault.PAYLOAD, message_id, "the payload is not an object")
    _within_limits(text, payload, message_id)
    return _made(Call, (message_id, action, payload))


def _answer(kind: int, frame: list[Any], text: str | bytes) -> Frame:
    message_id = frame[1] if len(frame) > 1 else None
    if type(message_id) is not str:
        raise FrameError(Fault.NOT_AN_ANSWER, None, f"the id of a message of type {kind} is not a string")
    if kind == 3:
        if len(frame) < 3:
            raise FrameError(Fault.NOT_AN_ANSWER, message_id, "a CALLRESULT without a payload")
        _within_limits(text, frame[2], message_id, Fault.NOT_AN_ANSWER)
        return CallResult(message_id, {} if frame[2] is None else frame[2])
    if kind == 6:
        if len(frame) != 4 or type(frame[2]) is not str or not isinstance(frame[3], dict | None):
            raise FrameError(Fault.NOT_AN_ANSWER, message_id, "a SEND is [6, id, action, payload]")
        _within_limits(text, frame[3], message_id, Fault.NOT_AN_ANSWER)
        return Send(message_id, frame[2], frame[3] or {})
    code, words, details = (*frame[2:5], None, None, None)[:3]
    padded = (
        message_id,
        code if type(code) is str else "GenericError",
        words if type(words) is str else "",
        details if type(details) is dict else {},
    )
    return CallError(*padded) if kind == 4 else CallResultError(*padded)


_HEAD = re.compile(r'\s*\[\s*(\d{1,4})\s*,\s*"([^"\\\x00-\x1f]{0,255})"')


def _unreadable(text: str | bytes, cause: Exception) -> FrameError:
    """The FrameError for what is not JSON; its id is read from the head of the text where it can."""
    head = text[:1024]
    if isinstance(head, bytes):
        head = head.decode("utf-8", "replace")
    if not head.strip() and not text.strip():
        return FrameError(Fault.EMPTY, None, "an empty message")
    why = "nested too deep" if isinstance(cause, RecursionError) else "not JSON"
    found = _HEAD.match(head)
    if found is None:
        return FrameError(Fault.UNREADABLE, None, why)
    if found[1] in ("3", "4", "5", "6"):
        return FrameError(Fault.NOT_AN_ANSWER, found[2], why)
    return FrameError(Fault.UNREADABLE, found[2] or None, why)


def _readable_id(frame: list[Any]) -> str | None:
    return frame[1] if len(frame) > 1 and type(frame[1]) is str and frame[1] else None


def _within_limits(text: str | bytes, payload: Any, message_id: str, fault: Fault = Fault.PAYLOAD) -> None:
    """Refuse payloads beyond the limits of security reference section 3.

    Counting characters first keeps the walk away from ordinary messages: nothing can be nested
    deeper than it has brackets, nor have more keys than colons.
    """
    if isinstance(text, str):
        brackets = text.count("{") + text.count("[")
        colons = text.count(":") if len(text) > MAX_KEYS else 0
    else:
        brackets = text.count(b"{") + text.count(b"[")
        colons = text.count(b":") if len(text) > MAX_KEYS else 0
    if brackets <= MAX_DEPTH and colons <= MAX_KEYS and len(text) <= MAX_STRING:
        return
    level = [payload]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if type(value) is dict:
                if len(value) > MAX_KEYS:
                    raise FrameError(fault, message_id, f"an object with more than {MAX_KEYS} keys")
                below.extend(value.values())
            elif type(value) is list:
                below.extend(value)
            elif type(value) is str and len(value) > MAX_STRING:
                raise FrameError(fault, message_id, f"a text longer than {MAX_STRING} characters")
        if not below:
            return
        level = below
    if any(isinstance(value, dict | list) for value in level):
        raise FrameError(fault, message_id, f"nested deeper than {MAX_DEPTH} levels")


def holds_nul(text: str) -> bool:
    """Whether a text of the payload may hold a NUL, on which databases and C texts stop (T9). Cheap."""
    return "\\" in text and "\\u0000" in text


def encode_call(message_id: str, action: str, payload: Mapping[str, Any]) -> bytes:
    """`[2, id, action, payload]`."""
    return _encode((2, message_id, action, payload))


def encode_result(message_id: str, payload: Mapping[str, Any]) -> bytes:
    """`[3, id, payload]`."""
    return _encode((3, message_id, payload))


def encode_error(version: str, message_id: str, code: str, text: str = "") -> bytes:
    """`[4, id, code, text, {}]` in the spelling of `version`; details stay empty (T8)."""
    return _encode((4, message_id, spell(version, code), text[:255], {}))


def encode_result_error(message_id: str, code: str, text: str = "") -> bytes:
    """`[5, id, code, text, {}]` (2.1): an answer to our CALL was not understood."""
    return _encode((5, message_id, spell("2.1", code), text[:255], {}))
