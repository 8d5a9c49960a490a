"""OCPP's words for meters, read without regard to case (Q26), and the bounds of what they can be.

Sources: OCPP 1.6 section 7.20, 7.31, 7.33, 7.36, 7.45; 2.1 part 2, enumerations of the same names.
"""

from functools import lru_cache
from typing import Any, NamedTuple


class Measurand(NamedTuple):
    """A measurand: its canonical name, default unit, and what is physically possible.

    Bounds are in the base unit (Wh, W, A, V ...); a value beyond them is a spike (Q57).
    """

    name: str
    unit: str
    low: float
    high: float


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
LOCATIONS = spellings("Body Cable EV Inlet Outlet Upstream")
_CONTEXT = spellings(
    "Interruption.Begin Interruption.End Other Sample.Clock Sample.Periodic Transaction.Begin"
    " Transaction.End Trigger"
)


@lru_cache(maxsize=512)
def measurand(word: str | None) -> Measurand:
    """What a measurand's name means; the default is the import register (Q53)."""
    raw = (word or "").strip()
    name = _NAME.get(raw.lower(), raw) or "Energy.Active.Import.Register"
    for prefix, unit, low, high in _BOUNDS:
        if name.startswith(prefix):
            return Measurand(name, unit, low, high)
    return Measurand(name, "", -1e15, 1e15)


@lru_cache(maxsize=512)
def unit(word: str) -> tuple[str, float]:
    """Canonical spelling of a unit, and its factor to the base unit (kWh: 1000)."""
    raw = word.strip()
    name = _UNIT.get(raw.lower(), raw)
    return name, _FACTOR[name[0]] if name in _SCALED else 1.0


_SCALED = frozenset({"kWh", "MWh", "kvarh", "kVAh", "kW", "MW", "kVA", "kvar", "mA", "kV"})


@lru_cache(maxsize=512)
def _phase(word: str) -> str:
    return _PHASE.get(word.strip().lower(), word)


@lru_cache(maxsize=512)
def _location(word: str) -> str:
    return LOCATIONS.get(word.strip().lower(), word)


@lru_cache(maxsize=512)
def _context(word: str) -> str:
    return _CONTEXT.get(word.strip().lower(), word)


def phase(word: Any) -> str:
    """A phase in canonical spelling; "" for a total."""
    return _phase(word) if type(word) is str else ""


def location(word: Any) -> str:
    """Where it was measured; Outlet unless said (Q53)."""
    return _location(word) if type(word) is str and word else "Outlet"


def context(word: Any) -> str:
    """Why it was measured; Sample.Periodic unless said (Q53)."""
    return _context(word) if type(word) is str and word else "Sample.Periodic"
