"""Charts: gaps are never bridged, spikes stay, ticks stand on local hours."""

import gc
import os
import subprocess
import sys
import weakref
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.theme import colour, theme
from ui.widgets.charts import Band, Bar, BarChart, Mark, Series, Span, TimeChart, engine
from ui.widgets.charts.series import MOST_POINTS, Piece, cut, joined, nice_ticks, thinned, value_at
from ui.widgets.charts.time_axis import ticks

ROOT = Path(__file__).resolve().parents[3]
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
    [(0, 150, [0, 50, 100, 150]), (0, 2.7, [0, 1, 2, 3]), (0, 0, [0, 1])],
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


@pytest.fixture
def plots() -> None:
    """The library of plots is there, as it is soon after a start."""
    engine.load()


@pytest.fixture
def chart(dressed: QApplication, qtbot: QtBot, plots: None) -> TimeChart:
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
    assert chart._plot.times.tickValues(0, 1000, 500) == [(1.0, [])], "a lone hour below nothing"


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


def ink_at(image: QImage, box: tuple[int, int, int, int]) -> set[str]:
    """The colours in a box (x, y, to x, to y)."""
    x0, y0, x1, y1 = box
    return {image.pixelColor(x, y).name() for x in range(x0, x1) for y in range(y0, y1)}


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


def test_the_pointer_shows_time_and_all_values(chart: TimeChart, qtbot: QtBot) -> None:
    before = chart.grab().toImage()
    qtbot.mouseMove(chart, QPoint(300, 120))
    chart._hover = START + 720 * MINUTE
    chart._point()
    frame = chart._make_frame()
    x = round(frame.x_of(START + 720 * MINUTE))
    after = chart.grab().toImage()
    assert before.pixelColor(x, 200) != after.pixelColor(x, 200)
    assert colour("surface3").name() in ink_at(after, (x - 40, 24, x - 16, 40))
    chart.leaveEvent(QEvent(QEvent.Type.Leave))
    assert chart.grab().toImage() == before


def test_a_chart_is_a_block_until_its_library_is_there(
    dressed: QApplication, qtbot: QtBot, plots: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plotting = engine.Plotting()
    there: list[bool] = []
    monkeypatch.setattr(engine, "plotting", lambda: plotting)
    monkeypatch.setattr(engine.Plotting, "here", property(lambda _: bool(there)))
    monkeypatch.setattr(plotting, "ask", lambda: None)
    made = TimeChart("Power", "kW", ZONE)
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show_series([line(list(range(0, 1440, 5)))], START, START + 86_400_000)
    made.show()
    qtbot.waitUntil(lambda: made.grab().toImage().pixelColor(300, 150) == colour("surface2"))
    there.append(True)
    plotting.ready.emit()
    qtbot.waitUntil(lambda: made.grab().toImage().pixelColor(300, 20) != colour("surface2"))
    assert made._plot is not None


def test_a_library_that_fails_is_told_and_the_rest_lives(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise ImportError("broken")

    plotting = engine.Plotting()
    monkeypatch.setattr(engine, "plotting", lambda: plotting)
    monkeypatch.setattr(engine.Plotting, "here", property(lambda _: False))
    monkeypatch.setattr(engine, "load", fails)
    made = TimeChart("Power", "kW", ZONE)
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    qtbot.waitUntil(lambda: plotting.failed)
    words = made.grab().toImage()
    assert len(ink_at(words, (200, 130, 400, 170))) > 3


def test_the_library_comes_by_a_worker_without_making_a_widget() -> None:
    code = (
        "import sys, threading\n"
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from ui.widgets.charts import engine\n"
        "app = QApplication([])\n"
        "assert 'pyqtgraph' not in sys.modules\n"
        "plotting = engine.plotting()\n"
        "plotting.ready.connect(app.quit)\n"
        "QTimer.singleShot(0, plotting.ask)\n"
        "app.exec()\n"
        "import pyqtgraph\n"
        "config = pyqtgraph.getConfigOption\n"
        "print(plotting.here, plotting.failed, len(app.allWidgets()), config('useOpenGL'))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout.split() == ["True", "False", "0", "False"]
    assert ended.stderr == ""


def test_charts_go_with_their_page(dressed: QApplication, qtbot: QtBot, plots: None) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    lines, bars = TimeChart("Power", "kW", ZONE), BarChart("Energy", "kWh")
    column.addWidget(lines)
    column.addWidget(bars)
    page.resize(600, 500)
    lines.show_series(
        [line(list(range(0, 1440, 5)))],
        START,
        START + 86_400_000,
        spans=[Span(START, START + 60 * MINUTE, "no values")],
        marks=[Mark(START + 90 * MINUTE, "limited")],
    )
    bars.show_bars([Bar("13 Oct", 12.0), Bar("14 Oct", None)])
    page.show()
    qtbot.waitExposed(page)
    page.grab()
    gone = [weakref.ref(part) for part in (page, lines, bars, lines._plot, bars._plot, lines._plot.box)]  # type: ignore[union-attr]
    page.close()
    page.deleteLater()
    del page, column, lines, bars
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert [part() for part in gone] == [None] * len(gone)
    assert not [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def test_bars_stand_on_zero_and_one_of_nothing_known_is_no_zero(
    dressed: QApplication, qtbot: QtBot, plots: None
) -> None:
    made = BarChart("Energy", "kWh")
    qtbot.addWidget(made)
    made.resize(300, 160)
    made.show_bars([Bar("13 Oct", 30.0), Bar("14 Oct", None), Bar("15 Oct", 0.0)])
    made.show()
    image, frame = made.grab().toImage(), made._make_frame()
    assert frame.left[0] == 0
    middles = [round(frame.x_of(place + 0.5)) for place in range(3)]
    foot = round(frame.plot.bottom()) - 2
    assert image.pixelColor(middles[0], foot) == colour("seriesThird")
    assert image.pixelColor(middles[0], round(frame.y_of(15.0))) == colour("seriesThird")
    assert image.pixelColor(middles[1], foot) == colour("line2")
    assert image.pixelColor(middles[2], foot) not in (colour("line2"), colour("seriesThird"))


def test_bars_are_walked_by_arrows(dressed: QApplication, qtbot: QtBot, plots: None) -> None:
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


def test_a_day_ends_at_24_and_not_where_it_began() -> None:
    """The last tick of a whole day is its end; days side by side keep their dates."""
    zone = ZoneInfo("Europe/Amsterdam")
    start = round(datetime(2026, 10, 15, tzinfo=zone).timestamp() * 1000)
    words = [text for _, text in ticks(start, start + 86_400_000, zone, 7)]
    assert (words[0], words[-1]) == ("00:00", "24:00")
    assert [text for _, text in ticks(start, start + 2 * 86_400_000, zone, 5)][-1] == "17 Oct"
