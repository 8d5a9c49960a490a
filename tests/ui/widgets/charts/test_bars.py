"""Charts of bars."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.theme.theme import colour
from ui.widgets.charts import Bar, BarChart


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
