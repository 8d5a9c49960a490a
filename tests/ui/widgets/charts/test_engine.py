"""The library of plots: it comes by a worker, a chart waits for it, and both go with their page."""

import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.widgets.charts.lines import MINUTE, START, ZONE, ink_at, line
from ui.theme.theme import colour
from ui.widgets.charts import Bar, BarChart, Mark, Span, TimeChart, engine

ROOT = Path(__file__).resolve().parents[4]


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
