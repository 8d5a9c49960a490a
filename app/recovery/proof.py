"""Proof: what was mended is waited for until a session delivers there, or until nobody may still ask.

One vehicle that takes nothing proves nothing for good: the next one may still prove the step.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain.records import SessionRecord
from app.recovery.rates import Learned, Rates
from app.recovery.situation import Result
from app.tasks import spawn

PROVING_WH = 200
PROVING_MS = 86_400_000
"""A mended fault waits so long for a session to prove it."""
TRIED_MS = 60_000
"""A session that ended sooner was none."""
BAD_WH, BAD_MS = 1_000, 180_000
PROVED = "proved"
DID_NOT_HOLD = "did not hold"

Write = Callable[[int, Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Mended:
    """A fault that a step ended. `failed` is the session that delivered nothing since."""

    fault: int
    station: str
    evse: int | None
    since_ms: int
    step: Mapping[str, Any]
    failed: int = 0


@dataclass(slots=True)
class Failing:
    """Sessions that failed at a place since a step was taken there: two in a row say it did nothing.

    Failed is what the reference's F.4 calls bad: under 1 kWh or under 3 min.
    """

    station: str
    evse: int | None
    since_ms: int
    count: int = 0
    last: int = 0

    @property
    def enough(self) -> bool:
        """Whether it may be given up."""
        return self.count >= 2

    def hear(self, session: SessionRecord) -> None:
        """A session's row."""
        here = session.station == self.station and self.evse in (None, session.evse)
        if not here or session.started_ms < self.since_ms or session.ended_ms is None:
            return
        if session.session == self.last:
            return
        self.last = session.session
        spent_ms = session.ended_ms - session.started_ms
        bad = (session.energy_wh or 0) < BAD_WH or spent_ms < BAD_MS
        self.count = self.count + 1 if bad else 0


class Proofs:
    """What waits for its proof.

    Args:
        write: writes an act of recovery on a fault's timeline.
    """

    def __init__(self, write: Write) -> None:
        self.rates = Rates()
        self._write = write
        self._open: dict[int, Mended] = {}

    def await_(self, mended: Mended) -> None:
        """Wait for the proof of a fault that was mended."""
        self._open[mended.fault] = mended

    def expire(self, now_ms: int) -> None:
        """What nobody proved in time is counted as mended, unless a session failed there."""
        for number, mended in [*self._open.items()]:
            if now_ms - mended.since_ms > PROVING_MS:
                del self._open[number]
                self._learn(mended, False if mended.failed else None)

    def hear(self, session: SessionRecord) -> None:
        """A session's row: it proves what was mended there before it began, or speaks against it."""
        for mended in [*self._open.values()]:
            if session.station != mended.station or session.started_ms < mended.since_ms:
                continue
            if (mended.evse is not None and session.evse != mended.evse) or session.session == mended.failed:
                continue
            delivered = (session.energy_wh or 0) >= PROVING_WH
            over = session.ended_ms is not None and session.ended_ms - session.started_ms > TRIED_MS
            if not delivered and not over:
                continue
            if delivered or mended.failed:
                del self._open[mended.fault]
                self._learn(mended, delivered)
            else:
                self._open[mended.fault] = replace(mended, failed=session.session)
            spawn(self._tell(mended, session, delivered), name=f"proof of fault {mended.fault}")

    async def _tell(self, mended: Mended, session: SessionRecord, delivered: bool) -> None:
        step = {**mended.step, "proved": delivered, "session": session.session}
        fields = {
            "text": f"Session {session.session} {'delivered' if delivered else 'delivered nothing'} there.",
            "word": PROVED if delivered else DID_NOT_HOLD,
            "recovered": delivered,
            "automatic": True,
            "step": step,
        }
        await self._write(mended.fault, fields)

    def _learn(self, mended: Mended, proved: bool | None) -> None:
        step = mended.step
        if {"playbook", "do", "code"} <= step.keys():
            place = (str(step["code"]), str(step.get("vendor", "")), str(step.get("firmware", "")))
            done = (str(step["playbook"]), str(step["do"]))
            self.rates.learn(Learned(*done, *place, Result.MENDED, proved))
