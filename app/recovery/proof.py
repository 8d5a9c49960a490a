"""Proof: what was mended is waited for until a session delivers there, or until nobody may still ask.

One vehicle that takes nothing proves nothing for good: the next one may still prove the step.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.records import SessionRecord
from app.recovery.rates import Learned, Rates
from app.recovery.situation import Result
from app.tasks import spawn

PROVING_MS = 86_400_000
"""A mended fault waits so long for a session to prove it."""
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


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What a session says. `bad_wh`, `bad_ms`: less is bad (F.4: 1 kWh, 3 min), and follows the limits.

    A fifth of that energy proves that energy flows; what ended within a third of that time was no session.
    """

    bad_wh: float = 1_000
    bad_ms: float = 180_000

    def delivered(self, session: SessionRecord) -> bool:
        """Whether energy flowed in it, also where it still runs."""
        return bool(session.energy_wh) and (session.energy_wh or 0) >= self.bad_wh / 5

    def over(self, session: SessionRecord) -> bool:
        """Whether it ended, and was one."""
        return session.ended_ms is not None and session.ended_ms - session.started_ms > self.bad_ms / 3

    def bad(self, session: SessionRecord) -> bool:
        """Whether it ended badly."""
        ended = session.ended_ms or session.started_ms
        return (session.energy_wh or 0) < self.bad_wh or ended - session.started_ms < self.bad_ms


@dataclass(slots=True)
class Failing:
    """Bad sessions at a place since a step was taken there: two in a row say it did nothing.

    `good` is the last session since, unless it was bad.
    """

    station: str
    evse: int | None
    since_ms: int
    yardstick: Yardstick = field(default_factory=Yardstick)
    count: int = 0
    last: int = 0
    good: SessionRecord | None = None

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
        bad = self.yardstick.bad(session)
        self.count, self.good = (self.count + 1, None) if bad else (0, session)


class Proofs:
    """What waits for its proof.

    Args:
        write: writes an act of recovery on a fault's timeline.
        proved: told of each fault that a session proved.
        yardstick: which sessions count.
    """

    def __init__(
        self,
        write: Write,
        proved: Callable[[int], None] = lambda fault: None,
        yardstick: Yardstick = Yardstick(),
    ) -> None:
        self.rates = Rates()
        self._write = write
        self._proved = proved
        self.yardstick = yardstick
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
            delivered = self.yardstick.delivered(session)
            if not delivered and not self.yardstick.over(session):
                continue
            if delivered or mended.failed:
                del self._open[mended.fault]
                self._learn(mended, delivered)
            else:
                self._open[mended.fault] = replace(mended, failed=session.session)
            if delivered:
                self._proved(mended.fault)
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
