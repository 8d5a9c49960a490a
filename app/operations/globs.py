"""Texts with * and ? compared without case, in a time that only grows with the text.

A regular expression with several stars may try all ways to divide a long message among them; here
each piece between the stars is found once, as far left as it goes.
"""

import re
from functools import lru_cache
from typing import NamedTuple


class _Piece(NamedTuple):
    """What stands between two stars: it always matches as many letters as it has."""

    pattern: re.Pattern[str]
    length: int


@lru_cache(maxsize=512)
def _pieces(value: str) -> tuple[_Piece, ...]:
    return tuple(
        _Piece(
            re.compile("".join("." if c == "?" else re.escape(c) for c in piece), re.IGNORECASE | re.DOTALL),
            len(piece),
        )
        for piece in value.split("*")
    )


def is_like(value: str, found: str) -> bool:
    """Whether all of `found` is as `value` says."""
    first, *between = _pieces(value)
    if not between:
        return first.pattern.fullmatch(found) is not None
    if first.pattern.match(found) is None:
        return False
    last = between.pop()
    at = _after(between, found, first.length)
    begin = len(found) - last.length
    return at is not None and begin >= at and last.pattern.match(found, begin) is not None


def holds_like(value: str, found: str) -> bool:
    """Whether `value` occurs in `found`."""
    return _after(list(_pieces(value)), found, 0) is not None


def _after(pieces: list[_Piece], found: str, at: int) -> int | None:
    """Where the last of these pieces ends when each is found after the one before; None: one is not."""
    for piece in pieces:
        one = piece.pattern.search(found, at)
        if one is None:
            return None
        at = one.end()
    return at
