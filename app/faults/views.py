"""Faults as the window gets them: immutable, each whole."""

from collections.abc import Mapping
from typing import Any

import msgspec

from app.domain.fact import Fact
from app.domain.records import FaultEventRecord, FaultRecord
from app.faults.alarm import detail_of

_SIGNS = (("stale", "stale"), ("escalated", "nobody acted in time"), ("apart", "split off by hand"))


class Money(Fact, frozen=True):
    """What a fault costs, in minor units of `currency`; None is unknown, never zero.

    `lost` so far, `losing` an hour now (its share of the pool's loss), `saves` an hour if this one
    is mended now (sorts the queue), `expected` until the usual repair. `basis` is "measured",
    "modelled", "thin" or "guess"; `workings` opens the numbers.
    """

    currency: str = ""
    lost: int | None = None
    losing: int | None = None
    saves: int | None = None
    expected: int | None = None
    overdue: bool = False
    basis: str = ""
    workings: Mapping[str, Any] = msgspec.field(default_factory=dict)


class FaultView(Fact, frozen=True):
    """A fault in the queue. `new`: nobody acknowledged it and it stands for itself."""

    record: FaultRecord
    children: int = 0
    out_of_service_first: bool = False
    action: str = ""
    """What the operator is to do, of its kind."""
    consequence: str = ""
    act_by_ms: int | None = None
    """Until when somebody has to act."""
    money: Money | None = None

    @property
    def new(self) -> bool:
        """Whether nobody has seen to it yet."""
        return self.record.state == "UNACK"

    @property
    def open(self) -> bool:
        """Whether it is not over."""
        return self.record.closed_ms is None

    @property
    def evidence(self) -> Mapping[str, Any]:
        """What the rule gives a person to believe it."""
        found = detail_of(self.record).get("evidence", {})
        return found if isinstance(found, dict) else {}

    @property
    def signs(self) -> tuple[str, ...]:
        """How restless it is and why it is where it is, in words."""
        return signs_of(self.record)


class FaultChanges(Fact, frozen=True):
    """What changed since the last take: faults as they are now, those no longer held, new lines."""

    faults: Mapping[int, FaultView]
    gone: frozenset[int] = frozenset()
    lines: tuple[FaultEventRecord, ...] = ()


def signs_of(record: FaultRecord) -> tuple[str, ...]:
    """Chattering, fleeting, stale, escalated, suppressed: in words, for the queue and the fault's head."""
    told = detail_of(record)
    found = []
    if chatter := told.get("chattering"):
        found.append(f"chattering: {chatter['times']} in {chatter['window_min']} min")
    if fleeting := told.get("fleeting"):
        found.append("fleeting" if fleeting == 1 else f"fleeting: {fleeting} times")
    if told.get("confirmed"):
        found.append(f"confirmed by {told['confirmation']['how']}")
    found += [words for name, words in _SIGNS if told.get(name)]
    if suppressed := told.get("suppressed"):
        found.append(f"suppressed: {suppressed.get('text', '')}")
    return tuple(found)
