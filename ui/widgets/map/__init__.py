"""The charger map: offline outlines, sites as shapes, boxes where sites lie close together."""

from ui.widgets.map.sites import MapSite
from ui.widgets.map.view import MapView

__all__ = ["MapSite", "MapView"]
