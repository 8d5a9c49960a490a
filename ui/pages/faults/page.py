"""Faults: the queue sorted by what mending saves, and beside it the fault that is open."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from app.faults.views import FaultChanges, FaultView
from app.fleet.views import Changes, Picture
from ui.models.fault_queue import FaultQueue, QueueRow, Wanted, aside_counts
from ui.models.fault_rows import RowWords
from ui.models.kpis import losing
from ui.models.losses import network
from ui.pages.base import LivePage
from ui.pages.faults.acts import FaultActs
from ui.pages.faults.closed import ClosedList
from ui.pages.faults.deeds import Deeds
from ui.pages.faults.detail import FaultPanel
from ui.pages.faults.export import export_to
from ui.pages.faults.keys import DEED_OF, KEYS
from ui.pages.faults.list_panel import STATES, TABS, ListPanel
from ui.shell.page import Hit, Workspace
from ui.theme.formats import number
from ui.theme.theme import px
from ui.widgets.file_asking import TABLE, ask_where

LIST_WIDE = 440
WIDE = 1240
"""From this width the fault stands beside the queue, below it in a drawer over it."""
LOW = 740
"""Below this height rows have two lines."""
OFFER_MS = 2_000


class FaultsPage(LivePage):
    """Queue and fault."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.ticks: dict[object, None] = {}
        self.queue = FaultQueue()
        self.words = RowWords(self.now_ms, lambda: self.zone)
        self.list = ListPanel(workspace, self.words, self.ticks)
        self.table = self.list.table
        self.detail = FaultPanel(workspace)
        self.acts = FaultActs(workspace)
        self.closed_list = ClosedList(workspace, self._show_closed)
        self.deeds = Deeds(workspace, self.acts, self.detail, self.chosen)
        self._drawer_open = False
        self._due = True
        self._priced = False
        """Whether the order in view was made when it was known what faults cost."""
        self.detail.setParent(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 12, 16, 12)
        self._row.setSpacing(12)
        self._row.addWidget(self.list)
        self._row.addWidget(self.detail, 1)
        self._connect()
        self.every(1000, self._each_second, ages=True)
        self.every(OFFER_MS, self._ask_offer, ages=True)

    def _connect(self) -> None:
        book = self.workspace.faults
        book.changed.connect(self._hear)
        table = self.table
        table.moved.connect(self._moved)
        table.opened.connect(lambda key: self._open(key, by_key=True))
        table.clicked.connect(
            lambda index: self._open(self.table.rows_model.key_at(index.row()), by_key=False)
        )
        table.fold_asked.connect(self._fold)
        table.tick_asked.connect(self._tick)
        table.tick_on_asked.connect(lambda key: self._tick(key, on=True))
        table.deed_asked.connect(lambda fault: self.deeds.do("out-of-service", [fault]))
        table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.list.tab_taken.connect(self.show_tab)
        self.list.filter_changed.connect(self._filtered)
        self.list.new_bar.clicked.connect(self.show_new)
        self.list.bulk.deed_asked.connect(self._bulk)
        self.list.export.clicked.connect(self.export_view)
        self.list.more.clicked.connect(self.closed_list.ask_more)
        self.detail.head.deed_asked.connect(lambda deed: self.deeds.do(deed))
        self.detail.head.step_asked.connect(self.table.step)
        self.detail.head.close_asked.connect(self._close)
        self.detail.fault_asked.connect(self.show_fault)
        self.detail.related.split_asked.connect(lambda fault: self.deeds.do("split", [fault]))

    # -- the window ----------------------------------------------------------------------------

    def opened(self, argument: str) -> None:
        self._due = True
        if argument == "new":
            self.show_tab("open")
            self.show_new()
            first = next((v.record.fault for v in self.workspace.faults.new()), None)
            argument = str(first or "")
        elif argument in dict(TABS):
            self.show_tab(argument)
            argument = ""
        elif argument.startswith(("site:", "station:")):
            self.list.field.setText(argument.partition(":")[2])
            self.list.show_tools("open")
        self.refresh()
        if argument.isdecimal():
            self.show_fault(int(argument))
        elif self.detail.view is not None:
            self.detail.ask()
        elif self._wide():
            self.table.step(1)
        self._say_title()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def closed(self) -> None:
        self.workspace.bridge.drop("faults/")

    def take(self, changes: Changes, picture: Picture) -> None:
        """The live picture only names stations here, and says why no fault can be read."""
        if changes.server is not None and not self.workspace.faults.ready:
            self._show_rows()

    def focus_filter(self) -> None:
        self.list.show_filter()

    def back(self) -> bool:
        if self.ticks:
            self._clear_ticks()
        elif self.list.field.text():
            self.list.field.clear()
            self._filtered()
            self.list.show_tools(self.list.tabs.value)
        elif self._drawer_open and not self._wide():
            self._close()
        elif self.list.tabs.value != "open":
            self.show_tab("open")
        else:
            return False
        return True

    def export_view(self) -> None:
        ask_where(self.window(), "Export faults", "faults.csv", TABLE, partial(export_to, self.workspace))

    def keys(self) -> Sequence[tuple[str, str]]:
        return KEYS

    def hits(self, text: str) -> Sequence[Hit]:
        return (
            *self.deeds.hits(),
            Hit("Export faults…", group="Faults", icon="download", keys="Ctrl E", run=self.export_view),
            Hit("Faults set aside", group="Faults", icon="clock", run=lambda: self.show_tab("aside")),
            Hit("Closed faults", group="Faults", icon="history", run=lambda: self.show_tab("closed")),
        )

    def in_hand(self) -> str:
        view = self.detail.view
        return str(view.record.station) if view is not None else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        deed = DEED_OF.get(Qt.Key(event.key()))
        if plain and deed is not None:
            self.deeds.do(deed)
        elif plain and event.key() == Qt.Key.Key_Period:
            self.show_new()
        elif plain and event.key() in (Qt.Key.Key_J, Qt.Key.Key_K):
            self.table.step(1 if event.key() == Qt.Key.Key_J else -1)
        else:
            super().keyPressEvent(event)

    # -- the list ------------------------------------------------------------------------------

    def chosen(self) -> list[int]:
        """The faults a deed is for: the ticked ones, else the one that is open."""
        if self.ticks:
            return [key[1] for key in self.ticks if isinstance(key, tuple)]
        return [self.detail.view.record.fault] if self.detail.view is not None else []

    def show_tab(self, tab: str) -> None:
        """Open, set aside, or closed."""
        self.list.tabs.choose(tab)
        self.list.show_tools(tab)
        self._clear_ticks()
        if tab == "closed":
            self.closed_list.begin(self.list.field.text())
            return
        self.list.more.hide()
        self._filtered()

    def show_new(self) -> None:
        """Show the rows that waited; the order is made anew."""
        self._show_rows(free=True)

    def _filtered(self) -> None:
        tab = self.list.tabs.value
        if tab == "closed":
            self.closed_list.begin(self.list.field.text())
            return
        state = self.list.states.value if tab == "aside" else ""
        self.queue.want(Wanted(tab, state, self.list.field.text()))
        self._show_rows(free=True)

    def _hear(self, changes: FaultChanges) -> None:
        """New rows at once, money once a second."""
        before = self.table.rows_model
        if any(before.row_of(("fault", n)) is None for n in changes.faults) or not self.isVisible():
            self._due = True
            if self.isVisible():
                self._show_rows()
        else:
            self._due = True
        view = self.detail.view
        fresh = changes.faults.get(view.record.fault) if view is not None else None
        if fresh is not None and view is not None and fresh.record != view.record:
            self.detail.show_fault(fresh)
        if changes.lines:
            self.detail.hear(changes.lines)

    def _each_second(self) -> None:
        if self._due:
            self._show_rows()
        else:
            self._age()
        view = self.detail.view
        if view is not None and self.detail.isVisible():
            self.detail.show_fault(self.workspace.faults.faults.get(view.record.fault, view))
        self._say_title()

    def _age(self) -> None:
        self.table.viewport().update()

    def _show_rows(self, *, free: bool = False) -> None:
        self._due = False
        self._show_counts()
        if self.list.tabs.value == "closed":
            return
        book = self.workspace.faults
        server = self.picture.server
        if not book.ready and server.state == "failed":
            self.list.loading.stop()
            self.list.empty.say("The faults could not be read", server.cause)
            self.list.show_part(self.list.empty)
            return
        if not book.ready:
            self.list.loading.start()
            self.list.show_part(self.list.loading)
            return
        rows = self.queue.rows(book.faults, held=self._priced and not free and self.table.in_hand)
        self._priced = book.priced
        self._show(rows)
        waiting = [book.faults[n] for n in self.queue.waiting if n in book.faults]
        self.list.new_bar.say(len(waiting), sum(v.record.safety for v in waiting))
        if not rows:
            self._say_empty()
        self._keep_ticks()

    def _show(self, rows: list[QueueRow]) -> None:
        self.table.show_rows(rows)
        if rows:
            self.list.show_part(self.table)

    def _say_empty(self) -> None:
        empty = self.list.empty
        if self.list.field.text():
            empty.say("No fault fits this filter", "Esc shows all of them.")
        elif self.list.tabs.value == "aside":
            empty.say("Nothing is set aside", "Shelved, suppressed and out-of-service faults are kept here.")
        elif not self.picture.stations:
            empty.say("No charger has called yet", "Faults appear here once one has.")
        else:
            empty.say("Nothing is wrong", "What goes wrong appears here, the dearest first.")
        self.list.show_part(empty)

    def _show_counts(self) -> None:
        book = self.workspace.faults
        open_, aside = len(book.queue), aside_counts(book.faults.values())
        self.list.tabs.set_text("open", f"Open\t{number(open_)}" if open_ else "Open")
        total = sum(aside.values())
        self.list.tabs.set_text("aside", f"Set aside\t{number(total)}" if total else "Set aside")
        for key, word in STATES:
            self.list.states.set_text(key, f"{word} {number(aside[key])}" if aside.get(key) else word)

    def _show_closed(self, rows: list[QueueRow], *, more: bool, failure: str) -> None:
        if self.list.tabs.value != "closed":
            return
        self.list.new_bar.say(0, 0)
        self._show(rows)
        self.list.more.setVisible(more)
        if not rows:
            self.table.show_rows([])
            title = "The past could not be read" if failure else "No closed fault fits"
            self.list.empty.say(title, failure or "Nothing that ended is on record with these words.")
            self.list.show_part(self.list.empty)

    def _scrolled(self, value: int) -> None:
        bar = self.table.verticalScrollBar()
        if self.list.tabs.value == "closed" and bar.maximum() and value >= bar.maximum() - px(200):
            self.closed_list.ask_more()

    def _fold(self, key: Any, folded: bool) -> None:
        self.queue.fold(key, folded)
        self._show_rows()

    # -- ticks ---------------------------------------------------------------------------------

    def _tick(self, key: Any, *, on: bool | None = None) -> None:
        if key is None or key[0] != "fault":
            return
        want = key not in self.ticks if on is None else on
        if want:
            self.ticks[key] = None
        else:
            self.ticks.pop(key, None)
        self._ticked()

    def _clear_ticks(self) -> None:
        self.ticks.clear()
        self._ticked()

    def _keep_ticks(self) -> None:
        gone = [key for key in self.ticks if self.table.rows_model.row_of(key) is None]
        for key in gone:
            del self.ticks[key]
        if gone:
            self._ticked()

    def _ticked(self) -> None:
        self.list.bulk.show_count(len(self.ticks))
        self.table.viewport().update()

    def _bulk(self, deed: str) -> None:
        if deed == "clear":
            self._clear_ticks()
        else:
            self.deeds.do(deed)

    # -- the fault that is open ----------------------------------------------------------------

    def show_fault(self, fault: int) -> None:
        """Open a fault, listed or not."""
        self._drawer_open = True
        self._place()
        if not self.table.go_to(("fault", fault)):
            view = self.workspace.faults.faults.get(fault)
            if view is not None:
                self.detail.show_fault(view)
            else:
                self.closed_list.one(fault, self._show_one)

    def _show_one(self, view: FaultView | None) -> None:
        if view is None:
            self.workspace.toast("There is no such fault on record.")
        else:
            self.detail.show_fault(view)

    def _moved(self, key: Any) -> None:
        view = self._view_of(key)
        if view is not None and (self._wide() or self._drawer_open):
            self.detail.show_fault(view)

    def _open(self, key: Any, *, by_key: bool) -> None:
        view = self._view_of(key)
        if view is None:
            return
        self._drawer_open = True
        self._place()
        self.detail.show_fault(view)

    def _view_of(self, key: Any) -> FaultView | None:
        if key is None or key[0] != "fault":
            return None
        row = self.table.rows_model.row_of(key)
        listed = self.table.rows_model.rows[row].view if row is not None else None
        return self.workspace.faults.faults.get(key[1], listed)

    def _close(self) -> None:
        self._drawer_open = False
        self._place()
        self.table.setFocus()

    def _ask_offer(self) -> None:
        if self.detail.isVisible():
            self.detail.ask_offer()

    def _say_title(self) -> None:
        book = self.workspace.faults
        self.title_changed.emit("", losing(network(book.faults.values()), book.ready).line)

    # -- sizes ---------------------------------------------------------------------------------

    def _wide(self) -> bool:
        return self.width() >= px(WIDE)

    def _place(self) -> None:
        wide = self._wide()
        self.detail.as_drawer(not wide)
        if wide:
            self.list.setFixedWidth(px(LIST_WIDE))
            if self._row.indexOf(self.detail) < 0:
                self._row.addWidget(self.detail, 1)
            self.detail.show()
            return
        self.list.setMinimumWidth(px(300))
        self.list.setMaximumWidth(16_777_215)
        if self._row.indexOf(self.detail) >= 0:
            self._row.removeWidget(self.detail)
        self.detail.setVisible(self._drawer_open)
        half = self.width() * 0.56 if self._drawer_open else 0
        self._row.setContentsMargins(16, 12, 16 if not half else 12 + round(half), 12)
        self.detail.setGeometry(round(self.width() - half), 0, round(half), self.height())
        self.detail.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wide():
            self._row.setContentsMargins(16, 12, 16, 12)
        self._place()
        short = self.height() < px(LOW)
        if short != self.table.delegate.short:
            self.table.set_short(short)
