"""Our calls: one out at a time, every one ends, late and foreign answers change nothing."""

import json
from typing import Any

import pytest

from app.protocol.calls import CallOutcome, CallQueue, Ending, PendingCall
from app.protocol.frames import CallError, CallResult


class Desk:
    """A queue and the outcomes that its calls had."""

    def __init__(self, version: str = "1.6", *, strict: bool = False) -> None:
        self.queue = CallQueue(version, strict=strict)
        self.outcomes: list[CallOutcome] = []

    def ask(
        self, action: str = "Reset", *, timeout_s: float = 30, waits_s: float = 60, **how: Any
    ) -> PendingCall:
        """Ask for a call at time 0."""
        payload = {"Reset": {"type": "Soft"}}.get(action, {})
        forced = how.pop("forced", False)
        call = PendingCall(action, payload, timeout_s, waits_s, self.outcomes.append, forced)
        self.queue.submit(call, limit=50, **how)
        return call

    @property
    def endings(self) -> list[Ending]:
        """How the calls ended, in order."""
        return [outcome.ending for outcome in self.outcomes]


def accepted(call: PendingCall) -> CallResult:
    """The station's Accepted."""
    return CallResult(call.message_id, {"status": "Accepted"})


def test_one_at_a_time() -> None:
    """The second call waits for the end of the first."""
    desk = Desk()
    first, second = desk.ask(), desk.ask("ClearCache")
    assert desk.queue.next(0) is first
    assert desk.queue.next(0) is None
    settled = desk.queue.settle(accepted(first), 1.5)
    assert settled.outcome is not None
    assert settled.outcome.accepted
    assert settled.outcome.round_trip_ms == 1500
    assert desk.queue.next(2) is second
    assert json.loads(second.frame) == [2, second.message_id, "ClearCache", {}]


def test_a_refusal_is_an_answer() -> None:
    """Rejected is an answer; a CALLERROR is an error with its code in our spelling."""
    desk = Desk()
    call = desk.ask()
    desk.queue.next(0)
    desk.queue.settle(CallResult(call.message_id, {"status": "Rejected"}), 1)
    assert desk.endings == [Ending.ANSWERED]
    assert not desk.outcomes[0].accepted
    call = desk.ask()
    desk.queue.next(2)
    desk.queue.settle(CallError(call.message_id, "FormationViolation", "no", {"a": 1}), 3)
    assert desk.endings[1] is Ending.ERROR
    assert desk.outcomes[1].code == "FormatViolation"
    assert desk.outcomes[1].payload == {"a": 1}


def test_a_timeout_lets_the_next_go() -> None:
    """After 30 s the call has timed out, and timeouts in a row are counted until an answer (Q34, Q10)."""
    desk = Desk()
    first = desk.ask()
    desk.ask("ClearCache")
    desk.queue.next(0)
    desk.queue.tick(29)
    assert desk.outcomes == []
    desk.queue.tick(30)
    assert desk.endings == [Ending.TIMEOUT]
    assert desk.outcomes[0].sent
    assert desk.queue.timeouts == 1
    second = desk.queue.next(30)
    assert second is not None
    late = desk.queue.settle(accepted(first), 31)
    assert late.outcome is None
    assert late.quirks == ("Q31",)
    assert late.note == "late answer to Reset: Accepted"
    assert desk.queue.current is second
    desk.queue.settle(accepted(second), 32)
    assert desk.queue.timeouts == 0


def test_a_foreign_id_is_taken_when_only_one_call_is_out() -> None:
    """An id we never issued, one call out, a payload that fits: taken and tagged (Q30)."""
    desk = Desk()
    desk.ask()
    desk.queue.next(0)
    settled = desk.queue.settle(CallResult("999", {"status": "Accepted"}), 1)
    assert settled.quirks == ("Q30",)
    assert desk.endings == [Ending.ANSWERED]


@pytest.mark.parametrize(
    "frame", [CallResult("999", {"colour": 1}), CallError("999", "GenericError", "", {})]
)
def test_a_foreign_answer_that_does_not_fit(frame: CallResult | CallError) -> None:
    """It settles nothing."""
    desk = Desk()
    desk.ask()
    desk.queue.next(0)
    assert desk.queue.settle(frame, 1).outcome is None
    assert desk.outcomes == []


