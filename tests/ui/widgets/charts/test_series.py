"""Lines before they are drawn: gaps are never bridged, spikes stay, round ticks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.widgets.charts.lines import MINUTE, START, line
from ui.widgets.charts.series import MOST_POINTS, Piece, cut, joined, nice_ticks, thinned, value_at


def test_a_wide_spacing_breaks_the_line() -> None:
    made = cut(line([0, 1, 2, 3, 10, 11, 12]))
    assert [len(piece.y) for piece in made.pieces] == [4, 3]
    assert made.gaps == [(START + 3 * MINUTE, START + 10 * MINUTE)]


def test_a_missing_value_breaks_the_line_too() -> None:
    made = cut(line([0, 1, 2, 3], [1.0, float("nan"), 2.0, 3.0]))
    assert [piece.y.tolist() for piece in made.pieces] == [[1.0], [2.0, 3.0]]


def test_twice_the_interval_is_no_gap_yet() -> None:
    assert len(cut(line([0, 1, 2, 4, 5])).pieces) == 1


def test_nothing_known_is_an_empty_line() -> None:
    made = cut(line([0, 1], [float("nan")] * 2))
    assert (made.pieces, made.gaps) == ([], [])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4000), st.integers(1, 300))
def test_thinning_keeps_the_highest_the_lowest_and_the_ends(values: list[float], columns: int) -> None:
    y = np.array(values)
    thin = thinned(Piece(np.arange(len(y), dtype=np.int64), y), columns)
    assert thin.y.max() == y.max()
    assert thin.y.min() == y.min()
    assert (thin.y[0], thin.y[-1]) == (y[0], y[-1])
    assert len(thin.y) <= max(2 * columns + 2, 3)
    assert (np.diff(thin.t_ms) > 0).all()


def test_a_value_inside_a_gap_is_unknown() -> None:
    series = line([0, 1, 2, 3, 30, 31])
    assert value_at(series, START + 2 * MINUTE) == 2.0
    assert value_at(series, START + 15 * MINUTE) is None


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 150, [0, 50, 100, 150]), (0, 2.7, [0, 1, 2, 3]), (0, 0, [0, 1])],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert nice_ticks(low, high) == expected


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=1, max_size=9000), st.integers(1, 3000)
)
def test_a_line_has_at_most_2000_points_and_none_of_them_is_invented(
    values: list[float], columns: int
) -> None:
    y = np.array(values)
    series = line(list(range(len(y))), values, expected_ms=MINUTE)
    _, drawn = joined(cut(series), columns)
    assert len(drawn) <= MOST_POINTS
    known = drawn[~np.isnan(drawn)]
    assert set(known.tolist()) <= set(y.tolist())
    if np.isfinite(y).any():
        assert (known.min(), known.max()) == (np.nanmin(y), np.nanmax(y))


@pytest.mark.parametrize("columns", [10, 100, 990])
def test_however_thin_a_line_is_broken_at_every_gap_that_can_be_seen(columns: int) -> None:
    y = np.ones(6000)
    y[1000:2000] = y[4000:5000] = np.nan
    t_ms, drawn = joined(cut(line(list(range(6000)), y.tolist(), expected_ms=MINUTE)), columns)
    assert np.isnan(drawn).sum() == 2
    step = np.diff(t_ms)[~np.isnan(drawn[1:]) & ~np.isnan(drawn[:-1])]
    assert step.max() < 1000 * MINUTE


def test_a_line_whose_neighbours_are_far_out_of_view_is_drawn_to_the_edge_and_no_further() -> None:
    from ui.widgets.charts.curve import clipped, dashed

    far = np.array([[-1e12, 0.0, 1e12, 0.0], [5.0, 1.0, 5.0, 9.0], [20.0, 0.0, 30.0, 1.0]])
    assert clipped(far, 0.0, 10.0).tolist() == [[0.0, 0.0, 10.0, 0.0], [5.0, 1.0, 5.0, 9.0]]
    assert dashed(np.array([[0.0, 0.0, 10.0, 0.0], [10.0, 0.0, 10.0, 10.0]]), 6, 2).tolist() == [
        [0.0, 0.0, 6.0, 0.0],
        [8.0, 0.0, 10.0, 0.0],
        [10.0, 0.0, 10.0, 4.0],
        [10.0, 6.0, 10.0, 10.0],
    ]
    assert len(dashed(far[:1], 6, 2)) == 1
