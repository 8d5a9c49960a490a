"""When cars come: arrivals by hour of the week, per use of a site, in its local time."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

HOUR_MS = 3_600_000
DAY_MS = 86_400_000

# Arrivals per hour of day relative to a flat day, Monday to Friday and at the weekend.
_WORK = (0, 0, 0, 0, 0, 1, 4, 9, 9, 5, 2, 1, 2, 3, 2, 1, 1, 1, 1, 1, 0, 0, 0, 0)
_WORK_WEEKEND = (0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)
_HIGHWAY = (1, 1, 1, 1, 1, 2, 4, 6, 7, 7, 7, 8, 8, 7, 7, 8, 9, 9, 8, 6, 4, 3, 2, 1)
_HIGHWAY_WEEKEND = (1, 1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 11, 10, 9, 9, 10, 10, 9, 8, 6, 5, 3, 2, 1)
_RETAIL = (0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 7, 7, 7, 6, 6, 7, 9, 10, 8, 5, 2, 1, 0, 0)
_RETAIL_WEEKEND = (0, 0, 0, 0, 0, 0, 0, 1, 4, 8, 11, 11, 10, 9, 10, 10, 8, 5, 3, 2, 1, 1, 0, 0)
_HOME = (1, 0, 0, 0, 0, 0, 1, 2, 2, 1, 1, 1, 2, 2, 2, 3, 6, 9, 10, 9, 6, 4, 3, 2)
_HOME_WEEKEND = (1, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4, 4, 4, 4, 4, 5, 6, 7, 7, 6, 5, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Profile:
    """How a site is used.

    `weights` are 168 relative arrival rates from Monday 00:00; `ac_a_day`, `dc_a_day` arrivals
    at one plug on an average day; `stay_min` the usual stay at AC in minutes (median).
    """

    name: str
    weights: tuple[float, ...]
    ac_a_day: float
    dc_a_day: float
    stay_min: float

    @property
    def peak(self) -> float:
        """The busiest hour's weight."""
        return max(self.weights)


def _week(day: tuple[int, ...], weekend: tuple[int, ...]) -> tuple[float, ...]:
    raw = [*day * 5, *weekend * 2]
    mean = sum(raw) / len(raw)
    return tuple(x / mean for x in raw)


PROFILES: dict[str, Profile] = {
    "work": Profile("work", _week(_WORK, _WORK_WEEKEND), 1.3, 2.6, 290),
    "highway": Profile("highway", _week(_HIGHWAY, _HIGHWAY_WEEKEND), 1.4, 4.6, 70),
    "retail": Profile("retail", _week(_RETAIL, _RETAIL_WEEKEND), 2.0, 3.2, 75),
    "residential": Profile("residential", _week(_HOME, _HOME_WEEKEND), 1.5, 2.4, 420),
}


@lru_cache(maxsize=4096)
def _offset_ms(zone: str, hour: int) -> int:
    there = datetime.fromtimestamp(hour * 3600, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return 0 if there is None else int(there.total_seconds() * 1000)


def local_ms(zone: str, at_ms: int) -> int:
    """Wall-clock ms of `zone` at `at_ms`, its daylight saving time included."""
    return at_ms + _offset_ms(zone, at_ms // HOUR_MS)


def hour_of_week(zone: str, at_ms: int) -> int:
    """0..167 from Monday 00:00 local time."""
    return (local_ms(zone, at_ms) // HOUR_MS + 72) % 168  # 1970-01-01 was a Thursday


def ambient_c(zone: str, at_ms: int) -> float:
    """A plausible outside temperature in °C: warmer in July and in the afternoon."""
    local = local_ms(zone, at_ms)
    day = (local // DAY_MS) % 365
    hour = (local // HOUR_MS) % 24
    season = 1 - abs(day - 200) / 182.5
    return 3 + 19 * season + 5 * (1 - abs(hour - 15) / 12)


@dataclass(slots=True)
class Arrivals:
    """The arrivals at one plug: Poisson with the profile's rate by hour of the week.

    `factor` scales the rate (growth, a busy day), `pace` makes time run faster, `floor` is the
    least share of the peak that any hour has (a demo never sleeps).
    """

    profile: Profile
    zone: str
    dc: bool
    pace: float = 1.0
    floor: float = 0.0

    def next_ms(self, after_ms: int, rng: random.Random, factor: float = 1.0) -> int:
        """When the next car comes."""
        daily = self.profile.dc_a_day if self.dc else self.profile.ac_a_day
        peak = self.profile.peak
        fastest = daily * peak * max(factor, 1e-6) * self.pace / DAY_MS
        at = float(after_ms)
        while True:
            at += rng.expovariate(fastest)
            weight = self.profile.weights[hour_of_week(self.zone, int(at))]
            if rng.random() * peak < max(weight, self.floor * peak):
                return int(at)
