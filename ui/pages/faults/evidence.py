"""The evidence of a fault: numbers, charts around its onset, the station's words, how often it happens."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.analytics.fault_effects import FaultSigns
from app.analytics.fault_history import FaultDetail
from app.faults.views import FaultView
from ui.models.fault_evidence import copied, evidence_rows, raw_text, things_of
from ui.pages.faults.signs import lanes_of, measured_line, name_of, power_lines, unit_of
from ui.shell.page import Workspace
from ui.theme.formats import clock, count
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.charts import Mark, Series, TimeChart
from ui.widgets.code_view import CodeView
from ui.widgets.facts import Fact, Facts
from ui.widgets.labels import Label
from ui.widgets.panel import Panel
from ui.widgets.state_lane import StateLanes

CHART = 132
MOST_CHARTS = 3
MOST_LINES = 6


class EvidencePanel(Panel):
    """What the station said and measured."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__("Evidence", "said and measured", parent)
        self._workspace = workspace
        self._view: FaultView | None = None
        self._signs: FaultSigns | None = None
        self.copy = Button("Copy for maker", "quiet", "copy")
        self.messages = Button("Messages", "quiet", "terminal")
        self.add_action(self.messages)
        self.add_action(self.copy)
        self.copy.clicked.connect(self.copy_all)
        self.messages.clicked.connect(self._open_messages)
        self.charts = [TimeChart("", "", workspace.zone) for _ in range(MOST_CHARTS)]
        self._names = [Label("", "small", "text3") for _ in self.charts]
        self.lanes = StateLanes(workspace.zone)
        self.facts = Facts(row=22)
        self.raw = CodeView("What the station said")
        self.raw.keep_to_lines(MOST_LINES)
        self.repeats = Facts(row=22)
        column = QVBoxLayout()
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        for name, chart in zip(self._names, self.charts, strict=True):
            chart.setFixedHeight(px(CHART))
            column.addWidget(name)
            column.addWidget(chart)
            name.hide()
            chart.hide()
        for widget in (self.lanes, self.facts, self.raw, self.repeats):
            column.addWidget(widget)
        self.lanes.hide()
        self.body_layout.addLayout(column)

    def show_fault(self, view: FaultView, now_ms: int) -> None:
        """The rule's numbers and the station's words."""
        other = self._view is None or self._view.record.fault != view.record.fault
        self._view = view
        if other:
            self._signs = None
            for widget in (*self.charts, *self._names, self.lanes):
                widget.hide()
            self.repeats.show_facts(())
        rows = evidence_rows(view.evidence, now_ms, self._workspace.zone)
        rows += things_of(view.evidence, now_ms, self._workspace.zone)
        self.facts.show_facts([Fact(label, value) for label, value in rows])
        self.facts.setVisible(bool(rows))
        raw = raw_text(view.record.raw, view.evidence, view.record.title)
        self.raw.show_text(raw)
        self.raw.setVisible(bool(raw))
        self.messages.setVisible(bool(view.record.station))

    def show_signs(self, signs: FaultSigns | None) -> None:
        """What was measured around the onset."""
        self._signs = signs
        drawn: list[tuple[str, str, list[Series]]] = []
        if signs is not None:
            power = power_lines(signs)
            if power:
                drawn.append(("Power", "kW", power))
            drawn += [(name_of(m), unit_of(m), [measured_line(m)]) for m in signs.measured]
        for place, (name, chart) in enumerate(zip(self._names, self.charts, strict=True)):
            there = signs is not None and place < len(drawn)
            name.setVisible(there)
            chart.setVisible(there)
            if there and signs is not None:
                title, unit, lines = drawn[place]
                name.setText(f"{title}, {unit}")
                chart.rename(title, unit)
                mark = Mark(signs.onset_ms, f"fault {clock(signs.onset_ms, self._workspace.zone)}")
                chart.show_series(lines, signs.from_ms, signs.to_ms, marks=(mark,))
        lanes = lanes_of(signs) if signs is not None else []
        self.lanes.setVisible(bool(lanes))
        if signs is not None and lanes:
            self.lanes.show_lanes(lanes, signs.from_ms, signs.to_ms, signs.onset_ms)

    def show_repeats(self, detail: FaultDetail) -> None:
        """How often the same happened here, and at stations of the same make and firmware."""
        rows: list[tuple[str, str]] = []
        if detail.fault.station:
            rows.append(("Same at this station, 90 days", count(detail.same_here, "time")))
            had, of = detail.same_firmware
            if of > 1:
                rows.append(("Stations of this make and firmware", f"{had} of {of} had it"))
        self.repeats.show_facts(rows)

    def copy_all(self) -> None:
        """Put the evidence on the clipboard as text."""
        view = self._view
        if view is None:
            return
        zone, record = self._workspace.zone, view.record
        rows = evidence_rows(view.evidence, self._workspace.now_ms(), zone)
        raw = raw_text(record.raw, view.evidence, record.title)
        text = copied(record.title, record.station or record.site, rows, raw, record.onset_ms, zone)
        QGuiApplication.clipboard().setText(text)
        self._workspace.toast("The evidence is on the clipboard.")

    def _open_messages(self) -> None:
        if self._view is not None:
            self._workspace.go("stations/messages", str(self._view.record.station))
