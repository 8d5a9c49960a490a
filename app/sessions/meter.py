"""Energy of one session from its meter's register. Never invented (field rules, section E).

A register only counts up. What looks otherwise is one of four things, told apart here:

* a reading lower than the one before, the next one high again: an error, flagged (Q51)
* the next one low as well: the register began anew; the segments are added (Q51)
* a rise that the plug's power cannot explain, the next one going on from there: what came before
  was a false zero, or the meter was swapped; counting begins anew (Q49)
* a rise that the power cannot explain, the next one normal again: a spike, dropped (Q57)

So an odd reading waits (`low_wh`) until the next one judges it. Energy and time are integers, Wh
and ms.
"""

from typing import Any

from app.domain.meter import Reading
from app.domain.records import Flag, SessionRecord
from app.sessions.change import flagged, noted

MARGIN = 1.1
"""Q49: energy may not exceed rated power x time x 1.1."""
SLACK_WH = 1_000
"""One step of a register that counts whole kWh may fall into any interval."""
UNTIMED_MS = 86_400_000
"""Where the station's clock is not to be believed, a session is taken to last a day at most."""
UNIT_LOW, UNIT_HIGH = 300, 3_000
"""Q52: a ratio of about 1000 between energy and power x time, with room for taper and gaps."""
ENOUGH_WH = 1_000
"""The unit is judged once the told power, or the register, has made this much."""
LONGEST_STEP_MS = 3_600_000
"""Power is not summed over gaps longer than an hour: nobody knows what flowed."""


NEAR_MS = 60_000
"""A register read within this time of the end is the end's own."""
EXPLAINED = (Flag.FALSE_ZERO, Flag.METER_BACKWARDS, Flag.UNIT_DOUBTFUL)
"""Flags that say by themselves why no energy is proved."""
MOST_W = 500_000
"""A told power beyond this is a wrong unit, and no measure for what a plug can give."""


