"""Stations from a CSV file: first what would change, then, on a click, the change."""

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPlainTextEdit

from app.analytics.registered import station_records
from app.domain.errors import ForecourtError
from app.domain.intents import Intent
from app.domain.status import Shown
from app.import_stations import BadTable, Change, in_words, plan, read_table
from app.tasks import spawn
from ui.shell.page import Workspace
from ui.theme import fonts
from ui.theme.formats import count, number
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.file_asking import TABLES, ask_which
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.sheet import Sheet

WHY = "imported from {name}"


class ImportSheet(Sheet):
    """What a file would change, station by station, with Import and Cancel."""

    def __init__(self, workspace: Workspace, path: Path) -> None:
        host = workspace.sheet_host
        assert host is not None, "a window sets sheet_host before its pages can be clicked"
        super().__init__(host, "Import stations", path.name, 620)
        self._workspace, self._path = workspace, path
        self._intents: list[Intent] = []
        self._done_count = 0
        self._notice = Banner(Shown.FAULTED, "", parent=self.card)
        self._notice.hide()
        self._sum = Label("Reading the file…", "bodyStrong", wrap=True)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName("What would change")
        self._text.setFont(fonts.font("mono"))
        self._text.setFixedHeight(px(300))
        self.body_layout.addWidget(self._notice)
        self.body_layout.addWidget(self._sum)
        self.body_layout.addWidget(self._text)
        self._hint = Label("Nothing changes before you press Import.", "small", "text3")
        self.body_layout.addWidget(self._hint)
        self.cancel = self.add_button(Button("Cancel", keys="Esc"), default=True)
        self.cancel.clicked.connect(lambda: self.finish(None))
        self.confirm = self.add_button(Button("Import", "primary"))
        self.confirm.setEnabled(False)
        self.confirm.clicked.connect(lambda: self.flow(self.apply()))

    @staticmethod
    def choose(workspace: Workspace) -> None:
        """Ask for the file, then open the sheet on it."""
        ask_which(
            workspace.sheet_host, "Import stations", TABLES,
            lambda path: ImportSheet.show_plan(workspace, path),
        )  # fmt: skip

    @staticmethod
    def show_plan(workspace: Workspace, path: Path) -> "ImportSheet":
        """Open the sheet and work out in the background what would change."""
        sheet = ImportSheet(workspace, path)
        sheet.open()
        sheet.flow(sheet.plan())
        return sheet

    def flow(self, steps: Coroutine[Any, Any, None]) -> None:
        """Run steps that end with the sheet."""
        task = spawn(steps, name=f"window: import {self._path.name}")
        self.finished.connect(lambda _: task.cancel())

    async def plan(self) -> None:
        """Read the file and what is registered, and show what would change."""
        try:
            changes = await self._workspace.bridge.reach(lambda room: _planned(room, self._path))
        except BadTable as bad:
            self.show_problems(bad.problems)
        except ForecourtError as error:
            self._refuse(str(error), "Nothing was imported.")
        else:
            self.show_changes(changes)

    def show_changes(self, changes: list[Change]) -> None:
        """Show what would change."""
        self._intents = [intent for change in changes for intent in change.intents]
        new = sum(1 for change in changes if change.new)
        touched = sum(1 for change in changes if change.fields and not change.new)
        same = len(changes) - new - touched
        self._sum.setText(
            f"{count(new, 'new station')}, {count(touched, 'changed station')}, {number(same)} unchanged."
        )
        self._text.setPlainText(in_words(changes))
        self.confirm.setEnabled(bool(self._intents))
        self.confirm.set_text(
            f"Import {count(new + touched, 'station')}" if self._intents else "Nothing to import"
        )
        if self._intents:
            self.confirm.setFocus()
        self.relayout()

    def show_problems(self, problems: Sequence[str]) -> None:
        """Show what is wrong in the file, a line each."""
        told = f"{count(len(problems), 'mistake')} in {self._path.name}"
        self._refuse(told, "Nothing was imported. Correct the file, then choose it again.")
        self._text.setAccessibleName("What is wrong")
        self._text.setPlainText("\n".join(problems))
        self._text.show()
        self.relayout()

    def _refuse(self, cause: str, then: str) -> None:
        """The file is not taken: nothing is left of what it would have changed."""
        self._notice.show_notice(Shown.FAULTED, cause, then)
        self._notice.show()
        for widget in (self._sum, self._text, self._hint, self.confirm):
            widget.hide()
        self.relayout()

    def show_failure(self, sentence: str) -> None:
        """Show where the import stopped."""
        self._notice.show_notice(Shown.FAULTED, sentence)
        self._notice.show()
        done = count(self._done_count, "change") if self._done_count else "no change"
        self._sum.setText(
            f"It stopped after {done}. What was changed stays; choose the file again for the rest."
        )
        self.relayout()

    async def apply(self) -> None:
        """Carry out one change after the other; the first that fails stops it, and those before hold."""
        self.confirm.setEnabled(False)
        self.cancel.setEnabled(False)
        why = WHY.format(name=self._path.name)
        try:
            for n, intent in enumerate(self._intents):
                self._done_count = n
                self._sum.setText(f"Change {number(n + 1)} of {number(len(self._intents))}")
                await self._workspace.bridge.perform(intent, why)
        except ForecourtError as error:
            self.cancel.setEnabled(True)
            self.show_failure(str(error))
            return
        self._workspace.toast(f"Imported {self._path.name}: {count(len(self._intents), 'change')}.")
        self.finish(True)


async def _planned(room: Any, path: Path) -> list[Change]:
    lines = await asyncio.to_thread(read_table, path)
    known = await room.ask(station_records)
    return plan({record.station: record for record in known}, lines)
