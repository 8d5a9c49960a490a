"""What a chart shows, and how it is cut and thinned for the screen. Pure numpy."""

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from app.domain.status import Shown

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.int64]

GAP_FACTOR = 2.5
"""A spacing over so many times the expected one breaks the line."""
MOST_POINTS = 2000
"""So many points of a line are drawn at most."""


@dataclass(frozen=True, eq=False)
class Series:
    """One line. `t_ms` rises; NaN in `y` is a gap. `kind` is main, second (dashed) or third.

    `expected_ms` is the usual spacing; None takes the median. `right` uses the right axis.
    `digits` is how many decimals the hover box shows.
    """

    name: str
    t_ms: Times
    y: Floats
    kind: str = "main"
    expected_ms: int | None = None
    right: bool = False
    unit: str = ""
    digits: int = 1


@dataclass(frozen=True, eq=False)
class Band:
    """A typical range behind the lines."""

    name: str
    t_ms: Times
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Mark:
    """A dashed upright at an instant, with words at its top."""

    at_ms: int
    text: str
    shown: Shown = Shown.OFFLINE


@dataclass(frozen=True, slots=True)
class Span:
    """A shaded stretch of time, with words at its top ("no values")."""

    from_ms: int
    to_ms: int
    text: str = ""
    shown: Shown = Shown.DEGRADED


@dataclass(frozen=True, eq=False)
class Piece:
    """A stretch of a series without a gap."""

    t_ms: Times
    y: Floats


@dataclass(frozen=True)
class Cut:
    """A series cut at its gaps: what to draw, and from when to when nothing is known."""

    pieces: list[Piece] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)


def cut(series: Series) -> Cut:
    """Cut at NaN and where the spacing is over 2.5 times the expected; never bridged, never zero."""
    known = ~np.isnan(series.y)
    times, values = series.t_ms[known], series.y[known]
    if len(times) == 0:
        return Cut()
    spacing = np.diff(times)
    expected = series.expected_ms or (float(np.median(spacing)) if len(spacing) else 0.0)
    breaks = spacing > GAP_FACTOR * expected if expected > 0 else np.zeros(len(spacing), bool)
    places = np.flatnonzero(known)
    breaks |= np.diff(places) > 1
    edges = [0, *(np.flatnonzero(breaks) + 1).tolist(), len(times)]
    made = Cut()
    for first, last in pairwise(edges):
        made.pieces.append(Piece(times[first:last], values[first:last]))
        if last < len(times):
            made.gaps.append((int(times[last - 1]), int(times[last])))
    return made


def thinned(piece: Piece, columns: int) -> Piece:
    """At most two points a pixel column, lowest and highest in their order: spikes stay."""
    count = len(piece.y)
    if columns < 1 or count <= 2 * columns:
        return piece
    each = -(-count // columns)
    padded = -count % each
    values = np.concatenate([piece.y, np.full(padded, piece.y[-1])]).reshape(-1, each)
    rows = np.arange(len(values))
    low, high = values.argmin(1), values.argmax(1)
    first, second = np.minimum(low, high), np.maximum(low, high)
    picks = np.column_stack([rows * each + first, rows * each + second]).ravel()
    picks = np.unique(np.minimum(np.concatenate([[0], picks, [count - 1]]), count - 1))
    return Piece(piece.t_ms[picks], piece.y[picks])


def joined(made: Cut, columns: int) -> tuple[Times, Floats]:
    """A cut line thinned to so many pixel columns as one array, at most MOST_POINTS long.

    NaN stands where it is broken, so it is never drawn over a gap.
    """
    if not made.pieces:
        return np.empty(0, np.int64), np.empty(0)
    columns = max(1, min(columns, MOST_POINTS // 2 - 2))
    count = sum(len(piece.y) for piece in made.pieces)
    pieces = made.pieces
    if count > 2 * columns:
        pieces = [thinned(piece, max(1, columns * len(piece.y) // count)) for piece in pieces]
    if sum(len(piece.y) + 1 for piece in pieces) > MOST_POINTS + 1:
        return _by_column(made, min(columns, MOST_POINTS // 3))
    broken = np.array([np.nan])
    times, values = [pieces[0].t_ms], [pieces[0].y]
    for before, piece in pairwise(pieces):
        times += [before.t_ms[-1:], piece.t_ms]
        values += [broken, piece.y]
    return np.concatenate(times), np.concatenate(values)


def _by_column(made: Cut, columns: int) -> tuple[Times, Floats]:
    """More gaps than points may be drawn: lowest and highest of a pixel column, broken where any gap is."""
    times = np.concatenate([piece.t_ms for piece in made.pieces])
    values = np.concatenate([piece.y for piece in made.pieces])
    ends = np.cumsum([len(piece.y) for piece in made.pieces]) - 1
    column = (times - times[0]) * columns // (times[-1] - times[0] + 1)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    broken = np.where(np.isin(column[starts], column[ends]), np.nan, high)
    return np.repeat(times[starts], 3), np.column_stack([low, high, broken]).ravel()


def within(series: Series, from_ms: int, to_ms: int) -> Series:
    """The part of a series in view, with one point more on both sides so that lines reach the edge."""
    first = max(0, int(np.searchsorted(series.t_ms, from_ms, "left")) - 1)
    last = min(len(series.t_ms), int(np.searchsorted(series.t_ms, to_ms, "right")) + 1)
    return Series(
        series.name,
        series.t_ms[first:last],
        series.y[first:last],
        series.kind,
        series.expected_ms,
        series.right,
        series.unit,
        series.digits,
    )


def value_at(series: Series, at_ms: int) -> float | None:
    """The value nearest to an instant, None where it falls into a gap."""
    if len(series.t_ms) == 0:
        return None
    place = int(np.searchsorted(series.t_ms, at_ms))
    around = [p for p in (place - 1, place) if 0 <= p < len(series.t_ms)]
    best = min(around, key=lambda p: abs(int(series.t_ms[p]) - at_ms))
    spacing = np.diff(series.t_ms)
    expected = series.expected_ms or (float(np.median(spacing)) if len(spacing) else math.inf)
    if abs(int(series.t_ms[best]) - at_ms) > GAP_FACTOR * expected or math.isnan(series.y[best]):
        return None
    return float(series.y[best])


def nice_ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round values from at or below `low` to at or above `high`, about `wanted` steps.

    Where nothing lies between them, one step of 1: parts of it would tell a precision nobody measured.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        low = low if math.isfinite(low) else 0.0
        high, wanted = low + 1, 1
    raw = (high - low) / max(1, wanted)
    power = 10 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * number, 10) for number in range(first, last + 1)]
