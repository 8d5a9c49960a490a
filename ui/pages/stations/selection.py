"""Which stations are ticked, and the bar that works on them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.fleet.views import StationView
from app.reports.cells import Row
from app.reports.exports import EXPORTS, Asked
from app.reports.formats import to_file
from ui.models.bulk import AVAILABILITY, DEEDS, LOGS, READ, RESET, BulkDeed, selection_words
from ui.models.cells import Cell, Column
from ui.models.station_list import ListRow, SiteRow, StationRow, site_of
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count
from ui.theme.theme import px
from ui.widgets.bulk_sheet import BulkSheet
from ui.widgets.buttons import Button
from ui.widgets.file_asking import TABLE, ask_where
from ui.widgets.labels import Label


class Ticks(QObject):
    """The ticked stations, by identity."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._on)

    def __iter__(self) -> Iterator[str]:
        return iter(self._on)

    def __contains__(self, station: object) -> bool:
        return station in self._on

    def set(self, stations: Iterable[str], on: bool) -> None:
        """Tick these, or not."""
        before = set(self._on)
        for station in stations:
            if on:
                self._on[station] = None
            else:
                self._on.pop(station, None)
        if set(self._on) != before:
            self.changed.emit()

    def turn(self, stations: Collection[str]) -> None:
        """Tick all of these, or none where all of them were ticked."""
        self.set(stations, not all(station in self._on for station in stations))

    def keep(self, stations: Collection[str]) -> None:
        """Forget those that are gone."""
        self.set([station for station in self._on if station not in stations], False)

    def clear(self) -> None:
        """Tick none."""
        self.set(list(self._on), False)

    def state(self, stations: Collection[str]) -> bool | None:
        """Whether all of these are ticked, none, or (None) some."""
        on = sum(1 for station in stations if station in self._on)
        return False if not on else True if on == len(stations) else None


def tick_column(ticks: Ticks) -> Column[ListRow]:
    """The check boxes before the rows; a site has the arrow that folds it."""

    def cell(row: ListRow) -> Cell:
        if isinstance(row, StationRow):
            on = row.view.station in ticks
            return Cell(tick=on, spoken="ticked" if on else "not ticked")
        return Cell(icon="chevron-right" if row.folded else "chevron-down")

    return Column("tick", "", cell, "", fixed=True, extra_px=20, mark=True)


def stations_of(
    key: tuple[str, str] | None, views: Iterable[StationView], shown: Iterable[ListRow]
) -> list[str]:
    """The stations a key stands for: itself, all of a site, or (None) all that are listed."""
    if key is not None and key[0] == "station":
        return [key[1]]
    if key is not None:
        return [view.station for view in views if site_of(view) == key[1]]
    listed = [row.view.station for row in shown if isinstance(row, StationRow)]
    folded = {row.site for row in shown if isinstance(row, SiteRow) and row.folded}
    return listed + [view.station for view in views if site_of(view) in folded]


class BulkBar(QWidget):
    """What is ticked, the sessions it would touch, and what can be done to all of it."""

    def __init__(self, workspace: Workspace, ticks: Ticks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._ticks = workspace, ticks
        self._count = Label("", "bodyStrong")
        self._touches = Label("", "small", "text2")
        self.reset = self._deed_button("Reset…", RESET)
        self.firmware = Button("Update firmware…", icon="hard-drive-download")
        self.configure = Button("Apply configuration…", icon="sliders-horizontal")
        self.more = Button("More…", icon="ellipsis")
        self.clear = Button("Clear", "quiet", keys="Esc")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._count)
        row.addWidget(self._touches, 1)
        for button in (self.reset, self.firmware, self.configure, self.more, self.clear):
            row.addWidget(button)
        self.firmware.clicked.connect(lambda: self._go("stations/firmware"))
        self.configure.clicked.connect(lambda: self._go("stations/configuration"))
        self.more.clicked.connect(self._open_more)
        self.clear.clicked.connect(ticks.clear)
        ticks.changed.connect(self.show_ticks)
        self.show_ticks()

    def _deed_button(self, word: str, deed: BulkDeed) -> Button:
        button = Button(word, icon=deed.icon)
        button.clicked.connect(lambda: self.ask(deed))
        return button

    def show_ticks(self) -> None:
        """Say what is ticked; hidden while nothing is."""
        known = self._workspace.picture.stations
        views = [known[station] for station in self._ticks if station in known]
        self.setVisible(bool(views))
        head, touches = selection_words(views)
        self._count.setText(head)
        self._touches.setText(touches)

    def ask(self, deed: BulkDeed) -> BulkSheet:
        """Open the sheet of a deed for all that is ticked."""
        host = self._workspace.sheet_host or self.window()
        sheet = BulkSheet(host, self._workspace, deed, tuple(self._ticks))
        sheet.begun.connect(lambda _batch: self._ticks.clear())
        sheet.open()
        return sheet

    def entries(self) -> Sequence[tuple[str, Callable[[], Any]]]:
        """What the menu holds."""
        return (
            *((f"{deed.title}…", lambda deed=deed: self.ask(deed)) for deed in (AVAILABILITY, READ, LOGS)),
            ("Export…", self.export),
        )

    def hits(self) -> tuple[Hit, ...]:
        """The same for the palette."""
        if not len(self._ticks):
            return ()
        whom, group = count(len(self._ticks), "ticked station"), "Ticked stations"
        deeds = [
            Hit(f"{deed.title}: {whom}…", group=group, icon=deed.icon, run=lambda deed=deed: self.ask(deed))  # type: ignore[misc]
            for deed in DEEDS
        ]
        firmware = Hit(
            f"Update firmware: {whom}…", group=group, icon="hard-drive-download",
            run=lambda: self._go("stations/firmware"),
        )  # fmt: skip
        template = Hit(
            f"Apply configuration: {whom}…", group=group, icon="sliders-horizontal",
            run=lambda: self._go("stations/configuration"),
        )  # fmt: skip
        return (*deeds, firmware, template)

    def _open_more(self) -> None:
        menu = QMenu(self)
        for text, run in self.entries():
            action = QAction(text, menu)
            action.triggered.connect(lambda _=False, run=run: run())
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        size = menu.sizeHint()
        menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()) - QPoint(0, size.height() + px(4)))

    def _go(self, route: str) -> None:
        self._workspace.go(route, "stations:" + ",".join(self._ticks))

    def export(self) -> None:
        """Ask where, then write what is known of the ticked stations."""
        ask_where(self.window(), "Export stations", "stations.csv", TABLE, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the ticked stations to `path` as CSV."""
        self._workspace.bridge.query(
            "stations/export",
            export_stations,
            frozenset(self._ticks),
            self._workspace.now_ms(),
            path,
            done=lambda written: self._workspace.toast(f"{count(written, 'station')} written to {path}"),
            failed=self._workspace.toast,
        )


def export_stations(connection: Any, wanted: frozenset[str], now_ms: int, path: Path) -> int:
    """Write these stations to `path`; how many. Raises ForecourtError."""
    export = EXPORTS["stations"]
    rows: Iterator[Row] = (row for row in export.rows(connection, Asked(now_ms)) if row[0] in wanted)
    return to_file(path, "csv", export.columns, rows)
