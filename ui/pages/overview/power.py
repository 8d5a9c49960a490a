"""Power of the whole network over the last 24 hours."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.analytics.results import PowerSeries
from ui.shell.page import Workspace
from ui.widgets.charts import TimeChart
from ui.widgets.series_of import power_line


class PowerView(QWidget):
    """One line; where nothing could be known it is broken, never zero."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.unit = "kW"
        self.chart = TimeChart("Power of all stations", "kW", workspace.zone)
        self.chart.set_empty_text("Reading…")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.chart)

    def show_series(self, series: PowerSeries) -> None:
        """Show the series in kW, or in MW where it is high."""
        large = (series.peak_w or 0) >= 999_950
        self.unit = "MW" if large else "kW"
        line = power_line(series, f"Power, {self.unit}", divisor=1_000_000 if large else 1000)
        end = series.start_ms + series.step_ms * len(series.values)
        self.chart.set_empty_text("Nothing is known of this time yet.")
        self.chart.show_series([line], series.start_ms, end)

    def show_failure(self, sentence: str) -> None:
        """Say why there is no line."""
        self.chart.set_empty_text(f"The past could not be read: {sentence}")
        self.chart.show_series([], 0, 1)
