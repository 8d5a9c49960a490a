"""One alarm: a condition at a place, its open occurrence, and how restless it is."""

from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from app.domain.records import FaultRecord
from app.faults.catalogue import AlarmType
from app.faults.rule import Finding, Subject

CHATTER_MS = 60_000
CHATTER_TIMES = 3
WINDOW_MS = 600_000
FLEETING_MS = 10_000
GROUP = "group"
"""The rule of causes that stand for several alarms."""


class Key(NamedTuple):
    """What makes two findings the same condition."""

    rule: str
    code: str
    subject: Subject
    mark: str


class Reason(NamedTuple):
    """Why an alarm is suppressed by design: by which rule, under which alarm, in words."""

    rule: str
    text: str
    parent: "Alarm | None" = None


class Alarm:
    """A condition at a place. `held` is what the rule says, `active` what is left of it after the delays.

    `row` is its occurrence as kept; None until it is announced.
    """

    __slots__ = (
        "active", "apart", "by_hand", "confirmed", "ended_ms", "escalated", "finding", "fleeting", "held",
        "key", "kind", "order", "placed", "row", "saved_ms", "seq", "since_ms", "stale", "starts",
        "suppressed",
    )  # fmt: skip

    def __init__(self, key: Key, kind: AlarmType, finding: Finding, order: int) -> None:
        self.key = key
        self.kind = kind
        self.finding = finding
        self.order = order
        """Its place among all alarms by arrival; breaks ties."""
        self.held = False
        self.active = False
        self.since_ms = finding.at_ms
        self.ended_ms = 0
        self.row: FaultRecord | None = None
        self.seq = 0
        self.saved_ms = 0
        self.starts: deque[int] = deque()
        self.apart = False
        """A person split it off; it is not grouped again."""
        self.by_hand = False
        """A person put it under its parent."""
        self.confirmed: Mapping[str, Any] = {}
        """What confirmed it: `how`, `text`, `by`, `at_ms`."""
        self.suppressed: Mapping[str, str] = {}
        """Why it is suppressed: `rule` and `text`."""
        self.escalated = False
        self.stale = False
        self.fleeting = 0
        self.placed = False

    @property
    def stands(self) -> bool:
        """Whether it is active, or latched and not reset."""
        return self.active or (self.row is not None and self.row.latched)

    @property
    def station(self) -> str:
        """Its station; "" where it is a site's or our own."""
        return self.key.subject.station

    def begins(self, at_ms: int) -> None:
        """The condition became true."""
        self.starts.append(at_ms)
        while self.starts[0] < at_ms - WINDOW_MS:
            self.starts.popleft()

    def chatters(self, now_ms: int) -> bool:
        """Whether it came three times within 60 s, in the last ten minutes."""
        starts = [at for at in self.starts if at > now_ms - WINDOW_MS]
        return any(
            last - first <= CHATTER_MS
            for first, last in zip(starts, starts[CHATTER_TIMES - 1 :], strict=False)
        )

    def detail(self, now_ms: int) -> str:
        """The record's JSON: the rule's evidence, and what the alarm knows of itself."""
        told: dict[str, Any] = {"evidence": dict(self.finding.evidence), "kind": self.kind.id}
        if self.key.mark:
            told["mark"] = self.key.mark
        if self.chatters(now_ms):
            times = sum(at > now_ms - WINDOW_MS for at in self.starts)
            told["chattering"] = {"times": times, "window_min": WINDOW_MS // 60_000}
        for name in ("apart", "by_hand", "escalated", "stale"):
            if getattr(self, name):
                told[name] = True
        if self.confirmed:
            told |= {"confirmed": True, "confirmation": self.confirmed}
        if self.fleeting:
            told["fleeting"] = self.fleeting
        if self.suppressed:
            told["suppressed"] = self.suppressed
        return msgspec.json.encode(told, enc_hook=str).decode()

    def recall(self, row: FaultRecord, seq: int) -> None:
        """Take up an occurrence from the store."""
        told = detail_of(row)
        self.row, self.seq = row, seq
        self.active = self.held = row.cleared_ms is None and row.closed_ms is None
        self.since_ms = row.onset_ms
        self.ended_ms = row.cleared_ms or 0
        self.apart, self.by_hand = bool(told.get("apart")), bool(told.get("by_hand"))
        self.escalated, self.stale = bool(told.get("escalated")), bool(told.get("stale"))
        self.confirmed = told.get("confirmation", {})
        self.fleeting = int(told.get("fleeting", 0))
        self.suppressed = told.get("suppressed", {})


def detail_of(row: FaultRecord) -> dict[str, Any]:
    """The detail of a fault as a mapping."""
    found = msgspec.json.decode(row.detail) if row.detail else {}
    return found if isinstance(found, dict) else {}


def subject_of(row: FaultRecord) -> Subject:
    """The place of a fault."""
    return Subject(row.site, row.station, row.evse or 0, row.connector or 0)


def key_of(row: FaultRecord) -> Key:
    """The condition of a fault. A station's alarms are one wherever it stands, so its site is left out."""
    subject = subject_of(row)
    return Key(row.rule, row.code, placed_at(subject), str(detail_of(row).get("mark", "")))


def placed_at(subject: Subject) -> Subject:
    """A subject without the site, where a station names it well enough."""
    return Subject("", *subject[1:]) if subject.station else Subject(*subject)


def finding_of(row: FaultRecord) -> Finding:
    """The finding that a fault of the store began with."""
    told = detail_of(row)
    return Finding(
        row.rule, row.code, subject_of(row), row.onset_ms, row.cleared_ms is None, row.title, row.raw,
        str(told.get("mark", "")), told.get("evidence", {}),
    )  # fmt: skip
