"""A simulated first charger: the button of the empty window. One station, one car, then peace."""

import random
from dataclasses import replace

from app.clock import Clock, SystemClock
from app.simulator.drivers import Visit, token_of
from app.simulator.network import StationPlan, load_network
from app.simulator.station import Station
from app.simulator.vehicles import VEHICLES, Charge
from app.tasks import stop_all

IDENTITY = "FIRST-CHARGER"
PACE = 30.0
STAY_S = 90.0
REGISTER_ZERO_MS = 1_760_000_000_000


def first_plan(version: str = "1.6", identity: str = IDENTITY) -> StationPlan:
    """A station with two 22 kW outlets."""
    like = next(s for s in load_network().stations if s.model == "Duet 22")
    return replace(
        like, identity=identity, name="Simulated first charger", site="", version=version, serial="VH0000001"
    )


class FirstCharger:
    """Connects; once it is accepted a car arrives, charges at 11 kW for 90 s, and leaves."""

    def __init__(
        self, *, version: str = "1.6", identity: str = IDENTITY, seed: int = 1, clock: Clock | None = None
    ) -> None:
        self.plan = first_plan(version, identity)
        self.clock: Clock = clock or SystemClock()
        self.seed = seed
        self.station: Station | None = None
        self._came = False

    @property
    def running(self) -> bool:
        """Whether it was started and not stopped yet."""
        return self.station is not None

    async def start(self, url: str) -> None:
        """Connect to the server at `url`."""
        if self.station is not None:
            return
        rng = random.Random(self.seed)
        station = self.station = Station(
            self.plan, url, rng, clock=self.clock, pace=PACE, sample_s=(5.0, 5.0)
        )
        station.on_registered = self._accepted
        self._came = False
        for outlet in station.life.outlets:  # a meter that never falls, however often this is started
            outlet.register_wh = max(0.0, (self.clock.now_ms() - REGISTER_ZERO_MS) / 500)
        station.life.at(self.clock.now_ms(), station.life.boot)
        station.start()

    async def stop(self) -> None:
        """Hang up."""
        station, self.station = self.station, None
        if station is not None:
            await station.farewell()
            await station.stop()
            await stop_all(f"sim {station.plan.identity} ", timeout_s=2)

    def _accepted(self) -> None:
        station = self.station
        if station is None or self._came:
            return
        self._came = True
        life = station.life
        outlet = life.outlets[0]
        compact = next(v for v in VEHICLES if v.name == "compact")
        visit = Visit(
            token=token_of(1),
            charge=Charge(compact, outlet.plug, 0.35, 1.0, PACE),
            plugs_first=True,
            hesitates_s=2 * PACE,
            tries=1,
            gives_up=False,
            stays_s=STAY_S * PACE,
            stops_by_card=True,
        )
        life.at(self.clock.now_ms() + 2_000, life.arrive, outlet, visit)
        station.wake()
