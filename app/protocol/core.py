"""One link's conversation without its socket: text in, what it means out.

`LinkCore.receive` reads one message, holds back what may not be said yet, checks and repairs the
payload, and returns one `Out`. It never raises and holds no clock, socket or store, so a million
frames can be driven through it, and a log replayed.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.domain.fact import Fact
from app.domain.status import Registration
from app.protocol import frames
from app.protocol.dialect import spoken
from app.protocol.frames import (
    Call,
    CallError,
    CallResult,
    CallResultError,
    Fault,
    FrameError,
    Send,
    code_for,
    encode_error,
    verdict,
)
from app.protocol.mend import mended
from app.protocol.repair import TOUCHED, clean, repair, trim
from app.protocol.schemas import REQUEST, check, schema
from app.protocol.versions import ACTIONS, SEND_ACTIONS, STATION_ACTIONS

MAX_UNREADABLE = 20
"""Unreadable messages in a row, without a good one between, after which the link is closed."""

BINARY_MARK = "\ufeff\ufeff"
"""Stands before the text of a message that came as binary, so that a replay sees what the link saw."""

POLICY = 1008
NOT_TEXT = 1003
NOT_UTF8 = 1007


class Inbound(Fact, frozen=True):
    """A CALL or SEND to hand on. `text` is the frame as it came; `quirks` what was repaired."""

    message_id: str
    action: str
    payload: dict[str, Any]
    text: str
    quirks: tuple[str, ...]
    received_ms: int
    send: bool = False
    """A SEND is never answered."""


class Answered(NamedTuple):
    """An answer to a CALL of ours, or what claims to be one."""

    frame: CallResult | CallError
    text: str


class Rejected(NamedTuple):
    """A message that goes no further. `reply`, if any, is to be sent; `close` is a close code or 0.

    `quirk` is the oddity to count against the station, "" where it is none, or strictness asks for more.
    """

    text: str
    reply: bytes | None
    why: str
    message_id: str | None = None
    action: str = ""
    close: int = 0
    quirk: str = ""


class Noted(NamedTuple):
    """A readable message that asks for nothing, kept for the log (type 5, an empty message)."""

    text: str
    why: str


Out = Inbound | Answered | Rejected | Noted

# Transaction messages pass while Pending: intake answers and quarantines them (CONTRACTS 4).
_WHILE_PENDING = frozenset(
    {"BootNotification", "StartTransaction", "StopTransaction", "MeterValues", "TransactionEvent"}
)
_WHILE_REJECTED = frozenset({"BootNotification", "StopTransaction", "TransactionEvent"})

# What our own commands make a station say although it is not accepted yet.
_ASKED_BY = {"GetBaseReport": "NotifyReport", "GetReport": "NotifyReport"}
_TRIGGERED = {
    "SignChargePointCertificate": "SignCertificate",
    "SignChargingStationCertificate": "SignCertificate",
    "SignV2GCertificate": "SignCertificate",
    "SignV2G20Certificate": "SignCertificate",
    "SignCombinedCertificate": "SignCertificate",
}


class LinkCore:
    """The state of one conversation. One per connection; answers of an older one do not fit.

    Attributes:
        version: "1.6", "2.0.1" or "2.1".
        strict: refuse every violation (`protocol.strict`).
        registration: the last answer to a boot; None while none is known, which lets all pass.
        unreadable: unreadable messages since the last good one.
    """

    __slots__ = ("_asked", "_first", "_more", "registration", "strict", "unreadable", "version")

    def __init__(
        self, version: str, *, strict: bool = False, registration: Registration | None = None
    ) -> None:
        self.version = version
        self.strict = strict
        self.registration = registration
        self.unreadable = 0
        self._first: str | None = None
        self._more: set[str] | None = None
        self._asked: frozenset[str] = frozenset()

    @property
    def in_flight(self) -> int:
        """How many CALLs of the station wait for their answer."""
        return (self._first is not None) + (len(self._more) if self._more else 0)

    def receive(self, text: str, received_ms: int) -> Out:
        """Read one message. Never raises."""
        try:
            frame = frames.parse(text)
        except FrameError as error:
            return self._broken(text, error, received_ms)
        self.unreadable = 0
        return self._sort(frame, text, (), received_ms)

    def receive_binary(self, data: bytes, received_ms: int) -> Out:
        """Read a binary message: UTF-8 JSON is taken as text (Q24), unless strict."""
        if self.strict:
            return Rejected(data[:200].hex(), None, "a binary message", close=NOT_TEXT)
        try:
            text = BINARY_MARK + data.decode()
        except UnicodeDecodeError:
            return self._unreadable(data[:65_536].hex(), None, "a binary message that is no text", None)
        return self.receive(text, received_ms)

    def answered(self, message_id: str) -> bool:
        """The CALL `message_id` is answered, or never will be. False if none such is in flight."""
        if self._first == message_id:
            self._first = None
            return True
        if self._more and message_id in self._more:
            self._more.remove(message_id)
            return True
        return False

    def asked(self, action: str, payload: Mapping[str, Any]) -> None:
        """We send `action`: what it makes the station say is let through while Pending."""
        said = _ASKED_BY.get(action)
        if said is None and action in ("TriggerMessage", "ExtendedTriggerMessage"):
            wish = payload.get("requestedMessage")
            said = _TRIGGERED.get(wish, wish) if isinstance(wish, str) else None
        if said is not None:
            self._asked |= {said}

    def _broken(self, text: str, error: FrameError, received_ms: int) -> Out:
        if not self.strict and error.fault in (Fault.UNREADABLE, Fault.NOT_AN_ANSWER):
            if text.startswith(BINARY_MARK):
                better: str | None = text[len(BINARY_MARK) :]
                quirk = "Q24"
            else:
                better, quirk = mended(text), "Q23"
            if better is not None:
                try:
                    frame = frames.parse(better)
                except FrameError as still:
                    error = still
                else:
                    self.unreadable = 0
                    return self._sort(frame, text, (quirk,), received_ms)
        if error.fault is Fault.EMPTY:
            return Noted(text, error.text)
        quirk = "Q23" if error.fault in (Fault.UNREADABLE, Fault.NOT_AN_ANSWER) else ""
        return self._unreadable(text, verdict(self.version, error), error.text, error.message_id, quirk)

    def _unreadable(
        self, text: str, reply: bytes | None, why: str, message_id: str | None, quirk: str = ""
    ) -> Rejected:
        self.unreadable += 1
        quirk = "" if self.strict else quirk
        if self.unreadable >= MAX_UNREADABLE:
            why = f"{self.unreadable} unreadable messages in a row; the last: {why}"
            return Rejected(text, reply, why, message_id, close=POLICY, quirk=quirk)
        return Rejected(text, reply, why, message_id, quirk=quirk)

    def _sort(self, frame: frames.Frame, text: str, quirks: tuple[str, ...], received_ms: int) -> Out:
        kind = type(frame)
        if kind is Call:
            return self._call(frame, text, quirks, received_ms)  # type: ignore[arg-type]
        if kind is CallResult or kind is CallError:
            return Answered(frame, text)  # type: ignore[arg-type]
        if self.version != "2.1":
            code = code_for(self.version, Fault.MESSAGE_TYPE)
            why = "a message type of OCPP 2.1"
            message_id = frame.message_id[: frames.ECHOED_ID] or frames.UNKNOWN_ID
            reply = encode_error(self.version, message_id, code, why) if code else None
            return Rejected(text, reply, why, message_id)
        if kind is Send:
            return self._send(frame, text, quirks, received_ms)  # type: ignore[arg-type]
        assert isinstance(frame, CallResultError)
        why = f"our answer {frame.message_id[:36]} was not understood: {frame.code[:50]} {frame.text[:255]}"
        return Noted(text, why)

    def _call(self, call: Call, text: str, quirks: tuple[str, ...], received_ms: int) -> Out:
        message_id, action, payload = call
        version = self.version
        if version != "1.6" and not self.strict:
            version = spoken(version, action, payload)
        if (
            self.registration is not None
            and self.registration is not Registration.ACCEPTED
            and not self._may_say(action)
        ):
            why = f"registration is {self.registration.value}; only BootNotification may be sent"
            return self._refuse(call, text, Fault.NOT_REGISTERED, why)
        if action not in STATION_ACTIONS[version]:
            return self._no_such(call, text)
        if message_id == self._first or (self._more is not None and message_id in self._more):
            return self._refuse(call, text, Fault.ID_IN_USE, "a message with this id is being handled")
        if not schema(version, action).is_valid(payload) or self.strict or frames.holds_nul(text):
            found = self._check(call, text, version)
            if type(found) is Rejected:
                return found
            quirks += found  # type: ignore[operator]
        if action in TOUCHED and not self.strict and trim(action, payload):
            quirks += ("Q27",)
        if self._first is None:
            self._first = message_id
        elif self._more is None:
            self._more = {message_id}
        else:
            self._more.add(message_id)
        return Inbound(message_id, action, payload, text, quirks, received_ms)

    def _check(self, call: Call, text: str, version: str) -> Rejected | tuple[str, ...]:
        """Judge a payload that is not plainly valid: the quirks repaired, or the refusal."""
        _, action, payload = call
        if self.strict:
            found = check(self.version, action, REQUEST, payload, dates=True)
            if not found and frames.holds_nul(text) and clean(payload):
                return self._refuse(call, text, Fault.VALUE, "a text holds a NUL")
            return self._refuse(call, text, found[0].fault, found[0].text) if found else ()
        quirks = ("Q27",) if frames.holds_nul(text) and clean(payload) else ()
        repaired = repair(version, action, payload)
        if repaired.refused is not None:
            return self._refuse(call, text, repaired.refused.fault, repaired.refused.text)
        return quirks + repaired.quirks

    def _send(self, send: Send, text: str, quirks: tuple[str, ...], received_ms: int) -> Out:
        message_id, action, payload = send
        if action not in SEND_ACTIONS[self.version]:
            return Rejected(text, None, f"{action[:50]} must not be sent as a SEND", message_id)
        if self.registration in (Registration.PENDING, Registration.REJECTED):
            return Rejected(text, None, "a SEND before the station is accepted", message_id, action)
        found = check(self.version, action, REQUEST, payload)
        if found and not self.strict:
            repaired = repair(self.version, action, payload)
            quirks += repaired.quirks
            found = [repaired.refused] if repaired.refused is not None else []
        if found:
            return Rejected(text, None, found[0].text, message_id, action)
        if frames.holds_nul(text) and clean(payload):
            quirks += ("Q27",)
        return Inbound(message_id, action, payload, text, quirks, received_ms, send=True)

    def _may_say(self, action: str) -> bool:
        if action in self._asked:
            return self.registration is Registration.PENDING or action == "BootNotification"
        allowed = _WHILE_PENDING if self.registration is Registration.PENDING else _WHILE_REJECTED
        return action in allowed

    def _no_such(self, call: Call, text: str) -> Rejected:
        if call.action in SEND_ACTIONS[self.version]:
            return self._refuse(call, text, Fault.SEND_ONLY, "this action is a SEND, not a CALL")
        if call.action in ACTIONS[self.version]:
            return self._refuse(call, text, Fault.WRONG_DIRECTION, "a station must not send this action")
        why = f"OCPP {self.version} has no such action"
        return self._refuse(call, text, Fault.UNKNOWN_ACTION, why, "" if self.strict else "Q21")

    def _refuse(self, call: Call, text: str, fault: Fault, why: str, quirk: str = "") -> Rejected:
        code = code_for(self.version, fault)
        reply = encode_error(self.version, call.message_id, code, why)
        return Rejected(text, reply, f"{code}: {why}", call.message_id, call.action, quirk=quirk)
