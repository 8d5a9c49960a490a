"""Stations grouped by where they stand: what the map and its list show."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.status import SEVERITY, Shown, worst
from app.fleet.views import StationView
from ui.models.words import ABNORMAL
from ui.theme import formats
from ui.theme.shapes import WORDS


@dataclass(frozen=True, slots=True)
class Place:
    """One point on the map: a site's stations that have coordinates, or a lone station.

    `key` is the site's name, or "station:ID" for a station without one. Degrees are WGS 84.
    """

    key: str
    name: str
    latitude: float
    longitude: float
    shown: Shown
    stations: tuple[str, ...]
    counts: tuple[tuple[Shown, int], ...]

    @property
    def abnormal(self) -> bool:
        """Whether anything here asks for attention."""
        return self.shown in ABNORMAL

    @property
    def words(self) -> str:
        """ "4 stations, 1 faulted"."""
        bad = [f"{n} {WORDS[shown].lower()}" for shown, n in self.counts if shown in ABNORMAL]
        return ", ".join([formats.count(len(self.stations), "station"), *bad])


def places(views: Iterable[StationView]) -> tuple[Place, ...]:
    """All places with coordinates, worst first, then by name. A site stands at its stations' mean."""
    groups: dict[str, list[StationView]] = {}
    for view in views:
        if view.latitude is not None and view.longitude is not None:
            groups.setdefault(view.site or f"station:{view.station}", []).append(view)
    made = [_place(key, group) for key, group in groups.items()]
    return tuple(sorted(made, key=lambda place: (SEVERITY[place.shown], place.name.casefold())))


def unplaced(views: Iterable[StationView]) -> tuple[StationView, ...]:
    """Stations without coordinates, by identity."""
    lost = [view for view in views if view.latitude is None or view.longitude is None]
    return tuple(sorted(lost, key=lambda view: view.station))


def _place(key: str, group: list[StationView]) -> Place:
    latitudes = [view.latitude for view in group if view.latitude is not None]
    longitudes = [view.longitude for view in group if view.longitude is not None]
    counts = {shown: sum(1 for view in group if view.shown is shown) for shown in SEVERITY}
    return Place(
        key=key,
        name=group[0].site or group[0].name or group[0].station,
        latitude=sum(latitudes) / len(latitudes),
        longitude=sum(longitudes) / len(longitudes),
        shown=worst(tuple(view.shown for view in group)),
        stations=tuple(sorted(view.station for view in group)),
        counts=tuple((shown, n) for shown, n in counts.items() if n),
    )


def coordinates(text: str) -> tuple[float, float] | None:
    """Latitude and longitude from "52.0907, 5.1214" (comma, semicolon or blank between); None if not."""
    parts = text.replace(";", " ").replace(",", " ").split()
    if len(parts) != 2:
        return None
    try:
        latitude, longitude = float(parts[0]), float(parts[1])
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 85 and abs(longitude) <= 180 else None
