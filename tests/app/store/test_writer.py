"""The writer: grouped, all or nothing per message, and honest when nothing can be kept."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.errors import CannotRecord
from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.meter import Reading, Sample
from app.domain.records import (
    CommandRecord,
    ConnectorPlan,
    EntryRecord,
    FaultEventRecord,
    FaultRecord,
    FileRecord,
    Flag,
    JournalKind,
    JournalRow,
    LinkRecord,
    NoticeRecord,
    ReadingRecord,
    RefusalRecord,
    SessionRecord,
    StationRecord,
    StatusRecord,
)
from app.domain.status import ConnectorStatus, LinkState
from app.store import tables
from app.store.open import Store
from app.store.writer import Writer

NOW = 1_767_225_600_000
S1 = StationId("S1")


class Outcomes:
    """Collects what the writer tells, and lets a test wait for it."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.errors: dict[int, Exception | None] = {}
        self._changed = threading.Condition()

    def deliver(self, batch: list[tuple[Callable[[Exception | None], None], Exception | None]]) -> None:
        with self._changed:
            self.batches.append(len(batch))
            for done, error in batch:
                done(error)
            self._changed.notify_all()

    def of(self, number: int) -> Callable[[Exception | None], None]:
        return lambda error: self.errors.__setitem__(number, error)

    def wait(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.errors) >= count, 20), self.errors


@contextmanager
def writing(tmp_path: Path, **options: Any) -> Iterator[tuple[Store, Writer, Outcomes]]:
    store, outcomes = Store.open(tmp_path), Outcomes()
    try:
        yield store, store.writer(outcomes.deliver, now_ms=lambda: NOW, **options), outcomes
    finally:
        store.close()


def row(number: int = 0, station: str = "S1", **more: Any) -> JournalRow:
    frame = f'[2,"{number}","Heartbeat",{{}}]'
    return JournalRow(NOW + number, station, JournalKind.IN, frame, message_id=str(number), **more)


def session(number: int, **more: Any) -> SessionRecord:
    return SessionRecord(SessionId(number), S1, 1, 1, TransactionId(str(1000 + number)), **more)


def count(store: Store, table: Any) -> int:
    return store.read(lambda c: int(c.execute(select(func.count()).select_from(table)).scalar_one()))


def test_what_is_acknowledged_is_on_disk(tmp_path: Path) -> None:
    with writing(tmp_path) as (store, writer, outcomes):
        writer.submit([row()], [session(1, energy_wh=10)], outcomes.of(1))
        outcomes.wait(1)
        assert outcomes.errors == {1: None}
        with sqlite3.connect(store.file) as other:
            assert other.execute("SELECT energy_wh FROM session").fetchall() == [(10,)]
            assert other.execute("SELECT seq, station, kind FROM journal").fetchall() == [(1, "S1", "in")]


def test_what_gathers_is_committed_and_told_together(tmp_path: Path) -> None:
    with writing(tmp_path, group_ms=200) as (store, writer, outcomes):
        writer.submit([row()], [], outcomes.of(0))
        outcomes.wait(1)
        for number in range(1, 101):
            writer.submit([row(number)], [], outcomes.of(number))
        outcomes.wait(101)
        assert outcomes.batches == [1, 100]
        assert writer.commits == 2
        assert count(store, tables.journal) == 101
        assert writer.depth == 0


def test_a_bad_message_fails_alone(tmp_path: Path) -> None:
    with writing(tmp_path, group_ms=200) as (store, writer, outcomes):
        writer.submit([row(0)], [], outcomes.of(0))
        outcomes.wait(1)
        new_plug = StatusRecord(StationId("S9"), 1, 1, NOW, NOW, ConnectorStatus.AVAILABLE)
        writer.submit([row(1)], [session(1), new_plug], outcomes.of(1))
        writer.submit([row(2)], [session(2, energy_wh=2**70), new_plug], outcomes.of(2))
        writer.submit([row(3)], [session(3, token="\ud800")], outcomes.of(3))
        writer.submit([row(4)], [session(4)], outcomes.of(4))
        outcomes.wait(5)
        assert outcomes.errors[1] is None
        assert isinstance(outcomes.errors[2], OverflowError)
        assert isinstance(outcomes.errors[3], UnicodeEncodeError)
        assert outcomes.errors[4] is None
        with store.connect() as c:
            assert c.execute(select(tables.session.c.session)).scalars().all() == [1, 4]
            assert c.execute(select(tables.journal.c.message_id)).scalars().all() == ["0", "1", "4"]
            assert c.execute(select(tables.outlet.c.station)).scalars().all() == ["S9"]
            assert c.execute(select(func.count()).select_from(tables.status)).scalar_one() == 1


