"""What a chart of time draws, pixel by pixel: gaps, dots, dashes, ranges, axes, both themes."""

from itertools import pairwise

import numpy as np
from PySide6.QtWidgets import QApplication

from tests.ui.widgets.charts.lines import MINUTE, START, ink_at, line
from ui.theme.theme import colour, theme
from ui.widgets.charts import Band, Mark, Series, Span, TimeChart


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


def test_a_gap_is_left_empty_and_named(chart: TimeChart) -> None:
    y = np.full(288, 50.0)
    y[96:192] = np.nan
    series = Series("Power", START + np.arange(288) * 5 * MINUTE, y, expected_ms=5 * MINUTE)
    chart.show_series([series], START, START + 86_400_000)
    image, frame = chart.grab().toImage(), chart._make_frame()
    row = round(frame.y_of(50.0))
    main = colour("seriesMain").name()
    first, last = (round(frame.x_of(START + minute * MINUTE)) for minute in (96 * 5, 191 * 5))
    assert main in ink_at(image, (first - 40, row - 1, first - 5, row + 2))
    assert main not in ink_at(image, (first + 3, row - 2, last - 3, row + 3))
    bottom = round(frame.plot.bottom())
    assert len(ink_at(image, (first + 3, bottom - 22, last - 3, bottom - 4))) > 3, "the gap has no words"


def test_a_lone_value_is_a_dot(chart: TimeChart) -> None:
    y = np.full(288, np.nan)
    y[144] = 50.0
    chart.show_series(
        [Series("Power", START + np.arange(288) * 5 * MINUTE, y, expected_ms=5 * MINUTE)],
        START,
        START + 86_400_000,
    )
    image, frame = chart.grab().toImage(), chart._make_frame()
    x, row = round(frame.x_of(START + 720 * MINUTE)), round(frame.y_of(50.0))
    assert colour("seriesMain").name() in ink_at(image, (x - 2, row - 2, x + 3, row + 3))


def test_an_axis_of_nothing_but_zeros_is_not_divided(chart: TimeChart) -> None:
    """0.0, 0.5 and 1.0 kW looked measured."""
    chart.show_series([line([0, 1, 2], [0.0, 0.0, 0.0])], START, START + 60 * MINUTE)
    assert chart._make_frame().left == [0, 1]


def test_the_second_line_is_dashed_6_2(chart: TimeChart) -> None:
    times = START + np.arange(288) * 5 * MINUTE
    chart.show_series(
        [Series("B", times, np.full(288, 50.0), "second", expected_ms=5 * MINUTE)], START, START + 86_400_000
    )
    image, frame = chart.grab().toImage(), chart._make_frame()
    row, left = round(frame.y_of(50.0)) - 1, round(frame.plot.left()) + 8
    ground = image.pixelColor(left, row - 10)
    inked = [image.pixelColor(x, row) != ground for x in range(left, left + 160)]
    assert 0.6 < sum(inked) / len(inked) < 0.95
    assert sum(a and not b for a, b in pairwise(inked)) == 20


def test_a_dashed_line_of_days_is_drawn_at_once_in_a_view_of_a_second(chart: TimeChart) -> None:
    chart.show_series([line([0, 90_000], [1.0, 2.0], kind="second", expected_ms=90_000 * MINUTE)], START, 1)
    chart.grab()
    chart.show_series([line([0, 90_000], [1.0, 2.0], kind="second", expected_ms=90_000 * MINUTE)], 0, 1)
    chart.grab()


def test_a_switch_of_theme_reaches_lines_axes_and_ground(chart: TimeChart) -> None:
    chart.show_series(
        [line([0, 720, 1439], [50.0, 50.0, 50.0], expected_ms=720 * MINUTE)], START, START + 86_400_000
    )
    chart.grab()
    theme().choose("light")
    QApplication.processEvents()
    image, frame = chart.grab().toImage(), chart._make_frame()
    row, middle = round(frame.y_of(50.0)), round(frame.plot.center().x())
    found = ink_at(image, (middle, row - 2, middle + 20, row + 3))
    assert colour("seriesMain").name() in found
    assert image.pixelColor(middle, row - 20).lightnessF() > 0.8


def test_ranges_marks_and_spans_are_drawn_behind_and_beside(chart: TimeChart) -> None:
    minutes = list(range(0, 1440, 5))
    times = START + np.array(minutes) * MINUTE
    chart.show_series(
        [line(minutes, [10.0] * len(minutes))],
        START,
        START + 86_400_000,
        bands=[Band("Typical", times, np.full(len(minutes), 20.0), np.full(len(minutes), 60.0))],
        marks=[Mark(START + 700 * MINUTE, "limited")],
    )
    image, frame = chart.grab().toImage(), chart._make_frame()
    x, row = round(frame.x_of(START + 300 * MINUTE)), round(frame.y_of(45.0))
    assert image.pixelColor(x, row) == colour("band")
    upright = round(frame.x_of(START + 700 * MINUTE))
    assert colour("offline").name() in ink_at(image, (upright - 2, 60, upright + 3, 120))
