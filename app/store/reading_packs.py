"""Readings of a closed session in one small row: columns, packed, with a checksum.

Energy, power and state of charge are what a station's own texts say: where they follow from one
of its channels, only that channel is named.
"""

import zlib
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import accumulate
from math import floor
from typing import Any, NamedTuple, TypeVar

import msgspec

from app.domain.errors import DatabaseDamaged
from app.store.columns import pack_ints, pack_texts, unpack_ints, unpack_texts

T = TypeVar("T")

LEVEL = 19
_COLUMNS = b"\xc1"
"""Begins today's form; no msgpack value begins like that."""
_encode = msgspec.msgpack.Encoder().encode
_texts = msgspec.msgpack.Decoder(list[str]).decode


class _FirstColumns(msgspec.Struct, array_like=True, frozen=True):
    """The first form: columns as plain lists; `at`, `energy` and `power` as differences."""

    at: list[int]
    outlet: list[int]
    layout: list[int]
    late: list[int]
    energy: list[int | None]
    power: list[int | None]
    soc: list[float | None]
    trusted: list[bool]
    texts: list[list[str]]
    counts: list[int]


class _Columns(msgspec.Struct, array_like=True, frozen=True):
    """The columns of `reading` but for the session, over all rows in order of time."""

    at: list[Any]
    numbers: list[list[Any]]
    """Outlet, layout, how late it came, whether trusted, and how many texts there are."""
    texts: list[list[Any]]
    """By position in the layout, so that like stands beside like."""
    energy: list[Any]
    power: list[Any]
    soc: list[Any]


_first_columns = msgspec.msgpack.Decoder(_FirstColumns).decode
_columns = msgspec.msgpack.Decoder(_Columns).decode


class ReadingPack(NamedTuple):
    """A row of `reading_pack`."""

    session: int
    first_ms: int
    last_ms: int
    row_count: int
    plain_bytes: int
    crc32: int
    packed: bytes


def pack(session: int, rows: Sequence[Any]) -> ReadingPack:
    """Pack a session's rows of `reading`, in the order of the table's columns and of time."""
    import zstandard

    at, outlet, _, layout, received, energy, power, soc, trusted, samples = zip(*rows, strict=True)
    told = [_texts(blob) for blob in samples]
    widest = max(map(len, told))
    by_place = [[texts[n] for texts in told if n < len(texts)] for n in range(widest)]
    times = [[time for time, texts in zip(at, told, strict=True) if n < len(texts)] for n in range(widest)]
    late = [r - a for r, a in zip(received, at, strict=True)]
    numbers = (outlet, layout, late, [int(t) for t in trusted], [len(texts) for texts in told])
    columns = _Columns(
        list(pack_ints(at)), [list(pack_ints(column)) for column in numbers],
        [list(pack_texts(column, when)) for column, when in zip(by_place, times, strict=True)],
        _told_or_kept(energy, told, _WHOLE), _told_or_kept(power, told, _WHOLE),
        _told_or_kept(soc, told, _FLOAT),
    )  # fmt: skip
    plain = _COLUMNS + _encode(columns)
    squeezed = zstandard.ZstdCompressor(level=LEVEL, write_content_size=False).compress(plain)
    return ReadingPack(session, at[0], at[-1], len(rows), len(plain), zlib.crc32(squeezed), squeezed)


def unpack(row: Any) -> list[tuple[Any, ...]]:
    """The rows of `reading` that a row of `reading_pack` holds, as they were.

    Raises:
        DatabaseDamaged: the pack is not what was written.
    """
    return _read(row, _rows_of, _first_rows_of)


def unpack_powers(row: Any) -> list[tuple[int, int, int, int]]:
    """(at_ms, outlet, session, power_w) of the rows that told a power; much sooner than all of them.

    Raises:
        DatabaseDamaged: the pack is not what was written.
    """
    return _read(row, _powers_of, lambda session, told: _powers(_first_rows_of(session, told)))


