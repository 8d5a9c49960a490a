"""Stations, the list: what each does now, how it fared, and who waits to be let in."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.analytics import questions
from app.analytics.results import Strip
from app.fleet.views import MessageView
from ui.models.cells import Column
from ui.models.losses import by_place, by_station
from ui.models.row_model import RowModel
from ui.models.station_columns import USUAL, columns, site_uptimes, uptime_cell
from ui.models.station_list import (
    ListRow,
    SiteRow,
    StationFilter,
    UptimeCell,
    kept_order,
    listed,
    site_of,
)
from ui.pages.base import LivePage
from ui.pages.stations.filter_bar import FilterBar
from ui.pages.stations.import_sheet import ImportSheet
from ui.pages.stations.peek import Peek
from ui.pages.stations.selection import BulkBar, Ticks, stations_of, tick_column
from ui.preferences import preferences
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count, number
from ui.theme.theme import px
from ui.widgets import station_deeds
from ui.widgets.buttons import Button
from ui.widgets.connect_first import ConnectFirst
from ui.widgets.labels import Label
from ui.widgets.notices import EmptyState
from ui.widgets.panel import Panel, Rule
from ui.widgets.row_table import RowTable
from ui.widgets.waiting import WaitingPanel

COLUMNS_KEY, GROUP_KEY, SORT_KEY = "stations/columns", "stations/by_site", "stations/sort"
WIDE = 1240
"""From this width on the glance stands beside the list; below, it opens with Space."""
MINUTE_MS = 60_000


class StationsPage(LivePage):
    """The table of stations with filters, a glance at one, and who waits on top."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        saved = preferences()
        self.ticks = Ticks(self)
        self._columns: tuple[Column[ListRow], ...] = (tick_column(self.ticks), *columns(self.now_ms))
        self._by_key = {column.key: column for column in self._columns}
        self._sort: tuple[str, bool] = tuple(saved.get(SORT_KEY, ["loss", True]))
        self._folded: set[str] = set()
        self._strips: dict[str, Strip] = {}
        self._station_uptime: dict[str, UptimeCell] = {}
        self._site_uptime: dict[str, UptimeCell] = {}
        self._strips_at_ms = 0
        self._peek_closed = False
        self._settled: tuple[StationFilter, tuple[str, bool], bool] | None = None
        self._heard: dict[str, list[MessageView]] = {}
        self.bar = FilterBar(self._columns)
        self.bar.by_site.setChecked(bool(saved.get(GROUP_KEY, True)))
        self.waiting = WaitingPanel(self.now_ms)
        self.model: RowModel[ListRow] = RowModel(self._columns, lambda row: row.key, self, heading=_heading)
        self.model.accented = lambda key: key is not None and key[0] == "station" and key[1] in self.ticks
        self.table = RowTable(self.model, "Stations")
        self.table.ticks = True
        self.bulk = BulkBar(workspace, self.ticks)
        self.peek = Peek(workspace)
        self._foot = Label("", "small", "text3")
        self._lay_out()
        self._connect()
        self._show_columns(saved.get(COLUMNS_KEY))
        self.every(1000, self._show_rows)
        self.every(1000, self._age, ages=True)
        self.every(1000, self._show_waiting, ages=True)

    def opened(self, argument: str) -> None:
        self.workspace.bridge.follow_messages(True)
        self._ask_strips()
        if argument.startswith("site:"):
            self.bar.site.set_choices([("", "All"), (argument[5:], argument[5:])], argument[5:])
        elif argument in ("problem", "in use"):
            self.bar.segments.choose("PROBLEM" if argument == "problem" else "IN_USE")
        self.refresh()
        self.title_changed.emit("", "")
        self.table.lend_focus()

    def closed(self) -> None:
        self.workspace.bridge.follow_messages(False)
        self.workspace.bridge.drop("stations/")

    def top_actions(self) -> Sequence[QWidget]:
        bring = Button("Import CSV…", "quiet", "upload")
        bring.clicked.connect(self.import_csv)
        add = Button("Add station", icon="plus")
        add.clicked.connect(self.add_station)
        return (bring, add)

    def focus_filter(self) -> None:
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.selectAll()

    def back(self) -> bool:
        if len(self.ticks):
            self.ticks.clear()
            return True
        if not self._wide() and self.peek.isVisible():
            self._close_peek()
            return True
        if self.bar.wanted != StationFilter():
            self.bar.clear()
            return True
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("J K", "move"),
            ("Enter", "open the station"),
            ("Space", "tick"),
            ("Shift+J Shift+K", "tick on the way"),
            ("P", "a glance at the station"),
            ("C", "commands to the station"),
            ("← →", "fold and unfold a site"),
            ("/", "filter"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.key() == Qt.Key.Key_C and plain and self.in_hand():
            self._peek_closed = False
            self._glance(self.in_hand())
            self.peek.open_commands()
        else:
            super().keyPressEvent(event)

    def hits(self, text: str) -> Sequence[Hit]:
        return (
            *self.bulk.hits(),
            Hit("Add station…", group="Stations", icon="plus", run=self.add_station),
            Hit("Import stations from CSV…", group="Stations", icon="upload", run=self.import_csv),
        )

    def in_hand(self) -> str:
        key = self.table.current_key()
        return key[1] if key is not None and key[0] == "station" else ""

    def add_station(self) -> None:
        """Open the sheet that registers a station."""
        sites = tuple(sorted({view.site for view in self.picture.stations.values() if view.site}))
        station_deeds.add_sheet(self.workspace, sites).open()

    def import_csv(self) -> None:
        """Choose a file, see what it would change, then take it over."""
        ImportSheet.choose(self.workspace)

    def _lay_out(self) -> None:
        table_side = Panel()
        self._empty = EmptyState("search", "No station fits these filters", buttons=(self._clear_button(),))
        self._holder = QWidget()
        self._stack = QStackedLayout(self._holder)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        table_side.body_layout.addWidget(self._holder, 1)
        table_side.body_layout.addWidget(Rule())
        self._foot.setContentsMargins(12, 8, 12, 8)
        table_side.body_layout.addWidget(self._foot)
        table_side.body_layout.addWidget(self.bulk)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(table_side, 1)
        row.addWidget(self.peek)
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.bar)
        column.addWidget(self.waiting)
        column.addLayout(row, 1)
        self._first = ConnectFirst(self.workspace, "No charger has called yet")
        self._work = work
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addWidget(work, 1)
        whole.addWidget(self._first, 1)
        self._first.hide()

    def _clear_button(self) -> Button:
        button = Button("Show all stations")
        button.clicked.connect(self.bar.clear)
        return button

    def _connect(self) -> None:
        self.bar.changed.connect(self._show_rows)
        self.bar.grouped.connect(self._group)
        self.bar.columns_chosen.connect(self._choose_columns)
        self.table.sort_asked.connect(self._sort_by)
        self.table.fold_asked.connect(self._fold)
        self.table.opened.connect(self._open)
        self.table.moved.connect(self._moved)
        self.table.peeked.connect(self._toggle_peek)
        self.table.tick_asked.connect(self._turn_tick)
        self.table.tick_on_asked.connect(lambda key: self.ticks.set(self._stations_of(key), True))
        self.ticks.changed.connect(self._show_ticks)
        self.peek.open_asked.connect(lambda station: self.workspace.go("stations/station", station))
        self.peek.messages_asked.connect(lambda station: self.workspace.go("stations/messages", station))
        self.peek.step_asked.connect(self._step)
        self.peek.close_asked.connect(self._close_peek)
        self.waiting.accepted.connect(lambda station: station_deeds.admit(self.workspace, station))
        self.waiting.refused.connect(lambda s: station_deeds.refuse_sheet(self.workspace, s).open())
        self.waiting.more_asked.connect(lambda: self.workspace.go("onboarding"))
        self.workspace.bridge.heard.connect(self._hear)
        self.workspace.faults.changed.connect(self._faulted)

    def _show_rows(self) -> None:
        views = self.picture.stations
        nobody = not views and not self.picture.waiting
        self._first.setVisible(nobody)
        self._work.setVisible(not nobody)
        if nobody:
            self._first.show_server(self.picture.server, self.now_ms())
            return
        faults = self.workspace.faults.faults.values()
        lost = by_station(faults)
        self.bar.offer(views.values(), lost)
        wanted, grouped = self.bar.wanted, self.bar.by_site.isChecked()
        key, descending = self._sort
        rows = listed(
            views.values(), wanted, self._by_key.get(key, self._columns[0]),
            descending=descending, by_site=grouped, folded=self._folded,
            station_uptime=self._station_uptime, site_uptime=self._site_uptime,
            station_loss=lost, site_loss=by_place(faults, views),
        )  # fmt: skip
        asked = (wanted, self._sort, grouped)
        before = list(self.model.keys)
        if self._settled == asked and self.table.in_hand and {row.key for row in rows} == set(before):
            rows = kept_order(rows, before)
        # Until it is known what faults cost, an order by it is none to keep.
        self._settled = asked if self.workspace.faults.priced else None
        self.model.show(rows)
        self.table.show_sort(key, descending)
        shown = sum(1 for row in rows if not isinstance(row, SiteRow))
        folded = sum(row.stations for row in rows if isinstance(row, SiteRow) and row.folded)
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        self._foot.setText(self._foot_text(shown + folded, len(views)))
        if self.now_ms() - self._strips_at_ms > MINUTE_MS:
            self._ask_strips()

    def _faulted(self, _changes: object) -> None:
        self.due()

    def _age(self) -> None:
        """Seconds passed: ages in view and the glance, nothing else."""
        self.ticks.keep(self.picture.stations)
        self.bulk.show_ticks()
        self.model.refresh()
        self._keep_peek()

    def _foot_text(self, shown: int, known: int) -> str:
        missing = sum(1 for station in self.picture.stations if station not in self._station_uptime)
        partial = (
            f" · uptime still to come for {count(missing, 'station')}" if missing and self._strips else ""
        )
        if shown == known:
            return f"{count(known, 'station')}{partial}"
        return f"{number(shown)} of {count(known, 'station')} shown{partial}"

    def _show_waiting(self) -> None:
        self.waiting.show_waiting(self.picture.waiting, self.zone)

    def _ask_strips(self) -> None:
        self._strips_at_ms = self.now_ms()
        self.workspace.bridge.query(
            "stations/strips",
            questions.strips,
            self.now_ms(),
            self.zone.key,
            30,
            done=self._take_strips,
            failed=lambda sentence: self.workspace.toast(f"Uptime could not be read: {sentence}"),
        )

    def _take_strips(self, strips: tuple[Strip, ...]) -> None:
        self._strips = {strip.station: strip for strip in strips}
        self._station_uptime = {station: uptime_cell(strip) for station, strip in self._strips.items()}
        sites = {station: site_of(view) for station, view in self.picture.stations.items()}
        self._site_uptime = site_uptimes(self._strips, sites)
        self._show_rows()

    def _stations_of(self, key: tuple[str, str] | None) -> list[str]:
        return stations_of(key, self.picture.stations.values(), self.model.rows)

    def _turn_tick(self, key: tuple[str, str] | None) -> None:
        self.ticks.turn(self._stations_of(key))

    def _show_ticks(self) -> None:
        """Boxes, title, bar: after ticks or the ticked stations changed."""
        self._foot.setVisible(not len(self.ticks))
        self.table.show_ticks(self.ticks.state(self._stations_of(None)))
        self.model.refresh()

    def _sort_by(self, key: str, descending: bool) -> None:
        self._sort = (key, descending)
        preferences().put(SORT_KEY, [key, descending])
        self._show_rows()

    def _group(self, on: bool) -> None:
        preferences().put(GROUP_KEY, on)
        self._show_columns(preferences().get(COLUMNS_KEY))
        self._show_rows()

    def _choose_columns(self, keys: list[str] | None) -> None:
        preferences().put(COLUMNS_KEY, keys)
        self._show_columns(keys)

    def _show_columns(self, keys: list[str] | None) -> None:
        grouped = self.bar.by_site.isChecked()
        usual = USUAL if grouped else (*USUAL[:2], "site", *USUAL[2:])
        self.table.usual_columns(usual)
        self.table.choose_columns(keys)
        self.bar.mark_columns(keys if keys is not None else usual)

    def _fold(self, key: tuple[str, str], fold: bool) -> None:
        site = key[1]
        self._folded = self._folded | {site} if fold else self._folded - {site}
        self._settled = None
        self._show_rows()
        self.table.go_to(key)

    def _open(self, key: tuple[str, str] | None) -> None:
        if key is not None and key[0] == "station":
            self.workspace.go("stations/station", key[1])

    def _moved(self, key: tuple[str, str] | None) -> None:
        if key is not None and key[0] == "station" and (self._wide() or self.peek.isVisible()):
            self._glance(key[1])

    def _toggle_peek(self, key: tuple[str, str] | None) -> None:
        if key is None or key[0] != "station":
            return
        if self.peek.isVisible() and self.peek.station == key[1]:
            self._close_peek()
        else:
            self._peek_closed = False
            self._glance(key[1])

    def _glance(self, station: str) -> None:
        view = self.picture.stations.get(station)
        if view is None or (self._peek_closed and self._wide()):
            return
        self.peek.show_station(view)
        self.peek.show_messages(self._heard.get(station, []))
        self.peek.show()

    def _keep_peek(self) -> None:
        """Keep the glance current; on a wide window it shows the first station by itself."""
        view = self.picture.stations.get(self.peek.station)
        if view is not None and self.peek.isVisibleTo(self):
            self.peek.show_station(view)
            self.peek.show_messages(self._heard.get(view.station, []))
        elif self._wide() and not self._peek_closed:
            first = next((row for row in self.model.rows if not isinstance(row, SiteRow)), None)
            if first is None or not self.table.go_to(first.key):
                self.peek.hide()
        else:
            self.peek.hide()

    def _close_peek(self) -> None:
        self._peek_closed = True
        self.peek.hide()
        self.table.setFocus()

    def _step(self, by: int) -> None:
        self.table.step(by)

    def _wide(self) -> bool:
        return self.width() >= px(WIDE)

    def _hear(self, views: tuple[MessageView, ...]) -> None:
        for view in views:
            known = self._heard.setdefault(view.station, [])
            known.append(view)
            del known[:-8]


def _heading(row: ListRow) -> bool | None:
    return row.folded if isinstance(row, SiteRow) else None
