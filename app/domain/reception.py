"""What an adapter makes of one CALL, and what the core decided about it.

The adapters of `protocol/v16` and `protocol/v2x` turn a payload into a `Reception`; intake
decides, commits, and hands the `Decided` to `Reception.answer` to get the answer's payload.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from app.domain.events import Event
from app.domain.fact import Fact
from app.domain.ids import TransactionId
from app.domain.status import Registration


class TokenStatus(StrEnum):
    """The verdict on a token, in 1.6's words and 2.x's additions; adapters map what they lack."""

    ACCEPTED = "Accepted"
    BLOCKED = "Blocked"
    EXPIRED = "Expired"
    INVALID = "Invalid"
    UNKNOWN = "Unknown"
    CONCURRENT_TX = "ConcurrentTx"


class Decided(Fact, frozen=True):
    """What the core says to an event, for the answer. Fields that do not apply stay None."""

    now_ms: int
    registration: Registration = Registration.ACCEPTED
    interval_s: int = 300
    transaction: TransactionId | None = None
    token_status: TokenStatus | None = None
    token_group: str = ""
    total_cost: float | None = None


Answer = Callable[[Decided], Mapping[str, Any]]


class Reception(Fact, frozen=True):
    """One CALL (or SEND), understood.

    `events` in order. `answer` builds the CALLRESULT payload. `durable`: answered only after the
    commit (ARCHITECTURE decision 5); False: answered at once. `repeatable`: a repeat is answered
    from memory (decision 3); False for Heartbeat, Authorize, BootNotification. `effect`: the
    journal row must be kept for ever; False lets it expire (heartbeats).
    `quirks` are ids of oddities that were repaired on the way, each counted once.
    `said_ms` is the newest time that the station wrote, uncorrected, for measuring its skew (Q65).
    """

    events: tuple[Event, ...]
    answer: Answer
    durable: bool = True
    repeatable: bool = True
    effect: bool = True
    quirks: tuple[str, ...] = ()
    said_ms: int | None = None
