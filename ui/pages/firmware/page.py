"""Stations, firmware: versions by model at the left, the stations of the chosen ones with their updates."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.records import CommandRecord
from ui.desk import newest_commands
from ui.models.firmware import (
    ModelRow,
    Row,
    UpdateRow,
    VersionRow,
    update_columns,
    update_rows,
    version_columns,
    version_rows,
)
from ui.models.row_model import RowModel
from ui.pages.base import LivePage
from ui.pages.firmware.sheet import FirmwareSheet
from ui.pages.stations.selection import Ticks
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count, number
from ui.theme.theme import px
from ui.widgets.batch_bar import Batches
from ui.widgets.buttons import Button
from ui.widgets.connect_first import ConnectFirst
from ui.widgets.labels import Label
from ui.widgets.panel import Panel, Rule
from ui.widgets.row_table import RowTable

READ = 1_000


class FirmwarePage(LivePage):
    """Two tables and the work under way."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.ticks = Ticks(self)
        self._due = True
        self._filter: tuple[str, ...] = ()
        self.versions: RowModel[Row] = RowModel(
            version_columns(), lambda row: row.key, self,
            heading=lambda row: False if isinstance(row, ModelRow) else None,
        )  # fmt: skip
        self.version_table = RowTable(self.versions, "Firmware versions")
        self.stations: RowModel[UpdateRow] = RowModel(update_columns(self.ticks), lambda row: row.key, self)
        self.stations.accented = lambda key: key in self.ticks
        self.table = RowTable(self.stations, "Stations with this firmware")
        self.table.ticks = True
        self.batches = Batches(workspace, "Firmware")
        self.update_button = Button("Update firmware…", "primary", "hard-drive-download")
        self._panel = Panel("Stations")
        self._foot = Label("", "small", "text2")
        self._lay_out()
        self.version_table.moved.connect(lambda _key: self._show_stations())
        self.table.tick_asked.connect(lambda key: self.ticks.turn(self._keys(key)))
        self.table.tick_on_asked.connect(lambda key: self.ticks.set(self._keys(key), True))
        self.table.opened.connect(lambda key: workspace.go("stations/station", key))
        self.ticks.changed.connect(self._show_ticks)
        self.update_button.clicked.connect(self.ask_update)
        self.batches.show_asked.connect(lambda batch: workspace.go("stations/commands", f"batch:{batch}"))
        workspace.desk.changed.connect(self._hear)
        self.every(1000, self._show_versions)
        self.every(500, self._show_if_due, ages=True)

    def opened(self, argument: str) -> None:
        self._filter = ()
        self.refresh()
        self.ask()
        if argument.startswith("stations:"):
            self._filter = tuple(filter(None, argument[9:].split(",")))
            self.ticks.clear()
            self.ticks.set(self._filter, True)
            self._show_stations()
        self.version_table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._mark_first()

    def _mark_first(self) -> None:
        """Mark the version whose stations are listed, where nobody has chosen one."""
        place = self.version_table.currentIndex().row()
        first = next((row for row in self.versions.rows if isinstance(row, VersionRow)), None)
        if first is not None and not self._filter and place <= 0:
            self.version_table.go_to(first.key)

    def closed(self) -> None:
        self.workspace.bridge.drop("firmware/")

    def back(self) -> bool:
        if len(self.ticks) or self._filter:
            self.ticks.clear()
            self._filter = ()
            self._show_stations()
            return True
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("J K", "move"), ("Space", "tick"), ("Shift+J Shift+K", "tick on the way"), ("Enter", "open"))

    def hits(self, text: str) -> Sequence[Hit]:
        if not len(self.ticks):
            return ()
        title = f"Update firmware of {count(len(self.ticks), 'station')}…"
        return (Hit(title, group="Firmware", icon="hard-drive-download", run=self.ask_update),)

    def in_hand(self) -> str:
        return self.table.current_key() or ""

    def ask(self) -> None:
        """Read the newest commands, for the updates among them."""
        self.workspace.bridge.query(
            "firmware/log", newest_commands, READ,
            done=self._know,
            failed=lambda sentence: self.workspace.toast(f"Past updates could not be read: {sentence}"),
        )  # fmt: skip

    def _know(self, records: list[CommandRecord]) -> None:
        self.workspace.desk.know(records)
        self._show_stations()

    def ask_update(self) -> FirmwareSheet | None:
        """Open the sheet of an update for the ticked stations."""
        if not len(self.ticks):
            return None
        host = self.workspace.sheet_host or self.window()
        sheet = FirmwareSheet(host, self.workspace, tuple(self.ticks))
        sheet.begun.connect(lambda _batch: self.ticks.clear())
        sheet.open()
        return sheet

    def _lay_out(self) -> None:
        left = Panel("Versions", "as the stations report them")
        left.body_layout.addWidget(self.version_table)
        left.setMinimumWidth(px(320))
        self._panel.body_layout.addWidget(self.table, 1)
        self._panel.body_layout.addWidget(Rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.addWidget(self._foot, 1)
        foot.addWidget(self.update_button)
        self._panel.body_layout.addLayout(foot)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.batches)
        right.addWidget(self._panel, 1)
        self._work = QWidget()
        row = QHBoxLayout(self._work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(left, 3)
        row.addLayout(right, 6)
        self._first = ConnectFirst(self.workspace, "No charger has told its firmware yet")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addWidget(self._work, 1)
        whole.addWidget(self._first, 1)
        self._first.hide()

    def _show_versions(self) -> None:
        views = self.picture.stations
        self._first.setVisible(not views)
        self._work.setVisible(bool(views))
        if not views:
            self._first.show_server(self.picture.server, self.now_ms())
            return
        self.versions.show(version_rows(views.values()))
        if not self.version_table.currentIndex().isValid():
            self._mark_first()
        self.ticks.keep(views)
        self._show_stations()

    def _hear(self, _changes: object) -> None:
        self._due = True

    def _show_if_due(self) -> None:
        if self._due:
            self._show_stations()

    def _chosen(self) -> tuple[tuple[str, ...], str]:
        """The stations to list, and what they have in common."""
        if self._filter:
            return self._filter, "chosen in the list"
        key: Any = self.version_table.current_key()
        place = self.versions.row_of(key) if key is not None else None
        row = self.versions.rows[place] if place is not None else None
        if isinstance(row, VersionRow):
            return row.stations, f"{row.model}, {row.version}"
        model = row.model if row is not None else None
        members = [
            r for r in self.versions.rows if isinstance(r, VersionRow) and (model is None or r.model == model)
        ]
        return tuple(sorted(s for r in members for s in r.stations)), model or "every model"

    def _show_stations(self) -> None:
        self._due = False
        self.batches.refresh()
        stations, told = self._chosen()
        rows = update_rows(self.picture.stations, stations, self.workspace.desk.commands.values())
        self.stations.show(rows)
        self._panel.set_subtitle(f"{number(len(rows))}, {told}")
        self._show_ticks()

    def _keys(self, key: Any) -> list[str]:
        return [key] if key is not None else [row.view.station for row in self.stations.rows]

    def _show_ticks(self) -> None:
        views = [self.picture.stations[s] for s in self.ticks if s in self.picture.stations]
        running = sum(view.sessions_open for view in views)
        busy = f", {count(running, 'session')} running there" if running else ""
        self._foot.setText(
            f"{number(len(views))} selected{busy}" if views else "Space ticks stations for an update"
        )
        self.update_button.setEnabled(bool(views))
        self.table.show_ticks(self.ticks.state(self._keys(None)))
        self.stations.refresh()
