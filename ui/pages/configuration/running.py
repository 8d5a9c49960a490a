"""The stations of the template that is being applied: accepted, read back, proven."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.domain.operations import CommandState
from app.domain.records import CommandRecord
from app.domain.status import Shown
from ui.models.cells import DASH, Cell, Column, Tone
from ui.models.command_words import BAD, STATES, operation_of
from ui.models.row_model import RowModel
from ui.shell.page import Workspace
from ui.theme.formats import clock, number
from ui.theme.theme import px
from ui.widgets.panel import Panel
from ui.widgets.row_table import RowTable

ROWS = 5


class RunningTable(QWidget):
    """One row a station, those under way first; Enter opens its raw answer in the command log."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._batch = 0
        self.model: RowModel[CommandRecord] = RowModel(
            columns(lambda: workspace.zone), lambda record: record.command, self
        )
        self.table = RowTable(self.model, "Stations of the running template")
        self.table.set_row_height(24)
        panel = Panel()
        panel.body_layout.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.table.opened.connect(lambda _key: workspace.go("stations/commands", f"batch:{self._batch}"))
        self.hide()

    def refresh(self) -> None:
        """Show the batch that runs; hidden while none does."""
        running = [b for b in self._workspace.desk.running() if b.title.startswith("Template")]
        if not running:
            self.hide()
            return
        self._batch = running[-1].batch
        rows = self._workspace.desk.of_batch(self._batch)
        rows.sort(key=lambda r: (_RANK.get(r.outcome, 2), r.command))
        self.model.show(rows)
        self.setFixedHeight(px(34) + px(24) * min(ROWS, max(1, len(rows))) + 4)
        self.setVisible(bool(rows))


_RANK: dict[str, int] = {
    CommandState.ACCEPTED: 0,
    CommandState.SENT: 0,
    CommandState.REFUSED: 1,
    CommandState.NOT_PROVED: 1,
}


def columns(zone: Callable[[], ZoneInfo]) -> tuple[Column[CommandRecord], ...]:
    """Station, settings, state, what was read back, when it was proven."""

    def state(record: CommandRecord) -> Cell:
        word, icon, _ = STATES.get(record.outcome, (record.outcome, "terminal", ""))
        shapes = _shape(record)
        return Cell(word, icon="" if shapes else icon, shapes=shapes)

    def settings(record: CommandRecord) -> Cell:
        values = operation_of(record).get("values")
        return Cell(number(len(values))) if isinstance(values, list) else DASH

    def proven(record: CommandRecord) -> Cell:
        if record.proved_ms is None:
            return DASH
        return Cell(clock(record.proved_ms, zone(), seconds=True), tone=Tone.QUIET)

    return (
        Column("station", "Station", lambda r: Cell(str(r.station)), "UTRECHT-001", fixed=True),
        Column("keys", "Keys", settings, "99", right=True, fixed=True),
        Column("state", "State", state, "Not proved", extra_px=24, fixed=True),
        Column(
            "told", "Read back", lambda r: Cell(r.proof or "–", tone=Tone.QUIET), "6 of 6 equal", stretch=True
        ),
        Column("proven", "Proven", proven, "00:00:00", right=True, fixed=True),
    )


def _shape(record: CommandRecord) -> tuple[Shown, ...]:
    return (Shown.DEGRADED,) if record.outcome in BAD else ()
