"""What the KPI strip says."""

from dataclasses import dataclass

from app.domain.status import Shown
from app.fleet.views import Totals
from ui.models.losses import Losses, amounts
from ui.theme import formats
from ui.theme.money import money, rate


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


@dataclass(frozen=True, slots=True)
class Losing:
    """The cell of what is lost: a figure, its unit, a line below it, and whether it is coloured; and all of
    it in one `line`, for the head of a page."""

    value: str
    unit: str
    note: str
    line: str
    alarming: bool = False


def losing(told: Losses, ready: bool) -> Losing:
    """What open faults lose an hour. Unknown until the faults are read; plain where nothing is lost."""
    if not ready:
        return Losing(formats.UNKNOWN, "", "reading the faults", "")
    unpriced = f"{formats.number(told.unpriced)} not priced" if told.unpriced else ""
    if told.losing:
        (most, currency), *others = [(amount, currency) for currency, amount in told.losing]
        more = [f"and {rate(amount, other)}" for amount, other in others]
        lost = f"{amounts(told.lost)} lost so far" if told.lost else ""
        note = ", ".join(part for part in (*more, lost, unpriced) if part)
        return Losing(money(most, currency), "per hour", note, f"Losing {told.text}", alarming=True)
    if told.pending:
        return Losing(formats.UNKNOWN, "per hour", "being worked out", "Losses are being worked out")
    if unpriced:
        note = f"{formats.count(told.unpriced, 'fault')} without a price"
        return Losing(formats.UNKNOWN, "per hour", note, f"Losses not known, {note}")
    if told.lost:
        # At night nobody comes, so that what cost much by day costs nothing: it is not well for that.
        note = f"{amounts(told.lost)} lost so far"
        return Losing("Nothing", "at this hour", note, "Losing nothing at this hour")
    return Losing("Nothing", "", "is losing money", "Nothing is losing money")


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
