"""Readings of old sessions in packs: the same readings, wherever they lie."""

import zlib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from app.domain.errors import DatabaseDamaged
from app.domain.ids import SessionId, StationId, TransactionId
from app.domain.meter import Reading, Sample
from app.domain.records import ReadingRecord, SessionRecord
from app.store import retention, tables
from app.store.open import Store
from app.store.readers import readings
from app.store.reading_packs import ReadingPack, pack, unpack, unpack_powers
from app.store.verify import first_difference

NOW = 1_767_225_600_000
DAY = 86_400_000
MINUTE = 60_000
numbers = st.none() | st.integers(0, 2**40)
texts = st.one_of(
    st.text(max_size=6), st.decimals(0, 500, places=1).map(str), st.integers(0, 9).map(str),
    st.sampled_from(["0.5", "1.5", "-0.5", "nan", "inf", "7,4", ""]),
)  # fmt: skip
rows = st.lists(
    st.tuples(
        st.integers(0, 10**6), st.integers(1, 3), st.just(7), st.integers(1, 4), st.integers(0, 10**6),
        numbers, numbers, st.none() | st.floats(0, 100), st.booleans(),
        st.lists(texts, max_size=4).map(msgspec.msgpack.encode),
    ),
    min_size=1, max_size=30,
).map(lambda found: sorted(found, key=lambda row: row[0]))  # fmt: skip


def powers(many: list[Any]) -> list[Any]:
    return [(row[0], row[1], row[2], row[6]) for row in many if row[6] is not None]


@given(rows)
def test_a_pack_holds_its_rows_as_they_were(many: list[Any]) -> None:
    assert unpack(pack(7, many)) == many
    assert unpack_powers(pack(7, many)) == powers(many)


@given(st.integers(1, 20), st.integers(0, 3), st.sampled_from([1, 1000]))
def test_values_that_follow_from_a_text_are_not_kept_twice(count: int, untold: int, factor: int) -> None:
    many = []
    for n in range(count):
        power = f"{7 + n * 0.25:.2f}"
        told = ["1", power, f"{n}"] if n >= untold else ["1"]
        watts = None if n < untold else half_up(power, factor)
        soc = None if n < untold else float(n)
        many.append(
            (n * 60, 1, 7, 1 + (n >= untold), n * 60, 1, watts, soc, True, msgspec.msgpack.encode(told))
        )
    assert unpack(pack(7, many)) == many
    assert unpack_powers(pack(7, many)) == powers(many)


def half_up(text: str, factor: int) -> int:
    return int((Decimal(text) * factor).to_integral_value(ROUND_HALF_UP))


@given(rows)
def test_packs_of_the_first_form_are_read(many: list[Any]) -> None:
    at = [row[0] for row in many]
    told = [msgspec.msgpack.decode(row[9]) for row in many]
    energy, power = ([row[place] for row in many] for place in (5, 6))
    plain = msgspec.msgpack.encode(
        (
            steps(at), [row[1] for row in many], [row[3] for row in many], [row[4] - row[0] for row in many],
            steps(energy), steps(power), [row[7] for row in many], [row[8] for row in many],
            [[texts[n] for texts in told if n < len(texts)] for n in range(max(map(len, told)))],
            [len(texts) for texts in told],
        )
    )  # fmt: skip
    squeezed = zstandard.ZstdCompressor(level=9).compress(plain)
    first = ReadingPack(7, at[0], at[-1], len(many), len(plain), zlib.crc32(squeezed), squeezed)
    assert unpack(first) == many
    assert unpack_powers(first) == powers(many)


def steps(values: list[int | None]) -> list[int | None]:
    """The first, then differences; None stands for itself."""
    last, found = 0, []
    for value in values:
        found.append(None if value is None else value - last)
        last = last if value is None else value
    return found


def reading(number: int | None, at_ms: int, wh: int, station: str = "S1", plug: int = 1) -> ReadingRecord:
    samples = (
        Sample("Energy.Active.Import.Register", str(wh), float(wh), "Wh", "", "Outlet", "Sample.Periodic"),
        Sample("Voltage", "230.1", 230.1, "V", "L1", "Outlet", "Sample.Periodic"),
    )
    session = None if number is None else SessionId(number)
    return ReadingRecord(
        StationId(station), plug, 1, at_ms + 90, session, Reading(at_ms, samples, wh, wh * 2, 50.5)
    )


