"""Logs and diagnostics of a station: fetched with one click, kept here, opened and saved from here."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.analytics import care
from app.domain.errors import ForecourtError
from app.domain.file_progress import share_in
from app.domain.operations import FetchLog, Wish
from app.domain.records import FileRecord
from app.domain.status import Shown
from app.fleet.views import StationView
from ui.models.cells import Cell, Column, Tone
from ui.models.row_model import RowModel
from ui.pages.station.hands import Hands
from ui.pages.station.tab import DeviceTab
from ui.shell.page import Workspace
from ui.theme import formats
from ui.widgets.buttons import Button
from ui.widgets.command_sheet import asking
from ui.widgets.file_asking import ask_where
from ui.widgets.notices import EmptyState
from ui.widgets.panel import Panel
from ui.widgets.row_table import RowTable

AGAIN_MS = 2_000
KINDS = {
    "log": "Log", "diagnostics": "Diagnostics", "security-log": "Security log", "firmware": "Firmware",
}  # fmt: skip
STATES = {
    "asked": ("Waits for it", "hourglass"),
    "receiving": ("Coming", "loader"),
    "received": ("Here", "check"),
    "failed": ("Failed", ""),
    "expired": ("Never came", ""),
}


class FilesTab(DeviceTab):
    """A table of files, newest first."""

    def __init__(self, workspace: Workspace, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(workspace, hands, parent)
        self.get = Button("Get diagnostics", "primary", "file-down")
        self.get.clicked.connect(lambda: self.fetch("Diagnostics"))
        self.security = Button("Get security log", icon="shield-alert")
        self.security.clicked.connect(lambda: self.fetch("Security"))
        self.open_button = Button("Open", icon="external-link")
        self.open_button.clicked.connect(self.open_file)
        self.save_button = Button("Save as…", icon="save")
        self.save_button.clicked.connect(self.save_as)
        self.model: RowModel[FileRecord] = RowModel(_columns(workspace), lambda row: row.file, self)
        self.table = RowTable(self.model, "Files of the station")
        self.table.usual_columns(("sha", "note"))
        self.table.moved.connect(lambda _key: self._enable())
        self.table.opened.connect(lambda _key: self.open_file())
        first = Button("Get diagnostics", "primary", "file-down")
        first.clicked.connect(lambda: self.fetch("Diagnostics"))
        self._empty = EmptyState(
            "file-text", "No file of this station yet",
            "A log is uploaded by the station to an address that works once, for this station alone.",
            (first,),
        )  # fmt: skip
        self._first = first
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.panel = Panel("Logs and files")
        for button in (self.open_button, self.save_button, self.security, self.get):
            self.panel.add_action(button)
        self.panel.body_layout.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        self._again = QTimer(self)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(lambda: self.ask() if self.isVisible() else self._again.stop())
        self._stack.setCurrentWidget(self._empty)
        self._enable()

    def reset(self) -> None:
        self.model.show([])
        self._again.stop()
        self._stack.setCurrentWidget(self._empty)
        self._enable()

    def ask(self) -> None:
        self.workspace.bridge.query(
            "station/files", care.station_files, self.station,
            done=self._take, failed=lambda s: self._empty.say("The files could not be read", s),
        )  # fmt: skip

    def live(self, view: StationView) -> None:
        reason = self.hands.reason("FetchLog")
        for button in (self.get, self.security, self._first):
            button.setEnabled(not reason)
            button.setToolTip(reason)

    def _take(self, files: tuple[FileRecord, ...]) -> None:
        self.model.show(files)
        self.model.refresh()
        self._stack.setCurrentWidget(self.table if files else self._empty)
        self.panel.set_subtitle(formats.count(len(files), "file") if files else "")
        moving = any(file.state in ("asked", "receiving") for file in files)
        if moving and not self._again.isActive():
            self._again.start()
        elif not moving:
            self._again.stop()
        self._enable()

    def chosen(self) -> FileRecord | None:
        """The file in focus."""
        key = self.table.current_key()
        return next((file for file in self.model.rows if file.file == key), None)

    def _enable(self) -> None:
        file = self.chosen()
        here = file is not None and file.state == "received" and bool(file.path)
        for button in (self.open_button, self.save_button):
            button.setEnabled(here)
            button.setToolTip("" if here else "Choose a file that is here.")

    def fetch(self, kind: str) -> None:
        """Ask for a log at once: nothing changes at the station, so nothing is asked before."""
        reason = self.hands.reason("FetchLog")
        if reason:
            self.workspace.toast(reason)
            return
        wish = Wish(self.station, FetchLog(kind), self.workspace.bridge.operator)
        self.workspace.bridge.run(
            asking(wish),
            done=lambda _: self.workspace.toast(f"{self.station} is asked for its log; it appears here."),
            failed=self.workspace.toast,
        )

    def _with_path(self, then: Any) -> None:
        file = self.chosen()
        if file is None:
            return

        async def find(room: Any) -> Path | None:
            found = room.files.path_of(file)
            return Path(found) if found is not None else None

        def go(path: Path | None) -> None:
            if path is None:
                self.workspace.toast("The file is no longer kept here.")
            else:
                then(path, file)

        self.workspace.bridge.run(find, done=go, failed=self.workspace.toast)

    def open_file(self) -> None:
        """Open the file with what this machine opens such files with."""

        def opened(path: Path, _file: FileRecord) -> None:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
                self.workspace.toast(f"Nothing on this machine opens {path.name}. Save it instead.")

        self._with_path(opened)

    def save_as(self) -> None:
        """Copy the file to where the person says."""

        def choose(path: Path, file: FileRecord) -> None:
            name = file.name or path.name
            ask_where(self.window(), "Save the file", name, "", partial(self.copy_to, path))

        self._with_path(choose)

    def copy_to(self, path: Path, target: Path) -> None:
        """Copy in a worker, and say so."""
        self.workspace.bridge.work(
            _copy, path, target,
            done=lambda _: self.workspace.toast(f"Saved as {target}"), failed=self.workspace.toast,
        )  # fmt: skip


def _copy(path: Path, target: Path) -> None:
    try:
        shutil.copyfile(path, target)
    except OSError as error:
        raise ForecourtError(f"{target} cannot be written: {error.strerror}.") from error


def _columns(workspace: Workspace) -> tuple[Column[FileRecord], ...]:
    def state(file: FileRecord) -> Cell:
        words, icon = STATES.get(file.state, (file.state, ""))
        bad = file.state in ("failed", "expired")
        share = share_in(file.note) if file.state == "receiving" else None
        if share is not None:
            return Cell(bar=share, spoken=f"{words}, {formats.percent(share, 0)}")
        return Cell(words, icon=icon, shapes=(Shown.DEGRADED,) if bad else ())

    def at(file: FileRecord) -> Cell:
        at_ms = file.received_ms or file.asked_ms
        return Cell(formats.when(at_ms, workspace.now_ms(), workspace.zone), tone=Tone.FAINT)

    def size(file: FileRecord) -> Cell:
        return Cell(formats.size_text(file.bytes) if file.bytes else "–")

    return (
        Column("what", "What", lambda f: Cell(KINDS.get(f.kind, f.kind), strong=True), "Security log",
               fixed=True),
        Column("name", "File", lambda f: Cell(f.name or "–", mono=True), "diagnostics-2026-10-15.zip",
               fixed=True, stretch=True),
        Column("state", "State", state, "Waits for it", fixed=True, extra_px=22),
        Column("size", "Size", size, "999.9 MB", right=True, fixed=True),
        Column("sha", "SHA-256", lambda f: Cell(f"{f.sha256[:12]}…" if f.sha256 else "–", mono=True,
                                              tone=Tone.FAINT), "0123456789ab…", yields=2),
        Column("note", "Note", lambda f: Cell(f.note, tone=Tone.QUIET), "Came in one piece", yields=3),
        Column("at", "When", at, f"{formats.WIDEST_DAY} 00:00", right=True, fixed=True),
    )  # fmt: skip
