"""The About tab of a station's page: who it is, energy per day, latest sessions, oddities."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.analytics.results import EnergyDay, SessionLine
from app.fleet.views import StationView
from ui.models.cells import Cell, Column, Tone
from ui.models.facts_of import identity
from ui.models.history import energy_tip
from ui.models.oddities import Oddity, seen
from ui.models.row_model import RowModel
from ui.models.session_list import check
from ui.shell.page import Workspace
from ui.theme import formats
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.charts import Bar, BarChart
from ui.widgets.facts import Fact, Facts
from ui.widgets.labels import Label
from ui.widgets.panel import Panel
from ui.widgets.row_table import RowTable
from ui.widgets.scrolling import scrolled

SHOWN_DAYS = 30
ROWS = 7


class StationSide(QWidget):
    """Panels in two columns."""

    session_asked = Signal(int)
    sessions_asked = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._facts = Facts("small", 22)
        self.energy = BarChart("Energy per day", "kWh")
        self.energy.setFixedHeight(px(150))
        self.model: RowModel[SessionLine] = RowModel(
            _columns(workspace), lambda line: int(line.session.session), self
        )
        self.table = RowTable(self.model, "Latest sessions")
        self.table.horizontalHeader().hide()
        self.table.set_row_height(30)
        self.table.setFixedHeight(px(30) * ROWS)
        self.table.opened.connect(lambda number: self.session_asked.emit(number))
        self.table.clicked.connect(lambda index: self.session_asked.emit(self.model.key_at(index.row())))
        self._no_session = Label("None yet.", "small", "text3")
        self._no_session.setContentsMargins(14, 10, 14, 10)
        self._odd = Label("", "small", "text2", wrap=True)
        all_sessions = Button("Show all", "link")
        all_sessions.clicked.connect(self.sessions_asked)
        who, energy = Panel("Station"), Panel("Energy per day, kWh", "30 days")
        self._sessions_panel, self._odd_panel = Panel("Latest sessions"), Panel("Oddities seen")
        self._sessions_panel.add_action(all_sessions)
        who.body_layout.addLayout(_padded(self._facts))
        energy.body_layout.addWidget(self.energy)
        self._sessions_panel.body_layout.addWidget(self.table)
        self._sessions_panel.body_layout.addWidget(self._no_session)
        self._odd_panel.body_layout.addLayout(_padded(self._odd))
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for panels in ((who, self._odd_panel), (energy, self._sessions_panel)):
            column = QVBoxLayout()
            column.setSpacing(12)
            for panel in panels:
                # Not Maximum: that is the height of a text as wide as it likes, and cut its last lines off.
                panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
                column.addWidget(panel)
            column.addStretch(1)
            row.addLayout(column, 1)
        area = scrolled(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def show_station(self, view: StationView, known: Mapping[str, Oddity]) -> None:
        """Show what is live of it."""
        rows = identity(view, self._workspace.now_ms(), self._workspace.zone)
        self._facts.show_facts([Fact(r.label, r.value, mono=r.mono, shown=r.shown) for r in rows])
        found = seen(view.quirks, known)
        self._odd_panel.setVisible(bool(found))
        told = [
            f"{s.oddity.title}: {formats.count(s.count, 'time')}. {s.oddity.answer}".strip() for s in found
        ]
        self._odd.setText("\n\n".join(told))

    def show_energy(self, days: tuple[EnergyDay, ...]) -> None:
        """Show energy per day, the newest at the right."""
        zone = self._workspace.zone
        bars = [
            Bar(formats.day(day.start_ms, zone), day.energy_wh / 1000, energy_tip(day, zone))
            for day in days[-SHOWN_DAYS:]
        ]
        self.energy.show_bars(bars)

    def show_sessions(self, lines: tuple[SessionLine, ...]) -> None:
        """Show the newest sessions."""
        self.model.show(lines)
        self.table.setVisible(bool(lines))
        self.table.setFixedHeight(px(30) * min(ROWS, max(1, len(lines))))
        self._no_session.setVisible(not lines)


def _columns(workspace: Workspace) -> tuple[Column[SessionLine], ...]:
    return (
        Column(
            "start",
            "Start",
            lambda s: Cell(
                formats.when(s.session.started_ms, workspace.now_ms(), workspace.zone), tone=Tone.QUIET
            ),
            f"{formats.WIDEST_DAY} 00:00",
            fixed=True,
        ),
        Column(
            "energy",
            "kWh",
            lambda s: Cell(formats.energy_text(s.session.energy_wh)),
            "1,234.5 kWh",
            right=True,
            fixed=True,
        ),
        Column("check", "Check", lambda s: check(s.session), stretch=True, fixed=True),
    )


def _padded(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(14, 10, 14, 12)
    column.addWidget(widget)
    return column
