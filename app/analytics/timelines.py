"""Intervals of time and what holds in them. Pure: half-open [start, end) in ms, sorted, disjoint.

A tiling covers a window without gap or overlap; layers are painted over it, strongest last, as in
the reference's section A.2: blind, offline, faulted, unavailable, occupied, reserved, available,
unknown. The first of these that speaks is what holds.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from operator import itemgetter
from typing import Any, NamedTuple

from app.domain.records import LinkRecord
from app.domain.status import ConnectorStatus, LinkState

Span = tuple[int, int]
Word = Sequence[Any]
"""What a connector said: (at_ms, status, …), the status as told by `ConnectorStatus`."""

GRACE_MS = 180_000
"""How long after its own start Forecourt waits for a station to call before it is offline (decision 7)."""


class State(StrEnum):
    """The effective state of an EVSE at an instant; the first that applies, in this order."""

    BLIND = "blind"
    OFFLINE = "offline"
    FAULTED = "faulted"
    UNAVAILABLE = "unavailable"
    OCCUPIED = "occupied"
    RESERVED = "reserved"
    AVAILABLE = "available"
    UNKNOWN = "unknown"
    SILENT = "silent"
    """Looks available, earns nothing: painted over available time once confirmed (reference F)."""
    PROVEN = "proven"
    """Offline, but what was queued shows that it charged (A.2, backfill)."""
    BLOCKED = "blocked"
    """The bay is blocked, as a person marked it."""


class Tile(NamedTuple):
    """One state over [start, end)."""

    start: int
    end: int
    state: State


OF_STATUS: dict[ConnectorStatus, State] = {
    ConnectorStatus.AVAILABLE: State.AVAILABLE,
    ConnectorStatus.PREPARING: State.OCCUPIED,
    ConnectorStatus.CHARGING: State.OCCUPIED,
    ConnectorStatus.SUSPENDED_EV: State.OCCUPIED,
    ConnectorStatus.SUSPENDED_EVSE: State.OCCUPIED,
    ConnectorStatus.FINISHING: State.OCCUPIED,
    ConnectorStatus.RESERVED: State.RESERVED,
    ConnectorStatus.UNAVAILABLE: State.UNAVAILABLE,
    ConnectorStatus.FAULTED: State.FAULTED,
    ConnectorStatus.UNKNOWN: State.UNKNOWN,
}


# -- spans -------------------------------------------------------------------------------------


def union(*many: Iterable[Span]) -> list[Span]:
    """All time that any of the spans covers; empty and reversed spans count for nothing."""
    joined: list[Span] = []
    for start, end in sorted(span for spans in many for span in spans if span[1] > span[0]):
        if joined and start <= joined[-1][1]:
            if end > joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def intersect(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """Time that both cover."""
    a, b = union(one), union(other)
    found: list[Span] = []
    i = j = 0
    while i < len(a) and j < len(b):
        start, end = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if end > start:
            found.append((start, end))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return found


def subtract(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """Time that `one` covers and `other` does not."""
    left: list[Span] = []
    cuts = union(other)
    j = 0
    for start, end in union(one):
        while j < len(cuts) and cuts[j][1] <= start:
            j += 1
        at, k = start, j
        while k < len(cuts) and cuts[k][0] < end:
            if cuts[k][0] > at:
                left.append((at, cuts[k][0]))
            at = max(at, cuts[k][1])
            k += 1
        if at < end:
            left.append((at, end))
    return left


def length(spans: Iterable[Span]) -> int:
    """How long the spans are together, overlaps counted once, in ms."""
    return sum(end - start for start, end in union(spans))


# -- tilings -----------------------------------------------------------------------------------


def tiling(window: Span, changes: Sequence[tuple[int, State]], before: State = State.UNKNOWN) -> list[Tile]:
    """A window tiled by changes in order of time: each lasts to the next, the last to the end.

    Before the first row of all it is `before` (decision 17).
    """
    start, end = window
    tiles: list[Tile] = []
    at, state = start, before
    for time, new in changes:
        if time >= end:
            break
        if new is state:
            continue
        if time > at:
            tiles.append(Tile(at, time, state))
            at = time
        state = new
    if end > at:
        tiles.append(Tile(at, end, state))
    return _merged(tiles)


def paint(
    tiles: Sequence[Tile], spans: Iterable[Span], state: State, unless: frozenset[State] = frozenset()
) -> list[Tile]:
    """Lay `state` over the spans, except where one of `unless` holds."""
    over = union(spans)
    if not over:
        return list(tiles)
    painted: list[Tile] = []
    j = 0
    for start, end, was in tiles:
        if was in unless or was is state:
            painted.append(Tile(start, end, was))
            continue
        while j < len(over) and over[j][1] <= start:
            j += 1
        at, k = start, j
        while k < len(over) and over[k][0] < end:
            low, high = max(over[k][0], start), min(over[k][1], end)
            if low > at:
                painted.append(Tile(at, low, was))
            painted.append(Tile(low, high, state))
            at = high
            k += 1
        if at < end:
            painted.append(Tile(at, end, was))
    return _merged(painted)


def combine(tilings: Sequence[Sequence[Tile]], pick: Callable[[frozenset[State]], State]) -> list[Tile]:
    """One tiling of several over the same window: at each instant what `pick` makes of theirs."""
    if len(tilings) == 1:
        return list(tilings[0])
    if not tilings or not tilings[0]:
        return []
    picked: dict[frozenset[State], State] = {}
    positions = [0] * len(tilings)
    at, end = tilings[0][0].start, tilings[0][-1].end
    tiles: list[Tile] = []
    while at < end:
        nearest = end
        states = []
        for n, one in enumerate(tilings):
            while one[positions[n]].end <= at:
                positions[n] += 1
            tile = one[positions[n]]
            nearest = min(nearest, tile.end)
            states.append(tile.state)
        key = frozenset(states)
        state = picked.get(key)
        if state is None:
            state = picked[key] = pick(key)
        tiles.append(Tile(at, nearest, state))
        at = nearest
    return _merged(tiles)


def clip(tiles: Sequence[Tile], window: Span) -> list[Tile]:
    """The part of a tiling that lies in the window."""
    start, end = window
    if end <= start:
        return []
    first = bisect_right(tiles, start, key=_end)
    found = list(tiles[first : bisect_left(tiles, end, lo=first, key=_start)])
    if found:
        if found[0].start < start:
            found[0] = found[0]._replace(start=start)
        if found[-1].end > end:
            found[-1] = found[-1]._replace(end=end)
    return found


_start, _end = itemgetter(0), itemgetter(1)


def durations(tiles: Iterable[Tile]) -> dict[State, int]:
    """How long each state lasted, in ms."""
    lasted: dict[State, int] = {}
    for start, end, state in tiles:
        lasted[state] = lasted.get(state, 0) + end - start
    return lasted


def _merged(tiles: Sequence[Tile]) -> list[Tile]:
    merged: list[Tile] = []
    for tile in tiles:
        if merged and merged[-1].state is tile.state:
            merged[-1] = Tile(merged[-1].start, tile.end, tile.state)
        else:
            merged.append(tile)
    return merged


# -- what stations said ------------------------------------------------------------------------


def own_word(words: Sequence[Word], window: Span) -> list[Tile]:
    """What one connector said of itself, in order of time, what it said before the window too."""
    return tiling(window, [(word[0], OF_STATUS[word[1]]) for word in words])


def offline_spans(points: Sequence[LinkRecord], window: Span, absences: Sequence[Span] = ()) -> list[Span]:
    """When a station could not be reached: from a point that says so to the next that does not.

    After Forecourt itself was not running (`absences`), a station that has not called within the
    grace is offline until it does, whatever was last said of its link.
    """
    start, end = window
    spans: list[Span] = []
    for n, point in enumerate(points):
        if point.state is LinkState.OFFLINE:
            until = points[n + 1].at_ms if n + 1 < len(points) else end
            spans.append((max(point.at_ms, start), min(until, end)))
    if points:
        calls = [point.at_ms for point in points if point.state is not LinkState.OFFLINE]
        for _, back_ms in absences:
            if back_ms > points[0].at_ms:
                at = bisect_left(calls, back_ms)
                called = calls[at] if at < len(calls) else end
                spans.append((max(back_ms + GRACE_MS, start), min(called, end)))
    return union(spans)


def waiting_spans(heard: Sequence[int], absences: Sequence[Span]) -> list[Span]:
    """From the end of each absence of ours to the station's first word, or to the end of the grace."""
    spans = []
    for _, back_ms in absences:
        at = bisect_left(heard, back_ms)
        until = back_ms + GRACE_MS
        spans.append((back_ms, min(heard[at], until) if at < len(heard) else until))
    return spans


