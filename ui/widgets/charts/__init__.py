"""Charts over time and bars: pyqtgraph plots in the design's look, built when first seen."""

from ui.widgets.charts.bars import Bar, BarChart
from ui.widgets.charts.series import Band, Mark, Series, Span
from ui.widgets.charts.time_chart import TimeChart

__all__ = ["Band", "Bar", "BarChart", "Mark", "Series", "Span", "TimeChart"]
