"""The row of filters above the station list."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.fleet.views import StationView
from ui.models.cells import Column
from ui.models.losses import Losses
from ui.models.station_list import NO_SITE, ListRow, Segment, StationFilter, segment_counts, site_of
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.fields import SearchField
from ui.widgets.flow import FlowLayout
from ui.widgets.segments import Segments


class FilterBar(QWidget):
    """Search, site, maker, protocol, segment; grouping and columns at the right."""

    changed = Signal()
    grouped = Signal(bool)
    columns_chosen = Signal(object)

    def __init__(self, columns: tuple[Column[ListRow], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._shown: set[str] = set()
        self.field = SearchField("Station, site, address")
        self.site = MenuButton("Site", "All")
        self.maker = MenuButton("Maker", "All")
        self.protocol = MenuButton("Protocol", "Any")
        self.segments = Segments([(s.name, s.value) for s in Segment], "Show")
        self.by_site = Button("By site", "quiet", "group")
        self.by_site.setCheckable(True)
        self.by_site.setChecked(True)
        self.chooser = Button("Columns", "quiet", "columns-3")
        row = FlowLayout(self)
        for widget in (self.field, self.site, self.maker, self.protocol, self.segments):
            row.addWidget(widget)
        row.add_right(self.by_site)
        row.addWidget(self.chooser)
        self.field.text_changed.connect(lambda _text: self.changed.emit())
        self.segments.chosen.connect(lambda _key: self.changed.emit())
        for chip in (self.site, self.maker, self.protocol):
            chip.chosen.connect(lambda _key: self.changed.emit())
        self.by_site.clicked.connect(lambda: self.grouped.emit(self.by_site.isChecked()))
        self.chooser.clicked.connect(self._choose_columns)

    @property
    def wanted(self) -> StationFilter:
        """What the controls say."""
        return StationFilter(
            text=self.field.text(),
            site=str(self.site.value or ""),
            maker=str(self.maker.value or ""),
            protocol=str(self.protocol.value or ""),
            segment=Segment[self.segments.value],
        )

    def clear(self) -> None:
        """Filter nothing."""
        self.field.clear()
        for chip in (self.site, self.maker, self.protocol):
            chip.set_choices([("", "All" if chip is not self.protocol else "Any")], "")
        self.segments.choose(Segment.ALL.name)
        self.changed.emit()

    def offer(self, views: Iterable[StationView], losses: Mapping[str, Losses]) -> None:
        """Offer what there is, and count what each segment would show; `losses` by station."""
        views = list(views)
        sites = sorted({site_of(view) for view in views}, key=str.casefold)
        makers = sorted({view.vendor for view in views if view.vendor}, key=str.casefold)
        versions = sorted({view.version for view in views if view.version})
        named = len(set(sites) - {NO_SITE})
        self.site.set_choices([("", f"All {named}" if named else "All"), *((s, s) for s in sites)])
        self.maker.set_choices([("", "All"), *((m, m) for m in makers)])
        self.protocol.set_choices([("", "Any"), *((v, f"OCPP {v}") for v in versions)])
        for segment, number in segment_counts(views, self.wanted, losses).items():
            self.segments.set_text(segment.name, f"{segment.value} {number}")

    def mark_columns(self, shown: Iterable[str]) -> None:
        """Which columns are on screen, for the chooser."""
        self._shown = set(shown)

    def _choose_columns(self) -> None:
        menu = QMenu(self)
        for column in self._columns:
            if column.fixed:
                continue
            action = QAction(column.title if column.title != "%" else "Uptime in %", menu)
            action.setCheckable(True)
            action.setChecked(column.key in self._shown)
            action.toggled.connect(lambda on, key=column.key: self._toggle(key, on))
            menu.addAction(action)
        menu.addSeparator()
        usual = QAction("Usual columns", menu)
        usual.triggered.connect(lambda: self.columns_chosen.emit(None))
        menu.addAction(usual)
        menu.aboutToHide.connect(menu.deleteLater, Qt.ConnectionType.QueuedConnection)
        menu.popup(self.chooser.mapToGlobal(self.chooser.rect().bottomLeft()))

    def _toggle(self, key: str, on: bool) -> None:
        self._shown = self._shown | {key} if on else self._shown - {key}
        self.columns_chosen.emit([c.key for c in self._columns if c.key in self._shown])
