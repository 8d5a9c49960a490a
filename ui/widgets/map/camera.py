"""Where the map looks: centre and zoom, and the way from places to pixels and back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ui.widgets.map.mercator import world_px

LEAST, MOST = 1.5, 15.0


@dataclass(frozen=True, slots=True)
class Camera:
    """Centre in unit coordinates and zoom, for a view of `width` x `height` px."""

    x: float = 0.5278
    y: float = 0.3333
    zoom: float = 4.2
    width: int = 100
    height: int = 100

    @property
    def scale(self) -> float:
        """Px per unit."""
        return world_px(self.zoom)

    def to_px(self, x: float, y: float) -> tuple[float, float]:
        """A place as pixels of the view."""
        return (x - self.x) * self.scale + self.width / 2, (y - self.y) * self.scale + self.height / 2

    def to_unit(self, px: float, py: float) -> tuple[float, float]:
        """A pixel of the view as a place."""
        return (px - self.width / 2) / self.scale + self.x, (py - self.height / 2) / self.scale + self.y

    def resized(self, width: int, height: int) -> "Camera":
        """The same centre in a view of another size."""
        return replace(self, width=max(1, width), height=max(1, height))

    def panned(self, dx: float, dy: float) -> "Camera":
        """Moved so that what lay under the pointer follows it by (dx, dy)."""
        return self._held(self.x - dx / self.scale, self.y - dy / self.scale, self.zoom)

    def zoomed(self, by: float, px: float, py: float) -> "Camera":
        """Nearer or farther, the pixel (px, py) staying where it is."""
        zoom = max(LEAST, min(MOST, self.zoom + by))
        x, y = self.to_unit(px, py)
        scale = world_px(zoom)
        return self._held(x - (px - self.width / 2) / scale, y - (py - self.height / 2) / scale, zoom)

    def fitted(self, places: Sequence[tuple[float, float]], margin: float = 44, below: float = 0) -> "Camera":
        """All of `places` in view with room around them, and `below` px more at the foot; near a single
        one the zoom stays modest."""
        if not places:
            return self
        left, right = min(x for x, _ in places), max(x for x, _ in places)
        top, bottom = min(y for _, y in places), max(y for _, y in places)
        zoom = 9.0
        wide, high = max(40.0, self.width - 2 * margin), max(40.0, self.height - 2 * margin - below)
        while zoom > LEAST and (
            (right - left) * world_px(zoom) > wide or (bottom - top) * world_px(zoom) > high
        ):
            zoom -= 0.05
        return self._held((left + right) / 2, (top + bottom) / 2 + below / 2 / world_px(zoom), zoom)

    def _held(self, x: float, y: float, zoom: float) -> "Camera":
        return replace(self, x=max(0.0, min(1.0, x)), y=max(0.0, min(1.0, y)), zoom=zoom)
