"""Timelines: tilings without gap or overlap, the laws of sets, and the layers of an EVSE."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from app.analytics.timelines import (
    GRACE_MS,
    State,
    Tile,
    best_connector,
    clip,
    combine,
    durations,
    effective,
    intersect,
    length,
    offline_spans,
    paint,
    subtract,
    tiling,
    union,
    waiting_spans,
    worst_evse,
)
from app.domain.ids import StationId
from app.domain.records import LinkRecord
from app.domain.status import ConnectorStatus, LinkState

S1 = StationId("S1")
WINDOW = (0, 1000)
times = st.integers(-200, 1200)
spans = st.lists(st.tuples(times, times), max_size=12)
states = st.sampled_from(list(State))
changes = st.lists(st.tuples(times, states), max_size=12).map(lambda found: sorted(found, key=lambda c: c[0]))
tilings = st.builds(tiling, st.just(WINDOW), changes)


def cells(of: list[tuple[int, int]]) -> set[int]:
    return {n for start, end in of for n in range(start, end)}


def at(tiles: list[Tile], time: int) -> State:
    (state,) = [tile.state for tile in tiles if tile.start <= time < tile.end]
    return state


@given(spans, spans)
def test_spans_obey_the_laws_of_sets(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> None:
    assert cells(union(a, b)) == cells(a) | cells(b)
    assert cells(intersect(a, b)) == cells(a) & cells(b)
    assert cells(subtract(a, b)) == cells(a) - cells(b)
    assert length(a) == len(cells(a))
    for made in (union(a, b), intersect(a, b), subtract(a, b)):
        assert all(start < end for start, end in made)
        assert all(one[1] <= two[0] for one, two in itertools.pairwise(made))


@given(tilings, spans, states)
def test_painting_keeps_the_window_tiled(
    tiles: list[Tile], over: list[tuple[int, int]], state: State
) -> None:
    painted = paint(tiles, over, state)
    covered = cells(over)
    for made in (tiles, painted):
        assert made[0].start == 0
        assert made[-1].end == 1000
        assert all(
            one.end == two.start and one.state is not two.state for one, two in itertools.pairwise(made)
        )
    for time in range(0, 1000, 37):
        assert at(painted, time) is (state if time in covered else at(tiles, time))
    assert sum(durations(painted).values()) == 1000


@given(st.lists(tilings, min_size=1, max_size=4))
def test_combining_picks_at_each_instant(many: list[list[Tile]]) -> None:
    made = combine(many, worst_evse)
    for time in range(0, 1000, 41):
        assert at(made, time) is worst_evse(frozenset(at(one, time) for one in many))


@given(tilings, times, times)
def test_clipping_keeps_what_lies_inside(tiles: list[Tile], a: int, b: int) -> None:
    start, end = min(a, b), max(a, b)
    kept = clip(tiles, (start, end))
    assert cells([tile[:2] for tile in kept]) == cells([(max(start, 0), min(end, 1000))])


def said(time: int, status: ConnectorStatus) -> tuple[int, ConnectorStatus]:
    return (time, status)


def test_unknown_before_the_first_row_and_the_last_lasts_to_the_end() -> None:
    assert effective(WINDOW, [said(300, ConnectorStatus.AVAILABLE)]) == [
        Tile(0, 300, State.UNKNOWN),
        Tile(300, 1000, State.AVAILABLE),
    ]


def test_a_row_from_before_the_window_reaches_into_it() -> None:
    assert effective(WINDOW, [said(-50, ConnectorStatus.CHARGING)]) == [Tile(0, 1000, State.OCCUPIED)]


def test_layers_speak_in_the_order_of_the_reference() -> None:
    own = [
        said(0, ConnectorStatus.AVAILABLE), said(100, ConnectorStatus.CHARGING),
        said(200, ConnectorStatus.FAULTED), said(300, ConnectorStatus.AVAILABLE),
    ]  # fmt: skip
    whole = [said(150, ConnectorStatus.UNAVAILABLE), said(400, ConnectorStatus.AVAILABLE)]
    assert effective(
        WINDOW, own, [whole], offline=[(350, 450)], waiting=[(600, 650)], blind=[(440, 600)]
    ) == [
        Tile(0, 100, State.AVAILABLE),
        Tile(100, 150, State.OCCUPIED),
        Tile(150, 200, State.UNAVAILABLE),
        Tile(200, 300, State.FAULTED),
        Tile(300, 350, State.UNAVAILABLE),
        Tile(350, 440, State.OFFLINE),
        Tile(440, 600, State.BLIND),
        Tile(600, 650, State.UNKNOWN),
        Tile(650, 1000, State.AVAILABLE),
    ]


def test_the_stations_available_covers_nothing() -> None:
    whole = [said(0, ConnectorStatus.AVAILABLE)]
    assert effective(WINDOW, [], [whole]) == [Tile(0, 1000, State.UNKNOWN)]


def test_offline_begins_where_the_point_says_and_ends_with_the_next_word() -> None:
    points = [
        LinkRecord(S1, 100, LinkState.ONLINE), LinkRecord(S1, 200, LinkState.OFFLINE),
        LinkRecord(S1, 300, LinkState.ONLINE), LinkRecord(S1, 500, LinkState.DOUBTFUL),
        LinkRecord(S1, 700, LinkState.OFFLINE),
    ]  # fmt: skip
    assert offline_spans(points, WINDOW) == [(200, 300), (700, 1000)]


def test_after_our_absence_a_station_is_awaited_and_then_offline_until_it_calls() -> None:
    window = (0, 10 * GRACE_MS)
    points = [LinkRecord(S1, 10, LinkState.ONLINE), LinkRecord(S1, 5 * GRACE_MS, LinkState.ONLINE)]
    away = [(100, 1000)]
    assert offline_spans(points, window, away) == [(1000 + GRACE_MS, 5 * GRACE_MS)]
    assert waiting_spans([10, 5 * GRACE_MS], away) == [(1000, 1000 + GRACE_MS)]
    assert waiting_spans([10, 1500], away) == [(1000, 1500)]


def test_an_evse_is_up_if_one_of_its_connectors_is() -> None:
    one = tiling(WINDOW, [(0, State.FAULTED)])
    two = tiling(WINDOW, [(0, State.AVAILABLE), (500, State.UNAVAILABLE)])
    assert combine([one, two], best_connector) == [
        Tile(0, 500, State.AVAILABLE),
        Tile(500, 1000, State.FAULTED),
    ]
