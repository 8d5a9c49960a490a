"""What steps have done so far: success by playbook, step, code, vendor and firmware, with intervals.

Learnt from the histories of faults, so it is known again after a restart. A step that does not work
here is no longer offered first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from app.analytics.intervals import Share
from app.recovery.situation import TRIED, Result

ENOUGH = 5
HOPELESS = 0.25
"""A step whose 95 % interval lies below this after five tries goes behind the others."""


class Learned(NamedTuple):
    """One step that was taken once: where, and what became of it in the end.

    `proved` True: the next session delivered; False: it did not hold; None: not known yet.
    """

    playbook: str
    do: str
    code: str
    vendor: str
    firmware: str
    result: Result
    proved: bool | None = None


@dataclass(slots=True)
class Rates:
    """Counts of steps, from the most special to the most general key."""

    _counts: dict[tuple[str, ...], list[int]] = field(default_factory=dict)

    def learn(self, one: Learned) -> None:
        """Count a step. What was only passed over, or refused, teaches nothing of the step."""
        if one.result not in TRIED:
            return
        good = one.result is Result.MENDED and one.proved is not False
        for key in _keys(one.playbook, one.do, one.code, one.vendor, one.firmware):
            counted = self._counts.setdefault(key, [0, 0])
            counted[0] += good
            counted[1] += 1

    def learn_all(self, many: Iterable[Learned]) -> "Rates":
        """Count many; itself."""
        for one in many:
            self.learn(one)
        return self

    def of(self, playbook: str, do: str, code: str, vendor: str = "", firmware: str = "") -> Share:
        """How often the step worked, by the most special key that was tried at least five times, else
        by the most general."""
        found = Share(0, 0)
        for key in _keys(playbook, do, code, vendor, firmware):
            good, count = self._counts.get(key, (0, 0))
            found = Share(good, count)
            if count >= ENOUGH:
                break
        return found

    def hopeless(self, playbook: str, do: str, code: str, vendor: str = "", firmware: str = "") -> bool:
        """Whether it was tried often enough here to say that it does not work."""
        share = self.of(playbook, do, code, vendor, firmware)
        return share.n >= ENOUGH and share.high < HOPELESS

    def all(self) -> list[tuple[tuple[str, ...], Share]]:
        """Everything counted, by key (playbook, step, code, vendor, firmware)."""
        return [(key, Share(good, count)) for key, (good, count) in sorted(self._counts.items())]


def _keys(playbook: str, do: str, code: str, vendor: str, firmware: str) -> list[tuple[str, ...]]:
    return [
        (playbook, do, code, vendor, firmware),
        (playbook, do, code, vendor),
        (playbook, do, code),
        (playbook, do),
    ]