def test_the_last_of_several_versions_in_a_group_stands(tmp_path: Path) -> None:
    with writing(tmp_path, group_ms=200) as (store, writer, outcomes):
        writer.submit([row(0)], [], outcomes.of(0))
        outcomes.wait(1)
        for number in range(1, 6):
            writer.submit([row(number)], [session(1, energy_wh=number)], outcomes.of(number))
        outcomes.wait(6)
        with store.connect() as c:
            assert c.execute(select(tables.session.c.energy_wh)).scalars().all() == [5]


def every_record() -> list[Any]:
    sample = Sample("Energy.Active.Import.Register", "12,5", 12.5, "kWh", "", "Outlet", "Sample.Periodic")
    return [
        StationRecord(S1, plan=(ConnectorPlan(1, 1, "CCS", 150_000, "0.49"),), quirks=(("Q23", 2),)),
        StatusRecord(S1, 1, 1, NOW, NOW, ConnectorStatus.FAULTED, error="GroundFailure"),
        LinkRecord(S1, NOW, LinkState.ONLINE),
        session(1, flags=(Flag.OFFLINE, Flag.SIGNED), soc_percent=50.5),
        ReadingRecord(S1, 1, 1, NOW, SessionId(1), Reading(NOW, (sample,), 12_500, 11_000, 50.0)),
        ReadingRecord(S1, 1, 1, NOW, None, Reading(NOW, (sample,), 12_500)),
        NoticeRecord(S1, NOW, NOW, "security", "TamperDetectionActivated", critical=True),
        RefusalRecord("X", "10.0.0.1", "unknown", "", NOW, NOW),
        CommandRecord(1, S1, "Reset", "ada", "stuck", NOW, '{"type":"Soft"}'),
        FileRecord(1, S1, "log", NOW, NOW + 3_600_000, "00ff"),
        EntryRecord("exclusion", "x1", 1, NOW, "ada", body='{"code":"GRID"}'),
        FaultRecord(1, "offline", "OFFLINE", "Offline", S1, opened_ms=NOW),
        FaultEventRecord(1, 1, NOW, "server", "offline", "raised", "NORM", "UNACK"),
    ]


def test_every_record_is_kept_and_a_repeat_changes_nothing(tmp_path: Path) -> None:
    more = (tables.file, tables.fault, tables.fault_event)
    kept = (*tables.HISTORY, *more, tables.outlet, tables.layout)
    with writing(tmp_path) as (store, writer, _):
        writer.submit([row()], every_record())
        writer.flush()
        before = {table.name: count(store, table) for table in kept}
        assert before == {
            "station": 1, "status": 1, "link": 1, "session": 1, "reading": 2, "notice": 1,
            "refusal": 1, "command": 1, "entry": 1, "file": 1, "fault": 1, "fault_event": 1,
            "outlet": 1, "layout": 1,
        }  # fmt: skip
        repeated = [r for r in every_record() if not isinstance(r, NoticeRecord)]
        writer.submit([], repeated)
        writer.flush()
        assert {table.name: count(store, table) for table in kept} == before
        with store.connect() as c:
            assert c.execute(select(tables.refusal.c.count)).scalar_one() == 2


def test_refusals_are_added_up(tmp_path: Path) -> None:
    with writing(tmp_path) as (store, writer, _):
        for first, last, times in ((50, 60, 2), (10, 20, 1), (70, 80, 4)):
            writer.submit([], [RefusalRecord("X", "p", "c", f"d{last}", first, last, times)] * 2)
            writer.flush()
        with store.connect() as c:
            only = c.execute(select(tables.refusal)).one()
        assert (only.detail, only.first_ms, only.last_ms, only.count) == ("d80", 10, 80, 14)


