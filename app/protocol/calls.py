"""Our CALLs to one station: a bounded queue, one on the wire, every end told. Pure: no clock, no socket.

Times are monotonic seconds. What happens to a call is its `CallOutcome`; it never stays open:
answered, refused by the station, timed out, lost with its link, expired in the queue, or not
taken because the queue is full. A late answer is known as one and changes nothing (Q31).
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import uuid4

from app.protocol.frames import CallError, CallResult, canonical, code_for, encode_call, encode_result_error
from app.protocol.repair import repair
from app.protocol.schemas import RESPONSE, Violation, check

MAX_REMEMBERED = 64
"""Ids of past calls by which late answers are recognised."""


class Ending(StrEnum):
    """How a call of ours ended."""

    ANSWERED = "answered"
    """A valid CALLRESULT; its own `status` may still be Rejected."""
    INVALID = "invalid answer"
    """A CALLRESULT that breaks its schema."""
    ERROR = "error"
    """A CALLERROR."""
    TIMEOUT = "timeout"
    LOST = "lost"
    """The link went before the answer came; the station may have acted."""
    EXPIRED = "expired"
    """It waited in the queue for too long and was never sent."""
    QUEUE_FULL = "queue full"


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """What became of a call. `sent` tells whether it left at all: only then may it have acted."""

    ending: Ending
    action: str
    message_id: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    text: str = ""
    sent: bool = True
    round_trip_ms: int | None = None
    quirks: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the station answered without a refusal in its `status`."""
        status = self.payload.get("status", "Accepted")
        return self.ending is Ending.ANSWERED and status == "Accepted"


Done = Callable[[CallOutcome], None]


@dataclass(slots=True)
class PendingCall:
    """A call that waits, or is on the wire."""

    action: str
    payload: Mapping[str, Any]
    timeout_s: float
    expires_s: float
    done: Done
    forced: bool = False
    message_id: str = field(default_factory=lambda: str(uuid4()))
    sent_s: float | None = None

    @property
    def frame(self) -> bytes:
        """The CALL as it travels."""
        return encode_call(self.message_id, self.action, self.payload)


@dataclass(frozen=True, slots=True)
class Settled:
    """What an answer turned out to be.

    `outcome` is None for one that settles nothing; `note` says why, for the log. `reply` is the
    CALLRESULTERROR that 2.1 owes for an answer it cannot use.
    """

    outcome: CallOutcome | None
    note: str = ""
    action: str = ""
    reply: bytes | None = None
    quirks: tuple[str, ...] = ()
    late_id: str = ""
    """The id of the call that an answer came too late for."""


