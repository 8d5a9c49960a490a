"""One site, station or EVSE at the right: what each view makes of it, with bounds and what is excused."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.analytics.uptime_views import views
from ui.models.uptime_rows import UptimeRow, facts
from ui.theme.formats import duration
from ui.widgets.facts import Facts
from ui.widgets.labels import Label
from ui.widgets.panel import Panel, Rule
from ui.widgets.scrolling import scrolled


class UptimeDetail(Panel):
    """Each view with its source, its figure, the range of what was not measured, and its verdict."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Choose a row", parent=parent)
        self._parts: dict[str, tuple[QWidget, Facts]] = {}
        self._none = Label("", "small", "text2", wrap=True)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        column.addWidget(self._none)
        for name, view in views().items():
            part = QWidget()
            lines = QVBoxLayout(part)
            lines.setContentsMargins(0, 0, 0, 6)
            lines.setSpacing(3)
            lines.addWidget(Label(view.title, "bodyStrong"))
            lines.addWidget(Label(view.source, "small", "text3", wrap=True))
            told = Facts("small", 20)
            lines.addWidget(told)
            lines.addWidget(Rule())
            self._parts[name] = (part, told)
            column.addWidget(part)
        column.addStretch(1)
        area = scrolled(inside)
        self.body_layout.addWidget(area, 1)
        self.show_row(None)

    def show_row(self, row: UptimeRow | None) -> None:
        """Show what each view makes of a row."""
        self.set_title(row.name if row is not None else "No row chosen")
        self.set_subtitle(row.below if row is not None else "")
        blind = (
            f"Of this time Forecourt itself did not see {duration(row.blind_ms)}. "
            if row and row.blind_ms
            else ""
        )
        unknown = (
            f"For {duration(row.unknown_ms)} no status had been told yet." if row and row.unknown_ms else ""
        )
        self._none.setText((blind + unknown).strip())
        self._none.setVisible(bool(blind or unknown))
        for name, (part, told) in self._parts.items():
            judged = row.judged.get(name) if row is not None else None
            part.setVisible(judged is not None)
            if judged is not None:
                told.show_facts(facts(judged))
