"""Cars and trucks, and how they take energy: power by state of charge, plug, heat and limit."""

import math
import random
from bisect import bisect_right
from dataclasses import dataclass

from app.simulator.network import Plug

AC_EFFICIENCY = 0.90
DC_EFFICIENCY = 0.95
"""Share of the metered energy that reaches the battery: an onboard charger loses more than a cable."""
AC_TAPER = 0.95
AC_LAST = 0.4
"""Above this share of the battery an AC charger draws this part of its power."""
SLICE_S = 180.0


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A class of vehicles. Battery in Wh, limits in W.

    `curve` gives the share of `dc_w` that the battery takes, by state of charge 0..1, linear
    between its points. `share` is how often it comes by, in any unit.
    """

    name: str
    battery_wh: float
    ac_w: float
    dc_w: float
    plugs: tuple[str, ...]
    curve: tuple[tuple[float, float], ...]
    share: float


_FLAT = ((0.0, 0.85), (0.05, 1.0), (0.55, 1.0), (0.8, 0.55), (0.9, 0.3), (1.0, 0.06))
_STEEP = ((0.0, 0.9), (0.08, 1.0), (0.3, 0.95), (0.5, 0.7), (0.8, 0.4), (0.9, 0.22), (1.0, 0.05))
_TRUCK = ((0.0, 1.0), (0.7, 1.0), (0.85, 0.6), (1.0, 0.1))

VEHICLES: tuple[Vehicle, ...] = (
    Vehicle("plug-in hybrid", 13_000, 3_700, 0, ("Type 2",), _FLAT, 14),
    Vehicle("small city car", 36_000, 7_400, 50_000, ("Type 2", "CCS"), _STEEP, 22),
    Vehicle("compact", 58_000, 11_000, 120_000, ("Type 2", "CCS"), _STEEP, 30),
    Vehicle("family", 77_000, 11_000, 150_000, ("Type 2", "CCS"), _FLAT, 24),
    Vehicle("long distance", 93_000, 22_000, 270_000, ("Type 2", "CCS"), _FLAT, 10),
    Vehicle("van", 75_000, 11_000, 115_000, ("Type 2", "CCS"), _STEEP, 8),
    Vehicle("truck", 410_000, 22_000, 300_000, ("CCS",), _TRUCK, 2),
    Vehicle("older hatchback", 30_000, 6_600, 46_000, ("CHAdeMO",), _STEEP, 9),
    Vehicle("CHAdeMO van", 40_000, 6_600, 46_000, ("CHAdeMO",), _STEEP, 3),
)

_BY_PLUG = {
    kind: [v for v in VEHICLES if kind in v.plugs and (kind == "Type 2" or v.dc_w)]
    for kind in ("Type 2", "CCS", "CHAdeMO")
}


def pick_vehicle(plug: Plug, rng: random.Random) -> Vehicle:
    """A vehicle that can charge here."""
    fitting = _BY_PLUG[plug.kind]
    return rng.choices(fitting, [v.share for v in fitting])[0]


def derating(ambient_c: float) -> float:
    """The share of power left at this temperature: cold batteries and hot cabinets take less."""
    if ambient_c < 10:
        return max(0.45, 1 - (10 - ambient_c) * 0.02)
    if ambient_c > 35:
        return max(0.5, 1 - (ambient_c - 35) * 0.05)
    return 1.0


@dataclass(slots=True)
class Charge:
    """One vehicle at one plug.

    `soc` and `target` are shares 0..1; `pace` divides the battery, so that a demo shows whole
    sessions in minutes at powers and energies that obey physics (see `life.py`).
    """

    vehicle: Vehicle
    plug: Plug
    soc: float
    target: float
    pace: float = 1.0
    delivered_wh: float = 0.0

    @property
    def full(self) -> bool:
        """Whether the driver's wish is met."""
        return self.soc >= self.target - 1e-9

    def power_w(self, limit_w: float | None = None, ambient_c: float = 20.0) -> float:
        """What flows at this moment in W, never above plug, vehicle or limit."""
        if self.full:
            return 0.0
        power: float = self.plug.power_w
        if self.plug.dc:
            power = min(power, self.vehicle.dc_w * _along(self.vehicle.curve, self.soc) * derating(ambient_c))
        else:
            power = min(power, self.vehicle.ac_w if self.soc < AC_TAPER else self.vehicle.ac_w * AC_LAST)
        return power if limit_w is None else max(0.0, min(power, limit_w))

    def advance(self, seconds: float, limit_w: float | None = None, ambient_c: float = 20.0) -> float:
        """Charge for `seconds`; the Wh that went over the meter."""
        if seconds <= 0:
            return 0.0
        efficiency = DC_EFFICIENCY if self.plug.dc else AC_EFFICIENCY
        capacity = self.vehicle.battery_wh / self.pace
        slice_s = SLICE_S / self.pace
        metered = 0.0
        while seconds > 0 and not self.full:
            power = self.power_w(limit_w, ambient_c)
            step = min(seconds, slice_s)
            if not self.plug.dc and self.soc < AC_TAPER and power > 0:
                # A slice does not reach over the step of the AC curve.
                to_taper_s = (AC_TAPER - self.soc) * capacity / efficiency / power * 3600
                step = min(step, max(to_taper_s, 0.001))
            seconds -= step
            room = (self.target - self.soc) * capacity / efficiency
            energy = min(power * step / 3600, room)
            metered += energy
            self.soc = min(self.target, self.soc + energy * efficiency / capacity)
        self.delivered_wh += metered
        return metered

    def seconds_left(self, limit_w: float | None = None, ambient_c: float = 20.0) -> float | None:
        """How long until the driver's wish is met, at this limit; None if never (or not within two days)."""
        efficiency = DC_EFFICIENCY if self.plug.dc else AC_EFFICIENCY
        scale = self.vehicle.battery_wh / self.pace / efficiency * 3600
        soc, target, seconds = self.soc, self.target, 0.0
        if not self.plug.dc:
            for end, share in ((AC_TAPER, 1.0), (1.0, AC_LAST)):
                power = min(self.plug.power_w, self.vehicle.ac_w * share)
                power = power if limit_w is None else min(power, limit_w)
                span = min(end, target) - soc
                if span > 0:
                    if power <= 0:
                        return None
                    seconds += span * scale / power
                    soc += span
            return seconds
        most = min(self.plug.power_w, math.inf if limit_w is None else limit_w)
        rated = self.vehicle.dc_w * derating(ambient_c)
        slice_s = SLICE_S / self.pace
        for _ in range(960):
            power = min(most, rated * _along(self.vehicle.curve, soc))
            if power <= 0:
                return None
            step = power * slice_s / scale
            if soc + step >= target:
                return seconds + (target - soc) * scale / power
            soc += step
            seconds += slice_s
        return None


def _along(curve: tuple[tuple[float, float], ...], soc: float) -> float:
    index = bisect_right(curve, (soc, 2.0))
    if index == 0:
        return curve[0][1]
    if index == len(curve):
        return curve[-1][1]
    (x0, y0), (x1, y1) = curve[index - 1], curve[index]
    return y0 + (y1 - y0) * (soc - x0) / (x1 - x0)
