"""Columns of like values in few bytes: whole numbers as differences by bytes, texts by what they are.

Noise is what costs room in a packed column, and a compressor finds its few bits only where like
bytes stand together. Every column gives back exactly what went in: one that does not is kept as texts.
Forms stay readable for ever; a form is a short list whose first element names it.
"""

import sys
from array import array
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from typing import Any

Form = Sequence[Any]

_CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}
_MOST = 1 << 62
_DAY_MS = 86_400_000


# -- whole numbers -----------------------------------------------------------------------------


def pack_ints(numbers: Sequence[int]) -> Form:
    """[base, width, planes]: offsets from the base, or with width < 0 differences from one to the next.

    Planes are the bytes of all, lowest first, zigzag.

    Raises:
        OverflowError: a number has more than 62 bits.
    """
    if not numbers:
        return (0, 1, b"")
    if max(numbers) >= _MOST or min(numbers) <= -_MOST:
        raise OverflowError("a number of more than 62 bits")
    first, middle = numbers[0], sorted(numbers)[len(numbers) // 2]
    steps = [0, *(b - a for a, b in pairwise(numbers))]
    offsets = [number - middle for number in numbers]
    stepped = sum(map(abs, steps)) < sum(map(abs, offsets))
    folded = [n << 1 if n >= 0 else ~(n << 1) for n in (steps if stepped else offsets)]
    highest = max(folded)
    width = next(width for width in _CODES if highest < 1 << (8 * width))
    plain = _little(array(_CODES[width], folded)).tobytes()
    planes = plain if width == 1 else b"".join(plain[n::width] for n in range(width))
    return (first, -width, planes) if stepped else (middle, width, planes)


def unpack_ints(form: Form) -> list[int]:
    """The numbers again."""
    base, signed_width, planes = form
    width = abs(signed_width)
    if width == 1:
        folded: Sequence[int] = planes
    else:
        count = len(planes) // width
        plain = bytearray(len(planes))
        for n in range(width):
            plain[n::width] = planes[n * count : (n + 1) * count]
        wide = array(_CODES[width])
        wide.frombytes(plain)
        folded = _little(wide)
    values = [n >> 1 if not n & 1 else ~(n >> 1) for n in folded]
    if signed_width > 0:
        return [base + value for value in values]
    if not values:
        return []
    values[0] += base
    return list(accumulate(values))


def _little(wide: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        wide = wide[:]
        wide.byteswap()
    return wide


# -- texts -------------------------------------------------------------------------------------


def pack_texts(texts: Sequence[str], at_ms: Sequence[int]) -> Form:
    """A column of texts: one for all, decimals, times close to `at_ms`, UUIDs, or as they are."""
    first = texts[0] if texts else ""
    if texts.count(first) == len(texts):
        return ("=", first)
    for kind, fits, make in (
        ("t", _time_like, _times),
        ("n", _number_like, _decimals),
        ("u", _uuid_like, _uuids),
    ):
        if fits(first):
            try:
                form = (kind, *make(texts, at_ms))
            except (ValueError, OverflowError):
                continue
            if unpack_texts(form, at_ms) == list(texts):
                return form
    return ("s", list(texts))


def unpack_texts(form: Form, at_ms: Sequence[int]) -> list[str]:
    """The texts again; `at_ms` as it was, one for each."""
    match form:
        case ("=", text):
            return [text] * len(at_ms)
        case ("s", texts):
            return list(texts)
        case ("n", places, *numbers):
            values = unpack_ints(numbers)
            return list(map(str, values)) if not places else [_decimal(value, places) for value in values]
        case ("t", thousandths, *numbers):
            late = unpack_ints(numbers)
            return [_stamp(at + off, thousandths) for at, off in zip(at_ms, late, strict=True)]
        case ("u", joined):
            parts = joined.hex()
            cut = [parts[n : n + 32] for n in range(0, len(parts), 32)]
            return [f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}" for h in cut]
    raise ValueError(f"a column of an unknown form {form[0]!r}")


def _number_like(text: str) -> bool:
    return text[-1:].isdigit() and len(text) < 19


def _decimals(texts: Sequence[str], at_ms: Sequence[int]) -> Form:
    places = len(texts[0].partition(".")[2])
    if places:
        return (places, *pack_ints([int(text.replace(".", "", 1)) for text in texts]))
    return (0, *pack_ints(list(map(int, texts))))


def _decimal(value: int, places: int) -> str:
    digits = f"{abs(value):0{places + 1}d}"
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _time_like(text: str) -> bool:
    return text[10:11] == "T" and text[-1:] == "Z" and len(text) in (20, 24)


def _times(texts: Sequence[str], at_ms: Sequence[int]) -> Form:
    thousandths = len(texts[0]) == 24
    late = []
    for text, at in zip(texts, at_ms, strict=True):
        ms = int(text[20:23]) if thousandths else 0
        clock = (int(text[11:13]) * 60 + int(text[14:16])) * 60 + int(text[17:19])
        late.append(_day_ms(text[:10]) + clock * 1000 + ms - at)
    return (thousandths, *pack_ints(late))


@lru_cache(maxsize=64)
def _day_ms(day: str) -> int:
    from datetime import date

    return (date.fromisoformat(day).toordinal() - 719_163) * _DAY_MS


@lru_cache(maxsize=64)
def _day(number: int) -> str:
    from datetime import date

    return date.fromordinal(number + 719_163).isoformat()


def _stamp(at_ms: int, thousandths: bool) -> str:
    day, rest = divmod(at_ms, _DAY_MS)
    seconds, ms = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    tail = f".{ms:03d}Z" if thousandths else "Z"
    return f"{_day(day)}T{hour:02d}:{minute:02d}:{second:02d}{tail}"


def _uuid_like(text: str) -> bool:
    return len(text) == 36 and text[8] == text[13] == text[18] == text[23] == "-"


def _uuids(texts: Sequence[str], at_ms: Sequence[int]) -> Form:
    if any(len(text) != 36 for text in texts):
        raise ValueError
    return (bytes.fromhex("".join(chain.from_iterable(text.split("-") for text in texts))),)