def test_a_full_disk_acknowledges_nothing_and_recovers_by_itself(tmp_path: Path) -> None:
    told: list[tuple[bool, str]] = []
    states = threading.Condition()

    def on_recording(recording: bool, cause: str) -> None:
        with states:
            told.append((recording, cause))
            states.notify_all()

    with writing(tmp_path, on_recording=on_recording) as (store, writer, outcomes):
        pages = writer.call(lambda g: g.cursor.execute("PRAGMA page_count").fetchone()[0])
        writer.call(lambda g: g.cursor.execute(f"PRAGMA max_page_count={pages + 2}").fetchall())
        for number in range(200):
            writer.submit([row(number, subprotocol="x" * 500)], [], outcomes.of(number))
        outcomes.wait(200)
        kept = count(store, tables.journal)
        failed = [error for error in outcomes.errors.values() if error is not None]
        assert len(failed) == 200 - kept > 0
        assert all(isinstance(error, CannotRecord) for error in failed)
        assert "disk is full" in str(failed[0])
        assert not writer.recording
        assert told == [(False, writer.cause)]
        writer.submit([row(500)], [], outcomes.of(500))
        outcomes.wait(201)
        assert isinstance(outcomes.errors[500], CannotRecord)
        assert count(store, tables.journal) == kept
        writer.call(lambda g: g.cursor.execute("PRAGMA max_page_count=1000000").fetchall())
        with states:
            assert states.wait_for(lambda: told[-1] == (True, ""), 20)
        writer.submit([row(501)], [], outcomes.of(501))
        outcomes.wait(202)
        assert outcomes.errors[501] is None
        with store.connect() as c:
            spans = c.execute(select(tables.blind)).all()
        assert len(spans) == 1
        assert "disk is full" in spans[0].cause


def test_stopping_keeps_what_was_handed_in(tmp_path: Path) -> None:
    with writing(tmp_path, group_ms=1000) as (_, writer, outcomes):
        for number in range(1200):
            writer.submit([row(number)], [], outcomes.of(number))
    assert len(outcomes.errors) == 1200
    assert set(outcomes.errors.values()) == {None}
    store = Store.open(tmp_path)
    assert count(store, tables.journal) == 1200
    store.close()


def test_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    for start in (0, 1):
        with writing(tmp_path) as (store, writer, _):
            writer.submit([row(start)], every_record())
            writer.flush()
            with store.connect() as c:
                assert c.execute(select(tables.journal.c.seq)).scalars().all() == list(range(1, start + 2))
                assert c.execute(select(tables.outlet.c.outlet)).scalars().all() == [1]


def test_an_inline_writer_commits_by_number_and_at_the_end(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    writer = store.inline_writer(every=10)
    acknowledged: list[Exception | None] = []
    for number in range(25):
        writer.submit([row(number)], [session(number + 1)], acknowledged.append)
    assert acknowledged == [None] * 25
    assert (writer.commits, count(store, tables.journal)) == (2, 20)
    writer.flush()
    assert count(store, tables.session) == 25
    writer.submit([row(99)], [session(99, energy_wh=2**80)])
    writer.submit([row(100)], [session(100)])
    writer.flush()
    assert writer.failed == 1
    assert count(store, tables.session) == 26
    store.close()


def test_what_is_handed_in_together_wakes_the_writer_once(tmp_path: Path) -> None:
    with writing(tmp_path, group_ms=0) as (_, writer, outcomes):
        for number in range(1, 6):
            asleep = threading.Event()
            while not writer._idle:
                asleep.wait(0.001)
            with writer.together():
                for each in range(number):
                    writer.submit([row(each)], [], outcomes.of(100 * number + each))
                assert writer._idle
            outcomes.wait(sum(range(number + 1)))
        assert outcomes.batches == [1, 2, 3, 4, 5]


def test_messages_that_wait_for_each_other_are_committed_one_by_one(tmp_path: Path) -> None:
    with writing(tmp_path, group_ms=5) as (_, writer, outcomes):
        for number in range(1, 6):
            writer.submit([row(number)], [], outcomes.of(number))
            outcomes.wait(number)
        assert outcomes.batches == [1] * 5
        assert writer.commits == 5


def test_a_job_that_comes_after_the_end_is_told_so(tmp_path: Path) -> None:
    with writing(tmp_path) as (_, writer, _outcomes):
        writer.stop()
        with pytest.raises(CannotRecord):
            writer.flush()


def test_a_station_alone_is_not_held_to_the_pace(tmp_path: Path) -> None:
    """It says the next only after this answer: waiting for others would only slow its queue down."""
    with writing(tmp_path, group_ms=600_000) as (store, writer, outcomes):
        for number in range(50):
            writer.submit([row(number)], [], outcomes.of(number))
            outcomes.wait(number + 1)
        assert count(store, tables.journal) == 50
        assert set(outcomes.batches) == {1}
