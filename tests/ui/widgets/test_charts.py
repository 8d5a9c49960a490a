"""Charts: gaps are never bridged, spikes stay, ticks stand on local hours."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.widgets.charts import Bar, BarChart, Series, Span, TimeChart
from ui.widgets.charts.series import Piece, cut, nice_ticks, thinned, value_at
from ui.widgets.charts.time_axis import ticks

ZONE = ZoneInfo("Europe/Amsterdam")
MINUTE = 60_000
START = 1_792_015_200_000
"""Midnight of 15 October 2026 in Amsterdam."""


def line(minutes: list[int], values: list[float] | None = None, **more: object) -> Series:
    times = START + np.array(minutes, dtype=np.int64) * MINUTE
    return Series("Power", times, np.array(values or [float(m) for m in minutes]), **more)  # type: ignore[arg-type]


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
    [(0, 150, [0, 50, 100, 150]), (0, 2.7, [0, 1, 2, 3]), (0, 0, [0, 0.25, 0.5, 0.75, 1])],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert nice_ticks(low, high) == expected


def test_hours_are_named_in_local_time_over_the_clock_change() -> None:
    start = round(datetime(2026, 10, 25, 0, tzinfo=ZONE).timestamp() * 1000)
    named = [text for _, text in ticks(start, start + 23 * 3_600_000, ZONE, 30)]
    assert named[:5] == ["00:00", "01:00", "02:00", "02:00", "03:00"]


def test_a_day_of_25_hours_still_ticks_at_midnight() -> None:
    start = round(datetime(2026, 10, 20, 0, tzinfo=ZONE).timestamp() * 1000)
    at = ticks(start, start + 10 * 86_400_000, ZONE, 12)
    assert {datetime.fromtimestamp(instant / 1000, ZONE).hour for instant, _ in at} == {0}
    assert at[0][1] == "20 Oct"


def test_a_year_ticks_at_months() -> None:
    named = [text for _, text in ticks(START, START + 366 * 86_400_000, ZONE, 13)]
    assert named[:3] == ["Nov", "Dec", "Jan 2027"]


@pytest.fixture
def chart(dressed: QApplication, qtbot: QtBot) -> TimeChart:
    made = TimeChart("Power", "kW", ZONE)
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show_series([line(list(range(0, 1440, 5)))], START, START + 86_400_000)
    made.show()
    qtbot.waitExposed(made)
    made.grab()
    return made


def test_a_chart_says_what_it_shows(chart: TimeChart) -> None:
    assert chart.accessibleName().startswith("Power, kW. Power: last 1,435.0, lowest 0.0, highest 1,435.0")


def test_arrows_read_values_out(chart: TimeChart, qtbot: QtBot) -> None:
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert "at 23:55:00: Power 1,435.0" in chart.accessibleName()


def test_dragging_zooms_and_double_click_resets(chart: TimeChart, qtbot: QtBot) -> None:
    qtbot.mousePress(chart, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    qtbot.mouseMove(chart, QPoint(300, 100))
    qtbot.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    start, end = chart.range_ms
    assert START < start < end < START + 86_400_000
    qtbot.mouseDClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    assert chart.range_ms == (START, START + 86_400_000)


def test_csv_has_every_value_unreduced(chart: TimeChart) -> None:
    rows = chart.to_csv().splitlines()
    assert len(rows) == 1 + 288
    assert rows[1] == "2026-10-14T22:00:00.000Z,Power,0,kW"


def test_a_picture_is_twice_as_sharp(chart: TimeChart) -> None:
    assert chart.to_image().width() == 2 * chart.width()


def test_an_empty_chart_says_so(chart: TimeChart) -> None:
    chart.show_series([], START, START + 1000)
    assert chart.is_empty
    assert chart.accessibleName().endswith("nothing known")
    chart.grab()


def test_two_axes_share_one_grid(chart: TimeChart) -> None:
    energy = line([0, 10, 20], [0.0, 20.0, 47.6], right=True, unit="kWh", kind="second")
    chart.show_series(
        [line([0, 10, 20], [0.0, 71.0, 70.0]), energy],
        START,
        START + 20 * MINUTE,
        spans=[Span(START + 5 * MINUTE, START + 8 * MINUTE, "no values")],
    )
    frame = chart._make_frame()
    assert len(frame.left) == len(frame.right)
    chart.grab()


def test_bars_are_walked_by_arrows(dressed: QApplication, qtbot: QtBot) -> None:
    chart = BarChart("Energy", "kWh")
    qtbot.addWidget(chart)
    chart.resize(300, 160)
    chart.show_bars(
        [Bar("13 Oct", 12.0), Bar("14 Oct", None), Bar("15 Oct", 30.0, "15 Oct: 30.0 kWh so far")]
    )
    chart.show()
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.accessibleName() == "Energy, kWh. 15 Oct: 15 Oct: 30.0 kWh so far"
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.accessibleName() == "Energy, kWh. 14 Oct: –"
    assert chart.bar_at(295) in (2, -1)
    chart.grab()
