"""What the core holds in memory of one station: its row, its sessions, its clock, its last answers.

Changed only by `apply`, which runs after the commit, so memory never knows more than the disk.
"""

from collections import deque
from typing import Any

from app.domain.fact import changed
from app.domain.ids import StationId
from app.domain.records import NoticeRecord, ReadingRecord, Record, StationRecord
from app.domain.status import Registration
from app.intake.recent import RecentAnswers
from app.protocol.context import Context, StationClock
from app.protocol.stamps import ClockWatch, reaches_back
from app.sessions import StationSessions

BOOT_LOOP = "boot loop"
BOOTS_KEPT = 4
BOOT_LOOP_MS = 300_000
"""Q14: more than three boots in five minutes are a loop."""

_clock = tuple.__new__


class Book:
    """One station's memory. Lean: ten thousand of these are held."""

    __slots__ = (
        "boots", "busy", "doubtful", "last_heard_ms", "last_live_ms", "linked_ms", "metered_ms", "recent",
        "record", "registration", "sessions", "station", "version", "waiting", "watch",
    )  # fmt: skip

    def __init__(self, station: StationId, record: StationRecord | None = None) -> None:
        self.station = station
        self.record = record
        self.sessions = StationSessions(station)
        self.recent = RecentAnswers()
        self.watch = ClockWatch()
        self.version = ""
        self.last_heard_ms: int | None = record.last_seen_ms if record and record.last_seen_ms else None
        self.last_live_ms: int | None = self.last_heard_ms
        """The last sign of life before the present link: how far an offline queue may reach back."""
        self.linked_ms: int | None = None
        """When the latest link began."""
        self.registration: Registration | None = None
        """The last answer to a boot on any link; None before the first (ocpp-conformance section 4)."""
        self.boots: tuple[int, ...] = ()
        """When its last boots came, of this run of the program (Q14)."""
        self.busy = False
        """Something of this station is on its way to the disk; the next waits for it."""
        self.waiting: deque[Any] | None = None
        """What waits: messages as (link, inbound), deeds as callables."""
        self.doubtful = False
        self.metered_ms = 0
        """The newest instant of a reading, in this run of the program."""

    @property
    def fresh(self) -> bool:
        """No link of it yet in this run of the program."""
        return self.linked_ms is None

    def forget(self) -> None:
        """What a restart of the program forgets of a station, for a log that tells of one."""
        self.watch = ClockWatch()
        self.boots = ()
        self.registration = None
        self.metered_ms = 0

    def link_begins(self, now_ms: int) -> None:
        """A new link: settles how far an offline queue that comes over it may reach back."""
        self.last_live_ms = reaches_back(self.last_live_ms, self.linked_ms, self.last_heard_ms, self.watch)
        self.linked_ms = self.last_heard_ms = now_ms

    @property
    def clock(self) -> StationClock:
        """What the adapters may know of this station's clock."""
        watch = self.watch
        return _clock(StationClock, (watch.skew_ms or 0, self.last_live_ms, watch.told))

    def context(self, received_ms: int) -> Context:
        """What the adapters may know beside a message received now."""
        return Context(self.station, received_ms, self.clock, self.metered_ms)

    def loops(self, received_ms: int) -> bool:
        """Whether a boot now is the fourth in five minutes; of a loop that goes on it is so once."""
        recent = [at for at in self.boots[1 - BOOTS_KEPT :] if received_ms - at < BOOT_LOOP_MS]
        looped = len(self.boots) == BOOTS_KEPT and self.boots[-1] - self.boots[0] < BOOT_LOOP_MS
        return len(recent) == BOOTS_KEPT - 1 and not looped

    def apply(self, record: Record) -> None:
        """Take in a committed record of this station."""
        if type(record) is StationRecord:
            self.record = record
        elif type(record) is NoticeRecord and record.subject == "boot" and record.name != BOOT_LOOP:
            self.boots = (*self.boots, record.received_ms)[-BOOTS_KEPT:]
            self.watch = changed(self.watch, told=True)
        elif type(record) is ReadingRecord and record.reading.at_ms > self.metered_ms:
            self.metered_ms = record.reading.at_ms
        self.sessions.apply(record)
