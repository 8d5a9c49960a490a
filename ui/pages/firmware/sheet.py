"""The sheet of a firmware update: which file, which version it brings, when, and on whom."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.ids import StationId
from app.domain.operations import Operation, UpdateFirmware
from ui.models.bulk import BulkDeed
from ui.shell.page import Workspace
from ui.theme.formats import local
from ui.widgets.bulk_sheet import BulkSheet
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.file_asking import ask_which
from ui.widgets.labels import Label
from ui.widgets.segments import Segments

WEEK_MS = 7 * 86_400_000
"""How long the file stays for a station that fetches it late."""
NIGHT_HOUR = 2
SCHEMES = ("http://", "https://", "ftp://", "ftps://", "sftp://")


class FirmwareSheet(BulkSheet):
    """Asks for the firmware, then goes on as every work on many stations does."""

    def __init__(self, host: QWidget, workspace: Workspace, stations: Sequence[str]) -> None:
        self._path: Path | None = None
        self._part = QWidget()
        self.source = Segments((("file", "A file on this machine"), ("url", "An address")), "From")
        self.choose = Button("Choose file…", icon="folder-open")
        self._chosen = Label("none chosen", "small", "text3")
        self.url = TextField("Address of the firmware", "", "https://", mono=True)
        self.version = TextField("Version it brings", "", "As the station will report it", mono=True)
        self.when = Segments((("now", "Now"), ("night", "Tonight 02:00")), "Install")
        self._fill()
        text = (
            "Each station fetches the firmware, installs it and restarts; most wait until no session runs. "
            "It is proved when the station has booted and reports this version."
        )
        deed = BulkDeed(
            "firmware", "Update firmware", "Update", "hard-drive-download", {"": text}, self._operation,
            prepare=self._serve,
        )  # fmt: skip
        super().__init__(host, workspace, deed, stations)
        self.body_layout.insertWidget(0, self._part)
        self.source.chosen.connect(lambda _key: self._show_source())
        self.choose.clicked.connect(self._ask_file)
        self.url.textChanged.connect(lambda _text: self._allow())
        self.version.textChanged.connect(lambda _text: self._allow())
        self._show_source()
        self.set_focus_on(self.choose)

    @property
    def title(self) -> str:
        """ "Firmware 4.2.3"."""
        return f"Firmware {self.version.text().strip()}".strip()

    def _fill(self) -> None:
        column = QVBoxLayout(self._part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._file_row = QWidget()
        row = QHBoxLayout(self._file_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.choose)
        row.addWidget(self._chosen, 1)
        for widget in (
            self.source, self._file_row, self.url, Label("Version it brings", "small", "text3"), self.version,
            self.when,
        ):  # fmt: skip
            column.addWidget(widget)

    def _show_source(self) -> None:
        self._file_row.setVisible(self.source.value == "file")
        self.url.setVisible(self.source.value == "url")
        self._allow()
        self.relayout()

    def _ask_file(self) -> None:
        ask_which(self.window(), "Choose the firmware", "", self.take_file)

    def take_file(self, path: Path) -> None:
        """Use this file; a version in its name is proposed."""
        self._path = path
        self._chosen.setText(path.name)
        self._allow()

    def missing(self) -> str:
        if self.source.value == "file" and self._path is None:
            return "Choose the firmware file."
        if self.source.value == "url" and not self.url.text().strip().startswith(SCHEMES):
            return "The address begins with http://, https://, ftp:// or sftp://."
        return (
            ""
            if self.version.text().strip()
            else "Say which version it brings: it is what proves the update."
        )

    def _operation(self, _station: str, _way: str) -> Operation:
        when = self._night_ms() if self.when.value == "night" else None
        url = self.url.text().strip() if self.source.value == "url" else ""
        return UpdateFirmware(url, self.version.text().strip(), install_ms=when, retrieve_ms=None)

    def _night_ms(self) -> int:
        now = local(self._workspace.now_ms(), self._workspace.zone)
        night = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
        at = int(night.timestamp() * 1000)
        return at if at > self._workspace.now_ms() else at + 86_400_000

    async def _serve(self, room: Any, station: str, operation: Operation) -> Operation:
        assert isinstance(operation, UpdateFirmware)
        if self._path is None or operation.url:
            return operation
        until = room.clock.now_ms() + WEEK_MS
        url = await room.files.serve_firmware(self._path, StationId(station), until_ms=until)
        return UpdateFirmware(url, operation.version, install_ms=operation.install_ms)
