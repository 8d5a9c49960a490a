"""Cold segments: runs of old journal rows, packed, with a checksum. Formats stay readable for ever."""

import zlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from app.domain.errors import DatabaseDamaged
from app.domain.records import JournalKind, JournalRow

LEVEL = 9
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[int, int, str, str, str, str, str, str, str, bool, bool]]).decode


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
        plain = _encode([(*row[:9], bool(row[9]), bool(row[10])) for row in chosen])
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


def unpack(crc32: int, plain_bytes: int, packed: bytes, first_seq: int) -> list[JournalRow]:
    """The rows of a segment, in order.

    Raises:
        DatabaseDamaged: the segment is not what was written.
    """
    import zstandard

    try:
        if zlib.crc32(packed) != crc32:
            raise ValueError("its checksum differs")
        plain = zstandard.ZstdDecompressor().decompress(packed, max_output_size=plain_bytes)
        return [journal_row(row) for row in _decode(plain)]
    except (ValueError, zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise DatabaseDamaged(
            f"A packed part of the message log (from row {first_seq}) is damaged: {error}; "
            "restore the last backup with: forecourt restore FILE."
        ) from error


def journal_row(row: Iterable[Any]) -> JournalRow:
    """A journal row from its columns."""
    seq, at_ms, station, kind, frame, answer, subprotocol, action, message_id, effect, held = row
    return JournalRow(
        at_ms, station, JournalKind(kind), frame, answer, subprotocol, action, message_id,
        bool(effect), bool(held), seq,
    )  # fmt: skip
