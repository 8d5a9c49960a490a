"""What stands around a fault: drivers it hit, what ended such faults before, what lies under it and above."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.analytics.fault_effects import DriverHit
from app.analytics.fault_history import FaultDetail
from app.domain.records import FaultRecord
from app.faults.views import FaultView
from ui.models.fault_words import STATE, ended_words, lasted, owner, where
from ui.models.words import pseudonym
from ui.shell.page import Workspace
from ui.theme.formats import count, energy_text, when
from ui.theme.money import money
from ui.theme.theme import px
from ui.widgets.buttons import Button, IconButton
from ui.widgets.clearing import clear
from ui.widgets.facts import Fact, Facts
from ui.widgets.labels import Label
from ui.widgets.panel import Panel

MOST = 6


class Link(Button):
    """A link that ends in an ellipsis where there is no room."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, "link", parent=parent)
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(60), self.sizeHint().height())


class DriversPanel(Panel):
    """Drivers whose session was cut, or who tried in vain; by the last characters of their card."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Drivers hit", parent=parent)
        self._workspace = workspace
        self.facts = Facts(row=24)
        self.none = Label("Nobody is known to have been hit.", "small", "text3")
        column = QVBoxLayout()
        column.setContentsMargins(12, 8, 12, 10)
        column.addWidget(self.facts)
        column.addWidget(self.none)
        self.body_layout.addLayout(column)

    def show_hits(self, hits: Sequence[DriverHit], counted: int) -> None:
        """Show who was hit; `counted` is what the engine counted meanwhile."""
        self.set_subtitle(f"{max(len(hits), counted)}" if hits or counted else "")
        now, zone = self._workspace.now_ms(), self._workspace.zone
        rows = []
        for hit in hits[:MOST]:
            parts = []
            if hit.cut:
                got = f" after {energy_text(hit.energy_wh)}" if hit.energy_wh else ""
                parts.append(f"cut off{got}" if hit.cut == 1 else f"cut off {hit.cut} times{got}")
            if hit.tries:
                parts.append(count(hit.tries, "try in vain", "tries in vain"))
            parts.append(when(hit.last_ms, now, zone))
            rows.append(Fact(pseudonym(hit.token), ", ".join(parts)))
        if len(hits) > MOST:
            rows.append(Fact("and more", count(len(hits) - MOST, "driver")))
        self.facts.show_facts(rows)
        self.facts.setVisible(bool(rows))
        self.none.setText(
            f"{count(counted, 'driver')} counted; who they were is no longer known." if counted and not rows
            else "Nobody is known to have been hit."
        )  # fmt: skip
        self.none.setVisible(not rows)


class SimilarPanel(Panel):
    """Earlier faults of the same kind, and what ended each."""

    fault_asked = Signal(int)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Similar faults", parent=parent)
        self._workspace = workspace
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(12, 6, 12, 10)
        self._rows.setSpacing(4)
        self.body_layout.addLayout(self._rows)

    def show_similar(self, detail: FaultDetail | None) -> None:
        """Those of the same code that are over, the same station's first."""
        clear(self._rows)
        similar = detail.similar if detail is not None else ()
        self.set_subtitle(f"{len(similar)}, the newest first" if similar else "")
        now, zone = self._workspace.now_ms(), self._workspace.zone
        for one in similar[:MOST]:
            record = one.fault
            here = "here" if one.same_station else owner(record)
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            button = Link(f"{when(record.opened_ms, now, zone)}, {here}")
            button.clicked.connect(partial(self.fault_asked.emit, record.fault))
            row.addWidget(button)
            words = f"{lasted(record, now)}; {ended_words(one.ended_by)}"
            row.addWidget(Label(words, "small", "text2"), 1)
            lost = money(record.lost_minor, record.currency) if record.lost_minor is not None else ""
            row.addWidget(Label(lost, "small", "text3", right=True))
            self._rows.addWidget(line)
        if not similar:
            self._rows.addWidget(Label("None of this kind is on record as ended.", "small", "text3"))


class RelatedPanel(Panel):
    """The cause above, what lies under, and why; split and merge by hand."""

    fault_asked = Signal(int)
    split_asked = Signal(int)
    merge_asked = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Related", parent=parent)
        self._workspace = workspace
        self.merge = Button("Put under…", "quiet", "link")
        self.merge.clicked.connect(self.merge_asked)
        self.add_action(self.merge)
        self._shown: object = None
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(12, 6, 12, 10)
        self._rows.setSpacing(4)
        self.body_layout.addLayout(self._rows)

    def show_related(self, view: FaultView, children: Sequence[FaultRecord]) -> None:
        """The faults around this one as they are now."""
        record = view.record
        parent = self._workspace.faults.faults.get(record.parent) if record.parent is not None else None
        shown = (
            record.fault,
            record.parent,
            record.state,
            record.detail,
            tuple((c.fault, c.state) for c in children),
        )
        if shown == self._shown:
            return
        self._shown = shown
        clear(self._rows)
        if record.parent is not None:
            cause = f"fault {record.parent}"
            if parent is not None:
                cause = f"{owner(parent.record)}  {parent.record.title}"
            self._line("Under", cause, record.parent, self.split_asked.emit, record.fault)
        for sign in view.signs:
            if sign.startswith("suppressed"):
                self._rows.addWidget(Label(sign[:1].upper() + sign[1:], "small", "text2", wrap=True))
        for child in children[:MOST]:
            place = "  ".join(part for part in (owner(child), where(child), child.title) if part)
            standing = child.parent == record.fault and child.closed_ms is None
            word = STATE.get(child.state, child.state).lower()
            split = self.split_asked.emit if standing else None
            self._line(word, place, child.fault, split, child.fault)
        if len(children) > MOST:
            self._rows.addWidget(
                Label(f"and {count(len(children) - MOST, 'more', 'more')}", "small", "text3")
            )
        if record.parent is None and not children:
            self._rows.addWidget(Label("It stands for itself.", "small", "text3"))
        self.merge.setVisible(view.open and not record.safety and record.parent is None)
        self.set_subtitle(f"{count(len(children), 'fault')} under it" if children else "")

    def _line(
        self, word: str, text: str, fault: int, split: Callable[[int], object] | None, which: int
    ) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        button = Link(text)
        button.clicked.connect(partial(self.fault_asked.emit, fault))
        said = Label(word, "small", "text3")
        said.setMinimumWidth(said.sizeHint().width())
        row.addWidget(said)
        row.addWidget(button)
        row.addStretch(1)
        if split is not None:
            apart = IconButton("unlink", "Split off: it stands for itself again")
            apart.clicked.connect(partial(split, which))
            row.addWidget(apart)
        self._rows.addWidget(line)
