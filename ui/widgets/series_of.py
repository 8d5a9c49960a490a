"""Query results as lines of a chart."""

import numpy as np

from app.analytics.results import PowerSeries
from ui.models.session_list import Curve
from ui.widgets.charts import Series, Span


def power_line(series: PowerSeries, name: str, *, kind: str = "main", divisor: float = 1000.0) -> Series:
    """A power series in kW (or what `divisor` makes of W); None becomes a gap."""
    values = np.array([np.nan if value is None else value / divisor for value in series.values], np.float64)
    times = series.start_ms + series.step_ms * np.arange(len(values), dtype=np.int64)
    return Series(name, times, values, kind, expected_ms=series.step_ms)


def meter_lines(curve: Curve) -> tuple[tuple[Series, ...], tuple[Span, ...]]:
    """A session's power (left axis) and energy (right axis, dashed), and its gaps as shaded spans."""
    times = (np.array(curve.at_s, np.float64) * 1000).astype(np.int64)
    power = np.array([np.nan if v is None else v for v in curve.power_kw], np.float64)
    energy = np.array([np.nan if v is None else v for v in curve.energy_kwh], np.float64)
    lines = []
    if np.isfinite(power).any():
        lines.append(Series("Power, kW", times, power, "main", unit="kW"))
    if np.isfinite(energy).any():
        lines.append(Series("Energy, kWh", times, energy, "second", right=bool(lines), unit="kWh"))
    spans = tuple(Span(int(a * 1000), int(b * 1000), "no values") for a, b in curve.gaps)
    return tuple(lines), spans
