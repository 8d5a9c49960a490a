"""Raw uptime, the house view: usable by a stranger who arrives now. Exact; bounds where not measured.

Reference section A: up is available, occupied, reserved; down is unavailable, faulted, offline;
blind and unknown are not measured. Percentages are compared unrounded and shown truncated.
"""

from collections.abc import Iterable
from fractions import Fraction

from app.analytics.results import Uptime
from app.analytics.timelines import State, Tile

UP = frozenset({State.AVAILABLE, State.OCCUPIED, State.RESERVED})
DOWN = frozenset({State.UNAVAILABLE, State.FAULTED, State.OFFLINE})
NOTHING = Uptime(0, 0, 0)


def uptime_of(tiles: Iterable[Tile]) -> Uptime:
    """The raw uptime of a tiling."""
    up = down = unmeasured = 0
    for start, end, state in tiles:
        if state in UP:
            up += end - start
        elif state in DOWN:
            down += end - start
        else:
            unmeasured += end - start
    return Uptime(up, down, unmeasured)


def pooled(parts: Iterable[Uptime]) -> Uptime:
    """Several EVSEs (or spans) as one pool: their times added up."""
    up = down = unmeasured = 0
    for part in parts:
        up += part.up_ms
        down += part.down_ms
        unmeasured += part.unmeasured_ms
    return Uptime(up, down, unmeasured)


def truncated(percent: Fraction | None, places: int = 2) -> str:
    """A percentage to show: cut, never rounded up, so that a failing value never looks passing.

    "" where there is none.
    """
    if percent is None:
        return ""
    scaled = percent * 10**places
    whole = scaled.numerator // scaled.denominator
    digits = f"{whole:0{places + 1}d}"
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits
