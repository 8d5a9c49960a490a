"""The right side of a station's page: its commands, and its command log, live."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.analytics import care, questions
from app.analytics.care import CommandPage
from app.domain.operations import ENDED, CommandState
from app.domain.records import CommandRecord, FileRecord, NoticeRecord
from app.domain.status import LinkState
from app.fleet.views import StationView
from ui.models.command_fields import Facts
from ui.models.command_kinds import Kind, kind_of, kinds, note_of, would_cut
from ui.models.firmware_steps import progress
from ui.shell.page import Hit, Workspace
from ui.theme.formats import size_text
from ui.widgets.buttons import IconButton
from ui.widgets.command_export import export_commands
from ui.widgets.command_log import CommandLog
from ui.widgets.command_rows import CommandRows, Offer
from ui.widgets.command_sheet import CommandSheet
from ui.widgets.file_asking import TABLE, ask_where
from ui.widgets.labels import KeyHint, Label
from ui.widgets.panel import Panel, Rule

PROGRESS_MS = 2_000
CAN_MS = 30_000
OPEN_STATES = frozenset(CommandState) - ENDED


class Hands(QWidget):
    """Commands above, their log below."""

    changed = Signal()
    """A command of this station changed: what is shown from them is to be read again."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.station = ""
        self._view: StationView | None = None
        self._cannot: dict[str, str] = {}
        self._asked_can: tuple[str, str, LinkState] | None = None
        self._transactions: dict[int, str] = {}
        self._files: tuple[FileRecord, ...] = ()
        self._firmware: tuple[NoticeRecord, ...] = ()
        self._kinds = kinds()
        self.rows = CommandRows()
        self.rows.asked.connect(lambda key: self.open(key))
        self.log = CommandLog(workspace)
        self.log.share_of = self._share
        self.log.cancel_asked.connect(self._cancel)
        self.log.older_asked.connect(self._ask_older)
        self.commands_panel = Panel("Commands")
        self.commands_panel.add_action(KeyHint("C"))
        self.commands_panel.body_layout.addWidget(self.rows, 1)
        self.commands_panel.body_layout.addWidget(Rule())
        foot = Label("Each asks once and says what it will do.", "caption", "text3")
        foot.setContentsMargins(14, 5, 14, 5)
        self.commands_panel.body_layout.addWidget(foot)
        self.log_panel = Panel("Command log")
        save = IconButton("download", "Export the command log")
        save.clicked.connect(self.export)
        self.log_panel.add_action(save)
        self.log_panel.body_layout.addWidget(self.log, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.commands_panel, 6)
        column.addWidget(self.log_panel, 5)
        self._progress = QTimer(self)
        self._progress.setInterval(PROGRESS_MS)
        self._progress.timeout.connect(self._ask_progress)
        self._again = QTimer(self)
        self._again.setInterval(CAN_MS)
        self._again.timeout.connect(self._ask_can)
        workspace.bridge.commanded.connect(self._hear)

    # -- what is shown -------------------------------------------------------------------------

    def show_station(self, station: str) -> None:
        """Show another station's."""
        self.station, self._view = station, None
        self._cannot, self._asked_can, self._transactions = {}, None, {}
        self._files, self._firmware = (), ()
        self.log.clear()
        self.ask()

    def ask(self) -> None:
        """Read the log anew (the page came into view)."""
        if self.station:
            self._workspace.bridge.query(
                "station/commands", care.station_commands, self.station,
                done=self._take, failed=lambda sentence: self.log.say(f"Could not be read: {sentence}"),
            )  # fmt: skip
            self._again.start()

    def stop(self) -> None:
        """Ask no more."""
        self._progress.stop()
        self._again.stop()

    def show_live(self, view: StationView) -> None:
        """Show what each command would mean now."""
        self._view = view
        known = (view.station, view.version, view.link)
        if known != self._asked_can:
            self._asked_can = known
            self._ask_can()
        self._learn_transactions(view)
        offers = [
            Offer(
                kind,
                note_of(kind, view),
                self._cannot.get(kind.operation, ""),
                would_cut(kind, view),
            )
            for kind in self._kinds
        ]
        self.rows.show_offers(offers)
        self.log.refresh()

    @property
    def records(self) -> Sequence[CommandRecord]:
        """The commands in view, newest first."""
        return self.log.records

    def facts(self) -> Facts | None:
        """What a command may know now; None while the station is not known."""
        if self._view is None:
            return None
        workspace = self._workspace
        return Facts(self._view, workspace.now_ms(), workspace.zone, self._transactions)

    def reason(self, operation: str) -> str:
        """Why the station cannot do it; "" where it can."""
        return self._cannot.get(operation, "")

    # -- commands ------------------------------------------------------------------------------

    def open(self, key: str, preset: Mapping[str, str] | None = None) -> CommandSheet | None:
        """Open the sheet of a command; None where it cannot be given."""
        return self.open_kind(kind_of(key), preset)

    def open_kind(self, kind: Kind, preset: Mapping[str, str] | None = None) -> CommandSheet | None:
        """Open a command's sheet, also of one that is no row here."""
        facts = self.facts()
        if facts is None:
            return None
        reason = self.reason(kind.operation)
        if reason:
            self._workspace.toast(reason)
            return None
        sheet = CommandSheet(self._workspace, kind, facts, preset, lambda _number: self.ask())
        sheet.open()
        return sheet

    def hits(self) -> tuple[Hit, ...]:
        """The commands that can be given now, for the palette."""
        return tuple(
            Hit(f"{kind.title}…", self.station, f"On {self.station}", kind.icon,
                run=lambda key=kind.key: self.open(key))  # type: ignore[misc]
            for kind in self._kinds
            if not self.reason(kind.operation)
        )  # fmt: skip

    def focus_commands(self) -> None:
        """The C key: onto the first command."""
        self.rows.focus_first()

    def _cancel(self, command: int) -> None:
        by = self._workspace.bridge.operator

        async def cancel(room: Any) -> None:
            await room.desk.cancel(command, by, "")

        self._workspace.bridge.run(
            cancel,
            done=lambda _: self._workspace.toast("Taken back; it was never sent."),
            failed=self._workspace.toast,
        )

    # -- what is told --------------------------------------------------------------------------

    def _take(self, page: CommandPage) -> None:
        if page.station == self.station:
            self.log.add(page.commands, more=page.more)
            self._watch()
            self.changed.emit()

    def _ask_older(self) -> None:
        oldest = min((record.asked_ms for record in self.log.records), default=None)
        self._workspace.bridge.query(
            "station/commands-older", care.station_commands, self.station, oldest,
            done=self._take, failed=self._workspace.toast,
        )  # fmt: skip

    def _hear(self, changes: Any) -> None:
        mine = [record for record in changes.commands if record.station == self.station]
        if mine:
            self.log.add(mine)
            self._watch()
            self.changed.emit()

    def _watch(self) -> None:
        """Follow uploads and updates while one is under way."""
        moving = any(
            record.operation in ("FetchLog", "UpdateFirmware") and record.outcome in OPEN_STATES
            for record in self.log.records
        )
        if moving and not self._progress.isActive():
            self._ask_progress()
            self._progress.start()
        elif not moving:
            self._progress.stop()

    def _ask_progress(self) -> None:
        bridge = self._workspace.bridge
        bridge.query(
            "station/progress-files", care.station_files, self.station, 20,
            done=self._take_files, failed=self._workspace.toast,
        )  # fmt: skip
        bridge.query(
            "station/progress-firmware", care.station_notices, self.station, "firmware", 20,
            done=self._take_firmware, failed=self._workspace.toast,
        )  # fmt: skip

    def _take_files(self, files: tuple[FileRecord, ...]) -> None:
        self._files = files
        self.log.refresh()

    def _take_firmware(self, notices: tuple[NoticeRecord, ...]) -> None:
        self._firmware = notices
        self.log.refresh()

    def _share(self, record: CommandRecord) -> tuple[float | None, str] | None:
        if record.outcome != CommandState.ACCEPTED:
            return None
        if record.operation == "FetchLog":
            for file in self._files:
                if file.command == record.command and file.state == "receiving":
                    return None, f"Uploading, {size_text(file.bytes)} here"
            return None, "Waits for the upload"
        if record.operation == "UpdateFirmware":
            return progress(self._firmware, record.asked_ms) or (None, "Waits for word of it")
        return None

    def _ask_can(self) -> None:
        station, names = self.station, sorted({kind.operation for kind in self._kinds})

        async def can(room: Any) -> dict[str, str]:
            desk = getattr(room, "desk", None)
            if desk is None:
                return {}
            return {name: desk.can(station, name) for name in names}

        def take(found: dict[str, str] | None) -> None:
            if station == self.station and found is not None:
                self._cannot = {name: reason for name, reason in found.items() if reason}
                if self._view is not None:
                    self.show_live(self._view)

        def failed(sentence: str) -> None:
            self._cannot = dict.fromkeys(names, sentence)

        self._workspace.bridge.run(can, done=take, failed=failed, key="station/can")

    def _learn_transactions(self, view: StationView) -> None:
        """What the station calls its running sessions; asked once for each."""
        for plug in view.connectors:
            number = plug.session
            if number is not None and number not in self._transactions:
                self._transactions[number] = ""
                self._workspace.bridge.query(
                    f"station/transaction/{number}", questions.session_detail, number,
                    done=lambda detail, number=number: self._take_detail(number, detail),
                    failed=lambda _sentence, number=number: self._transactions.pop(number, None),
                )  # fmt: skip

    def _take_detail(self, number: int, detail: Any) -> None:
        transaction = str(detail.line.session.transaction) if detail is not None else ""
        if transaction:
            self._transactions[number] = transaction
        else:
            self._transactions.pop(number, None)

    # -- export --------------------------------------------------------------------------------

    def export(self) -> None:
        """Ask for a file and write the whole log of the station there."""
        name = f"{self.station}-commands.csv"
        ask_where(self.window(), "Export the command log", name, TABLE, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write every command of the station, oldest first."""
        export_commands(self._workspace, self.station, path)

    def minimum_height(self) -> int:
        """What both panels need to be of use."""
        return self.commands_panel.minimumSizeHint().height() * 2

    def focusInEvent(self, event: Any) -> None:
        self.rows.setFocus(Qt.FocusReason.TabFocusReason)
