"""The metal of one connector: plug, meter, car, fault, limit. The meter's register is the truth."""

from dataclasses import dataclass

from app.simulator.causes import Cause
from app.simulator.demand import Arrivals
from app.simulator.drivers import Visit
from app.simulator.network import Plug
from app.simulator.speech import Gauge, Tx


@dataclass(slots=True, eq=False)
class Stay:
    """A car at an outlet. `tx` is None until the session starts; `since_ms` = metered up to
    here, `began_ms` = when the session started."""

    visit: Visit
    ambient_c: float
    tx: Tx | None = None
    since_ms: int = 0
    began_ms: int = 0
    full_told: bool = False
    refused: bool = False


@dataclass(slots=True, eq=False)
class Fault:
    """What is broken. `effect`: "blocks", "derates", "reader" (see `faults.py`)."""

    key: str
    error: str
    vendor_error: str
    effect: str
    number: int
    info: str = ""
    cause: Cause | None = None
    told: bool = False
    """Whether its event (2.x) reached the server."""


@dataclass(slots=True, eq=False)
class Outlet:
    """One connector's hardware. `register_wh` is the truth that tests compare with: it never falls."""

    plug: Plug
    arrivals: Arrivals
    register_wh: float
    hidden_wh: float = 0.0
    status: str = "Available"
    told: str = ""
    stay: Stay | None = None
    fault: Fault | None = None
    operative: bool = True
    retiring: bool = False
    deaf: bool = False
    ail: Cause | None = None
    """What is wrong there that it does not tell (`ailments.py`)."""
    limit_w: float | None = None
    reserved_for: str = ""
    reservation: int | None = None

    @property
    def limit(self) -> float | None:
        """The power allowed in W: the profile's, less what the hardware cannot give."""
        if self.stay is not None and self.stay.visit.sick:
            return 0.0
        ill = self._ill_limit()
        if ill is not None:
            return ill if self.limit_w is None else min(ill, self.limit_w)
        if self.fault is not None and self.fault.effect == "derates":
            half = self.plug.power_w / 2
            return half if self.limit_w is None else min(half, self.limit_w)
        return self.limit_w

    def _ill_limit(self) -> float | None:
        match self.ail.kind if self.ail is not None else "":
            case "dry":
                return 0.0
            case "limp":
                return 0.14 * self.plug.power_w
            case "hot":
                return 0.5 * self.plug.power_w
            case "phase" if self.stay is not None:
                return 2 / 3 * min(self.plug.power_w, self.stay.visit.charge.vehicle.ac_w)
        return None

    @property
    def shown_wh(self) -> float:
        """What the meter shows: the register less what it forgot (`hidden_wh`, Q51)."""
        return self.register_wh - self.hidden_wh

    def flow(self, at_ms: int) -> None:
        """Let energy flow from the last look until now."""
        stay = self.stay
        if stay is None or stay.tx is None or at_ms <= stay.since_ms:
            return
        seconds = (at_ms - stay.since_ms) / 1000
        metered = stay.visit.charge.advance(seconds, self.limit, stay.ambient_c)
        self.register_wh += metered
        if self.ail is not None and self.ail.kind in ("frozen", "backwards"):
            self.hidden_wh += metered if self.ail.kind == "frozen" else min(2 * metered, self.shown_wh)
        stay.since_ms = at_ms

    def gauge(self) -> Gauge:
        """What meter and car show at the last look."""
        stay, ill = self.stay, self.ail.kind if self.ail is not None else ""
        if stay is None:
            return Gauge(self.shown_wh, 1_800.0 if ill == "leak" else None)
        charge = stay.visit.charge
        power = charge.power_w(self.limit, stay.ambient_c) if stay.tx is not None else 0.0
        return Gauge(
            self.shown_wh, power, charge.soc * 100 if self.plug.dc else None,
            dead_phase="L2" if ill == "phase" else "", celsius=self._celsius(stay, power, ill),
        )  # fmt: skip

    def _celsius(self, stay: Stay, power_w: float, ill: str) -> float | None:
        """The plug's temperature, which DC plugs measure."""
        if not self.plug.dc:
            return None
        warm = stay.ambient_c + 34 * power_w / self.plug.power_w
        return warm if ill != "hot" else 91.0 + warm / 20
