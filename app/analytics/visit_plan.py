"""Visits by day and person: stops in order, how far they lie apart, and when each begins. Pure.

Distances are great circles times a factor for roads, times follow from a usual speed: estimates to
put stops in order with, not a navigator's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import asin, cos, radians, sin, sqrt

from app.domain.work_orders import WorkOrder, usual_minutes

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""
ROAD_FACTOR = 1.3
"""How much longer a road is than a straight line; assumed."""
KM_PER_HOUR = 60
"""Usual speed between sites; assumed."""
START_MIN = 9 * 60
"""When a day's first stop begins, minutes of the local day; assumed."""
ON_SITE_MIN = 60
"""How long a stop takes where neither the order nor past visits tell; assumed."""

Point = tuple[float, float]
"""Latitude and longitude, degrees."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop. `km` and `drive_min` lead to it from the stop before; None where a place is not known.

    `at_min` is when it begins, minutes of the local day; it is None from there on where a way is not known.
    """

    order: WorkOrder
    number: int
    on_site_min: int
    km: float | None = None
    drive_min: int | None = None
    at_min: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """A person's day. `km` and `minutes` are sums of what is known; `whole` tells whether all is."""

    day: str
    who: str
    stops: tuple[Stop, ...]
    km: float
    minutes: int
    whole: bool


def great_circle_km(one: Point, other: Point) -> float:
    """The distance along the earth's surface (haversine)."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def road_km(one: Point, other: Point) -> float:
    """About how far it is by road."""
    return great_circle_km(one, other) * ROAD_FACTOR


def routes(orders: Sequence[WorkOrder], places: Mapping[str, Point]) -> tuple[Route, ...]:
    """The visits by day and person, in order.

    Args:
        orders: all, also closed ones: they tell how long a cause usually takes.
        places: where stations stand, and sites by name.
    """
    groups: dict[tuple[str, str], list[WorkOrder]] = {}
    for order in orders:
        if order.open and order.day:
            groups.setdefault((order.day, order.who), []).append(order)
    return tuple(_route(day, who, group, orders, places) for (day, who), group in sorted(groups.items()))


def reordered(route: Route, number: str, by: int) -> tuple[WorkOrder, ...]:
    """The orders whose stop changes when one moves up (−1) or down (1); none at an end."""
    held = [stop.order for stop in route.stops]
    at = next((i for i, order in enumerate(held) if order.number == number), None)
    if at is None or not 0 <= at + by < len(held):
        return ()
    held[at], held[at + by] = held[at + by], held[at]
    return tuple(replace(order, stop=n) for n, order in enumerate(held, 1) if order.stop != n)


def shortest(route: Route, places: Mapping[str, Point]) -> tuple[WorkOrder, ...]:
    """The orders whose stop changes when each next stop is the nearest; the first one stays."""
    left = [stop.order for stop in route.stops]
    if len(left) < 3 or any(place_of(order, places) is None for order in left):
        return ()
    held = [left.pop(0)]
    while left:
        here = place_of(held[-1], places)
        assert here is not None
        near = min(left, key=lambda order: road_km(here, place_of(order, places) or here))
        left.remove(near)
        held.append(near)
    return tuple(replace(order, stop=n) for n, order in enumerate(held, 1) if order.stop != n)


def place_of(order: WorkOrder, places: Mapping[str, Point]) -> Point | None:
    """Where an order is to be done."""
    return places.get(order.station) or places.get(order.site)


def last_stop(orders: Iterable[WorkOrder], day: str, who: str) -> int:
    """The number of the last stop of a day's visits; 0 where there is none."""
    return max((o.stop for o in orders if o.open and (o.day, o.who) == (day, who)), default=0)


def _route(
    day: str, who: str, group: list[WorkOrder], orders: Sequence[WorkOrder], places: Mapping[str, Point]
) -> Route:
    stops: list[Stop] = []
    clock: int | None = START_MIN
    before: Point | None = None
    for n, order in enumerate(sorted(group, key=lambda o: (o.stop or 10_000, o.created_ms, o.number)), 1):
        stay = order.on_site_min or usual_minutes(orders, order.cause) or ON_SITE_MIN
        here = place_of(order, places)
        km = drive = None
        if n > 1:
            if before is not None and here is not None:
                km = road_km(before, here)
                drive = round(km / KM_PER_HOUR * 60)
            clock = None if clock is None or drive is None else clock + drive
        stops.append(Stop(order, n, stay, km, drive, clock))
        clock = None if clock is None else clock + stay
        before = here
    known = [stop for stop in stops[1:] if stop.drive_min is not None]
    return Route(
        day, who, tuple(stops), sum(stop.km or 0 for stop in known),
        sum(stop.on_site_min for stop in stops) + sum(stop.drive_min or 0 for stop in known),
        len(known) == max(0, len(stops) - 1),
    )  # fmt: skip
