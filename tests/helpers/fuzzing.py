"""Drives frames through the sans-IO core and checks what must hold for each, whatever it is."""

import json
from collections import Counter
from collections.abc import Iterable

from app.domain.ids import StationId
from app.domain.reception import Reception
from app.domain.status import Registration
from app.protocol.calls import CallQueue, PendingCall
from app.protocol.context import Context
from app.protocol.core import Answered, Inbound, LinkCore, Noted, Rejected
from app.protocol.frames import OcppError, canonical
from app.protocol.routing import understand
from app.protocol.versions import SERVER_ACTIONS

CODES = frozenset(
    {
        "NotImplemented",
        "NotSupported",
        "InternalError",
        "ProtocolError",
        "SecurityError",
        "FormatViolation",
        "GenericError",
        "PropertyConstraintViolation",
        "OccurrenceConstraintViolation",
        "TypeConstraintViolation",
        "RpcFrameworkError",
        "MessageTypeNotSupported",
    }
)
LACKING_16 = frozenset({"RpcFrameworkError", "MessageTypeNotSupported", "FormatViolation"})
NOW = 1_767_225_600_000


def drive(version: str, texts: Iterable[str], *, strict: bool = False, adapters: bool = True) -> Counter[str]:
    """Feed every text to one core; counts what became of them. Raises what the core lets through.

    Args:
        adapters: also let the version's adapter understand what the core hands on.
    """
    core = LinkCore(version, strict=strict)
    queue = CallQueue(version, strict=strict)
    actions = sorted(SERVER_ACTIONS[version])
    seen: Counter[str] = Counter()
    for number, text in enumerate(texts):
        if number % 500 == 499:
            core.registration = (None, Registration.PENDING, Registration.ACCEPTED)[number % 3]
        out = core.receive(text, NOW)
        kind = type(out).__name__
        if isinstance(out, Inbound):
            if adapters:
                kind = understood(version, out)
            if not out.send:
                assert core.answered(out.message_id)
        elif isinstance(out, Answered):
            if queue.current is None:
                call = PendingCall(actions[number % len(actions)], {}, 30, 60, lambda outcome: None)
                call.message_id = out.frame.message_id if number % 3 else "other"
                queue.submit(call, limit=50)
                queue.next(number)
            queue.settle(out.frame, number)
            queue.tick(number)
        elif isinstance(out, Rejected):
            check_reply(version, out)
        else:
            assert isinstance(out, Noted)
        seen[kind] += 1
        assert core.in_flight == 0
    return seen


def understood(version: str, inbound: Inbound) -> str:
    """Let the adapter read it; an OcppError is a legitimate refusal, anything else a bug."""
    try:
        reception = understand(
            version, inbound.action, inbound.payload, Context(StationId("FUZZ"), inbound.received_ms)
        )
    except OcppError as refused:
        if canonical(refused.code) not in CODES:
            raise AssertionError(f"{refused.code} is no OCPP error code") from refused
        return "OcppError"
    assert isinstance(reception, Reception)
    return "Inbound"


def check_reply(version: str, out: Rejected) -> None:
    """A refusal is a well-formed CALLERROR with a code of its version, and never echoes the payload."""
    if out.reply is None:
        return
    kind, message_id, code, text, details = json.loads(out.reply)
    assert kind == 4
    assert isinstance(message_id, str)
    assert len(message_id) <= 255
    assert canonical(code) in CODES
    assert version != "1.6" or code not in LACKING_16
    assert len(text) <= 255
    assert details == {}