class Meter:
    """The register of one session while a decision works on it. `changes()` is what came of it."""

    __slots__ = (
        "base", "flags", "last", "meter_start", "meter_stop", "note", "peak", "power", "power_ws",
        "rated_w", "register_ms", "sample_ms", "settled", "soc", "started_ms", "untimed", "waiting",
    )  # fmt: skip

    def __init__(self, session: SessionRecord, rated_w: int) -> None:
        self.rated_w = rated_w
        self.started_ms = session.started_ms
        self.meter_start = session.meter_start_wh
        self.meter_stop = session.meter_stop_wh
        self.base = session.base_wh
        self.last = session.last_wh
        self.waiting = session.low_wh
        self.settled = session.settled_wh
        self.register_ms = session.last_register_ms
        self.sample_ms = session.last_sample_ms
        self.power = session.power_w
        self.peak = session.peak_power_w
        self.power_ws = session.power_ws
        self.soc = session.soc_percent
        self.flags = session.flags
        self.note = session.note
        self.untimed = Flag.TIME_DOUBTFUL in session.flags

    @property
    def energy(self) -> int | None:
        """What is proved, Wh; None while fewer than two registers were read or the unit is in doubt."""
        if self.last is None or self.base is None or Flag.UNIT_DOUBTFUL in self.flags:
            return None
        return self.settled + self.last - self.base

    def changes(self) -> dict[str, Any]:
        """The record's fields as they are now, first what nearly every reading changes."""
        return {
            "last_sample_ms": self.sample_ms, "last_register_ms": self.register_ms, "last_wh": self.last,
            "energy_wh": self.energy, "meter_start_wh": self.meter_start, "meter_stop_wh": self.meter_stop,
            "base_wh": self.base, "low_wh": self.waiting, "settled_wh": self.settled,
            "power_w": self.power, "peak_power_w": self.peak, "power_ws": self.power_ws,
            "soc_percent": self.soc, "flags": self.flags, "note": self.note,
        }  # fmt: skip

    def begin(self, wh: int, at_ms: int) -> None:
        """Count from `wh`: the start's own figure, or the first register where it told none."""
        self.meter_start = self.base = wh
        self.register_ms = at_ms

    def read(self, reading: Reading) -> bool:
        """Take one reading. Returns whether its register is to be trusted.

        One older than the newest changes nothing: it belongs to the curve, not to the sum (Q55).
        """
        at_ms, before_ms = reading.at_ms, self.sample_ms
        if reading.signed and Flag.SIGNED not in self.flags:
            self.flags = flagged(self.flags, Flag.SIGNED)
        if before_ms is not None and at_ms < before_ms:
            return True
        if reading.power_w is not None:
            self._power(reading.power_w, at_ms)
        if reading.soc_percent is not None:
            self.soc = reading.soc_percent
        trusted = True
        if reading.energy_wh is not None and not self._is_begin(reading):
            trusted = self._register(reading.energy_wh, at_ms, again=at_ms == before_ms)
        self.sample_ms = at_ms
        if trusted and (reading.power_w is not None or reading.energy_wh is not None):
            self._check_unit()
        return trusted

    def finish(self, wh: int | None, at_ms: int) -> None:
        """Take the figure of the stop. One that cannot be gives way to the last register (Q50)."""
        stop = wh if wh is not None and wh >= 0 else None
        again = self.sample_ms is not None and at_ms <= self.sample_ms
        if stop is not None and self.base is not None:
            if self.waiting is not None and not (again and stop == self.waiting):
                self._judge_waiting(stop, at_ms, final=True)
            elif not self._was_no_restart(stop, at_ms) and not self._follows(stop, at_ms, final=True):
                self._doubt_stop(stop)
        elif stop is not None:
            self.meter_stop = stop
        if self.waiting is not None:
            self._doubt_stop(self.waiting)
            self.waiting = None
        if self.last is not None:
            self.meter_stop = self.last
        if wh is not None and wh != self.meter_stop:
            self.note = noted(self.note, f"The station's stop said {wh} Wh.")
        no_end = stop is None and not self._read_near(at_ms)
        if no_end or (self.last is None and not self._has(*EXPLAINED)):
            self.flags = flagged(self.flags, Flag.METER_MISSING)
        if self.energy == 0:
            self.flags = flagged(self.flags, Flag.NO_ENERGY)
        self.power = None

    def settle(self) -> None:
        """End at the last trusted register: nobody told the end (Q40)."""
        if self.waiting is not None:
            self._doubt_stop(self.waiting)
            self.waiting = None
        self.meter_stop = self.last
        if self.last is None:
            self.flags = flagged(self.flags, Flag.METER_MISSING)
        elif self.energy == 0:
            self.flags = flagged(self.flags, Flag.NO_ENERGY)
        self.power = None

    def could_stop_at(self, wh: int | None, at_ms: int) -> bool:
        """Whether a stop at `wh` would go on from the last register: meter continuity (decision 15)."""
        if wh is None or self.base is None:
            return False
        rise = wh - self._ref()
        return 0 <= rise <= self._most(self.register_ms, at_ms)

    def begin_late(self, wh: int, at_ms: int) -> None:
        """A start that came after its readings: count from its figure if that can be."""
        if self.base is None:
            self.begin(wh, at_ms)
        elif self.settled == 0 and wh <= self.base and self.base - wh <= self._most(at_ms, self.register_ms):
            if self.last is None:
                self.last = self.base
            self.meter_start = self.base = wh

    def _is_begin(self, reading: Reading) -> bool:
        """Whether a reading only repeats the figure of the start: it proves no energy, not even none."""
        if self.last is not None or reading.energy_wh != self.base:
            return False
        begun = self.register_ms is not None and reading.at_ms <= self.register_ms
        return begun or reading.context == "Transaction.Begin"

    def _read_near(self, at_ms: int) -> bool:
        return self.last is not None and self.register_ms is not None and at_ms - self.register_ms <= NEAR_MS

    def _has(self, *flags: Flag) -> bool:
        return any(flag in self.flags for flag in flags)

    def _most(self, from_ms: int | None, to_ms: int | None) -> float:
        """The most energy the plug can give between two times, Wh."""
        span = 0 if from_ms is None or to_ms is None else max(0, to_ms - from_ms)
        if self.untimed:
            span = max(span, UNTIMED_MS)
        # A plug that tells more than its plan says is planned wrongly; its own word counts.
        power_w = max(self.rated_w, min(self.peak or 0, MOST_W))
        return power_w * span * MARGIN / 3_600_000 + SLACK_WH

    def _register(self, wh: int, at_ms: int, *, again: bool) -> bool:
        if wh < 0:
            return False
        if self.base is None:
            self.begin(wh, at_ms)
            return True
        if self.waiting is not None:
            return wh != self.waiting if again else self._judge_waiting(wh, at_ms, final=False)
        if self._was_no_restart(wh, at_ms):
            return True
        if self._follows(wh, at_ms, final=False):
            return True
        self.waiting = wh
        return False

    def _follows(self, wh: int, at_ms: int, *, final: bool) -> bool:
        """Whether `wh` can come after the last register; takes it if so."""
        base, ref = self.base or 0, self._ref()
        if wh < ref or self.settled + wh - base > self._most(self.started_ms, at_ms):
            return False
        # The stop's own word is held only against the whole session: its readings may have failed.
        if not final and wh - ref > self._most(self.register_ms, at_ms):
            return False
        self.last, self.register_ms = wh, at_ms
        return True

    def _judge_waiting(self, wh: int, at_ms: int, *, final: bool) -> bool:
        """A reading after an odd one: it tells which of the two was wrong."""
        odd, ref = self.waiting or 0, self._ref()
        if self._follows(wh, at_ms, final=final and odd < ref):
            self._drop_waiting(odd, ref)
            return True
        if wh >= odd and wh - odd <= self._most(self.sample_ms, at_ms):
            self._accept_waiting(odd, ref, wh, at_ms)
            return True
        if odd > ref and self._off_by_1000(wh - odd, at_ms):
            self._doubt_unit("The register counts 1000 times too fast: kWh may be told for Wh.", 0.001)
        if not final:
            self.waiting = wh
        return False

    def _accept_waiting(self, odd: int, ref: int, wh: int, at_ms: int) -> None:
        base = self.base or 0
        self.waiting = None
        if odd > ref and self.settled + wh - base <= self._most(self.started_ms, at_ms):
            # A long silence, then readings at once: the whole session still explains the rise.
            self.last, self.register_ms = wh, at_ms
            return
        moved = (self.last if self.last is not None else base) - base
        if odd < ref:
            self.flags = flagged(self.flags, Flag.METER_RESET)
        elif self.settled + moved == 0:
            self.flags = flagged(self.flags, Flag.FALSE_ZERO)
            self.note = noted(self.note, f"The station told {self.meter_start} Wh at the start.")
            self.meter_start = odd
        else:
            self.flags = flagged(self.flags, Flag.METER_GAP)
        self.settled += moved
        self.base, self.last, self.register_ms = odd, wh, at_ms

    def _was_no_restart(self, wh: int, at_ms: int) -> bool:
        """Whether `wh` goes on from before a restart after which nothing was counted.

        A station that tells zero several times after a boot, and then its register again, has not
        restarted it: counting from zero would bill a lifetime.
        """
        if Flag.METER_RESET not in self.flags or self.last != self.base or self.meter_start is None:
            return False
        before = self.meter_start + self.settled
        if self._ref() >= before or not 0 <= wh - before <= self._most(self.started_ms, at_ms):
            return False
        self.settled, self.base = 0, self.meter_start
        self.last, self.register_ms = wh, at_ms
        self.flags = flagged(self.flags, Flag.METER_BACKWARDS, without=(Flag.METER_RESET,))
        return True

    def _drop_waiting(self, odd: int, ref: int) -> None:
        self.waiting = None
        self.flags = flagged(self.flags, Flag.METER_BACKWARDS if odd < ref else Flag.METER_GAP)

    def _doubt_stop(self, wh: int) -> None:
        if wh < self._ref():
            self.flags = flagged(self.flags, Flag.METER_BACKWARDS)
        elif self.last is None or self.settled + self.last == self.base:
            self.flags = flagged(self.flags, Flag.FALSE_ZERO)
            # A zero that was false proves nothing, not even that no energy flowed.
            self.last = None
        else:
            self.flags = flagged(self.flags, Flag.METER_GAP)

    def _ref(self) -> int:
        return self.last if self.last is not None else self.base or 0

    def _power(self, power_w: int, at_ms: int) -> None:
        step = 0 if self.sample_ms is None else at_ms - self.sample_ms
        if self.power is not None and 0 < step <= LONGEST_STEP_MS:
            self.power_ws += max(0, self.power + power_w) * step // 2_000
        self.power = power_w
        if self.peak is None or power_w > self.peak:
            self.peak = power_w

    def _off_by_1000(self, wh: int, at_ms: int) -> bool:
        step = 0 if self.sample_ms is None else at_ms - self.sample_ms
        told = (self.power or 0) * step / 3_600_000
        return told > 0 and UNIT_LOW <= wh / told <= UNIT_HIGH

    def _check_unit(self) -> None:
        """Q52: what the register counted against power x time."""
        if self.last is None or self.base is None or Flag.UNIT_DOUBTFUL in self.flags:
            return
        moved, told = self.settled + self.last - self.base, self.power_ws / 3_600
        if moved > 0 and told >= ENOUGH_WH and UNIT_LOW <= told / moved <= UNIT_HIGH:
            self._doubt_unit("The register counts 1000 times too slowly: Wh may be told for kWh.", 1000)
        elif told > 0 and moved >= ENOUGH_WH and UNIT_LOW <= moved / told <= UNIT_HIGH:
            # Between rare readings much may flow untold: the peak over all the time must not explain it.
            spent_ms = (self.sample_ms or self.started_ms) - self.started_ms
            if (self.peak or 0) * spent_ms / 3_600_000 * UNIT_LOW > moved:
                return
            self._doubt_unit("Power is 1000 times too low for the register: W may be told for kW.", None)

    def _doubt_unit(self, why: str, factor: float | None) -> None:
        self.flags = flagged(self.flags, Flag.UNIT_DOUBTFUL)
        hint = f" Proposed factor for its energy: {factor:g}." if factor else ""
        self.note = noted(self.note, why + hint)
