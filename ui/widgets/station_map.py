"""The stations on the map, and the mode in which they are put where they stand."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.intents import DescribeStation
from app.domain.status import Shown
from app.fleet.views import StationView
from ui.models.losses import NOTHING, Losses, worse
from ui.models.sites import Place, places, unplaced
from ui.models.words import ABNORMAL
from ui.shell.page import Workspace
from ui.theme.formats import count, power_text
from ui.theme.money import rate
from ui.theme.shapes import word
from ui.theme.theme import px
from ui.widgets import station_deeds
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.map import MapSite, MapView
from ui.widgets.panel import Rule

STATION = "station:"
STATE, LOAD, LOSSES = "state", "load", "losses"
LAYERS = ((STATE, "State"), (LOAD, "Load"), (LOSSES, "Losses"))
MOST_CHIPS = 60


class StationMap(QWidget):
    """A map of sites; while placing, of single stations that can be dragged.

    Signals:
        site_chosen: a site's name, or "station:ID" for a station without a site.
        placing_changed: whether stations can be dragged now.
    """

    site_chosen = Signal(str)
    placing_changed = Signal(bool)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._views: dict[str, StationView] = {}
        self._layer = STATE
        self._losses: Mapping[str, Losses] = {}
        self._placing = False
        self.map = MapView()
        self.bar = PlaceBar()
        self.bar.hide()
        self.nowhere = _NoPlace()
        self.nowhere.place_asked.connect(lambda: self.set_placing(True))
        self.nowhere.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.map, 1)
        column.addWidget(self.nowhere)
        column.addWidget(self.bar)
        self.map.site_chosen.connect(self._chosen)
        self.map.placed.connect(self._placed)
        self.map.place_cancelled.connect(lambda: self.bar.wait_for(""))
        self.bar.done.connect(lambda: self.set_placing(False))
        self.bar.chosen.connect(self._place_by_click)
        self.bar.typed.connect(self._place_by_numbers)

    @property
    def placing(self) -> bool:
        """Whether stations can be dragged now."""
        return self._placing

    def show_stations(
        self, views: Mapping[str, StationView], losses: Mapping[str, Losses] | None = None
    ) -> None:
        """Show these stations, and what faults lose at their places (see ui.models.losses.by_place)."""
        self._views = dict(views)
        if losses is not None:
            self._losses = losses
        lost = bool(views) and all(view.latitude is None for view in views.values())
        self.nowhere.setVisible(lost and not self._placing)
        if self._placing:
            self.map.show_sites([_station_site(v) for v in views.values() if v.latitude is not None])
            self.bar.show_unplaced(unplaced(views.values()))
        else:
            total = {LOAD: power_text, LOSSES: self._loss_text}.get(self._layer)
            self.map.show_sites([self._site(place) for place in places(views.values())], total)

    def show_layer(self, layer: str) -> None:
        """STATE tags what is abnormal, LOAD every site with its power, LOSSES what loses money."""
        self._layer = layer
        self.show_stations(self._views)

    def set_placing(self, on: bool) -> None:
        """Begin or end to put stations where they stand."""
        if on == self._placing:
            return
        self._placing = on
        self.map.set_placing(on)
        self.bar.setVisible(on)
        self.show_stations(self._views)
        self.placing_changed.emit(on)

    def _site(self, place: Place) -> MapSite:
        known = [self._views[s].power_w for s in place.stations if s in self._views]
        told = [watts for watts in known if watts is not None]
        loss = self._losses.get(place.key, NOTHING)
        shown = worse(place.shown, loss.shown)
        name, boxed = place.name, None
        weight = loss.weight
        note = loss.text or _worst_words(place, shown)
        if self._layer == LOAD:
            weight = float(sum(told))
            note, boxed = power_text(weight if told else None), bool(weight)
        elif self._layer == LOSSES:
            note, boxed = loss.text, bool(loss.text)
        elif loss.aside and not loss.faults:
            name, boxed = f"{name}, set aside", False
        said = f"losing {loss.text.removesuffix('/h')} per hour" if loss.text else ""
        words = (place.name, word(shown).lower(), place.words, said)
        return MapSite(
            key=place.key,
            name=name,
            latitude=place.latitude,
            longitude=place.longitude,
            shown=shown,
            stations=len(place.stations),
            note=note,
            weight=weight,
            spoken=", ".join(part for part in words if part),
            boxed=boxed,
        )

    def _loss_text(self, amount: float) -> str:
        """What a box of sites loses; "" for nothing, and where currencies differ."""
        currencies = {currency for loss in self._losses.values() for currency, _ in loss.losing}
        return rate(round(amount), currencies.pop()) if amount and len(currencies) == 1 else ""

    def _chosen(self, key: str) -> None:
        if not self._placing:
            self.site_chosen.emit(key)

    def _place_by_click(self, station: str) -> None:
        self.bar.wait_for(station)
        self.map.place(STATION + station)

    def _place_by_numbers(self, station: str) -> None:
        view = self._views.get(station)
        if view is not None:
            station_deeds.place_sheet(self._workspace, view).open()

    def _placed(self, key: str, latitude: float, longitude: float) -> None:
        station = key.removeprefix(STATION)
        view = self._views.get(station)
        if view is None:
            return
        self.bar.wait_for("")
        before = (view.latitude, view.longitude)
        self._move(station, latitude, longitude, before if None not in before else None)

    def _move(
        self,
        station: str,
        latitude: float,
        longitude: float,
        before: tuple[float | None, float | None] | None,
    ) -> None:
        undo = (lambda: self._move(station, before[0] or 0.0, before[1] or 0.0, None)) if before else None
        self._workspace.bridge.do(
            DescribeStation(station, latitude=round(latitude, 6), longitude=round(longitude, 6)),
            "placed on the map",
            done=lambda _: self._workspace.toast(
                f"{station} stands at {latitude:.5f}, {longitude:.5f}", undo
            ),
            failed=self._workspace.toast,
        )


class PlaceBar(QWidget):
    """Below the map while placing: what to do, and the stations that have no place yet."""

    done = Signal()
    chosen = Signal(str)
    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stations: tuple[str, ...] = ()
        self._waiting = ""
        self._text = Label("", "small", "text2")
        finish = Button("Done", "primary")
        finish.clicked.connect(self.done)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 4)
        head.setSpacing(8)
        head.addWidget(self._text, 1)
        head.addWidget(finish)
        inside = QWidget()
        self._chips = QHBoxLayout(inside)
        self._chips.setContentsMargins(12, 0, 12, 8)
        self._chips.setSpacing(6)
        self._chips.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFixedHeight(px(46))
        self._area.setWidget(inside)
        self._area.hide()
        self._area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Rule())
        column.addLayout(head)
        column.addWidget(self._area)
        self._say()

    def show_unplaced(self, views: tuple[StationView, ...]) -> None:
        """Offer the stations that are not on the map yet."""
        stations = tuple(view.station for view in views)
        if stations == self._stations:
            return
        self._stations = stations
        while self._chips.count() > 1:
            item = self._chips.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for i, station in enumerate(stations[:MOST_CHIPS]):
            chip = Button(station, icon="map-pin")
            chip.setToolTip("Click, then click on the map. Right click to type coordinates.")
            chip.clicked.connect(lambda _=False, station=station: self.chosen.emit(station))
            chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            chip.customContextMenuRequested.connect(lambda _at, station=station: self.typed.emit(station))
            self._chips.insertWidget(i, chip)
        self._area.setVisible(bool(stations))
        self._say()

    def wait_for(self, station: str) -> None:
        """A station waits for its place; "" for none."""
        self._waiting = station
        self._say()

    def _say(self) -> None:
        if self._waiting:
            self._text.setText(f"Click on the map where {self._waiting} stands. Esc to leave it.")
        elif self._stations:
            self._text.setText(
                "Drag a station to where it stands. "
                f"{count(len(self._stations), 'station has', 'stations have')} no place yet: "
                "click one, then the map."
            )
        else:
            self._text.setText("Drag a station to where it stands. Every station has a place.")


class _NoPlace(QWidget):
    """Under a map that shows nothing: why, and what to do."""

    place_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        place = Button("Place stations", "link")
        place.clicked.connect(self.place_asked)
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(Label("No station is on the map yet.", "small", "text2"), 1)
        row.addWidget(place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Rule())
        column.addLayout(row)


def _station_site(view: StationView) -> MapSite:
    return MapSite(
        key=STATION + view.station,
        name=view.station,
        latitude=view.latitude or 0.0,
        longitude=view.longitude or 0.0,
        shown=view.shown,
        spoken=f"{view.station}, {word(view.shown).lower()}",
    )


def _worst_words(place: Place, shown: Shown) -> str:
    if shown not in ABNORMAL:
        return ""
    number = dict(place.counts).get(shown, 0)
    text = word(shown).lower()
    return text if len(place.stations) == 1 or not number else f"{number} {text}"
