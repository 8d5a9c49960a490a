"""A station's settings: read, searched, compared with its template, changed with proof."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.analytics import care
from app.domain.operations import ENDED, CommandState, ReadConfiguration, Wish, WriteConfiguration
from app.domain.records import VariableRecord
from app.operations.configuration.naming import Key, key_of_record
from app.operations.configuration.values import equal
from ui.models.command_kinds import Kind
from ui.models.command_settings import Setting, found, grouped, is_there, setting
from ui.models.row_model import RowModel
from ui.models.settings_columns import columns
from ui.pages.station.hands import Hands
from ui.pages.station.tab import DeviceTab
from ui.shell.page import Workspace
from ui.theme.formats import age, count
from ui.widgets.buttons import Button, IconButton
from ui.widgets.command_sheet import CommandSheet, asking
from ui.widgets.fields import SearchField
from ui.widgets.file_asking import TABLE, ask_where, ask_which
from ui.widgets.notices import EmptyState, LoadingBlocks
from ui.widgets.panel import Panel
from ui.widgets.row_table import RowTable
from ui.widgets.segments import Segments
from ui.widgets.setting_editor import SettingEditor
from ui.widgets.settings_file import read_settings, read_wanted, write_settings

ONCE_MORE_MS = 1_000
TOUCHING = ("ReadConfiguration", "WriteConfiguration")
SHOW = (("all", "All"), ("differs", "Differing"), ("changed", "Changed"))


class SettingsTab(DeviceTab):
    """The table, and the chosen setting below it."""

    def __init__(self, workspace: Workspace, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(workspace, hands, parent)
        self._records: dict[Key, VariableRecord] = {}
        self._wanted: Mapping[Key, str] = {}
        self._template = ""
        self._drafts: dict[Key, str] = {}
        self._results: dict[Key, str] = {}
        self._writing: dict[int, dict[Key, str]] = {}
        self._folded: frozenset[str] = frozenset()
        self._known = False
        self._once_more = QTimer(self)
        self._once_more.setSingleShot(True)
        self._once_more.setInterval(ONCE_MORE_MS)
        self._once_more.timeout.connect(lambda: self.ask() if self.isVisible() else None)
        self.search = SearchField("Search settings")
        self.search.text_changed.connect(lambda _text: self._show())
        self.show_what = Segments(SHOW, "Show")
        self.show_what.chosen.connect(lambda _key: self._show())
        self.read = Button("Read all", icon="refresh-cw")
        self.read.clicked.connect(self.read_all)
        self.write = Button("Write changes…", "primary")
        self.write.clicked.connect(self.ask_write)
        save = IconButton("download", "Export these settings as CSV or TOML")
        save.clicked.connect(self.export_view)
        self.model: RowModel[Setting] = RowModel(
            columns(workspace.now_ms, workspace.zone), lambda row: row.key, self,
            heading=lambda row: row.folded if row.heading else None,
        )  # fmt: skip
        self.table = RowTable(self.model, "Settings of the station")
        self.table.usual_columns(("wanted", "read"))
        self.table.moved.connect(lambda _key: self._show_chosen())
        self.table.fold_asked.connect(self._fold)
        self.editor = SettingEditor(workspace.zone)
        self.editor.changed.connect(self.change)
        self.table.opened.connect(lambda _key: self.editor.start())
        self.editor.dropped.connect(self.take_back)
        again = Button("Read all settings", "primary", "refresh-cw")
        again.clicked.connect(self.read_all)
        self._empty = EmptyState(
            "sliders-horizontal", "Its settings were never read",
            "Reading them changes nothing at the station.", (again,),
        )  # fmt: skip
        self._waiting = LoadingBlocks()
        self._stack = QStackedWidget()
        for widget in (self.table, self._empty, self._waiting):
            self._stack.addWidget(widget)
        self.panel = Panel("Configuration")
        load = IconButton("folder-open", "Load values from a file, to be written")
        load.clicked.connect(self.load)
        for action in (load, save, self.read, self.write):
            self.panel.add_action(action)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 8, 12, 8)
        bar.setSpacing(8)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.show_what)
        self.panel.body_layout.addLayout(bar)
        self.panel.body_layout.addWidget(self._stack, 1)
        self.panel.body_layout.addWidget(self.editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)

    # -- what is shown -------------------------------------------------------------------------

    def reset(self) -> None:
        self._records, self._wanted, self._template = {}, {}, ""
        self._drafts, self._results, self._writing = {}, {}, {}
        self._known = False
        self.model.show([])
        self.editor.show_row(None)

    def ask(self) -> None:
        if not self._known:
            self._stack.setCurrentWidget(self._waiting)
            self._waiting.start()
        bridge = self.workspace.bridge
        bridge.query(
            "station/settings", care.station_settings, self.station,
            done=self._take, failed=self._failed,
        )  # fmt: skip
        bridge.run(
            read_wanted(self.station), done=self._take_wanted, failed=self.workspace.toast,
            key="station/template",
        )  # fmt: skip
        self._see_results()

    def _commands_changed(self) -> None:
        """A reading's values are kept just after its command has ended: look once more then."""
        super()._commands_changed()
        if self.isVisible() and any(r.operation in TOUCHING for r in self.hands.records[:5]):
            self._once_more.start()

    def _failed(self, sentence: str) -> None:
        self._waiting.stop()
        self._empty.say("The settings could not be read from history", sentence)
        self._stack.setCurrentWidget(self._empty)

    def _take(self, records: tuple[VariableRecord, ...]) -> None:
        self._waiting.stop()
        self._known = True
        self._records = {key_of_record(record): record for record in records if is_there(record)}
        self._see_results()
        self._show()

    def _take_wanted(self, told: tuple[str, Mapping[Key, str]] | None) -> None:
        if told is not None:
            self._template, self._wanted = told
            self._show()

    def rows(self) -> list[Setting]:
        """Every setting, as a row."""
        return [
            setting(record, self._wanted.get(key), self._drafts.get(key), self._results.get(key, ""))
            for key, record in self._records.items()
        ]

    def _show(self) -> None:
        rows = self.rows()
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        if not rows and self._known:
            self._empty.say(
                "Its settings were never read", self.hands.reason("ReadConfiguration")
                or "Reading them changes nothing at the station.",
            )  # fmt: skip
        self.model.show(grouped(found(rows, self.search.text(), self.show_what.value), self._folded))
        differing = sum(1 for row in rows if row.differs)
        self.show_what.set_text("differs", f"Differing {differing}" if differing else "Differing")
        drafts = len(self._drafts)
        self.show_what.set_text("changed", f"Changed {drafts}" if drafts else "Changed")
        self.write.setEnabled(bool(drafts))
        self.write.set_text(f"Write {count(drafts, 'change')}…" if drafts else "Write changes…")
        self._say(rows)
        self._show_chosen()

    def _say(self, rows: list[Setting]) -> None:
        read_ms = max((row.read_ms for row in rows), default=0)
        now, zone = self.workspace.now_ms(), self.workspace.zone
        parts = [count(len(rows), "setting"), f"read {age(read_ms, now, zone)}"] if rows else []
        if self._template:
            parts.append(f"against {self._template}")
        self.panel.set_subtitle(", ".join(parts))

    def _show_chosen(self) -> None:
        key = self.table.current_key()
        row = next((row for row in self.model.rows if row.key == key), None)
        self.editor.show_row(row, self.workspace.now_ms())

    def _fold(self, key: Any, fold: bool) -> None:
        self._folded = self._folded | {key[0]} if fold else self._folded - {key[0]}
        self._show()

    def live(self, view: Any) -> None:
        reason = self.hands.reason("ReadConfiguration")
        self.read.setEnabled(not reason)
        self.read.setToolTip(reason)

    # -- reading and writing -------------------------------------------------------------------

    def read_all(self) -> None:
        """Ask the station for all its settings; nothing changes there, so nothing is asked before."""
        wish = Wish(self.station, ReadConfiguration(), self.workspace.bridge.operator)
        self.workspace.bridge.run(
            asking(wish),
            done=lambda _: self.workspace.toast(f"{self.station} is asked for its settings."),
            failed=self.workspace.toast,
        )

    def change(self, key: Key, value: str) -> None:
        """Put a new value among those to be written."""
        record = self._records.get(key)
        self._results.pop(key, None)
        if record is not None and record.value == value:
            self._drafts.pop(key, None)
        else:
            self._drafts[key] = value
        self._show()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_back(self, key: Key) -> None:
        """Leave a setting as it is."""
        self._drafts.pop(key, None)
        self._show()

    def ask_write(self) -> CommandSheet | None:
        """The sheet that shows every change before it is written."""
        drafts = dict(self._drafts)
        if not drafts:
            return None
        by_key = {row.key: row for row in self.rows()}
        values = tuple((by_key[key].variable, value) for key, value in drafts.items())
        preview = tuple((by_key[key].name, f"{by_key[key].shown} → {value}") for key, value in drafts.items())
        kind = Kind(
            "write", f"Write {count(len(values), 'setting')}", "pencil", "data", "WriteConfiguration",
            "Write",
            "Each is written, then read back; it counts as done when the value read is the value written. "
            "The old values are kept in the log and can be put back.",
            lambda _values, _facts: WriteConfiguration(values), preview=preview,
        )  # fmt: skip
        sheet = self.hands.open_kind(kind)
        if sheet is not None:
            sheet.finished.connect(lambda result: self._sent(result, drafts))
        return sheet

    def _sent(self, result: Any, drafts: dict[Key, str]) -> None:
        if isinstance(result, int) and not isinstance(result, bool):
            self._writing[result] = drafts
            self._drafts = {k: v for k, v in self._drafts.items() if drafts.get(k) != v}
            self._results.update(dict.fromkeys(drafts, "Being written"))
            self._show()

    def _see_results(self) -> None:
        """What came of what was written: equal where the value read back is the value written."""
        for record in self.hands.records:
            drafts = self._writing.get(record.command)
            if drafts is None:
                continue
            ended = record.outcome in ENDED
            for key, value in drafts.items():
                read = self._records.get(key)
                fresh = read is not None and read.read_ms >= (record.sent_ms or record.asked_ms)
                kind = setting(read, None, None, "").kind if read is not None else "text"
                if fresh and read is not None and read.value is not None and equal(kind, value, read.value):
                    self._results[key] = "equal"
                elif ended:
                    self._results[key] = _why_not(record.outcome, read.value if fresh and read else None)

    # -- the rest ------------------------------------------------------------------------------

    def focus_filter(self) -> bool:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def export_view(self) -> bool:
        name = f"{self.station}-settings.csv"
        ask_where(self.window(), "Export the settings", name, f"{TABLE};;TOML (*.toml)", self.export_to)
        return True

    def load(self) -> None:
        """Ask for a file whose values are then among those to be written."""
        ask_which(self.window(), "Load settings", "Settings (*.csv *.toml)", self.load_from)

    def load_from(self, path: Path) -> None:
        """Take the values of a file that differ from those read; nothing is written yet."""
        version = self.view.version if self.view is not None else ""
        self.workspace.bridge.work(
            read_settings, path, version, done=self._loaded, failed=self.workspace.toast
        )

    def _loaded(self, wanted: Mapping[Key, str]) -> None:
        rows = {row.key: row for row in self.rows()}
        taken = 0
        for key, value in wanted.items():
            row = rows.get(key)
            if row is None or row.readonly or row.value is None or equal(row.kind, value, row.value):
                continue
            self._drafts[key] = value
            taken += 1
        unknown = sum(1 for key in wanted if key not in rows)
        left = f"; {count(unknown, 'setting')} of it are not known here" if unknown else ""
        self.workspace.toast(f"{count(taken, 'value')} of the file differ and can be written{left}.")
        self._show()

    def export_to(self, path: Path) -> None:
        """Write the settings in view: a table for .csv, else TOML that can be loaded again."""
        rows = [self._records[row.key] for row in self.model.rows if not row.heading]
        self.workspace.bridge.work(
            write_settings, self.station, rows, path,
            done=lambda written: self.workspace.toast(f"{count(written, 'setting')} written to {path}"),
            failed=self.workspace.toast,
        )  # fmt: skip


def _why_not(outcome: str, value: str | None) -> str:
    if value is not None:
        return f"Still {value}"
    return {
        CommandState.REFUSED: "Refused",
        CommandState.TIMED_OUT: "No answer",
        CommandState.CANCELLED: "Taken back",
        CommandState.EXPIRED: "Never sent",
    }.get(CommandState(outcome), "Not read back")
