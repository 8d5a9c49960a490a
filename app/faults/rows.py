"""The rows of faults and their histories as they are written, and what has to be kept next."""

from collections.abc import Iterable
from typing import Any

import msgspec

from app.domain.fact import changed
from app.domain.ids import StationId
from app.domain.records import FaultEventRecord, FaultRecord, Record
from app.faults.alarm import Alarm
from app.faults.lifecycle import State, Trigger, move

AUTOMATIC = "automatic"
STATION = "station"
SERVER = "server"
PERSON = "person"

_KEPT = (
    "row",
    "seq",
    "apart",
    "by_hand",
    "confirmed",
    "suppressed",
    "active",
    "held",
    "escalated",
    "saved_ms",
)


class Rows:
    """Numbers faults, changes their rows and appends to their histories.

    `take` hands over what has to be kept, in order.
    """

    def __init__(self, next_fault: int = 1) -> None:
        self.next_fault = next_fault
        self.by_fault: dict[int, Alarm] = {}
        self.changed: set[int] = set()
        """Faults whose row changed since somebody looked."""
        self.told: list[FaultEventRecord] = []
        """New lines of histories since somebody looked."""
        self._out: list[Record] = []
        self._dirty: dict[int, None] = {}
        self._before: dict[Alarm, tuple[Any, ...]] | None = None

    @property
    def waits(self) -> bool:
        """Whether something has to be kept."""
        return bool(self._out or self._dirty)

    def take(self) -> list[Record]:
        """What has to be kept: each changed row once as it is now, and the new lines."""
        rows: list[Record] = [
            alarm.row for n in self._dirty if (alarm := self.by_fault.get(n)) is not None and alarm.row
        ]
        out, self._out = [*rows, *self._out], []
        self._dirty.clear()
        return out

    def open(self, alarm: Alarm, now_ms: int) -> None:
        """Begin an occurrence, in the state NORM; what follows moves it."""
        key, found = alarm.key, alarm.finding
        kind = alarm.kind
        number, self.next_fault = self.next_fault, self.next_fault + 1
        alarm.seq, alarm.confirmed = 0, {}
        alarm.row = FaultRecord(
            number, key.rule, key.code, found.title or kind.title, StationId(found.subject.station),
            found.subject.site, found.subject.evse or None, found.subject.connector or None, found.raw,
            safety=kind.safety, latched=kind.latched, state=State.NORM.value, priority=kind.priority,
            onset_ms=alarm.since_ms, opened_ms=now_ms,
        )  # fmt: skip
        self.by_fault[number] = alarm
        self._touch(alarm)

    def save(self, alarm: Alarm, now_ms: int, **fields: Any) -> None:
        """Change an alarm's row."""
        self.remember(alarm)
        assert alarm.row is not None
        alarm.saved_ms = now_ms
        alarm.row = changed(alarm.row, **fields, detail=alarm.detail(now_ms))
        self._touch(alarm)

    def move(
        self, alarm: Alarm, trigger: Trigger, now_ms: int, actor_kind: str, actor: str, text: str = "",
        detail: dict[str, Any] | None = None, **fields: Any,
    ) -> None:  # fmt: skip
        """Move an alarm to the state that follows, with a line in its history.

        Raises:
            IllegalMove: its state does not allow it.
        """
        assert alarm.row is not None
        before = State(alarm.row.state)
        stands = alarm.active or fields.get("latched", alarm.row.latched)
        after = move(before, trigger, active=stands)
        fields.setdefault("state", after.value)
        fields.setdefault("closed_ms", now_ms if after is State.NORM else None)
        if before is State.SHLVD:
            fields.setdefault("until_ms", None)
        if alarm.row.closed_ms is not None and fields["closed_ms"] is None:
            # It lasts on, so what it cost is not final any more.
            fields |= {"lost_minor": None, "currency": "", "recovered_ms": None}
        if after is not State.DSUPR:
            alarm.suppressed = {}
            fields.setdefault("parent", None)
        self.save(alarm, now_ms, **fields)
        self.tell(alarm, now_ms, actor_kind, actor, trigger.value, text, before, after, detail)

    def tell(
        self, alarm: Alarm, now_ms: int, actor_kind: str, actor: str, verb: str, text: str = "",
        before: str = "", after: str = "", detail: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Append a line to an alarm's history."""
        self.remember(alarm)
        assert alarm.row is not None
        alarm.seq += 1
        told = msgspec.json.encode(detail or {}, enc_hook=str).decode()
        line = FaultEventRecord(
            alarm.row.fault, alarm.seq, now_ms, actor_kind, actor, verb, str(before), str(after), text, told
        )
        self._out.append(line)
        self.told.append(line)
        self.changed.add(alarm.row.fault)

    def forget(self, fault: int) -> None:
        """Hold a fault that is over no longer."""
        self.by_fault.pop(fault, None)
        self.changed.add(fault)

    # -- all of an act or nothing --------------------------------------------------------------

    def begin(self) -> list[Record]:
        """Begin an act: what must be kept before it, which is handed over here."""
        kept = self.take()
        self._before = {}
        return kept

    def end(self) -> tuple[list[Record], dict[Alarm, tuple[Any, ...]]]:
        """End an act: what it changed, and how to take it back."""
        before, self._before = self._before or {}, None
        return self.take(), before

    def take_back(self, before: dict[Alarm, tuple[Any, ...]]) -> None:
        """An act was not kept: as if it had never been."""
        for alarm, values in before.items():
            for name, value in zip(_KEPT, values, strict=True):
                setattr(alarm, name, value)
            if alarm.row is not None:
                self.changed.add(alarm.row.fault)

    def remember(self, alarm: Alarm) -> None:
        """Note how an alarm is before an act changes it, so that the act can be taken back."""
        if self._before is not None and alarm not in self._before:
            self._before[alarm] = tuple(getattr(alarm, name) for name in _KEPT)

    def _touch(self, alarm: Alarm) -> None:
        assert alarm.row is not None
        self._dirty[alarm.row.fault] = None
        self.changed.add(alarm.row.fault)


def open_alarms(alarms: Iterable[Alarm]) -> list[Alarm]:
    """Those whose occurrence is not closed, oldest first."""
    found = [a for a in alarms if a.row is not None and a.row.closed_ms is None]
    return sorted(found, key=lambda a: a.row.fault if a.row is not None else 0)
