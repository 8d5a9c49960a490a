"""Parts of a file: what a Range header asks for (RFC 9110 section 14), and what has been fetched so far."""

import re
from collections.abc import Iterable

_ONE = re.compile(r"^bytes=\s*(\d{0,18})-(\d{0,18})\s*$")


class Unsatisfiable(Exception):
    """The range lies outside the file: 416."""


def asked_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First and one-past-last byte that a Range header asks for; None for the whole file.

    A header that cannot be read, or asks for several parts, is ignored, as the RFC allows.

    Raises:
        Unsatisfiable: nothing of it is in the file.
    """
    found = _ONE.match(header or "")
    if found is None or found[0] == "bytes=-" or (not found[1] and not found[2]):
        return None
    if not found[1]:
        last = int(found[2])
        if last == 0 or size == 0:
            raise Unsatisfiable
        return max(0, size - last), size
    first = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    if found[2] and int(found[2]) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, end


def joined(parts: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans of bytes with those that touch made one."""
    whole: list[tuple[int, int]] = []
    for first, end in sorted(parts):
        if whole and first <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(end, whole[-1][1])
        elif end > first:
            whole.append((first, end))
    return tuple(whole)
