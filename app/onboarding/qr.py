"""An address as a QR code, for who would otherwise type it on a telephone. ISO/IEC 18004 by segno."""

from functools import lru_cache

import segno

Modules = tuple[tuple[bool, ...], ...]
"""Rows of modules, dark is True; without the quiet zone, which is four modules wide."""
QUIET = 4


@lru_cache(maxsize=16)
def modules(text: str) -> Modules:
    """The modules of `text` with medium error correction (15 % may be dirty)."""
    code = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
