"""The list of what is wrong now. Enter opens the station; rows wait while somebody works in the list."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from app.domain.status import SEVERITY
from app.fleet.views import StationView, Trouble
from ui.models.row_model import RowModel
from ui.models.troubles import TroubleRow, columns, rows
from ui.theme.formats import count, number
from ui.theme.shapes import word
from ui.widgets.buttons import Button
from ui.widgets.labels import KeyHint
from ui.widgets.notices import EmptyState
from ui.widgets.panel import Panel, Rule
from ui.widgets.row_table import RowTable


class WrongNow(Panel):
    """Worst and oldest first: shape, words, station and site, and how long."""

    opened = Signal(str)

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__("Wrong now", parent=parent)
        self.model: RowModel[TroubleRow] = RowModel(columns(now_ms), lambda row: row.key, self)
        self.table = RowTable(self.model, "What is wrong now")
        self.table.set_row_height(44)
        self._held: list[TroubleRow] = []
        self._news = Button("", "link", "arrow-up")
        self._news.clicked.connect(self._show_held)
        self._news.setHidden(True)
        self.add_action(self._news)
        self._empty = EmptyState(
            "check", "Nothing is wrong", "Every station that should be here is connected."
        )
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.body_layout.addWidget(holder, 1)
        self.body_layout.addWidget(Rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.setSpacing(14)
        for keys, text in (("J K", "Move"), ("Enter", "Open")):
            foot.addWidget(KeyHint(keys, text))
        foot.addStretch(1)
        self.body_layout.addLayout(foot)
        self.table.opened.connect(self._open)

    def show_troubles(self, troubles: tuple[Trouble, ...], stations: Mapping[str, StationView]) -> None:
        """Show the troubles; new ones wait behind a line while the list is in use."""
        wanted = rows(troubles, stations)
        shown = {row.key for row in self.model.rows}
        fresh = [row for row in wanted if row.key not in shown]
        busy = self.table.hasFocus() or self.table.viewport().underMouse()
        if shown and fresh and busy:
            self._held = wanted
            self._news.set_text(f"{number(len(fresh))} new")
            self._news.show()
            kept = [row for row in wanted if row.key in shown]
            order = {row.key: i for i, row in enumerate(self.model.rows)}
            self.model.show(sorted(kept, key=lambda row: order[row.key]))
        else:
            self._held = []
            self._news.hide()
            self.model.show(wanted)
        self.model.refresh()
        self._stack.setCurrentWidget(self.table if wanted else self._empty)
        if not stations:
            self._empty.say("No station yet", "What goes wrong will stand here.")
        else:
            self._empty.say("Nothing is wrong", "Every station that should be here is connected.")
        self.set_subtitle(_sum(wanted))

    def _show_held(self) -> None:
        self.model.show(self._held)
        self._held = []
        self._news.hide()
        self.table.scrollToTop()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, key: tuple[str, int, int, str, str] | None) -> None:
        if key is not None and key[0]:
            self.opened.emit(key[0])


def _sum(found: list[TroubleRow]) -> str:
    if not found:
        return ""
    kinds = sorted({row.trouble.shown for row in found}, key=SEVERITY.__getitem__)
    parts = [
        f"{number(sum(1 for row in found if row.trouble.shown is kind))} {word(kind).lower()}"
        for kind in kinds
    ]
    return f"{count(len(found), 'trouble')}: {', '.join(parts)}"
