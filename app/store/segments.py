"""Cold segments: runs of old journal rows, packed, with a checksum. Formats stay readable for ever.

Packed is a list of columns: texts are split into shapes, kept once, and values, which lie together
by shape and station. Before 2026-12 it was a list of rows; those are read too.
"""

import zlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from app.domain.errors import DatabaseDamaged
from app.domain.records import JournalKind, JournalRow
from app.store.columns import pack_ints, pack_texts, unpack_ints, unpack_texts
from app.store.shapes import PLACE, join, split

LEVEL = 15
_COLUMNS = b"\xc1"
"""Begins a list of columns; no msgpack value begins like that."""
_encode = msgspec.msgpack.Encoder().encode
_decode_rows = msgspec.msgpack.Decoder(
    list[tuple[int, int, str, str, str, str, str, str, str, bool, bool]]
).decode

_Shape = tuple[str, str, str, bool, str, str]
"""Kind, subprotocol, action, held, and the shapes of frame and answer."""


class _Columns(msgspec.Struct, array_like=True, frozen=True):
    """All rows of a segment. `ids`, `shape` and values come station by station, the rest in order."""

    seq: list[Any]
    at: list[Any]
    stations: list[str]
    station: list[Any]
    shapes: list[_Shape]
    shape: list[Any]
    uuid: list[Any]
    """1 where the message id is one; those are `ids[0]`, the others `ids[1]`."""
    ids: list[list[Any]]
    values: list[list[list[Any]]]
    """Of each shape, of each place in it."""


_columns = msgspec.msgpack.Decoder(_Columns).decode


class Packed(NamedTuple):
    """One segment as its table row. `first_seq` and `last_seq` bound what was moved together.

    Rows that must be kept and rows that may expire lie in two segments of the same bounds.
    """

    first_seq: int
    effect: bool
    last_seq: int
    first_ms: int
    last_ms: int
    row_count: int
    stations: str
    plain_bytes: int
    crc32: int
    packed: bytes


def pack(rows: Sequence[Sequence[Any]], first_seq: int, last_seq: int) -> list[Packed]:
    """Pack journal rows (tuples in the order of the table's columns) into one or two segments."""
    import zstandard

    packed = []
    for effect in (True, False):
        chosen = [tuple(row) for row in rows if bool(row[9]) is effect]
        if not chosen:
            continue
        plain = _COLUMNS + _encode(_columns_of(chosen))
        squeezed = zstandard.ZstdCompressor(level=LEVEL).compress(plain)
        times = [row[1] for row in chosen]
        stations = "\n" + "\n".join(sorted({row[2] for row in chosen})) + "\n"
        packed.append(
            Packed(
                first_seq, effect, last_seq, min(times), max(times), len(chosen), stations,
                len(plain), zlib.crc32(squeezed), squeezed,
            )
        )  # fmt: skip
    return packed


def unpack(crc32: int, plain_bytes: int, packed: bytes, first_seq: int, *, effect: bool) -> list[JournalRow]:
    """The rows of a segment, in order.

    Raises:
        DatabaseDamaged: the segment is not what was written.
    """
    import zstandard

    try:
        if zlib.crc32(packed) != crc32:
            raise ValueError("its checksum differs")
        plain = zstandard.ZstdDecompressor().decompress(packed, max_output_size=plain_bytes)
        if plain[:1] == _COLUMNS:
            return _rows_of(_columns(memoryview(plain)[1:]), effect)
        return [journal_row(row) for row in _decode_rows(plain)]
    except (ValueError, zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise DatabaseDamaged(
            f"A packed part of the message log (from row {first_seq}) is damaged: {error}; "
            "restore the last backup with: forecourt restore FILE."
        ) from error


def _columns_of(rows: Sequence[Sequence[Any]]) -> _Columns:
    stations: dict[str, int] = {}
    of_row = [stations.setdefault(row[2], len(stations)) for row in rows]
    shapes: dict[_Shape, int] = {}
    values: list[list[list[str]]] = []
    times: list[list[int]] = []
    of_shape: list[int] = []
    names: tuple[list[str], list[str]] = ([], [])
    uuid: list[int] = []
    for n in sorted(range(len(rows)), key=of_row.__getitem__):
        _, at_ms, _, kind, frame, answer, subprotocol, action, name, _, held = rows[n]
        frame_shape, told = split(frame, name)
        answer_shape, answered = split(answer, name)
        key = (kind, subprotocol, action, bool(held), frame_shape, answer_shape)
        shape = shapes.setdefault(key, len(shapes))
        of_shape.append(shape)
        told += answered
        if shape == len(values):
            values.append([[] for _ in told])
            times.append([])
        times[shape].append(at_ms)
        for column, value in zip(values[shape], told, strict=True):
            column.append(value)
        unique = len(name) == 36
        uuid.append(int(unique))
        names[not unique].append(name)
    return _Columns(
        list(pack_ints([row[0] for row in rows])), list(pack_ints([row[1] for row in rows])),
        list(stations), list(pack_ints(of_row)), list(shapes), list(pack_ints(of_shape)),
        list(pack_ints(uuid)), [list(pack_texts(some, [0] * len(some))) for some in names],
        [
            [list(pack_texts(column, at)) for column in columns]
            for columns, at in zip(values, times, strict=True)
        ],
    )  # fmt: skip


def _rows_of(told: _Columns, effect: bool) -> list[JournalRow]:
    seq, at, of_row, of_shape = map(unpack_ints, (told.seq, told.at, told.station, told.shape))
    order = sorted(range(len(seq)), key=of_row.__getitem__)
    times: list[list[int]] = [[] for _ in told.shapes]
    for n, shape in zip(order, of_shape, strict=True):
        times[shape].append(at[n])
    # An iterator of value tuples for each shape; a shape without values gives empty ones.
    values = [
        zip(*(unpack_texts(column, at) for column in columns), strict=True)
        if columns
        else iter([()] * len(at))
        for columns, at in zip(told.values, times, strict=True)
    ]
    uuid = unpack_ints(told.uuid)
    count = sum(uuid)
    names = [
        iter(unpack_texts(some, [0] * lot))
        for some, lot in zip(told.ids, (count, len(uuid) - count), strict=True)
    ]
    cut = [
        (JournalKind(kind), subprotocol, action, held, frame.split(PLACE), answer.split(PLACE))
        for kind, subprotocol, action, held, frame, answer in told.shapes
    ]
    rows: list[Any] = [None] * len(seq)
    for n, shape, unique in zip(order, of_shape, uuid, strict=True):
        kind, subprotocol, action, held, frame, answer = cut[shape]
        name = next(names[not unique])
        found = next(values[shape])
        inner = len(frame) - 1
        rows[n] = JournalRow(
            at[n], told.stations[of_row[n]], kind, join(frame, found[:inner], name),
            join(answer, found[inner:], name), subprotocol, action, name, effect, held, seq[n],
        )  # fmt: skip
    return rows


def journal_row(row: Iterable[Any]) -> JournalRow:
    """A journal row from its columns."""
    seq, at_ms, station, kind, frame, answer, subprotocol, action, message_id, effect, held = row
    return JournalRow(
        at_ms, station, JournalKind(kind), frame, answer, subprotocol, action, message_id,
        bool(effect), bool(held), seq,
    )  # fmt: skip
