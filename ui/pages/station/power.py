"""A station's power over a chosen time."""

from collections.abc import Callable
from itertools import chain, repeat
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.analytics import questions
from app.analytics.results import PowerSeries
from ui.printing.files import write_picture, write_text
from ui.shell.page import Workspace
from ui.widgets.buttons import IconButton
from ui.widgets.charts import TimeChart
from ui.widgets.file_asking import PICTURE, TABLE, ask_where
from ui.widgets.panel import Panel
from ui.widgets.segments import Segments
from ui.widgets.series_of import power_line

MINUTE = 60_000
RANGES = {
    "15": ("15 min", 15 * MINUTE, 10_000, 5_000),
    "90": ("90 min", 90 * MINUTE, 60_000, 15_000),
    "24h": ("24 h", 24 * 60 * MINUTE, 5 * MINUTE, 60_000),
    "30d": ("30 d", 30 * 24 * 60 * MINUTE, 180 * MINUTE, 600_000),
}
"""Key → words, span, step, and how often it is asked for again (ms)."""
KINDS = ("main", "second", "third")
"""The lines of the first connectors; one beyond them is drawn like the third."""


class PowerPanel(Panel):
    """A line for each connector, with gaps where nothing could be known; PNG and CSV."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Power, kW", parent=parent)
        self._workspace = workspace
        self._station = ""
        self.chart = TimeChart("Power of the station", "kW", workspace.zone)
        self.ranges = Segments([(key, entry[0]) for key, entry in RANGES.items()], "Time")
        self.ranges.choose("90")
        self.ranges.chosen.connect(lambda _key: self.ask())
        save = IconButton("download", "Save as PNG or CSV")
        save.clicked.connect(self._save)
        self.add_action(self.ranges)
        self.add_action(save)
        self.body_layout.addWidget(self.chart)
        self._again = QTimer(self)
        self._again.timeout.connect(self.ask)

    def show_station(self, station: str) -> None:
        """Show another station."""
        self._station = station
        self.chart.show_series([], 0, 1)
        self.chart.set_empty_text("Reading…")
        self.ask()

    def stop(self) -> None:
        """Ask no more."""
        self._again.stop()

    def set_stale(self, stale: bool) -> None:
        """Dim the line where the link is gone."""
        self.chart.set_stale(stale)

    def ask(self) -> None:
        """Ask for the time that is chosen, now and then again."""
        if not self._station:
            return
        _words, span, step, again = RANGES[self.ranges.value]
        now = self._workspace.now_ms()
        self._again.start(again)
        self._workspace.bridge.query(
            "station/power",
            questions.evse_powers,
            self._station,
            now - span,
            now,
            step,
            done=self._taker(now - span, now),
            failed=self._failed,
        )

    def _taker(self, start: int, end: int) -> Callable[[tuple[tuple[int, PowerSeries], ...]], None]:
        def take(powers: tuple[tuple[int, PowerSeries], ...]) -> None:
            self.chart.set_empty_text("The station told no power in this time.")
            lines = [
                power_line(series, f"Connector {evse}" if evse else "Station", kind=kind)
                for (evse, series), kind in zip(powers, chain(KINDS, repeat("third")), strict=False)
            ]
            self.chart.show_series(lines, start, end)

        return take

    def _failed(self, sentence: str) -> None:
        self.chart.set_empty_text(f"The past could not be read: {sentence}")
        self.chart.show_series([], 0, 1)

    def _save(self) -> None:
        name = f"{self._station}-power.png"
        ask_where(self.window(), "Save the chart", name, f"{PICTURE};;{TABLE}", self.save_to)

    def save_to(self, path: Path) -> None:
        """Write the chart to a file: values for .csv, else a picture at double size."""
        toast = self._workspace.toast
        table = path.suffix.lower() == ".csv"
        self._workspace.bridge.work(
            write_text if table else write_picture,
            self.chart.to_csv() if table else self.chart.to_image(),
            path,
            done=lambda _: toast(f"Written to {path}"),
            failed=toast,
        )
