"""Stations, the command log: every command to every station, newest first, and work on many stations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.records import CommandRecord
from ui.desk import newest_commands
from ui.models.command_table import SEGMENTS, CommandFilter, columns, fits, listed, meant
from ui.models.command_words import TITLES
from ui.models.row_model import RowModel
from ui.pages.base import LivePage
from ui.pages.commands.detail import CommandDetail
from ui.pages.commands.export import export_commands
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count, number
from ui.theme.theme import px
from ui.widgets.batch_bar import Batches
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.fields import SearchField
from ui.widgets.file_asking import TABLE, ask_where
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Label
from ui.widgets.notices import EmptyState, LoadingBlocks
from ui.widgets.panel import Panel, Rule
from ui.widgets.row_table import RowTable
from ui.widgets.segments import Segments

READ = 2_000
"""Commands read from the log when the page opens; the export writes all of them."""
WIDE = 1240


class CommandsPage(LivePage):
    """Batches on top, the log below, one command at the right."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.field = SearchField("Station, command, person, answer")
        self.segments = Segments(SEGMENTS, "Show")
        self.kind = MenuButton("Command", "Any")
        self.kind.set_choices([("", "Any"), *sorted(TITLES.items(), key=lambda item: item[1])])
        self.batch = MenuButton("Work", "Any")
        self.batch.set_choices([(0, "Any")], 0)
        self.export = Button("Export CSV…", "quiet", "download")
        self.batches = Batches(workspace)
        self.model: RowModel[CommandRecord] = RowModel(
            columns(self.now_ms, lambda: self.zone), lambda record: record.command, self
        )
        self.table = RowTable(self.model, "Commands")
        self.detail = CommandDetail(workspace)
        self.detail.hide()
        self._foot = Label("", "small", "text3")
        self._read = False
        self._failure = ""
        self._lay_out()
        self.field.text_changed.connect(lambda _text: self._show_rows())
        for chooser in (self.segments, self.kind, self.batch):
            chooser.chosen.connect(lambda _key: self._show_rows())
        self.export.clicked.connect(self.export_view)
        self.batches.show_asked.connect(self.show_batch)
        self.table.opened.connect(self._open)
        self.table.moved.connect(
            lambda key: self._open(key) if self.detail.isVisible() or self._wide() else None
        )
        self.detail.step_asked.connect(self.table.step)
        self.detail.close_asked.connect(self._close)
        self.detail.batch_asked.connect(self.show_batch)
        self.detail.station_asked.connect(lambda station: workspace.go("stations/station", station))
        workspace.desk.changed.connect(self._hear)
        self._due = True
        self.every(500, self._show_if_due, ages=True)
        self.every(10_000, self.model.refresh, ages=True)

    def opened(self, argument: str) -> None:
        if argument.startswith("batch:"):
            self.show_batch(int(argument[6:]))
        elif argument == "work" and self.workspace.desk.running():
            self.show_batch(self.workspace.desk.running()[-1].batch)
        elif argument in self.picture.stations:
            self.field.setText(argument)
        self._due = True
        self.refresh()
        self._ask()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.workspace.bridge.drop("commands/")

    def focus_filter(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def back(self) -> bool:
        if self.detail.isVisible() and not self._wide():
            self._close()
            return True
        if self._wanted() != CommandFilter():
            self.field.clear()
            self.segments.choose("all")
            self.kind.set_choices([("", "Any"), *sorted(TITLES.items(), key=lambda item: item[1])], "")
            self._offer_batches(0)
            self._show_rows()
            return True
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("J K", "move"), ("Enter", "open"), ("/", "filter"), ("Ctrl+E", "export"))

    def hits(self, text: str) -> Sequence[Hit]:
        return (Hit("Export the command log…", group="Commands", icon="download", run=self.export_view),)

    def _titled(self, batch: int) -> str:
        record = self.workspace.desk.commands.get(batch)
        return meant(record) if record is not None and record.operation == "Bulk" else f"number {batch}"

    def in_hand(self) -> str:
        record = self.workspace.desk.commands.get(self.table.current_key())
        return str(record.station) if record is not None else ""

    def show_batch(self, batch: int) -> None:
        """Only the commands of one batch (0: of all)."""
        self._offer_batches(batch)
        self._show_rows()

    def export_view(self) -> None:
        ask_where(self.window(), "Export commands", "commands.csv", TABLE, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write every kept command of the filter to `path` as CSV."""
        wanted = self._wanted()
        self.workspace.bridge.query(
            "commands/export",
            export_commands,
            lambda record: fits(record, wanted),
            path,
            done=lambda written: self.workspace.toast(f"{count(written, 'command')} written to {path}"),
            failed=self.workspace.toast,
        )

    def _lay_out(self) -> None:
        tools = QWidget()
        flow = FlowLayout(tools)
        for widget in (self.field, self.segments, self.kind, self.batch):
            flow.addWidget(widget)
        flow.add_right(self.export)
        panel = Panel()
        self._loading = LoadingBlocks()
        self._empty = EmptyState(
            "terminal", "No command yet", "What anybody asks of a station is kept here for ever."
        )
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        for part in (self.table, self._empty, self._loading):
            self._stack.addWidget(part)
        self._foot.setContentsMargins(12, 8, 12, 8)
        panel.body_layout.addWidget(holder, 1)
        panel.body_layout.addWidget(Rule())
        panel.body_layout.addWidget(self._foot)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.batches)
        left.addWidget(panel, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(self.detail)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(12)
        whole.addWidget(tools)
        whole.addLayout(row, 1)

    def _ask(self) -> None:
        if not self.model.rows:
            self._loading.start()
            self._stack.setCurrentWidget(self._loading)
        self.workspace.bridge.query(
            "commands/log", newest_commands, READ, done=self._take_log, failed=self._say_failure
        )

    def _take_log(self, records: list[CommandRecord]) -> None:
        self._read, self._failure = True, ""
        self.workspace.desk.know(records)
        self._show_rows()

    def _say_failure(self, sentence: str) -> None:
        self._read, self._failure = True, sentence
        self._show_rows()

    def _hear(self, _changes: object) -> None:
        self._due = True

    def _show_if_due(self) -> None:
        if self._due:
            self._show_rows()

    def _wanted(self) -> CommandFilter:
        return CommandFilter(
            self.field.text(),
            self.segments.value,
            str(self.kind.value or ""),
            int(str(self.batch.value or 0)),
        )

    def _show_rows(self) -> None:
        self._due = False
        records = self.workspace.desk.commands.values()
        self.batches.refresh()
        self._offer_batches(int(str(self.batch.value or 0)))
        rows = listed(records, self._wanted())
        for key, word in SEGMENTS:
            number_of = sum(1 for record in records if fits(record, CommandFilter(segment=key)))
            self.segments.set_text(key, word if key == "all" else f"{word} {number(number_of)}")
        self.model.show(rows)
        self._loading.stop()
        if rows:
            self._stack.setCurrentWidget(self.table)
        elif self._read:
            self._stack.setCurrentWidget(self._empty)
            self._say_empty()
        self._foot.setText(
            f"{count(len(rows), 'command')}, newest first; the export has all that were ever asked"
        )
        record = self.detail.record
        if record is not None and self.detail.isVisible():
            self.detail.show_record(self.workspace.desk.commands.get(record.command, record))

    def _say_empty(self) -> None:
        if self._failure:
            self._empty.say("The command log could not be read", self._failure)
        elif self._wanted() != CommandFilter():
            self._empty.say("No command fits these filters", "Esc shows all of them.")
        else:
            self._empty.say("No command yet", "What anybody asks of a station is kept here for ever.")

    def _offer_batches(self, chosen: int) -> None:
        known = sorted(self.workspace.desk.batches.values(), key=lambda b: -b.batch)[:20]
        choices: list[tuple[object, str]] = [
            (0, "Any"),
            *((b.batch, f"{b.title}, {count(b.total, 'station')}") for b in known),
        ]
        if chosen and chosen not in {b.batch for b in known}:
            choices.append((chosen, self._titled(chosen)))
        self.batch.set_choices(choices, chosen)

    def _open(self, key: Any) -> None:
        record = self.workspace.desk.commands.get(key) if key is not None else None
        if record is not None:
            self.detail.show_record(record)
            self.detail.show()

    def _close(self) -> None:
        self.detail.hide()
        self.table.setFocus()

    def _wide(self) -> bool:
        return self.width() >= px(WIDE)
