"""One fault: head, timeline, evidence, money, playbook, drivers, similar and related ones."""

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.analytics.fault_effects import drivers_hit, fault_signs
from app.analytics.fault_history import FaultDetail, fault_detail
from app.domain.records import FaultEventRecord, FaultRecord
from app.faults.views import FaultView
from ui.models.fault_words import entry_of
from ui.pages.faults.around import DriversPanel, RelatedPanel, SimilarPanel
from ui.pages.faults.call import Call
from ui.pages.faults.evidence import EvidencePanel
from ui.pages.faults.head import FaultHead
from ui.pages.faults.money import MoneyPanel
from ui.pages.faults.playbook import PlaybookPanel, ask_offer
from ui.shell.page import Workspace
from ui.theme.formats import count
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.notices import EmptyState
from ui.widgets.painting import ink_of, upright
from ui.widgets.panel import Panel
from ui.widgets.scrolling import scrolled
from ui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from app.recovery.works import Offer

LINES_SHOWN = 10
ORDER = re.compile(r"work order (.+?), review ")
"""As the act's line in the history names it."""
NARROW = 560


class FaultPanel(QWidget):
    """The fault that is open. Asks for its past when it opens, and again when its history grows."""

    fault_asked = Signal(int)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.view: FaultView | None = None
        self._detail: FaultDetail | None = None
        self._lines: dict[int, FaultEventRecord] = {}
        self._all_lines = False
        self._drawer = False
        self.head = FaultHead(workspace)
        self.timeline_panel = Panel("Timeline")
        self.timeline = Timeline(workspace.zone)
        self.add_note = Button("Add note", "quiet", "plus")
        self.call = Call(workspace, self)
        self.call_button = Button(self.call.words, "quiet", "smartphone")
        self.call.changed.connect(lambda: self.call_button.set_text(self.call.words))
        self.timeline_panel.add_action(self.call_button)
        self.timeline_panel.add_action(self.add_note)
        self.older = Button("", "link")
        self.older.clicked.connect(self._show_all_lines)
        self.add_note.clicked.connect(lambda: self.head.deed_asked.emit("note"))
        self.call_button.clicked.connect(lambda: self.head.deed_asked.emit("call"))
        self.timeline_panel.body_layout.addWidget(self.older, 0, Qt.AlignmentFlag.AlignLeft)
        self.timeline_panel.body_layout.addWidget(self.timeline)
        self.older.setContentsMargins(12, 4, 12, 0)
        self.evidence = EvidencePanel(workspace)
        self.money = MoneyPanel(workspace)
        self.playbook = PlaybookPanel(workspace)
        self.drivers = DriversPanel(workspace)
        self.similar = SimilarPanel(workspace)
        self.related = RelatedPanel(workspace)
        self.empty = EmptyState(
            "triangle-alert", "No fault is chosen", "J and K move through the queue, Enter opens."
        )
        self._lay_out()
        self.playbook.changed.connect(self.ask_offer)
        for panel in (self.similar, self.related):
            panel.fault_asked.connect(self.fault_asked)
        self.related.merge_asked.connect(lambda: self.head.deed_asked.emit("merge"))

    def _lay_out(self) -> None:
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for column in (self._left, self._right):
            column.setSpacing(12)
        for panel in (self.timeline_panel, self.evidence, self.similar):
            self._left.addWidget(panel)
        for panel in (self.money, self.playbook, self.drivers, self.related):
            self._right.addWidget(panel)
        self._left.addStretch(1)
        self._right.addStretch(1)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(12)
        self._columns.addLayout(self._left, 3)
        self._columns.addLayout(self._right, 2)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._columns)
        self.view_port = scrolled(inside)
        self.view_port.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        there = QWidget()
        whole = QVBoxLayout(there)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.head)
        whole.addWidget(self.view_port, 1)
        nothing = Panel()
        nothing.set_body(self.empty)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(there)
        self._stack.addWidget(nothing)
        self._stack.setCurrentIndex(1)
        self._there = whole

    def as_drawer(self, drawer: bool) -> None:
        """Stand over the right half of the page, with an edge of its own."""
        self._drawer = drawer
        self.head.as_drawer(drawer)
        margin = px(12) if drawer else 0
        self._there.setContentsMargins(margin, margin, margin, 0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawer:
            painter = QPainter(self)
            painter.fillRect(self.rect(), ink_of("bg"))
            upright(painter, 0, 0, self.height(), "line2")
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < px(NARROW)
        self._columns.setDirection(
            QHBoxLayout.Direction.TopToBottom if narrow else QHBoxLayout.Direction.LeftToRight
        )

    # -- what is shown -------------------------------------------------------------------------

    def show_fault(self, view: FaultView | None) -> None:
        """Show a fault, or that none is chosen. Its past is asked for if it is another one."""
        before, self.view = self.view, view
        if view is None:
            self._stack.setCurrentIndex(1)
            self.stop()
            return
        self._stack.setCurrentIndex(0)
        if before is None or before.record.fault != view.record.fault:
            self._detail, self._lines, self._all_lines = None, {}, False
            self.head.has_playbook = True
            # Where somebody could be hurt, what to do comes before what it costs.
            self._right.insertWidget(0, self.playbook if view.record.safety else self.money)
            self.similar.show_similar(None)
            self.drivers.show_hits((), view.record.drivers_hit)
            self.view_port.verticalScrollBar().setValue(0)
            self.refresh()
            self.ask()
        else:
            if before.record.recovery != view.record.recovery or before.record.state != view.record.state:
                self.ask_offer()
            self.refresh()

    def refresh(self) -> None:
        """Bring words and figures up to date; at most once a second."""
        view = self.view
        if view is None:
            return
        now = self._workspace.now_ms()
        station = self._workspace.picture.stations.get(view.record.station)
        self.head.show_fault(view, station, now)
        self.money.show_fault(view, now)
        self.playbook.show_fault(view)
        self.evidence.show_fault(view, now)
        self.related.show_related(view, self._children())
        self._show_lines()

    def _children(self) -> list[FaultRecord]:
        """What lies or lay under it: the live rows over those of the store."""
        view = self.view
        assert view is not None
        found = {child.fault: child for child in (self._detail.children if self._detail is not None else ())}
        for number, other in self._workspace.faults.faults.items():
            if other.record.parent == view.record.fault or number in found:
                found[number] = other.record
        return [found[number] for number in sorted(found)]

    def hear(self, lines: tuple[FaultEventRecord, ...]) -> None:
        """New lines of histories: those of the open fault are shown at once."""
        view = self.view
        mine = [line for line in lines if view is not None and line.fault == view.record.fault]
        if not mine:
            return
        self._lines.update({line.seq: line for line in mine})
        self._show_lines()
        self.ask_offer()

    def _show_lines(self) -> None:
        view = self.view
        if view is None:
            return
        lines = [line for _, line in sorted(self._lines.items())]
        shown = lines if self._all_lines else lines[-LINES_SHOWN:]
        hidden = len(lines) - len(shown)
        self.older.setVisible(hidden > 0)
        self.older.set_text(f"  {count(hidden, 'earlier entry', 'earlier entries')}")
        self.timeline_panel.set_subtitle(f"{count(len(lines), 'entry', 'entries')}, newest last")
        self.timeline.show_entries([entry_of(line, view.record) for line in shown], self._workspace.now_ms())

    def _show_all_lines(self) -> None:
        self._all_lines = True
        self._show_lines()

    def order(self) -> str:
        """The work order under which the fault was last taken out of service; "" where none is told."""
        told = [line.text for _, line in sorted(self._lines.items()) if line.verb == "out-of-service"]
        found = ORDER.match(told[-1]) if told else None
        return found.group(1) if found is not None else ""

    # -- asking --------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask for all that is kept of the fault."""
        view = self.view
        if view is None:
            return
        number, now = view.record.fault, self._workspace.now_ms()
        query = self._workspace.bridge.query
        query("faults/detail", fault_detail, number, now, done=self._take_detail, failed=self._say)
        query("faults/signs", fault_signs, number, now, done=self.evidence.show_signs, failed=self._say)
        query("faults/drivers", drivers_hit, number, now, done=self._take_hits, failed=self._say)
        self.ask_offer()

    def ask_offer(self) -> None:
        """Ask what recovery offers for the fault now."""
        if self.view is not None:
            number = self.view.record.fault
            self._workspace.bridge.run(
                lambda room: ask_offer(room, number),
                self._take_offer,
                lambda _sentence: None,
                key="faults/offer",
            )

    def stop(self) -> None:
        """Want no more answers."""
        self._workspace.bridge.drop("faults/detail")
        self._workspace.bridge.drop("faults/signs")
        self._workspace.bridge.drop("faults/drivers")
        self._workspace.bridge.drop("faults/offer")

    def _take_detail(self, detail: FaultDetail | None) -> None:
        view = self.view
        if detail is None or view is None or detail.fault.fault != view.record.fault:
            return
        self._detail = detail
        self._lines = {**{line.seq: line for line in detail.history}, **self._lines}
        self._show_lines()
        self.similar.show_similar(detail)
        self.evidence.show_repeats(detail)
        self.related.show_related(view, self._children())

    def _take_hits(self, hits: tuple[object, ...]) -> None:
        if self.view is not None:
            self.drivers.show_hits(hits, self.view.record.drivers_hit)  # type: ignore[arg-type]

    def _take_offer(self, told: "tuple[Offer | None, bool] | None") -> None:
        if self.view is None or told is None:
            return
        offer = told[0]
        if offer is None or offer.fault == self.view.record.fault:
            self.playbook.show_offer(told)
            self.head.has_playbook = offer is not None
            self.head.recover.setVisible(self.head.recover.isVisible() and offer is not None)
            self.head.recover.setEnabled(self.playbook.next.isEnabled())
            self.head.recover.setToolTip(self.playbook.next.toolTip())

    def _say(self, sentence: str) -> None:
        self.similar.set_subtitle(f"not read: {sentence}")
