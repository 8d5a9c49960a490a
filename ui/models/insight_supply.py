"""How good the power is: energy, voltage, phases and power factor by site, the worst first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.analytics.insights.supply import APART_A, FACTOR, TOLERANCE, SiteSupply, Supply
from app.analytics.intervals import Share
from ui.models.insight_starts import Answer, Table
from ui.theme.formats import UNKNOWN, count, energy_text, number, percent, power_text

FROM, TO = 0.85, 1.15
"""The axis of voltage, of the nominal one."""


@dataclass(frozen=True, slots=True)
class SupplyRow:
    """A site; `before`: the second set's middle voltage, of the nominal one."""

    site: SiteSupply
    before: float | None
    second: bool = False
    """Only the second set has it."""


def rows(first: Supply, second: Supply | None) -> list[SupplyRow]:
    """A row for each site: voltages outside first, then phases apart, then energy."""
    earlier = {one.site: one for one in second.sites} if second is not None else {}
    mine = {one.site for one in first.sites}
    found = [SupplyRow(one, _middle(earlier.get(one.site))) for one in first.sites]
    found += [SupplyRow(one, None, True) for name, one in earlier.items() if name not in mine]
    return sorted(
        found,
        key=lambda row: (
            -(row.site.outside.value or 0), -(row.site.apart.value or 0), -row.site.energy_wh, row.site.site,
        ),
    )  # fmt: skip


def answer(first: Supply) -> Answer:
    """Where the supply was out of bounds; how much was taken."""
    whole = sum(one.energy_wh for one in first.sites)
    sessions = sum(one.sessions for one in first.sites)
    told = [one for one in first.sites if one.outside.n]
    right = "" if first.read > 0.999 else f"{percent(first.read, 0)} of the time read so far"
    foot = (energy_text(whole), f"in {count(sessions, 'session')}", right)
    if not told:
        quiet = "They do once MeterValuesSampledData names Voltage and Current.Import"
        return Answer("No station here tells its voltage.", quiet, *foot)
    bad = [one for one in told if one.outside.k]
    if not bad:
        strong = f"Voltage within ±{percent(TOLERANCE, 0)} at all {len(told)} sites that tell it."
        if len(told) == 1:
            strong = f"Voltage within ±{percent(TOLERANCE, 0)} at {told[0].site}."
        far = max(told, key=lambda one: one.apart.value or 0)
        quiet = ""
        if far.apart.k:
            quiet = f"{far.site}: phases over {APART_A} A apart in {percent(far.apart.value, 1)} of values"
        return Answer(strong, quiet, *foot)
    worst = max(bad, key=lambda one: one.outside.value or 0)
    strong = f"{worst.site}: {percent(worst.outside.value, 1)} of voltages outside ±{percent(TOLERANCE, 0)}."
    quiet = f"Half of them over {number(worst.middle_v)} V of {number(worst.nominal_v)} V"
    return Answer(strong, quiet, *foot)


def said(row: SupplyRow) -> str:
    """A site in words."""
    one = row.site
    told = f"{one.site}: {energy_text(one.energy_wh)}, at most {power_text(one.peak_w or None)} in a session"
    if one.outside.n:
        told += f", {number(one.low_v)} to {number(one.high_v)} V, {share(one.outside)} outside"
    else:
        told += ", voltage not told"
    if one.apart.n:
        told += f", phases {number(one.apart_a)} A apart or less in 95%, {share(one.apart)} over {APART_A} A"
    if one.weak.n:
        told += f", power factor below {FACTOR} in {share(one.weak)}"
    return told


def share(one: Share) -> str:
    """A share of meter values; an en dash where none told."""
    return percent(one.value, 1) if one.n else UNKNOWN


def table(sets: Sequence[tuple[str, Supply]]) -> Table:
    """Each set's sites."""
    found = [
        ["set", "site", "sessions", "energy_kwh", "highest_session_kw", "nominal_v", "voltage_low_95_v",
         "voltage_median_v", "voltage_high_95_v", "voltage_values", "outside_10_percent", "phase_values",
         "phases_apart_95_a", "apart_over_20_a", "factor_values", "factor_below_0_9"]
    ]  # fmt: skip
    for name, one in sets:
        for site in one.sites:
            found.append(
                [name, site.site, str(site.sessions), f"{site.energy_wh / 1000:.3f}",
                 f"{site.peak_w / 1000:.3f}" if site.peak_w else "",
                 *(_raw(v) for v in (site.nominal_v, site.low_v, site.middle_v, site.high_v)),
                 str(site.outside.n), str(site.outside.k) if site.outside.n else "", str(site.apart.n),
                 _raw(site.apart_a), str(site.apart.k) if site.apart.n else "", str(site.weak.n),
                 str(site.weak.k) if site.weak.n else ""]
            )  # fmt: skip
    return found


def _middle(one: SiteSupply | None) -> float | None:
    if one is None or one.middle_v is None or one.nominal_v is None:
        return None
    return one.middle_v / one.nominal_v


def _raw(value: int | None) -> str:
    return "" if value is None else str(value)
