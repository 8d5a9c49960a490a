"""Keeps memory that was freed from staying with the process.

The C library keeps what threads let go of for the next time, in a pool for each few threads: hundreds of
megabytes after a past was read or months were computed, which nobody else can use meanwhile.
"""

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

_ARENA_MAX = -8
"""`M_ARENA_MAX` of glibc's malloc.h."""
POOLS = 2


def share_pools() -> None:
    """Let all threads share a few pools, so that what one lets go of serves the next. Call at the start."""
    limit = _of_the_c_library("mallopt")
    if limit is not None:
        limit(_ARENA_MAX, POOLS)


def give_back() -> None:
    """Give back what was freed; takes some milliseconds, for a worker thread."""
    trim = _of_the_c_library("malloc_trim")
    if trim is not None:
        trim(0)


@cache
def _of_the_c_library(name: str) -> Callable[..., Any] | None:
    """A function of glibc; None elsewhere, where the system takes memory back by itself."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    try:
        found: Callable[..., Any] = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        # A C library other than glibc.
        return None
    return found
