"""Lets time pass for faults: no further than what was said by then is taken in, however slow the disk.

So a watched past gives the faults that its journal gives again, where each record comes in its time.
"""

import logging
import time

from app.clock import Clock
from app.faults.watch import Faults
from app.intake.turns import Turns

log = logging.getLogger("forecourt.faults")

PATIENCE_S = 10.0
"""Nothing on its way to a disk that works takes so long. Alarms must not wait for what never ends."""


class FaultTime:
    """The time of the fault engine.

    Args:
        clock: time.
        turns: what is on its way.
        faults: whose time it is.
    """

    def __init__(self, clock: Clock, turns: Turns, faults: Faults) -> None:
        self._clock = clock
        self._turns = turns
        self._faults = faults
        self._since_s: float | None = None
        self._wanted = False

    def tick(self) -> None:
        """Let time pass up to now, as soon as what is on its way is taken in."""
        # The machine's own clock: a disk does not get faster where time is driven.
        if self._since_s is not None and time.monotonic() - self._since_s < PATIENCE_S:
            self._wanted = True
            return
        if self._since_s is not None:
            log.warning("something has been on its way for %.0f s; faults are found without it", PATIENCE_S)
            self._pass(self._clock.now_ms())
        self._since_s, self._wanted = time.monotonic(), False
        begun_s, now_ms = self._since_s, self._clock.now_ms()
        self._turns.settled(lambda: self._settled(begun_s, now_ms))

    def _settled(self, begun_s: float, now_ms: int) -> None:
        if begun_s != self._since_s:
            return  # it came after patience had ended
        self._since_s = None
        self._pass(now_ms)
        if self._wanted:
            self.tick()

    def _pass(self, now_ms: int) -> None:
        # What came meanwhile may be heard already; that is no clock set back.
        self._faults.tick(max(now_ms, self._faults.engine.scene.now))
