"""One command under way, as the desk holds it between its asking and its end."""

import asyncio
from dataclasses import dataclass, field

from app.domain.operations import Operation, Wish
from app.domain.records import CommandRecord
from app.intake.messages import MessageSubscription
from app.operations.lines import Turn
from app.operations.outcomes import Judged
from app.operations.proofs.watch import Seen, Watch
from app.protocol.calls import CallOutcome


@dataclass(slots=True, eq=False)
class Live:
    """A command that has not ended.

    Attributes:
        record: as it stands; what is kept of it may be a commit behind.
        shown: as it was kept last.
        wish: who wants what.
        operation: what is sent: the wish's, with addresses and numbers filled in.
        timeout_s: how long the station may take for each answer.
        moved: done when the command moves; then replaced.
        outcome: how its last call ended; for those who want the answer itself.
        turn: its place in the station's line, while it waits.
        holds: whether its station is held for it.
        watch: its proof, once it has left.
        heard: every message of the station, for a watch that needs them.
        early: what the proof saw before the answer came.
        unanswered: what it will end as if the proof does not come either.
        version: the version it was said in.
        seen: the sessions that were named to who agreed; None: all of it was agreed to, by hand.
        held: what it is held back for, "" for nothing.
        resumed: it was accepted before Forecourt restarted.
    """

    record: CommandRecord
    wish: Wish
    operation: Operation
    timeout_s: float
    moved: "asyncio.Future[None]"
    outcome: "asyncio.Future[CallOutcome]"
    shown: CommandRecord | None = None
    turn: Turn | None = None
    holds: bool = False
    watch: Watch | None = None
    heard: MessageSubscription | None = None
    early: Seen | None = None
    unanswered: Judged | None = None
    resumed: bool = False
    version: str = ""
    seen: frozenset[int] | None = frozenset()
    held: str = ""
    calls: list[CallOutcome] = field(default_factory=list)
