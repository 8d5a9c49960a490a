"""A chart of time in use: read out, zoomed, exported."""

from PySide6.QtCore import QEvent, QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.ui.widgets.charts.lines import MINUTE, START, ink_at
from ui.theme.theme import colour
from ui.widgets.charts import TimeChart


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
