"""A session in quarter hours, as its highest power allows: readings would say it finer, and cost seconds."""

from app.analytics.costs.data import Parked

QUARTER_MS = 900_000


def parked(start: int, end: int, energy_wh: int, power_w: int | None) -> Parked:
    """A session in quarter hours, its energy taken as fast as its highest power allows."""
    first, last = start // QUARTER_MS, -(-end // QUARTER_MS)
    quarters = max(1, last - first)
    hours = (end - start) / 3_600_000
    most = max(power_w or 0, energy_wh / max(hours, 0.05)) / 1000
    left, taken = energy_wh / 1000, []
    for n in range(quarters):
        inside = min(end, (first + n + 1) * QUARTER_MS) - max(start, (first + n) * QUARTER_MS)
        got = min(left, most * max(0, inside) / 3_600_000)
        taken.append(got)
        left -= got
    if left > 1e-9:
        taken[-1] += left
    return Parked(first, tuple(taken), max(most, max(taken) * 4))
