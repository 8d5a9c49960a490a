"""Settings, Assumptions: every rate behind a figure, who set it, and what another value would change."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.analytics import questions
from app.analytics.costs.assumptions import AssumptionSet, known
from app.analytics.costs.kept import rates_of
from app.analytics.days import zone_of
from app.domain.prices import Prices
from app.domain.records import EntryRecord
from ui.models.assumption_rows import ALL, CHANGED, OPEN, RateRow, rate_columns, rate_rows, rates_table
from ui.models.cost_rates import set_words
from ui.models.row_model import RowModel
from ui.pages.assumptions.changes import ChangesSheet
from ui.pages.assumptions.editor import RateEditor
from ui.pages.base import LivePage
from ui.printing.files import write_table
from ui.shell.page import Hit, Workspace
from ui.theme.formats import count, number
from ui.widgets.buttons import Button
from ui.widgets.fields import SearchField
from ui.widgets.file_asking import TABLE, ask_where
from ui.widgets.labels import Label
from ui.widgets.notices import EmptyState, LoadingBlocks
from ui.widgets.panel import Panel, Rule
from ui.widgets.row_table import RowTable
from ui.widgets.segments import Segments


class AssumptionsPage(LivePage):
    """The table with its editor."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.held: AssumptionSet | None = None
        self._wanted = ""
        self._money = "EUR"
        self.model: RowModel[RateRow] = RowModel(
            rate_columns(lambda: workspace.zone, self.currency), lambda row: row.key, self
        )
        self.table = RowTable(self.model, "Assumptions")
        self.editor = RateEditor(workspace, self.currency)
        self.field = SearchField("Find a rate")
        self.segments = Segments(((ALL, "All"), (CHANGED, "Changed"), (OPEN, "Not entered")), "Show")
        self._panel = Panel("Every rate behind a figure")
        self._foot = Label("", "small", "text3")
        self._lay_out()
        self._connect()

    def currency(self) -> str:
        """The operator's."""
        return self._money

    def opened(self, argument: str) -> None:
        self._wanted = argument
        self.ask()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.workspace.bridge.drop("assumptions/")

    def top_actions(self) -> Sequence[QWidget]:
        changes, file = Button("All changes", icon="history"), Button("CSV", icon="download")
        changes.clicked.connect(self.show_changes)
        file.clicked.connect(self.export_view)
        return (changes, file)

    def focus_filter(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def back(self) -> bool:
        if self.editor.isVisible():
            self._close_editor()
            return True
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("J K", "move"), ("Enter", "edit"), ("D", "back to the default"), ("Esc", "discard"))

    def hits(self, text: str) -> Sequence[Hit]:
        return (
            Hit("All changes of assumptions", group="Assumptions", icon="history", run=self.show_changes),
            Hit("Export the assumptions as CSV…", group="Assumptions", icon="download", run=self.export_view),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            key = self.table.current_key()
            if key is not None:
                self.edit(key)
                self.editor.take_default()
            return
        super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self._panel.add_action(self.field)
        self._panel.add_action(self.segments)
        retry = Button("Try again", "primary", "refresh-cw")
        retry.clicked.connect(self.ask)
        self._unread = EmptyState("database", "The assumptions could not be read", buttons=(retry,))
        every = Button("Show all rates")
        every.clicked.connect(self._show_every)
        self._none = EmptyState("sliders-horizontal", "No rate fits", buttons=(every,))
        self._loading = LoadingBlocks()
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        for widget in (self._loading, self.table, self._unread, self._none):
            self._stack.addWidget(widget)
        self._panel.body_layout.addWidget(holder, 1)
        self._panel.body_layout.addWidget(Rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.setSpacing(8)
        foot.addWidget(self._foot, 1)
        edit, default = Button("Edit", keys="Enter"), Button("Back to default", keys="D")
        edit.clicked.connect(lambda: self._edit_current())
        default.clicked.connect(lambda: self._edit_current(default=True))
        foot.addWidget(edit)
        foot.addWidget(default)
        self._panel.body_layout.addLayout(foot)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._panel, 67)
        row.addWidget(self.editor, 33)
        self.editor.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addLayout(row, 1)
        self.table.set_row_height(46)

    def _connect(self) -> None:
        self.table.opened.connect(self.edit)
        self.table.clicked.connect(lambda index: self.edit(self.model.key_at(index.row())))
        self.segments.chosen.connect(lambda _key: self._show())
        self.field.text_changed.connect(lambda _text: self._show())
        self.editor.kept.connect(self._kept)
        self.editor.closed.connect(self._close_editor)

    def ask(self) -> None:
        """Read the rates that hold, and the operator's currency."""
        if self.held is None:
            self._loading.start()
            self._stack.setCurrentWidget(self._loading)
        bridge = self.workspace.bridge
        bridge.query("assumptions/currency", _currency, self.zone.key, done=self._take_currency)
        bridge.query("assumptions/rates", rates_of, done=self._take, failed=self._failed)

    def _take_currency(self, currency: str) -> None:
        self._money = currency
        self.model.refresh()

    def _take(self, held: AssumptionSet) -> None:
        self.held = held
        self._loading.stop()
        self._show()
        wanted, self._wanted = self._wanted, ""
        if wanted in held.held:
            self.edit(wanted)

    def _failed(self, sentence: str) -> None:
        self._loading.stop()
        self._unread.say("The assumptions could not be read", sentence)
        self._stack.setCurrentWidget(self.table if self.held is not None else self._unread)

    def _show(self) -> None:
        held = self.held
        if held is None:
            return
        rows = rate_rows(held, self.segments.value, self.field.text())
        self.model.show(rows)
        self._stack.setCurrentWidget(self.table if rows else self._none)
        every = rate_rows(held)
        changed = sum(row.changed for row in every)
        unset = sum(not row.entered for row in every)
        for key, word, n in (
            (ALL, "All", len(every)),
            (CHANGED, "Changed", changed),
            (OPEN, "Not entered", unset),
        ):
            self.segments.set_text(key, f"{word} {number(n)}")
        self._panel.set_subtitle(f"{count(len(every), 'rate')}, {number(unset)} not entered")
        assumed = len(every) - unset - changed
        self._foot.setText(
            f"{number(changed)} entered, {number(assumed)} defaults, {number(unset)} not entered"
        )
        self.title_changed.emit("", f"set {held.number}" if held.number else "all at their defaults")

    def _show_every(self) -> None:
        self.field.clear()
        self.segments.choose(ALL)
        self._show()

    def edit(self, key: Any) -> None:
        """Open the editor of a rate."""
        held = self.held
        if held is None or key not in held.held:
            return
        self.table.go_to(key)
        one = held.held[key]
        self.editor.show()
        self.editor.edit(one, held.number, set_words(one, self.zone))
        self.editor.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edit_current(self, *, default: bool = False) -> None:
        key = self.table.current_key() or (self.model.keys[0] if self.model.keys else None)
        self.edit(key)
        if default and key is not None:
            self.editor.take_default()

    def _close_editor(self) -> None:
        self.workspace.bridge.drop("assumptions/preview")
        self.editor.hide()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _kept(self, key: str) -> None:
        held = self.held
        title = held.held[key].of.title if held is not None else key
        self.workspace.toast(f"{title} is kept. The past is priced anew in the background.")
        self._close_editor()
        self.ask()
        self.workspace.bridge.run(_refresh, failed=self.workspace.toast)

    def show_changes(self) -> None:
        """Every change there was, who made it, when and why."""
        self.workspace.bridge.query(
            "assumptions/changes", _changes, done=self._open_changes, failed=self.workspace.toast
        )

    def _open_changes(self, found: tuple[EntryRecord, ...]) -> None:
        host = self.workspace.sheet_host or self.window()
        ChangesSheet(host, found, self.zone, self.currency()).open()

    def export_view(self) -> None:
        ask_where(self.window(), "Export assumptions", "assumptions.csv", TABLE, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write every rate with who set it."""
        if self.held is not None:
            toast = self.workspace.toast
            self.workspace.bridge.work(
                write_table, rates_table(self.held, self.zone), path,
                done=lambda _: toast(f"Written to {path}"), failed=toast,
            )  # fmt: skip


def _currency(connection: Any, zone: str) -> str:
    return Prices(questions.current_entries(connection, "organisation"), zone_of(zone)).currency


def _changes(connection: Any) -> tuple[EntryRecord, ...]:
    """All versions of all assumptions, the newest first."""
    found = [version for key in known() for version in questions.versions_of(connection, "assumption", key)]
    return tuple(sorted(found, key=lambda one: -one.at_ms))


async def _refresh(room: Any) -> None:
    room.costs.refresh()
