"""One order opened: what it is, its fault, its stop, how it came to be, and what may be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.analytics.maintenance_page import OrderDetail
from app.domain.work_orders import WorkOrder, changes
from ui.models.fault_words import STATE
from ui.models.work_orders import OrderRow, day_text
from ui.shell.page import Workspace
from ui.theme.formats import count, duration, when
from ui.theme.money import rate
from ui.widgets.buttons import Button
from ui.widgets.facts import Fact, Facts
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Label
from ui.widgets.panel import Panel, Rule
from ui.widgets.panel_head import panel_head

LINES = 4


class OrderPanel(Panel):
    """Follows the list; buttons tell what is wished (`asked`)."""

    asked = Signal(str)
    """ "close", "plan", "change", "sheet", "fault", "station", "cancel"."""
    stepped = Signal(int)
    left = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self.order: WorkOrder | None = None
        self.title = Label("", "bodyStrong")
        self.told = Label("", "small", "text3")
        self.facts = Facts()
        self.history = Label("", "small", "text3", wrap=True)
        self.close_button = Button("Close it…", "primary", keys="C")
        self.buttons = {
            "close": self.close_button,
            "plan": Button("Plan visit…", icon="calendar", keys="P"),
            "sheet": Button("Job sheet…", icon="file-down"),
            "change": Button("Change…", icon="pencil"),
            "fault": Button("Open fault", icon="triangle-alert"),
            "station": Button("Open station", icon="plug-zap"),
            "cancel": Button("Cancel order", "quiet"),
        }
        for what, button in self.buttons.items():
            button.clicked.connect(lambda _=False, what=what: self.asked.emit(what))
        names = ("The order above (K)", "The order below (J)")
        self.body_layout.addLayout(
            panel_head((self.title, self.told), names, self.stepped.emit, self.left.emit, margin=8)
        )
        self.body_layout.addWidget(Rule())
        inside = QVBoxLayout()
        inside.setContentsMargins(14, 8, 14, 10)
        inside.setSpacing(8)
        inside.addWidget(self.facts)
        inside.addWidget(self.history)
        row = QWidget()
        flow = FlowLayout(row)
        for button in self.buttons.values():
            flow.addWidget(button)
        inside.addWidget(row)
        self.body_layout.addLayout(inside)

    def show_order(self, row: OrderRow, detail: OrderDetail | None) -> None:
        """Show an order; `detail` is None while it is read."""
        order, now, zone = row.order, self._workspace.now_ms(), self._workspace.zone
        self.order = order
        self.title.setText(order.title or order.number)
        self.told.setText(
            "  ·  ".join(p for p in (order.number, order.station, order.site, order.state) if p)
        )
        facts = [
            Fact("Due", f"{row.due}{', ' + row.late if row.late else ''}", strong=bool(row.late)),
            Fact(
                "Visit",
                f"{day_text(order.day, now, zone)}, stop {order.stop}" if order.day else "not planned",
            ),
            Fact("Who", order.who or "nobody yet"),
        ]
        if row.losing is not None:
            facts.append(Fact("Loses", rate(row.losing, row.currency), strong=True))
        for fault in (detail.faults if detail is not None else ())[:3]:
            word = STATE.get(fault.state, fault.state)
            facts.append(Fact(f"Fault {fault.fault}", f"{fault.title}, {word.lower()}", shown=row.shown))
        if row.nth:
            facts.append(
                Fact("Visits before", f"{count(row.nth - 1, 'visit')} in {count(row.within, 'day')}")
            )
        for visit in order.visits[-2:]:
            told = f"{visit.who}, {duration(visit.minutes * 60_000)}, {visit.result or 'no fault found'}"
            facts.append(Fact(f"Visit {when(visit.at_ms, now, zone)}", told))
        self.facts.show_facts(facts)
        lines = changes(detail.versions)[-LINES:] if detail is not None else []
        self.history.setText("\n".join(f"{when(at, now, zone)}  {who}  {what}" for at, who, what in lines))
        self.history.setVisible(bool(lines))
        for what in ("close", "plan", "change", "cancel"):
            self.buttons[what].setVisible(order.open)
        self.buttons["fault"].setVisible(bool(order.faults))
        self.buttons["station"].setVisible(bool(order.station))
