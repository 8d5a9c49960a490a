"""Web Mercator in the unit square: x to the east, y down. Pure."""

import math

TILE = 256
MOST_LATITUDE = 85.0511


def to_unit(latitude: float, longitude: float) -> tuple[float, float]:
    """A place in degrees as unit coordinates."""
    held = math.radians(max(-MOST_LATITUDE, min(MOST_LATITUDE, latitude)))
    return longitude / 360 + 0.5, 0.5 - math.log(math.tan(math.pi / 4 + held / 2)) / (2 * math.pi)


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Unit coordinates as latitude and longitude, to 5 decimals (a metre)."""
    latitude = math.degrees(2 * math.atan(math.exp((0.5 - y) * 2 * math.pi)) - math.pi / 2)
    return round(latitude, 5), round((x - 0.5) * 360, 5)


def world_px(zoom: float) -> float:
    """How wide the world is at a zoom, in px."""
    return float(TILE * 2**zoom)


def metres_per_px(y: float, zoom: float) -> float:
    """What a pixel is at this height of the map."""
    latitude = 2 * math.atan(math.exp((0.5 - y) * 2 * math.pi)) - math.pi / 2
    return 40_075_017 * math.cos(latitude) / world_px(zoom)


def scale_bar(metres_a_px: float, most_px: float) -> tuple[float, str]:
    """Length in px and words of the longest round distance that fits: (71.3, "50 km")."""
    limit = metres_a_px * most_px
    power = 10 ** math.floor(math.log10(limit))
    round_metres = next(step * power for step in (5, 2, 1) if step * power <= limit)
    text = f"{round_metres / 1000:g} km" if round_metres >= 1000 else f"{round_metres:g} m"
    return round_metres / metres_a_px, text
