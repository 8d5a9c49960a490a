"""The filters above the session list."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.fleet.views import StationView
from ui.models.session_list import Period, Segment, Wanted
from ui.widgets.buttons import MenuButton
from ui.widgets.fields import SearchField
from ui.widgets.flow import FlowLayout
from ui.widgets.segments import Segments


class SessionFilters(QWidget):
    """Search, period, site, station, state."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SearchField("Session, card, station")
        self.period = MenuButton("Period")
        self.period.set_choices([(p.name, p.value) for p in Period], Period.TODAY.name)
        self.site = MenuButton("Site", "All")
        self.station = MenuButton("Station", "All")
        self.segments = Segments([(s.name, s.value) for s in Segment], "Show")
        self._views: list[StationView] = []
        row = FlowLayout(self)
        for widget in (self.field, self.period, self.site, self.station, self.segments):
            row.addWidget(widget)
        self.offer(())
        self.field.text_changed.connect(lambda _text: self.changed.emit())
        self.period.chosen.connect(lambda _key: self.changed.emit())
        self.site.chosen.connect(self._site_chosen)
        self.station.chosen.connect(lambda _key: self.changed.emit())
        self.segments.chosen.connect(lambda _key: self.changed.emit())

    @property
    def wanted(self) -> Wanted:
        """What the controls say."""
        return Wanted(
            text=self.field.text(),
            period=Period[str(self.period.value)],
            site=str(self.site.value or ""),
            station=str(self.station.value or ""),
            segment=Segment[self.segments.value],
        )

    def offer(self, views: Iterable[StationView]) -> None:
        """Offer the sites and stations there are; a station that is chosen stays."""
        self._views = sorted(views, key=lambda view: view.station)
        sites = sorted({view.site for view in self._views if view.site}, key=str.casefold)
        chosen = str(self.site.value or "")
        self.site.set_choices([("", f"All {len(sites)}" if sites else "All"), *((s, s) for s in sites)])
        names = [view.station for view in self._views if not chosen or view.site == chosen]
        kept = str(self.station.value or "")
        if kept and kept not in names:
            names.append(kept)
        self.station.set_choices([("", "All"), *((name, name) for name in names)])

    def show_station(self, station: str) -> None:
        """Show the sessions of one station, of all time."""
        self.station.set_choices([("", "All"), (station, station)], station)
        self.period.set_choices([(p.name, p.value) for p in Period], Period.ALL.name)

    def show_session(self, number: str) -> None:
        """Show what fits a session's number, of all time; tells nobody."""
        self.blockSignals(True)
        self.clear()
        self.blockSignals(False)
        self.period.set_choices([(p.name, p.value) for p in Period], Period.ALL.name)
        self.field.blockSignals(True)
        self.field.setText(number)
        self.field.blockSignals(False)

    def clear(self) -> None:
        """Filter nothing but the day."""
        self.field.clear()
        self.site.set_choices([("", "All")], "")
        self.station.set_choices([("", "All")], "")
        self.period.set_choices([(p.name, p.value) for p in Period], Period.TODAY.name)
        self.segments.choose(Segment.ALL.name)
        self.changed.emit()

    def _site_chosen(self, _key: object) -> None:
        self.station.set_choices([("", "All")], "")
        self.offer(self._views)
        self.changed.emit()
