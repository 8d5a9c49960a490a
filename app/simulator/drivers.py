"""Who comes, and how they behave: what they want, how long they stay, what goes wrong between people."""

import math
import random
from dataclasses import dataclass

from app.simulator.demand import Profile
from app.simulator.network import Plug
from app.simulator.vehicles import Charge, pick_vehicle

REGULARS = 320
"""Cards in circulation; regulars come to their own site, the rest anywhere."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as its driver plans it. Times in seconds.

    Attributes:
        plugs_first: plugs in, then authorises; else the other way round.
        hesitates_s: from arrival to showing the card; tries: how often the card is shown.
        gives_up: leaves without starting.
        stays_s: from plugging in to driving away, whatever the battery says.
        stops_by_card: ends the session with the card; else by pulling the plug.
        sick: the vehicle takes no energy; a few do so again and again.
    """

    token: str
    charge: Charge
    plugs_first: bool
    hesitates_s: float
    tries: int
    gives_up: bool
    stays_s: float
    stops_by_card: bool
    sick: bool = False


def token_of(number: int) -> str:
    """A card's number as readers show it: 7 bytes, hex, invented."""
    return f"04{(number * 2_654_435_761) % (1 << 40):010X}80"


def plan_visit(plug: Plug, profile: Profile, site: str, rng: random.Random, pace: float = 1.0) -> Visit:
    """Somebody's next visit at this plug."""
    vehicle = pick_vehicle(plug, rng)
    if plug.dc:
        arrives = min(0.75, max(0.04, rng.gauss(0.26, 0.13)))
        target = min(1.0, max(arrives + 0.08, rng.choice((0.8, 0.8, 0.8, 0.85, 0.9, 0.7, 1.0))))
        stays = 60 * _lognormal(rng, 46, 0.45)
    else:
        arrives = min(0.9, max(0.08, rng.gauss(0.46, 0.18)))
        target = rng.choice((1.0, 1.0, 1.0, 0.9, 0.8))
        target = max(target, arrives + 0.05)
        stays = 60 * _lognormal(rng, profile.stay_min, 0.5)
    regular = rng.random() < 0.7
    number = (sum(map(ord, site)) * 7 + rng.randrange(24)) % REGULARS if regular else rng.randrange(2_000)
    return Visit(
        token=token_of(number),
        charge=Charge(vehicle, plug, arrives, min(1.0, target), pace),
        plugs_first=rng.random() < 0.75,
        hesitates_s=rng.uniform(8, 50),
        tries=1 if rng.random() < 0.94 else 2,
        gives_up=rng.random() < 0.025,
        stays_s=max(240.0, stays),
        stops_by_card=rng.random() < 0.35,
        sick=number % 101 == 7 and rng.random() < 0.5,
    )


def _lognormal(rng: random.Random, median: float, sigma: float) -> float:
    return median * math.exp(rng.gauss(0, sigma))
