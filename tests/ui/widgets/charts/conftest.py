"""A chart of a day's line in view."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.widgets.charts.lines import START, ZONE, line
from ui.widgets.charts import TimeChart, engine


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
