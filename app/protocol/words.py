"""OCPP's words for meters, read without regard to case (Q26), and the bounds of what they can be.

Sources: OCPP 1.6 section 7.20, 7.31, 7.33, 7.36, 7.45; 2.1 part 2, enumerations of the same names.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from app.domain.meter import ENERGY_REGISTER

# With an ample margin over what is built: megawatt chargers take 3.75 MW, 3,000 A and 1,250 V; 5e9 Wh
# is 350 kW for 14,000 hours without a pause, and more than a 32-bit register in Wh can hold.
_BOUNDS: tuple[tuple[str, str, float, float], ...] = (
    # prefix of the name, default unit, low, high
    ("Energy.Reactive", "varh", -5e9, 5e9),
    ("Energy.Apparent", "VAh", -5e9, 5e9),
    ("Energy.Active.Net", "Wh", -5e9, 5e9),
    ("EnergyRequest", "Wh", -1e7, 1e7),
    ("Energy", "Wh", 0, 5e9),
    ("Power.Factor", "", -100, 100),
    ("Power.Reactive", "var", -1e7, 1e7),
    ("Power", "W", -1e7, 1e7),
    ("Current", "A", -1e5, 1e5),
    ("Voltage", "V", -1e5, 1e5),
    ("Frequency", "Hertz", 0, 1e3),
    ("Temperature", "Celsius", -500, 2e3),
    ("SoC", "Percent", 0, 100),
    ("Display.PresentSOC", "Percent", 0, 100),
    ("Display.MinimumSOC", "Percent", 0, 100),
    ("Display.TargetSOC", "Percent", 0, 100),
    ("Display.MaximumSOC", "Percent", 0, 100),
    ("Display.BatteryEnergyCapacity", "Wh", 0, 1e8),
    ("RPM", "", 0, 1e6),
)


def spellings(words: str) -> dict[str, str]:
    """Words between blanks, each by its lower-case form."""
    return {word.lower(): word for word in words.split()}


_NAME = spellings(
    """
    Current.Export Current.Export.Offered Current.Export.Minimum Current.Import Current.Import.Offered
    Current.Import.Minimum Current.Offered Display.PresentSOC Display.MinimumSOC Display.TargetSOC
    Display.MaximumSOC Display.RemainingTimeToMinimumSOC Display.RemainingTimeToTargetSOC
    Display.RemainingTimeToMaximumSOC Display.ChargingComplete Display.BatteryEnergyCapacity
    Display.InletHot Energy.Active.Export.Interval Energy.Active.Export.Register
    Energy.Active.Import.Interval Energy.Active.Import.Register Energy.Active.Import.CableLoss
    Energy.Active.Import.LocalGeneration.Register Energy.Active.Net Energy.Active.Setpoint.Interval
    Energy.Apparent.Export Energy.Apparent.Import Energy.Apparent.Net Energy.Reactive.Export.Interval
    Energy.Reactive.Export.Register Energy.Reactive.Import.Interval Energy.Reactive.Import.Register
    Energy.Reactive.Net EnergyRequest.Target EnergyRequest.Minimum EnergyRequest.Maximum
    EnergyRequest.Minimum.V2X EnergyRequest.Maximum.V2X EnergyRequest.Bulk Frequency
    Power.Active.Export Power.Active.Import Power.Active.Setpoint Power.Active.Residual
    Power.Export.Minimum Power.Export.Offered Power.Factor Power.Import.Offered Power.Import.Minimum
    Power.Offered Power.Reactive.Export Power.Reactive.Import SoC Voltage Voltage.Minimum
    Voltage.Maximum Temperature RPM
    """
)


_UNIT = spellings(
    "Wh kWh MWh varh kvarh VAh kVAh W kW MW VA kVA var kvar A mA V kV K Celsius Fahrenheit Percent Hertz"
) | {"celcius": "Celsius", "%": "Percent", "hz": "Hertz", "°c": "Celsius", "c": "Celsius"}
_FACTOR = {"k": 1e3, "M": 1e6, "m": 1e-3}
_PHASE = spellings("L1 L2 L3 N L1-N L2-N L3-N L1-L2 L2-L3 L3-L1")
_LOCATION = spellings("Body Cable EV Inlet Outlet Upstream")
_CONTEXT = spellings(
    "Interruption.Begin Interruption.End Other Sample.Clock Sample.Periodic Transaction.Begin"
    " Transaction.End Trigger"
)


class Shape(NamedTuple):
    """What the words around a value mean, defaults filled in (Q53). Bounds are in the base unit."""

    measurand: str
    unit: str
    phase: str
    location: str
    context: str
    factor: float
    low: float
    high: float


@lru_cache(maxsize=4096)
def shape(measurand: Any, unit: Any, phase: Any, location: Any, context: Any) -> Shape:
    """The canonical words of one sampled value.

    Defaults: Energy.Active.Import.Register, its unit, no phase (a total), Outlet, Sample.Periodic.

    Raises:
        TypeError: one of them is a list or an object.
    """
    name, default_unit, low, high = _measurand(_plain(measurand))
    said_unit = _plain(unit)
    unit_name = _UNIT.get(said_unit.lower(), said_unit) or default_unit
    factor = _FACTOR[unit_name[0]] if unit_name in _SCALED else 1.0
    return Shape(
        name,
        unit_name,
        _word(_PHASE, phase, ""),
        _word(_LOCATION, location, "Outlet"),
        _word(_CONTEXT, context, "Sample.Periodic"),
        factor,
        low,
        high,
    )


_SCALED = frozenset({"kWh", "MWh", "kvarh", "kVAh", "kW", "MW", "kVA", "kvar", "mA", "kV"})


def _plain(word: Any) -> str:
    return "" if word is None else str(word).strip(" \t\r\n\x00")


def _word(table: dict[str, str], word: Any, default: str) -> str:
    plain = _plain(word)
    return table.get(plain.lower(), plain) or default


def _measurand(word: str) -> tuple[str, str, float, float]:
    name = _NAME.get(word.lower(), word) or ENERGY_REGISTER
    for prefix, unit, low, high in _BOUNDS:
        if name.startswith(prefix):
            return name, unit, low, high
    return name, "", -1e15, 1e15
