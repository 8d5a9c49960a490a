"""The journal: in order across hot and cold, newest first for the log, packed and expired with age."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app.domain.errors import DatabaseDamaged
from app.domain.records import JournalKind, JournalRow
from app.store import retention, tables
from app.store.inline import InlineWriter
from app.store.journal import Wanted, counted, last_seq, newest, recent_answers, rows
from app.store.open import Store

NOW = 1_767_225_600_000
DAY = 86_400_000


@contextmanager
def kept(tmp_path: Path, journal: list[JournalRow]) -> Iterator[tuple[Store, InlineWriter]]:
    store = Store.open(tmp_path)
    try:
        writer = store.inline_writer()
        for row in journal:
            writer.submit([row])
        writer.flush()
        yield store, writer
    finally:
        store.close()


def a_log(count: int, *, start_ms: int = NOW - 10 * DAY, step_ms: int = 60_000) -> list[JournalRow]:
    """Three stations in turn; every third row is a heartbeat without effect."""
    return [
        JournalRow(
            start_ms + n * step_ms, f"S{n % 3}", JournalKind.IN, f'[2,"{n}","A",{{"n":{n}}}]',
            f'[3,"{n}",{{}}]' if n % 2 else "", "ocpp1.6",
            "StatusNotification" if n % 3 else "Heartbeat", str(n), n % 3 != 0, n % 50 == 1,
        )
        for n in range(count)
    ]  # fmt: skip


def pack_all(store: Store, writer: InlineWriter, now_ms: int = NOW) -> int:
    moved = 0
    while packed := store.read(retention.next_segments, now_ms):
        moved += writer.call(lambda group, packed=packed: retention.swap(group, packed))
    return moved


def test_rows_come_in_order_whether_packed_or_not(tmp_path: Path) -> None:
    log = a_log(2600)
    with kept(tmp_path, log) as (store, writer):
        assert list(store.read(lambda c: list(rows(c)))) == log
        assert pack_all(store, writer) == 2600
        assert store.read(counted) == (2600, log[0].at_ms)
        assert store.read(lambda c: c.execute(select(func.count()).select_from(tables.journal)).scalar()) == 0
        writer.submit([JournalRow(NOW, "S1", JournalKind.CONNECTED)])
        writer.flush()
        back = store.read(lambda c: list(rows(c)))
        assert back == [*log, JournalRow(NOW, "S1", JournalKind.CONNECTED)]
        assert [row.seq for row in back] == list(range(1, 2602))
        assert [row.seq for row in store.read(lambda c: list(rows(c, after_seq=1500)))][:2] == [1501, 1502]
    with kept(tmp_path, []) as (store, _):
        assert store.read(last_seq) == 2601


def test_filters_mean_the_same_hot_and_cold(tmp_path: Path) -> None:
    log = a_log(2500)
    wishes = [
        Wanted(station="S1"),
        Wanted(from_ms=log[100].at_ms, to_ms=log[2200].at_ms),
        Wanted(text='"n":17'),
        Wanted(effect_only=True),
        Wanted(held_only=True, station="S2"),
        Wanted(kinds=(JournalKind.OUT,)),
        Wanted(station="S", text="%"),
    ]
    with kept(tmp_path, log) as (store, writer):
        for packed in (False, True):
            if packed:
                pack_all(store, writer)
            for wanted in wishes:
                expected = [row for row in log if wanted.fits(row)]
                assert list(store.read(lambda c, w=wanted: list(rows(c, w)))) == expected
                seen, before = [], None
                while True:
                    page, before = store.read(newest, wanted, before, 300)
                    assert len(page) <= 300
                    seen += page
                    if before is None:
                        break
                assert seen == expected[::-1]


def test_a_reader_misses_nothing_while_rows_are_packed(tmp_path: Path) -> None:
    log = a_log(6500)
    with kept(tmp_path, log) as (store, writer), store.connect() as connection:
        seen = []
        for row in rows(connection):
            seen.append(row)
            if len(seen) % 700 == 0 and (packed := store.read(retention.next_segments, NOW)):
                writer.call(lambda group, packed=packed: retention.swap(group, packed))
        assert seen == log


def test_what_has_an_effect_is_never_dropped(tmp_path: Path) -> None:
    log = a_log(2000)
    with kept(tmp_path, log) as (store, writer):
        pack_all(store, writer)
        assert writer.call(lambda group: retention.expire(group, NOW)) == 0
        gone = 0
        while count := writer.call(lambda group: retention.expire(group, NOW + 31 * DAY)):
            gone += count
        assert gone == len([row for row in log if not row.effect])
        assert store.read(lambda c: list(rows(c))) == [row for row in log if row.effect]


def test_young_rows_stay_and_a_quiet_network_waits(tmp_path: Path) -> None:
    with kept(tmp_path, a_log(50, start_ms=NOW - 60 * 60_000 * 60)) as (store, _):
        assert store.read(retention.next_segments, NOW) == []
        assert len(store.read(retention.next_segments, NOW + DAY)) == 2


def test_a_damaged_segment_is_told_and_not_shown(tmp_path: Path) -> None:
    with kept(tmp_path, a_log(1500)) as (store, writer):
        pack_all(store, writer)

        def damage(group: object) -> None:
            group.execute(update(tables.segment).values(packed=b"\x00" * 100))  # type: ignore[attr-defined]

        writer.call(damage)
        with pytest.raises(DatabaseDamaged, match="packed part of the message log"):
            store.read(lambda c: list(rows(c)))


def test_a_restart_finds_recent_answers_and_the_quarantine(tmp_path: Path) -> None:
    log = a_log(300, start_ms=NOW - 300 * 60_000)
    with kept(tmp_path, log) as (store, writer):
        asked = [row for row in log if row.effect and row.answer]
        assert store.read(recent_answers, 10 * 60_000) == [
            row for row in asked if row.at_ms >= asked[-1].at_ms - 10 * 60_000
        ]
        assert store.read(recent_answers, 10 * 60_000, 2) == asked[-2:]
        held = [row for row in log if row.held and row.station == "S1"]
        quarantine = Wanted(station="S1", held_only=True)
        assert store.read(lambda c: list(rows(c, quarantine))) == held
        pack_all(store, writer, NOW + 10 * DAY)
        assert store.read(lambda c: list(rows(c, quarantine))) == held


def test_packing_gives_room_back(tmp_path: Path) -> None:
    log = a_log(20_000, step_ms=30_000)
    with kept(tmp_path, log) as (store, writer):
        before = store.read(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar())
        pack_all(store, writer)
        while writer.call(retention.shrink):
            pass
        after = store.read(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar())
        assert after < before / 3
