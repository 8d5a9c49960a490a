"""How far a file is on its way, as the note of its row says it, and read back from there."""

import re

_SAID = re.compile(r"^([\d,]+) of ([\d,]+) bytes ")


def came(done: int, whole: int) -> str:
    """ "1,000 of 4,000 bytes came."; without the whole where that is not told (0)."""
    return f"{done:,} of {whole:,} bytes came." if whole >= done > 0 else f"{done:,} bytes came."


def fetched(done: int, whole: int) -> str:
    """ "1,000 of 4,000 bytes fetched." """
    return f"{done:,} of {whole:,} bytes fetched."


def share_in(note: str) -> float | None:
    """How far it is, 0 to 1; None where the note does not say."""
    found = _SAID.match(note)
    if found is None:
        return None
    done, whole = (int(part.replace(",", "")) for part in found.groups())
    return min(1.0, done / whole) if whole else None
