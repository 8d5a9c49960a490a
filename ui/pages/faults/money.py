"""The money clock of a fault: lost so far, losing now, what it comes to, and the numbers behind it."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.status import Shown
from app.faults.views import FaultView
from ui.models.fault_money import clock_of, workings_rows
from ui.models.fault_words import since_text
from ui.shell.page import Workspace
from ui.widgets.buttons import Button
from ui.widgets.facts import Fact, Facts
from ui.widgets.labels import Label, StateLabel
from ui.widgets.money_chart import MoneyChart
from ui.widgets.panel import Panel
from ui.widgets.sheet import Drawer


class MoneyPanel(Panel):
    """Lost, rate, forecast; "How this is computed" opens the workings."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Money clock", parent=parent)
        self._workspace = workspace
        self._view: FaultView | None = None
        self.how = Button("How this is computed", "link")
        self.how.clicked.connect(self.explain)
        self.add_action(self.how)
        self.lost = Label("", "display")
        self.rate = Label("", "title", right=True)
        self._since = Label("", "small", "text2")
        self._now = Label("now", "small", "text2", right=True)
        self.overdue = StateLabel(Shown.DEGRADED, "", role="small")
        self.chart = MoneyChart(workspace.zone)
        self.note = Label("", "small", "text2", wrap=True)
        column = QVBoxLayout()
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(2)
        for left, right in ((self.lost, self.rate), (self._since, self._now)):
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(left)
            line.addStretch(1)
            line.addWidget(right)
            column.addLayout(line)
        for widget in (self.chart, self.overdue, self.note):
            column.addWidget(widget)
        self.body_layout.addLayout(column)

    def show_fault(self, view: FaultView, now_ms: int) -> None:
        """The clock of a fault as of now."""
        self._view = view
        told = clock_of(view, now_ms)
        self.lost.setText(told.lost)
        self.rate.setText(told.rate)
        since = since_text(view.record.onset_ms, now_ms, self._workspace.zone)
        self._since.setText(f"lost since {since}")
        self._now.setText("now" if view.open and view.record.cleared_ms is None else "over")
        self.chart.show_clock(told, now_ms)
        self.overdue.setVisible(told.overdue)
        if told.overdue:
            self.overdue.show_state(Shown.DEGRADED, "Lasts longer than nine of ten such faults")
        self.note.setText(told.note[:1].upper() + told.note[1:])
        self.note.setVisible(bool(told.note))
        self.how.setEnabled(view.money is not None)

    def explain(self) -> None:
        """Open the numbers that the clock was computed from."""
        view = self._view
        if view is None or view.money is None:
            return
        sheet = Drawer(self._workspace.sheet_host or self, "How this is computed", view.record.title, 440)
        intro = (
            "What drivers want at this hour of the week, the share that finds all connectors of the pool "
            "taken or broken, what a session brings. The whole pool is priced again on each change; the "
            "shares add up."
        )
        sheet.body_layout.addWidget(Label(intro, "small", "text2", wrap=True))
        for title, rows in workings_rows(view):
            sheet.body_layout.addWidget(Label(title, "bodyStrong"))
            facts = Facts(row=22)
            facts.show_facts([Fact(label, value) for label, value in rows])
            sheet.body_layout.addWidget(facts)
        sheet.body_layout.addStretch(1)
        sheet.open()