_OUT = frozenset({State.FAULTED})


def effective(
    window: Span,
    own: Sequence[Word],
    covers: Sequence[Sequence[Word]] = (),
    *,
    offline: Sequence[Span] = (),
    waiting: Sequence[Span] = (),
    blind: Sequence[Span] = (),
) -> list[Tile]:
    """The effective state of one connector over a window.

    Args:
        window: what to tile.
        own: what the connector said.
        covers: what was said of what covers it: connector 0 of its EVSE, the station itself. Its
            Faulted and Unavailable hold for it; their Available says nothing.
        offline: when the station could not be reached.
        waiting: when nothing is known yet after an absence of ours.
        blind: when Forecourt could not see or keep.
    """
    tiles = own_word(own, window)
    for words in covers:
        above = own_word(words, window)
        tiles = paint(tiles, _of(above, State.UNAVAILABLE), State.UNAVAILABLE, _OUT)
        tiles = paint(tiles, _of(above, State.FAULTED), State.FAULTED)
    tiles = paint(tiles, offline, State.OFFLINE)
    tiles = paint(tiles, waiting, State.UNKNOWN)
    return paint(tiles, blind, State.BLIND)


def _of(tiles: Iterable[Tile], state: State) -> list[Span]:
    return [(start, end) for start, end, was in tiles if was is state]


_BEST = (
    State.BLIND, State.OFFLINE, State.PROVEN, State.OCCUPIED, State.AVAILABLE, State.RESERVED, State.UNKNOWN,
    State.BLOCKED, State.SILENT, State.FAULTED, State.UNAVAILABLE,
)  # fmt: skip


def best_connector(states: frozenset[State]) -> State:
    """An EVSE with several connectors is up if one of them is (A.2); not known before not up."""
    return min(states, key=_BEST.index)


_WORST = (
    State.FAULTED, State.OFFLINE, State.SILENT, State.BLIND, State.UNKNOWN, State.UNAVAILABLE, State.BLOCKED,
    State.PROVEN, State.RESERVED,
    State.OCCUPIED, State.AVAILABLE,
)  # fmt: skip


def worst_evse(states: frozenset[State]) -> State:
    """A station shows its worst EVSE (the order of WORST_FIRST)."""
    return min(states, key=_WORST.index)
