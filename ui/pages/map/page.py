"""The map full size, with a list of sites that leads into it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.models.losses import by_place
from ui.models.place_list import PlaceRow, columns, rows
from ui.models.row_model import RowModel
from ui.models.sites import places
from ui.models.station_list import NO_SITE, site_of
from ui.pages.base import LivePage
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count, number
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.connect_first import ConnectFirst
from ui.widgets.fields import SearchField
from ui.widgets.panel import Panel, Rule
from ui.widgets.row_table import RowTable
from ui.widgets.segments import Segments
from ui.widgets.station_map import LAYERS, STATION, StationMap


class MapPage(LivePage):
    """J and K move through the sites, the map follows; Enter opens the site's stations."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.map = StationMap(workspace)
        self.field = SearchField("Site or station")
        self.model: RowModel[PlaceRow] = RowModel(columns(), lambda row: row.site, self)
        self.table = RowTable(self.model, "Sites")
        self.table.set_row_height(44)
        self.segments = Segments(LAYERS, "Map shows")
        self.place = Button("Place stations", "quiet", "map-pin")
        self.place.setCheckable(True)
        self._list = Panel("Sites")
        self._list.setFixedWidth(px(320))
        head = QHBoxLayout()
        head.setContentsMargins(12, 10, 12, 10)
        head.addWidget(self.field)
        self._list.body_layout.addLayout(head)
        self._list.body_layout.addWidget(Rule())
        self._list.body_layout.addWidget(self.table, 1)
        self._panel = Panel("Charger map")
        self._panel.add_action(self.place)
        self._panel.add_action(self.segments)
        self._panel.body_layout.addWidget(self.map, 1)
        self._work = QWidget()
        row = QHBoxLayout(self._work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._panel, 1)
        row.addWidget(self._list)
        self._first = ConnectFirst(workspace, "No charger has called yet")
        self._first.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addWidget(self._work, 1)
        whole.addWidget(self._first, 1)
        self.field.text_changed.connect(lambda _text: self._show())
        self.table.moved.connect(self._moved)
        self.table.opened.connect(self._open_site)
        self.segments.chosen.connect(self.map.show_layer)
        self.place.clicked.connect(lambda: self.map.set_placing(self.place.isChecked()))
        self.map.placing_changed.connect(self.place.setChecked)
        self.map.site_chosen.connect(self._open_place)
        self.every(500, self._show)
        # A bound method, not a lambda: what outlives the page must not hold it.
        workspace.faults.changed.connect(self._faulted)

    def opened(self, argument: str) -> None:
        self.refresh()
        if argument:
            self.table.go_to(argument)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.map.set_placing(False)

    def back(self) -> bool:
        if self.map.placing:
            self.map.set_placing(False)
            return True
        if self.field.text():
            self.field.clear()
            return True
        return False

    def focus_filter(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("J K", "move through the sites"), ("Enter", "open its stations"), ("+ −", "zoom the map"))

    def hits(self, text: str) -> Sequence[Hit]:
        return (
            Hit(
                "Place stations on the map",
                group="Map",
                icon="map-pin",
                run=lambda: self.map.set_placing(True),
            ),
        )

    def _show(self) -> None:
        views = self.picture.stations
        self._first.setVisible(not views)
        self._work.setVisible(bool(views))
        if not views:
            self._first.show_server(self.picture.server, self.now_ms())
            return
        lost_at = by_place(self.workspace.faults.faults.values(), views)
        self.map.show_stations(views, lost_at)
        found = rows(views, self.field.text(), lost_at)
        self.model.show(found)
        lost = sum(1 for view in views.values() if view.latitude is None)
        on_map = count(len(places(views.values())), "place")
        self._panel.set_subtitle(on_map + (f", {count(lost, 'station')} not on the map" if lost else ""))
        order = "dearest first" if any(loss.losing for loss in lost_at.values()) else "worst first"
        self._list.set_subtitle(f"{number(len(found))}, {order}")

    def _moved(self, site: str | None) -> None:
        if site is not None and not self.map.placing:
            self.map.map.select(site)

    def _open_site(self, site: str | None) -> None:
        if site is not None:
            self.workspace.go("stations/list", f"site:{site}")

    def _faulted(self, _changes: object) -> None:
        self.due()

    def _open_place(self, key: str) -> None:
        if key.startswith(STATION):
            self.workspace.go("stations/station", key.removeprefix(STATION))
            return
        members = [v.station for v in self.picture.stations.values() if site_of(v) == key and key != NO_SITE]
        if len(members) == 1:
            self.workspace.go("stations/station", members[0])
        else:
            self._open_site(key)
