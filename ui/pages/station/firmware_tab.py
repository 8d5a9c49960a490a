"""A station's firmware: what runs, what an update does now, and which versions ran before."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.analytics import care
from app.analytics.care import Boot
from app.domain.operations import CommandState
from app.domain.records import CommandRecord, NoticeRecord
from app.fleet.views import StationView
from ui.models.cells import Cell, Column, Tone
from ui.models.command_words import command_line
from ui.models.firmware_steps import FAILED, progress, words_of
from ui.models.row_model import RowModel
from ui.pages.station.hands import OPEN_STATES, Hands
from ui.pages.station.tab import DeviceTab
from ui.shell.page import Workspace
from ui.theme import formats
from ui.widgets.buttons import Button
from ui.widgets.command_log import Progress
from ui.widgets.facts import Fact, Facts
from ui.widgets.file_asking import ask_which
from ui.widgets.labels import Label
from ui.widgets.panel import Panel
from ui.widgets.row_table import RowTable


class FirmwareTab(DeviceTab):
    """Now and updates above, history below."""

    def __init__(self, workspace: Workspace, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(workspace, hands, parent)
        self._notices: tuple[NoticeRecord, ...] = ()
        self.facts = Facts("small", 22)
        self.state = Label("", "small", "text2", wrap=True)
        self.bar = Progress()
        self.bar.hide()
        self.from_file = Button("Update from a file…", "primary", "upload")
        self.from_file.clicked.connect(self.choose_file)
        self.from_url = Button("From an address…", icon="globe")
        self.from_url.clicked.connect(lambda: self.hands.open("firmware"))
        self.now = Panel("Firmware")
        for button in (self.from_url, self.from_file):
            self.now.add_action(button)
        inside = QVBoxLayout()
        inside.setContentsMargins(14, 10, 14, 12)
        inside.setSpacing(8)
        for widget in (self.facts, self.bar, self.state):
            inside.addWidget(widget)
        self.now.body_layout.addLayout(inside)
        self.boots: RowModel[tuple[int, Boot, str]] = RowModel(
            _boot_columns(workspace), lambda row: row[0], self
        )
        self.told: RowModel[tuple[int, NoticeRecord]] = RowModel(
            _told_columns(workspace), lambda row: row[0], self
        )
        versions, words = Panel("Versions", "from its boots"), Panel("Reported", "by the station")
        self._boots_table = RowTable(self.boots, "Versions that ran")
        self._told_table = RowTable(self.told, "What was reported of updates")
        self._no_boot = Label("No boot was seen yet.", "small", "text3")
        self._no_word = Label("Nothing was reported of an update.", "small", "text3")
        for panel, table, none in (
            (versions, self._boots_table, self._no_boot),
            (words, self._told_table, self._no_word),
        ):
            none.setContentsMargins(14, 10, 14, 10)
            panel.body_layout.addWidget(table, 1)
            panel.body_layout.addWidget(none)
            panel.body_layout.addStretch(0)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(versions, 1)
        row.addWidget(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        policy = self.now.sizePolicy()
        policy.setVerticalPolicy(policy.Policy.Maximum)
        self.now.setSizePolicy(policy)
        column.addWidget(self.now)
        column.addLayout(row, 1)

    def reset(self) -> None:
        self._notices = ()
        self.boots.show([])
        self.told.show([])

    def ask(self) -> None:
        bridge = self.workspace.bridge
        bridge.query(
            "station/boots", care.station_boots, self.station,
            done=self._take_boots, failed=lambda s: self._no_boot.setText(f"Could not be read: {s}"),
        )  # fmt: skip
        bridge.query(
            "station/firmware", care.station_notices, self.station, "firmware",
            done=self._take_notices, failed=lambda s: self._no_word.setText(f"Could not be read: {s}"),
        )  # fmt: skip
        self._say()

    def live(self, view: StationView) -> None:
        reason = self.hands.reason("UpdateFirmware")
        for button in (self.from_file, self.from_url):
            button.setEnabled(not reason)
            button.setToolTip(reason)
        now, zone = self.workspace.now_ms(), self.workspace.zone
        last = next((boot for _, boot, _ in self.boots.rows), None)
        self.facts.show_facts(
            (
                Fact("Installed", view.firmware or "not told", strong=True),
                Fact("Model", " ".join(part for part in (view.vendor, view.model) if part) or "–"),
                Fact("Last boot", formats.when(last.at_ms, now, zone) if last is not None else "–"),
            )
        )
        self._say()

    def _update(self) -> CommandRecord | None:
        """The newest update that was asked for."""
        return next((r for r in self.hands.records if r.operation == "UpdateFirmware"), None)

    def _say(self) -> None:
        record = self._update()
        self.bar.setVisible(record is not None and record.outcome in OPEN_STATES)
        if record is None:
            self.state.setText("No update was asked for from here.")
            return
        line = command_line(record, self.workspace.now_ms(), self.workspace.zone)
        told = progress(self._notices, record.asked_ms)
        words = f" {told[1]}." if told is not None and record.outcome == CommandState.ACCEPTED else ""
        self.state.setText(
            f"{line.title}: {line.state.lower()}, {line.when} by {line.who}. {line.sentence}{words}"
        )
        self.bar.show_share(told[0] if told is not None else None, words.strip())

    def _take_boots(self, boots: tuple[Boot, ...]) -> None:
        rows = []
        for place, boot in enumerate(boots):
            older = next((b.firmware for b in boots[place + 1 :] if b.firmware), "")
            rows.append((place, boot, older))
        self.boots.show(rows)
        self._boots_table.setVisible(bool(rows))
        self._no_boot.setVisible(not rows)
        if self.view is not None:
            self.live(self.view)

    def _take_notices(self, notices: tuple[NoticeRecord, ...]) -> None:
        self._notices = notices
        self.told.show(list(enumerate(notices)))
        self._told_table.setVisible(bool(notices))
        self._no_word.setVisible(not notices)
        self._say()

    def choose_file(self) -> None:
        """Ask for a firmware file; it is then served to this station alone."""
        ask_which(self.window(), f"Firmware for {self.station}", "", self.serve)

    def serve(self, path: Path) -> None:
        """Give the file an address only this station may fetch from, then open the update's sheet with it."""
        station = self.station

        async def serve(room: Any) -> str:
            return str(await room.files.serve_firmware(path, station))

        self.state.setText(f"{path.name} is being put ready.")
        self.workspace.bridge.run(
            serve,
            done=lambda url: self.hands.open("firmware", {"url": str(url)}),
            failed=self._not_served,
            key="station/serve",
        )

    def _not_served(self, sentence: str) -> None:
        self._say()
        self.workspace.toast(sentence)


