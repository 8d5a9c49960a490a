"""`forecourt simulate`: some stations against any server, bounded and polite."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.clock import Clock, SystemClock
from app.domain.errors import ForecourtError
from app.simulator import mishaps
from app.simulator.faults import pick_kind
from app.simulator.network import MAX_STATIONS, MIN_STATIONS, StationPlan, load_network
from app.simulator.scenario import Scenario, load_scenario
from app.simulator.station import Station
from app.tasks import stop_all

CONNECTS_A_SECOND = 20
RAMP_S = 20
"""More than 400 stations connect within this time."""
NOBODY_AFTER_S = 20.0


@dataclass(frozen=True, slots=True)
class Tally:
    """How a run went: stations that were connected at least once, calls answered and failed, energy in Wh."""

    stations: int
    connected: int
    answered: int
    failed: int
    waiting: int
    energy_wh: int

    def __str__(self) -> str:
        return (
            f"{self.connected} of {self.stations} stations connected, {self.answered} messages answered, "
            f"{self.failed} refused, {self.waiting} untold, {self.energy_wh / 1000:.1f} kWh delivered"
        )


def plans(stations: int, version: str | None, prefix: str = "SIM") -> list[StationPlan]:
    """`stations` stations like those of the demo, all of one version (None: mixed)."""
    models = load_network(max(MIN_STATIONS, min(MAX_STATIONS, stations, 48))).stations
    width = max(3, len(str(stations)))
    made = []
    for number in range(stations):
        like = models[number % len(models)]
        identity = f"{prefix}-{number + 1:0{width}d}"
        made.append(
            replace(
                like, identity=identity, version=version or like.version, serial=f"{like.serial}-{number + 1}"
            )
        )
    return made


def settle(station: Station, scenario: Scenario, begin_ms: int) -> None:
    """Give a station its first moments as the scenario wants."""
    life = station.life
    life.demand = scenario.demand
    mishaps.by_chance(life, begin_ms, scenario.trouble, scenario.radio)
    life.at(begin_ms, life.begin)
    if life.rng.random() < scenario.broken:
        outlet = life.rng.choice(life.outlets)
        kind = pick_kind(outlet.plug.dc, life.rng)
        life.at(begin_ms + 3_000, mishaps.break_by, life, outlet, kind, 3600 * kind.hours)


class SimFleet:
    """Stations under one roof. `start`, then `stop`."""

    def __init__(self, stations: list[Station]) -> None:
        self.stations = stations

    def start(self) -> None:
        """Begin all; needs a running loop."""
        for station in self.stations:
            station.start()

    async def stop(self, *, farewell: bool = False) -> None:
        """Close all links; `farewell` lets the cars leave first, so that no session stays open."""
        if farewell:
            await asyncio.gather(*(s.farewell() for s in self.stations))
        for batch in range(0, len(self.stations), 50):
            await asyncio.gather(*(s.stop() for s in self.stations[batch : batch + 50]))
        for station in self.stations:
            await stop_all(f"sim {station.plan.identity} ", timeout_s=2)

    def tally(self) -> Tally:
        """How it went so far."""
        return Tally(
            stations=len(self.stations),
            connected=sum(s.connected > 0 for s in self.stations),
            answered=sum(s.answered for s in self.stations),
            failed=sum(s.failed for s in self.stations),
            waiting=sum(len(s.outbox) for s in self.stations),
            energy_wh=round(sum(s.energy_wh() for s in self.stations)),
        )


async def simulate(
    url: str,
    stations: int = 10,
    version: str | None = "1.6",
    scenario: str = "normal-day",
    speed: float = 1.0,
    seed: int = 1,
    duration_s: float | None = None,
    *,
    stop: asyncio.Event | None = None,
    clock: Clock | None = None,
    note: Callable[[str], None] | None = None,
    prefix: str = "SIM",
) -> Tally:
    """Let stations live against the server at `url` for `duration_s` (default: a day at that speed).

    Connects ramp up at 20 a second (many stations: within 20 s); a station that is refused redials
    ever more slowly. Setting `stop` ends the run early; so does cancelling. See `life.py` for what
    speed means.

    Raises:
        ForecourtError: not one station could connect.
        UsageError: no such scenario.
    """
    clock = clock or SystemClock()
    stop = stop or asyncio.Event()
    chosen = load_scenario(scenario)
    seconds = duration_s if duration_s is not None else 86_400 / speed
    fleet = SimFleet([])
    now = clock.now_ms()
    rate = max(CONNECTS_A_SECOND, stations // RAMP_S)
    for place, plan in enumerate(plans(stations, version, prefix)):
        rng = random.Random(f"{seed}/{plan.identity}")
        station = Station(
            plan,
            url,
            rng,
            clock=clock,
            habits=chosen.habits_for(place, rng),
            pace=speed,
            floor=chosen.floor,
            sample_s=sample_interval(speed),
        )
        settle(station, chosen, now + place * 1000 // rate)
        fleet.stations.append(station)
    timers = [clock.call_later(seconds, stop.set)]
    refused: list[str] = []

    def look() -> None:
        if not any(s.connected for s in fleet.stations):
            refused.extend(s.refusal for s in fleet.stations if s.refusal)
            if refused:
                stop.set()

    timers.append(clock.call_later(min(NOBODY_AFTER_S, seconds * 0.9), look))
    try:
        fleet.start()
        if note is not None:
            note(f"{chosen.title}: {stations} stations for {seconds:.0f} s at {speed:g}x")
        await stop.wait()
    finally:
        for timer in timers:
            timer.cancel()
        await fleet.stop(farewell=True)
    if refused:
        raise ForecourtError(f"No station could connect to {url}: {refused[0]}.")
    return fleet.tally()


def sample_interval(speed: float) -> tuple[float, float]:
    """How often meters of AC and DC sessions are read, in real seconds."""
    return max(10.0, 60 / max(1.0, speed / 6)), max(6.0, 30 / max(1.0, speed / 6))
