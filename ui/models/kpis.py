"""What the KPI strip says."""

from dataclasses import dataclass

from app.domain.status import Shown
from app.fleet.views import Totals
from ui.theme import formats


@dataclass(frozen=True, slots=True)
class Strip:
    """The four cells in words and figures."""

    online: str
    of: str
    offline: int
    unknown: int
    connectors: tuple[tuple[Shown, int], ...]
    power: str
    power_unit: str
    power_note: str
    energy: str
    energy_unit: str
    energy_note: str


def strip(totals: Totals) -> Strip:
    """The KPI strip of these totals. Without stations nothing is known, and nothing is zero."""
    counts = dict(totals.connectors)
    none = totals.stations == 0
    power, power_unit = formats.power(None if none else totals.power_w)
    energy, energy_unit = formats.energy(None if none else totals.energy_today_wh)
    charging = counts.get(Shown.CHARGING, 0)
    if totals.power_missing:
        note = f"{totals.power_missing} of {charging or totals.power_missing} charging not telling"
    else:
        note = f"{formats.count(charging, 'connector')} charging"
    return Strip(
        online="–" if none else formats.number(totals.online),
        of="" if none else f"/ {formats.number(totals.stations)}",
        offline=totals.offline,
        unknown=totals.never,
        connectors=totals.connectors,
        power=power,
        power_unit=power_unit,
        power_note="" if none else note,
        energy=energy,
        energy_unit=energy_unit,
        energy_note="" if none else f"{formats.count(totals.sessions_open, 'session')} running",
    )
