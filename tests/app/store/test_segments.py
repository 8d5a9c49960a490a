"""Packed parts of the journal: what comes out is what went in, in the forms of today and before."""

import json
import zlib
from typing import Any

import msgspec
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from app.domain.records import JournalRow
from app.store.segments import Packed, journal_row, pack, unpack
from tests.bench.busy import rows as busy_rows

NOW = 1_767_225_600_000
names = st.sampled_from(["", "1", "17", "a-b", "6f1c8e0a-1c7b-4b7e-9a53-0c5f6a1f2b3c", "z" * 36])
values = st.one_of(
    st.integers(), st.floats(allow_nan=False), st.text(max_size=12), st.none(), st.uuids().map(str),
    st.sampled_from(["2026-01-05T08:00:00.000Z", "2026-01-05T08:00:00Z", "04A3F2C1B0", "17", "-0"]),
)  # fmt: skip
frames = st.one_of(
    st.builds(
        lambda name, told: json.dumps([2, name, "X", told], ensure_ascii=False, separators=(",", ":")),
        names, st.dictionaries(st.text(max_size=3), values, max_size=4),
    ),
    st.text(max_size=40),
    st.sampled_from(['"17"', "\0", "\1", '\1"17"\0', "5", ""]),
)  # fmt: skip
stations, kinds = st.sampled_from(["S1", "S2", "Ünï/1"]), st.sampled_from(["in", "out", "system"])
journal = st.lists(
    st.tuples(
        st.integers(0, 10**9), stations, kinds,
        frames, frames, st.sampled_from(["ocpp1.6", ""]), st.sampled_from(["MeterValues", ""]), names,
        st.booleans(), st.booleans(),
    ),
    max_size=30,
).map(lambda rows: [(n + 5, NOW + row[0], *row[1:]) for n, row in enumerate(rows)])  # fmt: skip


def unpacked(parts: list[Packed]) -> list[JournalRow]:
    found = [
        row
        for part in parts
        for row in unpack(part.crc32, part.plain_bytes, part.packed, part.first_seq, effect=bool(part.effect))
    ]
    return sorted(found, key=lambda row: row.seq)


@given(journal)
def test_rows_come_back_as_they_were(rows: list[Any]) -> None:
    parts = pack(rows, 5, 5 + len(rows))
    assert unpacked(parts) == [journal_row(row) for row in rows]
    assert sum(part.row_count for part in parts) == len(rows)


@given(journal)
def test_segments_of_the_first_form_are_read(rows: list[Any]) -> None:
    plain = msgspec.msgpack.encode(rows)
    squeezed = zstandard.ZstdCompressor(level=9).compress(plain)
    assert unpack(zlib.crc32(squeezed), len(plain), squeezed, 5, effect=True) == [
        journal_row(row) for row in rows
    ]


def test_a_meter_value_takes_few_bytes() -> None:
    told = [
        (
            n,
            row.at_ms,
            row.station,
            row.kind.value,
            row.frame,
            row.answer,
            row.subprotocol,
            "",
            "",
            True,
            False,
        )
        for n, row in enumerate(busy_rows(8, 1, NOW))
    ][:2000]
    (part,) = pack(told, 0, len(told))
    assert unpacked([part]) == [journal_row(row) for row in told]
    plain = sum(len(row[4]) + len(row[5]) for row in told)
    assert len(part.packed) * 25 < plain
