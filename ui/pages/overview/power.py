"""Power of the whole network over the last 24 hours."""

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.analytics.results import PowerSeries
from ui.shell.page import Workspace
from ui.theme.formats import clock
from ui.widgets.spark import Spark


class PowerView(QWidget):
    """One line; where nothing could be known it is broken, never zero."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.unit = "kW"
        self._chart = Spark("Power of the last 24 hours")
        self._chart.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 10)
        column.addWidget(self._chart)

    def show_series(self, series: PowerSeries) -> None:
        """Show the series in kW, or in MW where it is high."""
        large = (series.peak_w or 0) >= 999_950
        self.unit = "MW" if large else "kW"
        divisor = 1_000_000 if large else 1000
        values = [None if value is None else value / divisor for value in series.values]
        self._chart.show_values(values, f"{clock(series.start_ms, self._workspace.zone)} yesterday", "now")

    def show_failure(self, sentence: str) -> None:
        """Say why there is no line."""
        self._chart.show_values((), "", f"could not be read: {sentence}")