def test_an_earlier_calls_id_proves_nothing() -> None:
    """The answer to an earlier call is never taken for the one that is out (Q30)."""
    desk = Desk()
    first = desk.ask(timeout_s=5)
    desk.ask()
    desk.queue.next(0)
    desk.queue.tick(5)
    desk.queue.next(5)
    assert desk.queue.settle(accepted(first), 6).outcome is None
    assert desk.queue.current is not None


def test_strict_takes_no_foreign_id() -> None:
    """In strict mode an answer must carry its id."""
    desk = Desk(strict=True)
    desk.ask()
    desk.queue.next(0)
    assert desk.queue.settle(CallResult("999", {"status": "Accepted"}), 1).outcome is None


def test_a_lost_link_ends_all() -> None:
    """The one that was out may have acted; those that waited did not."""
    desk = Desk()
    desk.ask()
    desk.ask("ClearCache")
    desk.queue.next(0)
    desk.queue.lost("connection replaced")
    assert desk.endings == [Ending.LOST, Ending.LOST]
    assert [outcome.sent for outcome in desk.outcomes] == [True, False]
    assert desk.outcomes[0].text == "connection replaced"
    assert desk.queue.current is None
    assert len(desk.queue) == 0


def test_the_queue_is_bounded_and_forgets() -> None:
    """The 51st is refused at once; what waits too long is never sent."""
    desk = Desk()
    for _ in range(51):
        desk.ask()
    assert desk.endings == [Ending.QUEUE_FULL]
    assert not desk.outcomes[0].sent
    desk.queue.tick(60)
    assert desk.endings[1:] == [Ending.EXPIRED] * 50
    assert desk.queue.next(60) is None


def test_priority_and_order() -> None:
    """Smaller priorities first, equals in order."""
    desk = Desk()
    a, b, c = desk.ask(), desk.ask(priority=-1), desk.ask()
    order = []
    for _ in range(3):
        call = desk.queue.next(0)
        assert call is not None
        order.append(call)
        desk.queue.settle(accepted(call), 0)
    assert order == [b, a, c]


def test_held_until_the_boot_is_answered() -> None:
    """Only forced calls leave while the station has not booted (Q13)."""
    desk = Desk()
    desk.ask()
    assert desk.queue.next(0, held=True) is None
    forced = desk.ask("TriggerMessage", forced=True)
    assert desk.queue.next(0, held=True) is forced
    desk.queue.settle(CallResult(forced.message_id, {"status": "Accepted"}), 0)
    assert desk.queue.next(0, held=True) is None
    assert desk.queue.next(0) is not None


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
def test_answers_that_break_their_schema(version: str) -> None:
    """Invalid answers end the call as such; 2.1 is told by a CALLRESULTERROR."""
    desk = Desk(version)
    action = "ClearCache"
    call = desk.ask(action)
    desk.queue.next(0)
    settled = desk.queue.settle(CallResult(call.message_id, {"status": "Perhaps"}), 1)
    assert desk.endings == [Ending.INVALID]
    assert not desk.outcomes[0].accepted
    if version == "2.1":
        assert settled.reply is not None
        kind, message_id, code, _, details = json.loads(settled.reply)
        assert (kind, message_id, code) == (5, call.message_id, "PropertyConstraintViolation")
        assert details == {}
    else:
        assert settled.reply is None


def test_answers_whose_meaning_is_clear_are_used() -> None:
    """An extra field and another case are repaired; a payload that is no object is not."""
    desk = Desk("2.1")
    call = desk.ask("ClearCache")
    desk.queue.next(0)
    settled = desk.queue.settle(CallResult(call.message_id, {"status": "accepted", "x": 1}), 1)
    assert desk.endings == [Ending.ANSWERED]
    assert desk.outcomes[0].accepted
    assert set(settled.quirks) == {"Q26", "Q28"}
    assert settled.reply is None
    call = desk.ask("ClearCache")
    desk.queue.next(2)
    settled = desk.queue.settle(CallResult(call.message_id, [1]), 3)
    assert desk.endings[1] is Ending.INVALID
    assert settled.reply is not None


def test_ids_are_never_used_twice() -> None:
    """Each call has an id of its own, of at most 36 characters."""
    desk = Desk()
    ids = {desk.ask().message_id for _ in range(50)}
    assert len(ids) == 50
    assert max(map(len, ids)) == 36


def test_past_ids_are_bounded() -> None:
    """Memory of past calls does not grow."""
    desk = Desk()
    for _ in range(200):
        call = desk.ask()
        desk.queue.next(0)
        desk.queue.settle(accepted(call), 1)
    assert len(desk.queue._past) == 64