def _read(row: Any, read: Callable[[int, _Columns], T], read_first: Callable[[int, _FirstColumns], T]) -> T:
    import zstandard

    try:
        if zlib.crc32(row.packed) != row.crc32:
            raise ValueError("its checksum differs")
        plain = zstandard.ZstdDecompressor().decompress(row.packed, max_output_size=row.plain_bytes)
        if plain[:1] == _COLUMNS:
            return read(row.session, _columns(memoryview(plain)[1:]))
        return read_first(row.session, _first_columns(plain))
    except (ValueError, zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise DatabaseDamaged(
            f"The packed meter readings of session {row.session} are damaged: {error}; "
            "restore the last backup with: forecourt restore FILE."
        ) from error


def _powers(rows: Sequence[tuple[Any, ...]]) -> list[tuple[int, int, int, int]]:
    return [(row[0], row[1], row[2], row[6]) for row in rows if row[6] is not None]


def _powers_of(session: int, told: _Columns) -> list[tuple[int, int, int, int]]:
    if len(told.power) != 3:
        return _powers(_rows_of(session, told))
    place, how, missing = told.power
    at, outlet, counts = unpack_ints(told.at), unpack_ints(told.numbers[0]), unpack_ints(told.numbers[4])
    gone = unpack_ints(missing) if missing is not None else [0] * len(at)
    texts = iter(unpack_texts(told.texts[place], [t for t, n in zip(at, counts, strict=True) if n > place]))
    read, found = _WHOLE[how], []
    for time, plug, count, no in zip(at, outlet, counts, gone, strict=True):
        text = next(texts) if count > place else ""
        if not no:
            found.append((time, plug, session, read(text)))
    return found


def _rows_of(session: int, told: _Columns) -> list[tuple[Any, ...]]:
    at = unpack_ints(told.at)
    outlet, layout, late, trusted, counts = map(unpack_ints, told.numbers)
    when = [
        [time for time, count in zip(at, counts, strict=True) if n < count] for n in range(len(told.texts))
    ]
    places = [iter(unpack_texts(form, times)) for form, times in zip(told.texts, when, strict=True)]
    texts = [[next(places[n]) for n in range(count)] for count in counts]
    received = [time + off for time, off in zip(at, late, strict=True)]
    energy, power = _said(told.energy, texts, _WHOLE), _said(told.power, texts, _WHOLE)
    return list(
        zip(
            at, outlet, [session] * len(at), layout, received, energy, power, _said(told.soc, texts, _FLOAT),
            map(bool, trusted), map(_encode, texts), strict=True,
        )
    )  # fmt: skip


# -- values that follow from a text --------------------------------------------------------------


def _whole(factor: int, text: str) -> int | None:
    try:
        return floor(Decimal(text) * factor + Decimal("0.5"))
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


_Reads = dict[int, Callable[[str], Any]]
_WHOLE: _Reads = {1: partial(_whole, 1), 1000: partial(_whole, 1000)}
_FLOAT: _Reads = {1: _float}


def _told_or_kept(values: Sequence[Any], told: Sequence[Sequence[str]], reads: _Reads) -> list[Any]:
    """[place, how] where all values that are there follow from the text at a place; else [values]."""
    there = [n for n, value in enumerate(values) if value is not None]
    if not there:
        return []
    missing = list(pack_ints([int(value is None) for value in values])) if len(there) < len(values) else None
    for place in range(min(len(told[n]) for n in there)):
        for how, read in reads.items():
            if all(read(told[n][place]) == values[n] for n in there):
                return [place, how, missing]
    return [list(values)]


def _said(form: Sequence[Any], texts: Sequence[Sequence[str]], reads: _Reads) -> list[Any]:
    match form:
        case ():
            return [None] * len(texts)
        case (values,):
            return list(values)
        case (place, how, missing):
            gone = unpack_ints(missing) if missing is not None else [0] * len(texts)
            read = reads[how]
            return [None if no else read(told[place]) for no, told in zip(gone, texts, strict=True)]
    raise ValueError("a column of an unknown form")


# -- the first form ------------------------------------------------------------------------------


def _first_rows_of(session: int, told: _FirstColumns) -> list[tuple[Any, ...]]:
    at = list(accumulate(told.at))
    columns = [iter(column) for column in told.texts]
    samples = [_encode([next(columns[n]) for n in range(count)]) for count in told.counts]
    received = [time + late for time, late in zip(at, told.late, strict=True)]
    energy, power = _sums(told.energy), _sums(told.power)
    return list(
        zip(
            at, told.outlet, [session] * len(at), told.layout, received, energy, power, told.soc,
            told.trusted, samples, strict=True,
        )
    )  # fmt: skip


def _sums(steps: Sequence[int | None]) -> list[int | None]:
    sums = accumulate(step for step in steps if step is not None)
    return [None if step is None else next(sums) for step in steps]