def history() -> list[Any]:
    told: list[Any] = []
    for number in range(1, 131):
        start = NOW - 20 * DAY + number * 37 * MINUTE
        station = f"S{number % 3}"
        told.append(
            SessionRecord(
                SessionId(number), StationId(station), 1, 1, TransactionId(str(number)), started_ms=start,
                ended_ms=None if number == 5 else start + 90 * MINUTE,
            )
        )  # fmt: skip
        told += [reading(number, start + n * MINUTE, 1000 + n, station) for n in range(0, 90, 10)]
        told.append(reading(None, start, 77, station, plug=0))
    return told


def filled(path: Path, records: list[Any]) -> tuple[Store, Any]:
    store = Store.open(path)
    writer = store.inline_writer()
    for record in records:
        writer.submit([], [record])
    writer.flush()
    return store, writer


def pack_all(store: Store, writer: Any) -> int:
    moved, after = 0, -1
    while after:
        packs, after = store.read(retention.next_reading_packs, NOW, after=max(after, 0))
        moved += writer.call(lambda group, packs=packs: retention.swap_readings(group, packs))
    return moved


def everything(store: Store) -> list[Any]:
    return store.read(lambda c: list(readings.readings_between(c)))


def plain(answer: Any) -> Any:
    """An answer that compares: rows of the database as tuples."""
    return (
        [row if isinstance(row, ReadingRecord) else tuple(row) for row in answer]
        if isinstance(answer, list)
        else answer
    )


def test_packed_readings_are_read_as_before(tmp_path: Path) -> None:
    store, writer = filled(tmp_path, history())
    window = (NOW - 19 * DAY, NOW - 18 * DAY)
    asked = (
        lambda: everything(store),
        lambda: store.read(readings.session_readings, 7),
        lambda: store.read(readings.power_between, *window),
        lambda: store.read(readings.power_between, *window, "S1"),
        lambda: store.read(lambda c: list(readings.readings_between(c, *window, "S2"))),
        lambda: store.read(readings.reading_count),
        lambda: store.read(readings.first_reading_ms),
    )
    before = [plain(ask()) for ask in asked]
    assert len(before[0]) == 130 * 10
    assert pack_all(store, writer) == 129 * 9
    assert [plain(ask()) for ask in asked] == before
    assert pack_all(store, writer) == 0
    store.close()


def test_a_reading_told_again_or_late_after_packing_counts_once(tmp_path: Path) -> None:
    store, writer = filled(tmp_path, history())
    before = everything(store)
    pack_all(store, writer)
    again = store.read(readings.session_readings, 9)[3]
    late = reading(9, again.reading.at_ms + 1, 5000, "S0")
    for record in (again, late):
        writer.submit([], [record])
    writer.flush()
    assert len(store.read(readings.session_readings, 9)) == 10
    assert [r for r in everything(store) if r != late] == before
    assert pack_all(store, writer) == 0
    store.close()


def test_an_export_misses_nothing_while_readings_are_packed(tmp_path: Path) -> None:
    store, writer = filled(tmp_path, history())
    before = everything(store)
    seen = []
    with store.connect() as connection:
        for n, record in enumerate(readings.readings_between(connection)):
            seen.append(record)
            if n == 200:
                pack_all(store, writer)
    assert seen == before
    store.close()


def test_a_session_that_grew_meanwhile_is_left_for_the_next_time(tmp_path: Path) -> None:
    store, writer = filled(tmp_path, history())
    packs, _ = store.read(retention.next_reading_packs, NOW)
    writer.submit([], [reading(1, NOW - 19 * DAY, 9000, "S1")])
    assert writer.call(lambda group: retention.swap_readings(group, packs)) == (len(packs) - 1) * 9
    assert len(store.read(readings.session_readings, 1)) == 10
    assert pack_all(store, writer) == (129 - len(packs)) * 9 + 10
    store.close()


def test_packed_and_plain_are_the_same_history(tmp_path: Path) -> None:
    kept, writer = filled(tmp_path / "kept", history())
    pack_all(kept, writer)
    replayed, _ = filled(tmp_path / "replayed", history()[::-1])
    with kept.connect() as one, replayed.connect() as other:
        assert first_difference(one, other) is None
    kept.close()
    replayed.close()


def test_a_damaged_pack_is_told(tmp_path: Path) -> None:
    store, writer = filled(tmp_path, history())
    pack_all(store, writer)

    def damage(group: Any) -> None:
        group.execute(update(tables.reading_pack).values(crc32=tables.reading_pack.c.crc32 + 1))

    writer.call(damage)
    with pytest.raises(DatabaseDamaged, match="meter readings of session 7 are damaged"):
        store.read(readings.session_readings, 7)
    assert store.read(lambda c: c.execute(select(func.count()).select_from(tables.session)).scalar()) == 130
    store.close()