class CallQueue:
    """The calls to one station over one connection. Made when the first call is asked for."""

    __slots__ = ("_count", "_past", "_waiting", "current", "strict", "timeouts", "version")

    def __init__(self, version: str, *, strict: bool = False) -> None:
        self.version = version
        self.strict = strict
        self.current: PendingCall | None = None
        self.timeouts = 0
        """Timeouts in a row, without an answer between (Q10)."""
        self._waiting: list[tuple[int, int, PendingCall]] = []
        self._count = 0
        self._past: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def submit(self, call: PendingCall, *, limit: int, priority: int = 0) -> bool:
        """Queue `call`; smaller priorities go first. At the limit its outcome is QUEUE_FULL."""
        if len(self._waiting) >= limit:
            text = f"{limit} commands are waiting for this station already"
            call.done(CallOutcome(Ending.QUEUE_FULL, call.action, call.message_id, text=text, sent=False))
            return False
        self._count += 1
        heapq.heappush(self._waiting, (priority, self._count, call))
        return True

    def next(self, now_s: float, *, held: bool = False) -> PendingCall | None:
        """The call to send now, marked as sent; None while one is out, or only held ones wait.

        Args:
            held: nothing but forced calls may be sent yet (Q13).
        """
        if self.current is not None:
            return None
        self._expire(now_s)
        if not self._waiting:
            return None
        if held:
            forced = [entry for entry in self._waiting if entry[2].forced]
            if not forced:
                return None
            entry = min(forced)
            self._waiting.remove(entry)
            heapq.heapify(self._waiting)
        else:
            entry = heapq.heappop(self._waiting)
        call = self.current = entry[2]
        call.sent_s = now_s
        return call

    def _expire(self, now_s: float) -> None:
        gone = [entry for entry in self._waiting if entry[2].expires_s <= now_s]
        if gone:
            self._waiting = [entry for entry in self._waiting if entry[2].expires_s > now_s]
            heapq.heapify(self._waiting)
        for _, _, call in gone:
            call.done(CallOutcome(Ending.EXPIRED, call.action, call.message_id, sent=False))

    def tick(self, now_s: float) -> None:
        """Let the outstanding call time out, and waiting ones expire."""
        call = self.current
        if call is not None and call.sent_s is not None and now_s - call.sent_s >= call.timeout_s:
            self.timeouts += 1
            self._end(CallOutcome(Ending.TIMEOUT, call.action, call.message_id))
        self._expire(now_s)

    def lost(self, why: str = "connection lost") -> None:
        """The link is gone: the outstanding call and all that wait end as lost."""
        if self.current is not None:
            self._end(CallOutcome(Ending.LOST, self.current.action, self.current.message_id, text=why))
        waiting, self._waiting = self._waiting, []
        for _, _, call in sorted(waiting):
            call.done(CallOutcome(Ending.LOST, call.action, call.message_id, text=why, sent=False))

    def settle(self, frame: CallResult | CallError, now_s: float) -> Settled:
        """Match an answer with the call it belongs to. Settles at most the outstanding one."""
        call = self.current
        quirks: tuple[str, ...] = ()
        if call is None or frame.message_id != call.message_id:
            past = self._past.get(frame.message_id)
            if past is not None:
                how = "an error" if isinstance(frame, CallError) else self._status(frame)
                note = f"late answer to {past}: {how}"
                return Settled(None, note, past, quirks=("Q31",), late_id=frame.message_id)
            if call is None or self.strict or isinstance(frame, CallError) or not self._fits(call, frame):
                return Settled(None, "an answer to no call of ours")
            quirks = ("Q30",)  # one call is out, the id was never ours, and the payload fits
        trip = round((now_s - (now_s if call.sent_s is None else call.sent_s)) * 1000)
        self.timeouts = 0
        if isinstance(frame, CallError):
            outcome = CallOutcome(
                Ending.ERROR,
                call.action,
                call.message_id,
                frame.details,
                canonical(frame.code),
                frame.text,
                round_trip_ms=trip,
            )
            self._end(outcome)
            return Settled(outcome, action=call.action)
        judged = self._judge(call.action, frame.payload)
        fault = judged if isinstance(judged, Violation) else None
        if not isinstance(judged, Violation):
            quirks += judged
        outcome = CallOutcome(
            Ending.INVALID if fault else Ending.ANSWERED,
            call.action,
            call.message_id,
            frame.payload if isinstance(frame.payload, dict) else {},
            text=fault.text if fault else "",
            round_trip_ms=trip,
            quirks=quirks,
        )
        reply = None
        if fault is not None and self.version == "2.1":
            code = code_for(self.version, fault.fault)
            reply = encode_result_error(frame.message_id, code, fault.text)
        self._end(outcome)
        return Settled(outcome, outcome.text, call.action, reply, quirks)

    def _judge(self, action: str, payload: Any) -> Violation | tuple[str, ...]:
        """What is wrong with an answer, or the quirks that were repaired in it."""
        found = check(self.version, action, RESPONSE, payload)
        if not found:
            return ()
        if self.strict or not isinstance(payload, dict):
            return found[0]
        repaired = repair(self.version, action, payload, RESPONSE)
        return repaired.refused or repaired.quirks

    def _end(self, outcome: CallOutcome) -> None:
        call, self.current = self.current, None
        assert call is not None
        self._past[call.message_id] = call.action
        if len(self._past) > MAX_REMEMBERED:
            del self._past[next(iter(self._past))]
        call.done(outcome)

    def _fits(self, call: PendingCall, frame: CallResult) -> bool:
        return not check(self.version, call.action, RESPONSE, frame.payload)

    @staticmethod
    def _status(frame: CallResult) -> str:
        status = frame.payload.get("status") if isinstance(frame.payload, dict) else None
        return status[:50] if isinstance(status, str) else "answered"