def _boot_columns(workspace: Workspace) -> tuple[Column[tuple[int, Boot, str]], ...]:
    def version(row: tuple[int, Boot, str]) -> Cell:
        _, boot, older = row
        if older and boot.firmware and older != boot.firmware:
            return Cell(boot.firmware, f"after {older}", strong=True, icon="arrow-up")
        return Cell(boot.firmware or "–", tone=Tone.QUIET)

    return (
        Column("version", "Version", version, "1.10.12 after 1.10.11", fixed=True, stretch=True, extra_px=20),
        Column("why", "Boot", lambda row: Cell(row[1].reason, tone=Tone.QUIET), "ApplicationReset", yields=1),
        Column("at", "When", lambda row: Cell(
            formats.when(row[1].at_ms, workspace.now_ms(), workspace.zone), tone=Tone.FAINT
        ), f"{formats.WIDEST_DAY} 00:00", right=True, fixed=True),
    )  # fmt: skip


def _told_columns(workspace: Workspace) -> tuple[Column[tuple[int, NoticeRecord]], ...]:
    def words(row: tuple[int, NoticeRecord]) -> Cell:
        name = row[1].name
        return Cell(
            words_of(name), icon="triangle-alert" if name in FAILED else "", strong=name == "Installed"
        )

    return (
        Column("what", "Step", words, "Fetched, signature good", fixed=True, stretch=True, extra_px=20),
        Column("at", "When", lambda row: Cell(
            formats.when(row[1].at_ms, workspace.now_ms(), workspace.zone), tone=Tone.FAINT
        ), f"{formats.WIDEST_DAY} 00:00", right=True, fixed=True),
    )  # fmt: skip
