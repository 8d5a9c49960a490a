"""Faults do not depend on who watched: live, from a log, from our own journal: always the same."""

import io
from pathlib import Path
from typing import Any

import pytest

from app.domain.intents import ActOnFault
from app.faults.start import ReplayedFaults
from app.intake.booking import rebuild
from app.replay import policy_of, replay_log
from app.reports.exports import Asked
from app.reports.write import write_export
from app.settings import load
from app.store.open import Store, open_reading
from app.store.readers.faults import faults_between, history_of
from tests.helpers.world import World, world


class Disk:
    """Says what is committed at once, or, while it is slow, not until it is fast again."""

    def __init__(self, w: World, *, slow: bool) -> None:
        self._tell = w.room.writer._deliver
        self._waits: list[Any] = []
        self._slow = slow
        if slow:
            w.room.writer._deliver = lambda outcomes: (self._waits.append if self._late else self._tell)(
                outcomes
            )
        self._late = False

    def hesitate(self) -> None:
        """Be slow from here on."""
        self._late = self._slow

    async def go_on(self, w: World) -> None:
        """Tell all that was committed meanwhile."""
        await w.room._in_thread(w.room.writer.flush)
        self._late = False
        for outcomes in self._waits:
            self._tell(outcomes)
        self._waits = []


async def a_bad_day(w: World, *, slow: bool = False) -> None:
    """A lock that chatters, danger, links that are lost and one that stays away.

    On a slow disk the losses of the links are committed minutes after they were noticed.
    """
    disk = Disk(w, slow=slow)
    stations = [await w.station(name) for name in ("A", "B", "C")]
    for station in stations:
        await station.boot()
        await station.status(1, "Available")
        await station.status(2, "Available")
    await w.advance(minutes=1)
    for _ in range(4):
        await stations[0].status(1, "Faulted", "ConnectorLockFailure")
        await w.advance(seconds=7)
        await stations[0].status(1, "Available")
        await w.advance(seconds=7)
    await stations[1].status(2, "Faulted", "OtherError", vendor_error="CX022")
    await w.advance(minutes=2)
    disk.hesitate()
    for station in stations:
        station.go_offline()
        await w.advance(seconds=1)
    await w.advance(minutes=4)
    await disk.go_on(w)
    for station in stations[:2]:
        await station.come_back()
        await station.heartbeat()
    await w.advance(minutes=20)
    await stations[1].status(2, "Available")
    await w.advance(minutes=5)


def told(data_dir: Path) -> list[Any]:
    """The faults of a data directory with their histories."""
    reading = open_reading(data_dir)
    try:
        with reading.connect() as connection:
            return [(f, history_of(connection, f.fault)) for f in faults_between(connection)]
    finally:
        reading.close()


@pytest.mark.parametrize("slow", [False, True], ids=["fast disk", "slow disk"])
async def test_an_exported_log_gives_the_same_faults(slow: bool, tmp_path: Path) -> None:
    async with world() as w:
        await a_bad_day(w, slow=slow)
        w.room.faults.tick(w.clock.now_ms() + 1_000)
        await w.room._in_thread(w.room.writer.flush)
        live = told(w.data_dir)
        out = io.BytesIO()
        reading = open_reading(w.data_dir)
        with reading.connect() as connection:
            write_export(connection, "messages", Asked(now_ms=w.clock.now_ms()), "jsonl", out)
        reading.close()
        end_ms = w.clock.now_ms()
    log = tmp_path / "log.jsonl"
    log.write_bytes(out.getvalue())
    replay_log(load(tmp_path / "again", {}), log)
    again = told(tmp_path / "again")
    assert {f.code for f, _ in live} >= {"CX001", "CX022", "Offline"}
    last_ms = max(line.at_ms for _, lines in again for line in lines)
    assert last_ms <= end_ms
    # The log ends with its last message; what time alone did after that, nobody told it.
    assert [(f.fault, f.code, f.station, f.evse, f.onset_ms, f.opened_ms) for f, _ in again] == [
        (f.fault, f.code, f.station, f.evse, f.onset_ms, f.opened_ms) for f, _ in live
    ]
    for (_, mine), (_, theirs) in zip(live, again, strict=True):
        assert [line for line in mine if line.at_ms <= last_ms][: len(theirs)] == theirs


@pytest.mark.parametrize("slow", [False, True], ids=["fast disk", "slow disk"])
async def test_our_own_journal_gives_the_same_faults_with_what_persons_did(
    slow: bool, tmp_path: Path
) -> None:
    async with world() as w:
        await a_bad_day(w, slow=slow)
        await w.until(lambda: len(w.room.faults.open()) >= 2)
        by_code = {f.code: f for f in w.room.faults.open()}
        danger = by_code["CX022"].fault
        await w.do(ActOnFault(danger, "acknowledge"), "seen")
        await w.do(ActOnFault(danger, "assign", {"to": "BEN"}))
        await w.advance(minutes=1)
        await w.do(ActOnFault(danger, "reset-latch"), "dry again")
        lost = by_code["Offline"].fault
        until = w.clock.now_ms() + 1_800_000
        await w.do(ActOnFault(lost, "shelve", {"until_ms": until, "reason": "provider works on it"}))
        await w.do(ActOnFault(lost, "note", {"text": "ticket 4711"}))
        await w.room._in_thread(w.room.writer.flush)
        live = told(w.data_dir)
        data_dir = w.data_dir
        source = open_reading(data_dir)
        target = Store.open(tmp_path / "again")
        found = ReplayedFaults(target, None, live[0][0].onset_ms - 3_600_000)
        try:
            rebuild(source, target, policy_of(w.room.settings), faults=found)
        finally:
            source.close()
            target.close()
    assert told(tmp_path / "again") == live
