"""The faults that cost most, live. Enter opens one; rows wait while somebody works in the list."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.faults.views import FaultView
from ui.faults import FaultBook
from ui.models.cells import DASH, Cell, Column, Tone
from ui.models.fault_queue import FaultQueue, QueueRow, aside_counts
from ui.models.fault_words import (
    NOTHING,
    costs_nothing,
    initials,
    lasted,
    owner,
    place,
    sentence_of,
    shown_of,
    where,
)
from ui.models.row_model import RowModel
from ui.theme.formats import count, number
from ui.theme.money import money
from ui.widgets.buttons import Button
from ui.widgets.labels import KeyHint, Label
from ui.widgets.notices import EmptyState
from ui.widgets.panel import Panel, Rule
from ui.widgets.row_table import RowTable

MOST = 7
"""So many of the dearest are shown; the Faults page has them all."""


class QueuePanel(Panel):
    """Shape, title over station and site, who has it, what it loses an hour over what it lost."""

    opened = Signal(int)
    acknowledge_asked = Signal(int)
    all_asked = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__("Fault queue", parent=parent)
        self._now_ms = now_ms
        self._queue = FaultQueue()
        self._queue.folded.clear()
        self.model: RowModel[FaultView] = RowModel(columns(now_ms), lambda view: view.record.fault, self)
        self.table = _Queue(self.model, "Faults by money at risk")
        self.table.set_row_height(44)
        self._news = Button("", "link", "arrow-up")
        self._news.clicked.connect(self._show_held)
        self._news.hide()
        self.all = Button("All faults", "link")
        self.all.clicked.connect(self.all_asked)
        self.add_action(self._news)
        self.add_action(self.all)
        self._empty = EmptyState("check", "Nothing is wrong", "No fault is open.")
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.body_layout.addWidget(holder, 1)
        self._foot = QWidget()
        whole = QVBoxLayout(self._foot)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(Rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 6, 8, 6)
        foot.setSpacing(14)
        for keys, text in (("J K", "Move"), ("Enter", "Open"), ("A", "Acknowledge")):
            foot.addWidget(KeyHint(keys, text))
        foot.addStretch(1)
        self.over = Label("", "small", "text3", right=True)
        foot.addWidget(self.over)
        whole.addLayout(foot)
        self.body_layout.addWidget(self._foot)
        self.table.opened.connect(self._open)
        self.table.acknowledge_asked.connect(self.acknowledge_asked)
        self._book: FaultBook | None = None
        self._priced = False
        """Whether the order in view was made when it was known what faults cost."""

    def show_book(self, book: FaultBook) -> None:
        """Show the dearest of the queue; while the list is in use nothing moves and new ones wait."""
        self._book = book
        # A list with room left may grow at its end under the pointer, but nothing in it moves.
        self._fill(held=self._priced and self.table.in_hand and len(self.model.rows) > 0)
        self._priced = book.priced

    def show_keys(self, on: bool) -> None:
        """Name the keys below the list, where there is room for it."""
        self._foot.setVisible(on)

    def _open(self, fault: int | None) -> None:
        if fault is not None:
            self.opened.emit(fault)

    def _fill(self, *, held: bool) -> None:
        book = self._book
        if book is None:
            return
        rows = [row for row in self._queue.rows(book.faults, held=held) if _waits(row)]
        shown = [row.view for row in rows[:MOST] if row.view is not None]
        self.model.show(shown)
        self.model.refresh()
        fresh = len(self._queue.waiting)
        self._news.setVisible(bool(fresh))
        if fresh:
            self._news.set_text(f"{number(fresh)} new")
        waiting, aside = len(book.queue), sum(aside_counts(book.faults.values()).values())
        self._stack.setCurrentWidget(self.table if shown else self._empty)
        if book.ready:
            self._empty.say("Nothing is wrong", "No fault waits." if aside else "No fault is open.")
        else:
            self._empty.say("Reading the faults", "What is wrong will stand here in a moment.")
        told = f"{number(waiting)} open" + (f", {number(aside)} set aside" if aside else "")
        self.set_subtitle(told if book.ready else "")
        self.over.setText(_over(book))
        self.all.set_text(f"All {count(waiting, 'fault')}" if waiting > len(shown) else "All faults")

    def _show_held(self) -> None:
        self._fill(held=False)
        self.table.scrollToTop()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)


class _Queue(RowTable):
    """A asks to acknowledge the row in hand."""

    acknowledge_asked = Signal(int)

    def keyPressEvent(self, event: object) -> None:
        key = event.key() if hasattr(event, "key") else None
        if key == Qt.Key.Key_A and self.current_key() is not None:
            self.acknowledge_asked.emit(int(self.current_key()))
            return
        super().keyPressEvent(event)  # type: ignore[arg-type]


def _waits(row: QueueRow) -> bool:
    return row.view is not None and row.depth == 0 and row.band != "shelved" and not row.gone


def _over(book: FaultBook) -> str:
    """ "12 ended in 24 h, 9 without a person"; the book holds what ended within a day."""
    ended = [v.record for v in book.faults.values() if not v.open and v.record.parent is None]
    healed = sum(1 for record in ended if record.recovered_ms is not None)
    told = f", {number(healed)} without a person" if healed else ""
    return f"{number(len(ended))} ended in 24 h{told}" if ended else ""


def columns(now_ms: Callable[[], int]) -> tuple[Column[FaultView], ...]:
    """Fault, owner, money."""

    def fault(view: FaultView) -> Cell:
        record, now = view.record, now_ms()
        site = record.site if record.station else place(record)
        parts = [f"{owner(record)}  {site}".strip(), lasted(record, now)]
        if record.drivers_hit:
            parts.append(count(record.drivers_hit, "driver"))
        return Cell(
            record.title, where(record), shapes=(shown_of(record),), strong=True, below="  ·  ".join(parts),
            spoken=sentence_of(view, now),
        )  # fmt: skip

    def who(view: FaultView) -> Cell:
        if view.record.assigned:
            return Cell(initials(view.record.assigned), tag="round", spoken=view.record.assigned)
        if view.new:
            return Cell("New", tag="box")
        return Cell("Seen" if view.record.state == "ACKED" else "Over", tone=Tone.FAINT)

    return (
        Column("fault", "Fault", fault, stretch=True, fixed=True),
        Column("owner", "Owner", who, "Owner", fixed=True),
        Column(
            "money",
            "Per hour, so far",
            price,
            "€1,284.50",
            right=True,
            fixed=True,
            hint="What it loses an hour, over what it lost so far; by what mending it would save",
        ),
    )


def price(view: FaultView) -> Cell:
    """What it loses an hour over what it lost so far."""
    told = view.money
    if costs_nothing(view):
        return Cell(NOTHING, tone=Tone.FAINT)
    if told is None or told.losing is None:
        return Cell(DASH.text, tone=Tone.FAINT, spoken="no price known")
    below = money(told.lost, told.currency)
    return Cell(money(told.losing, told.currency), strong=True, below=below)
