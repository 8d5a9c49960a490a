"""From sampled values to `Reading`s, for all versions: defaults, units, phases, useless values.

The versions differ only in how one sample is written; they hand in a function for that. What
counts is the total import register and power at the outlet (Q53, Q54); nothing is ever invented.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from app.domain.meter import ENERGY_REGISTER, Reading, Sample
from app.protocol.context import Context
from app.protocol.fields import rows
from app.protocol.stamps import Stamp, judge

POWER_IMPORT = "Power.Active.Import"
SIGNED = "SignedData"

ReadSample = Callable[[Mapping[str, Any], list[Sample], set[str]], bool]
"""Appends the sample(s) of one sampled value, notes quirks; True where it was signed data."""


class Metered(NamedTuple):
    """What one message metered: its readings, and the stamp of the newest (None without any)."""

    readings: tuple[Reading, ...]
    stamp: Stamp | None


def metered(values: Any, ctx: Context, read: ReadSample, quirks: set[str], *, main: bool = False) -> Metered:
    """Read a list of meter values.

    Args:
        values: `meterValue` or `transactionData` as received.
        main: they come from the station's main meter (connector or EVSE 0), which sits at the inlet.
        quirks: gets the ids of the oddities seen.
    """
    received_ms, (skew_ms, last_live_ms) = ctx.received_ms, ctx.clock
    readings: list[Reading] = []
    newest: Stamp | None = None
    for value in rows(values):
        stamp = judge(value.get("timestamp"), received_ms, skew_ms, last_live_ms)
        if stamp.quirk:
            quirks.add(stamp.quirk)
        samples: list[Sample] = []
        signed = False
        for raw in rows(value.get("sampledValue")):
            if read(raw, samples, quirks):
                signed = True
        readings.append(summed(stamp.at_ms, samples, signed=signed, main=main, quirks=quirks))
        if newest is None or stamp.at_ms >= newest.at_ms:
            newest = stamp
    return Metered(tuple(readings), newest)


_PLACE = {"Outlet": 0, "Cable": 1, "Body": 2}
_PLACE_OF_MAIN = {"Inlet": 0, "Upstream": 1, "Outlet": 2, "Cable": 3, "Body": 4}
_ENERGY = {"Wh": 1, "kWh": 1000, "MWh": 1_000_000}
_POWER = {"W": 1, "kW": 1000, "MW": 1_000_000}
_LINE = {"L1": 1, "L2": 2, "L3": 3, "L1-N": 1, "L2-N": 2, "L3-N": 3}


class _Found(NamedTuple):
    place: int
    number: float | None
    factor: int
    phase: str
    context: str


def summed(at_ms: int, samples: list[Sample], *, signed: bool, main: bool, quirks: set[str]) -> Reading:
    """The reading that samples of one instant make together."""
    energy: list[_Found] = []
    power: list[_Found] = []
    soc: float | None = None
    energy_context = ""
    places = _PLACE_OF_MAIN if main else _PLACE
    for measurand, _, number, unit, phase, location, context in samples:
        if measurand == ENERGY_REGISTER:
            found, units = energy, _ENERGY
            energy_context = energy_context or context
        elif measurand == POWER_IMPORT:
            found, units = power, _POWER
        else:
            if number is not None and (measurand == "SoC" or (measurand == _PRESENT_SOC and soc is None)):
                soc = number
            continue
        place = places.get(location)
        factor = units.get(unit)
        if place is None:
            continue
        if factor is None:
            # A unit of another kind (W for an energy) proves nothing; signed data has none.
            if not unit.startswith(SIGNED):
                quirks.add("Q52")
            continue
        found.append(_Found(place, number, factor, phase, context))
    return Reading(
        at_ms,
        tuple(samples),
        _total(energy, quirks) if energy else None,
        _total(power, quirks) if power else None,
        soc,
        energy_context or (samples[0].context if samples else "Sample.Periodic"),
        signed,
    )


_PRESENT_SOC = "Display.PresentSOC"


def _total(found: list[_Found], quirks: set[str]) -> int | None:
    """The unphased value, else the sum of L1 to L3; of the place nearest to the car's plug."""
    if len(found) == 1 and not found[0].phase:
        number = found[0].number
        return None if number is None else rounded(number, found[0].factor)
    for place in sorted({one.place for one in found}):
        here = [one for one in found if one.place == place]
        plain = [one for one in here if not one.phase and one.number is not None]
        if plain:
            one = next((p for p in reversed(plain) if p.context != "Transaction.Begin"), plain[-1])
            assert one.number is not None
            return rounded(one.number, one.factor)
        lines = {_LINE[one.phase]: one for one in here if one.phase in _LINE}
        if lines and all(one.number is not None for one in lines.values()):
            quirks.add("Q54")
            exact = sum((Decimal(repr(one.number)) * one.factor for one in lines.values()), Decimal(0))
            return math.floor(exact + Decimal("0.5"))
    return None


def rounded(number: float, factor: int) -> int:
    """`number` × `factor`, rounded half up once, as if computed in decimals."""
    product = number * factor + 0.5
    whole = math.floor(product)
    rest = product - whole
    if 1e-6 < rest < 1 - 1e-6:
        return whole
    # So near to a half the binary product may have fallen to the wrong side.
    return math.floor(Decimal(repr(number)) * factor + Decimal("0.5"))


def number_of(value: Any, quirks: set[str]) -> float | None:
    """The number that a meter's text means; None for NaN, infinite, empty or no number (Q57)."""
    if type(value) is str:
        try:
            number = float(value)
        except ValueError:
            quirks.add("Q57")
            number = _decimal_comma(value)
        if "_" in value:
            # Python's own notation, not a meter's.
            number = math.nan
    elif type(value) is int or type(value) is float:
        number = float(value) if -1e300 < value < 1e300 else math.nan
    else:
        number = math.nan
    if not math.isfinite(number):
        quirks.add("Q57")
        return None
    return number


def _decimal_comma(value: str) -> float:
    """`12,5` is 12.5 (CONTRACTS decision 15); with a dot beside it nobody knows what it is."""
    clean = value.strip(" \t\r\n\x00")
    if clean.count(",") == 1 and "." not in clean:
        clean = clean.replace(",", ".")
    try:
        return float(clean)
    except ValueError:
        return math.nan


def within(number: float | None, factor: float, low: float, high: float, quirks: set[str]) -> float | None:
    """`number`, or None where it is beyond what can be (Q57). Bounds are in the base unit."""
    if number is None or low <= number * factor <= high:
        return number
    quirks.add("Q57")
    return None


def energy_in(readings: Iterable[Reading], context: str) -> int | None:
    """The register in a sample taken in `context` (Transaction.Begin or .End), None without one."""
    for reading in readings:
        for sample in reading.samples:
            if (
                sample.context == context
                and sample.measurand == ENERGY_REGISTER
                and not sample.phase
                and sample.number is not None
                and sample.unit in _ENERGY
                and sample.location in _PLACE
            ):
                return rounded(sample.number, _ENERGY[sample.unit])
        if reading.context == context and reading.energy_wh is not None:
            return reading.energy_wh
    return None
