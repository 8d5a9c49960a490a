"""Time passes for faults only as far as everything said by then is taken in."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

import app.fault_time as fault_time
from app.clock import ManualClock
from app.domain.ids import StationId
from app.domain.records import JournalKind, JournalRow, LinkRecord
from app.domain.status import LinkState
from app.fault_time import FaultTime
from app.faults.catalogue import load
from app.faults.engine import Engine
from app.faults.rules import all_rules
from app.faults.watch import Faults
from app.fleet import Fleet
from app.intake.ids import Numbers
from app.intake.turns import Turns
from app.zone import operator_zone

ONE, TWO = StationId("ONE"), StationId("TWO")


@dataclass
class Disk:
    """A writer that commits when told."""

    waits: list[Callable[[Exception | None], None]] = field(default_factory=list)

    @property
    def depth(self) -> int:
        return len(self.waits)

    def submit(self, journal, records=(), done=None) -> None:  # type: ignore[no-untyped-def]
        if done is not None:
            self.waits.append(done)

    def flush(self, timeout_s: float = 60) -> None:
        while self.waits:
            self.waits.pop(0)(None)


class Stage:
    """A fault engine behind a disk."""

    def __init__(self) -> None:
        self.clock, self.disk = ManualClock(), Disk()
        self.began_ms = self.clock.now_ms()
        fleet = Fleet(operator_zone(""), self.clock.now_ms())
        self.turns = Turns(self.disk, fleet, {}, Numbers(), lambda record: None)
        self.faults = Faults()
        self.faults.begin(Engine(all_rules(), load(None)), lambda journal, records, done: None)
        self.turns.listen(self.faults)
        self.time = FaultTime(self.clock, self.turns, self.faults)

    def link(self, station: StationId, state: LinkState) -> None:
        """A link comes or is lost now; the disk has not kept it yet."""
        now = self.clock.now_ms()
        row = JournalRow(now, station, JournalKind.SYSTEM, "{}", action="link")
        book = self.turns.book(station)
        record = LinkRecord(station, now, state, "lost")
        self.turns.in_turn(book, lambda: self.turns.commit(book, row, (record,), now))

    def wait(self, seconds: float) -> None:
        """Time passes, looked at every second."""
        for _ in range(round(seconds)):
            self.clock.advance(1)
            self.time.tick()

    def lost(self) -> list[tuple[str, int, int]]:
        """Each lost station with when its fault began and was opened."""
        begun = self.began_ms
        rows = [alarm.row for alarm in self.faults.engine.rows.by_fault.values()]
        return [
            (row.station, row.onset_ms - begun, row.opened_ms - begun)
            for row in rows
            if row is not None and row.code == "Offline"
        ]

    def day(self, commit: Callable[[], None]) -> list[tuple[str, int, int]]:
        """Two links are lost and one comes back; `commit` is called between, the disk is fast in the end."""
        for station in (ONE, TWO):
            self.link(station, LinkState.ONLINE)
        self.disk.flush()
        self.wait(400)
        for station in (TWO, ONE):
            self.link(station, LinkState.OFFLINE)
            commit()
            self.wait(45)
            commit()
        self.link(TWO, LinkState.ONLINE)
        commit()
        self.wait(100)
        self.disk.flush()
        self.wait(2)
        return self.lost()


def test_the_pace_of_commits_changes_no_fault() -> None:
    """A loss that is committed minutes late is a fault from the moment it would have been one."""
    fast, slow = Stage(), Stage()
    told = fast.day(fast.disk.flush)
    assert told == slow.day(lambda: None)
    assert [(station, onset) for station, onset, _ in told] == [("TWO", 400_000), ("ONE", 445_000)]
    assert all(opened - onset <= 61_000 for _, onset, opened in told)


def test_what_waits_for_itself_is_waited_for_too() -> None:
    """A record in its station's turn behind another is on its way as well, and so is what is kept alone."""
    stage = Stage()
    stage.link(ONE, LinkState.ONLINE)
    stage.link(ONE, LinkState.OFFLINE)
    stage.turns.keep(LinkRecord(TWO, stage.clock.now_ms(), LinkState.ONLINE), stage.clock.now_ms())
    seen: list[str] = []
    stage.turns.settled(lambda: seen.append("all"))
    for _ in range(3):  # one, what is kept alone, and what tells that this is there
        stage.disk.waits.pop(0)(None)
        assert seen == []
    stage.disk.flush()
    assert seen == ["all"]


def test_what_never_ends_keeps_no_alarm_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """After ten seconds of the machine's own time faults are found without it."""
    machine = ManualClock()
    monkeypatch.setattr(fault_time.time, "monotonic", machine.monotonic_s)
    stage = Stage()
    stage.link(ONE, LinkState.ONLINE)
    stage.disk.flush()
    stage.link(ONE, LinkState.OFFLINE)
    stage.disk.flush()
    stage.link(TWO, LinkState.ONLINE)
    stage.wait(120)
    assert stage.lost() == []
    machine.advance(11)
    stage.wait(1)
    assert [station for station, _, _ in stage.lost()] == ["ONE"]
