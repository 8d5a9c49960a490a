"""Power of the whole network today, against what is typical of this weekday."""

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.analytics.results import PowerSeries
from app.analytics.typical_power import TypicalPower
from ui.shell.page import Workspace
from ui.theme.formats import number, power_text
from ui.widgets.charts import Band, Series, TimeChart
from ui.widgets.series_of import power_line

SAME = 0.05
"""A power that differs by less from the typical one is as usual."""


class PowerView(QWidget):
    """One line with the usual range behind it; where nothing could be known it is broken, never zero."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.unit = "kW"
        self._today: PowerSeries | None = None
        self._typical: TypicalPower | None = None
        self.chart = TimeChart("Power of all stations", "kW", workspace.zone)
        self.chart.set_empty_text("Reading…")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.chart)

    def show_series(self, series: PowerSeries) -> None:
        """Show the power of today, in kW or in MW where it is high."""
        self._today = series
        self._show()

    def show_typical(self, typical: TypicalPower | None) -> None:
        """Show what is typical of the weekday behind it; None where too few weeks are known."""
        self._typical = typical
        if self._today is not None:
            self._show()

    @property
    def weeks(self) -> int:
        """Of how many weeks what is typical was taken; 0 where nothing is."""
        return self._typical.weeks if self._typical is not None else 0

    def against_typical(self, watts: float | None, now_ms: int) -> str:
        """ "11% below typical 2.06 MW" of the power now; "" where nothing typical is known."""
        if watts is None or self._typical is None or self._today is None:
            return ""
        step = (now_ms - self._today.start_ms) // self._typical.step_ms
        if not 0 <= step < len(self._typical.median):
            return ""
        usual = self._typical.median[step]
        if not usual:
            return ""
        share = watts / usual - 1
        if abs(share) < SAME:
            return f"as typical, {power_text(usual)}"
        return f"{number(abs(share) * 100)}% {'above' if share > 0 else 'below'} typical {power_text(usual)}"

    def _show(self) -> None:
        series, typical = self._today, self._typical
        assert series is not None
        top = max((v for v in (typical.high if typical is not None else ()) if v is not None), default=0.0)
        large = max(series.peak_w or 0, top) >= 999_950
        self.unit, divisor = ("MW", 1_000_000.0) if large else ("kW", 1000.0)
        end = series.start_ms + series.step_ms * len(series.values)
        lines: list[Series] = [power_line(series, "Today", divisor=divisor)]
        bands: list[Band] = []
        if typical is not None:
            usual = PowerSeries(series.start_ms, typical.step_ms, typical.median)
            lines.append(
                power_line(usual, f"Median of {typical.weeks} weeks", kind="second", divisor=divisor)
            )
            edges = [
                power_line(PowerSeries(series.start_ms, typical.step_ms, edge), "", divisor=divisor)
                for edge in (typical.low, typical.high)
            ]
            bands.append(Band("10th to 90th percentile", edges[0].t_ms, edges[0].y, edges[1].y))
        known = any(np.isfinite(line.y).any() for line in lines)
        self.chart.set_empty_text("Nothing is known of today yet.")
        self.chart.show_series(lines if known else [], series.start_ms, end, bands=bands if known else ())

    def show_failure(self, sentence: str) -> None:
        """Say why there is no line."""
        self.chart.set_empty_text(f"The past could not be read: {sentence}")
        self.chart.show_series([], 0, 1)
