"""Gives memory that was freed back to the system.

The C library keeps what threads let go of for the next time, a hundred megabytes after a past was read or
months were computed; nobody else can use it meanwhile.
"""

import sys
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Give it back; takes some milliseconds, for a worker thread. Does nothing where the C library cannot."""
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        # Elsewhere the system takes it by itself.
        return None
    import ctypes

    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        # A C library other than glibc.
        return None
