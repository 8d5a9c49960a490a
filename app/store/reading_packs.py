"""Readings of a closed session in one small row: columns of differences, packed, with a checksum."""

import zlib
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import msgspec

from app.domain.errors import DatabaseDamaged

LEVEL = 9
_encode = msgspec.msgpack.Encoder().encode
_texts = msgspec.msgpack.Decoder(list[str]).decode


class _Columns(msgspec.Struct, array_like=True, frozen=True):
    """The columns of `reading` but for the session, over all rows in order of time."""

    at: list[int]
    """The first, then differences; so are `energy` and `power`, where None stands for itself."""
    outlet: list[int]
    layout: list[int]
    late: list[int]
    energy: list[int | None]
    power: list[int | None]
    soc: list[float | None]
    trusted: list[bool]
    texts: list[list[str]]
    """By position in the layout, so that like stands beside like."""
    counts: list[int]


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
    columns = _Columns(
        _steps(at), list(outlet), list(layout), [r - a for r, a in zip(received, at, strict=True)],
        _steps(energy), _steps(power), list(soc), [bool(t) for t in trusted],
        [[texts[n] for texts in told if n < len(texts)] for n in range(widest)],
        [len(texts) for texts in told],
    )  # fmt: skip
    plain = _encode(columns)
    squeezed = zstandard.ZstdCompressor(level=LEVEL, write_content_size=False).compress(plain)
    return ReadingPack(session, at[0], at[-1], len(rows), len(plain), zlib.crc32(squeezed), squeezed)


def unpack(row: Any) -> list[tuple[Any, ...]]:
    """The rows of `reading` that a row of `reading_pack` holds, as they were.

    Raises:
        DatabaseDamaged: the pack is not what was written.
    """
    import zstandard

    try:
        if zlib.crc32(row.packed) != row.crc32:
            raise ValueError("its checksum differs")
        plain = zstandard.ZstdDecompressor().decompress(row.packed, max_output_size=row.plain_bytes)
        told = _columns(plain)
    except (ValueError, zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise DatabaseDamaged(
            f"The packed meter readings of session {row.session} are damaged: {error}; "
            "restore the last backup with: forecourt restore FILE."
        ) from error
    at = list(accumulate(told.at))
    columns = [iter(column) for column in told.texts]
    samples = [_encode([next(columns[n]) for n in range(count)]) for count in told.counts]
    received = [time + late for time, late in zip(at, told.late, strict=True)]
    session = [row.session] * len(at)
    return list(
        zip(
            at, told.outlet, session, told.layout, received, _sums(told.energy), _sums(told.power),
            told.soc, told.trusted, samples, strict=True,
        )
    )  # fmt: skip


def _steps(values: Sequence[Any]) -> list[Any]:
    known = [value for value in values if value is not None]
    steps = iter(known[:1] + [b - a for a, b in pairwise(known)])
    return [None if value is None else next(steps) for value in values]


def _sums(steps: Sequence[int | None]) -> list[int | None]:
    sums = accumulate(step for step in steps if step is not None)
    return [None if step is None else next(sums) for step in steps]
