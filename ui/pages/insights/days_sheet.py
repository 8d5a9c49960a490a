"""The sheet in which any two periods are chosen by their first and last days."""

from datetime import date

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.status import Shown
from ui.models.insight_choice import days_key, days_wrong
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.labels import Label
from ui.widgets.notices import Banner
from ui.widgets.sheet import Sheet

NAMES = (
    ("first_from", "First set, from"), ("first_to", "to"), ("second_from", "Against, from"),
    ("second_to", "to"),
)  # fmt: skip
HINT = "2026-09-14"


class DaysSheet(Sheet):
    """Two pairs of days; the second may stay empty. Answers with two keys, or None."""

    def __init__(self, host: QWidget, first: tuple[date, date], second: tuple[date, date] | None) -> None:
        super().__init__(
            host, "Compare any two periods", "Whole days in the operator's zone, the last one included", 460
        )
        known = {"first_from": first[0], "first_to": first[1]}
        if second is not None:
            known |= {"second_from": second[0], "second_to": second[1]}
        self.edits: dict[str, TextField] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for n, (key, label) in enumerate(NAMES):
            before = known.get(key)
            self.edits[key] = TextField(label, before.isoformat() if before is not None else "", HINT)
            grid.addWidget(Label(label, "small", "text3"), n // 2 * 2, n % 2)
            grid.addWidget(self.edits[key], n // 2 * 2 + 1, n % 2)
        self.body_layout.addLayout(grid)
        self.failure = Banner(Shown.FAULTED, "")
        self.failure.hide()
        self.body_layout.addWidget(self.failure)
        self.add_button(Button("Cancel", keys="Esc")).clicked.connect(lambda: self.finish(None))
        self.compare = self.add_button(Button("Compare", "primary"), default=True)
        self.compare.clicked.connect(self.take)
        self.set_focus_on(self.edits["first_from"])

    def take(self) -> None:
        """Check what was typed, and close with both periods."""
        typed = {key: edit.text().strip() for key, edit in self.edits.items()}
        first = (typed["first_from"], typed["first_to"])
        second = (typed["second_from"], typed["second_to"])
        wrong = days_wrong(*first) or (days_wrong(*second) if any(second) else "")
        if wrong:
            self.failure.show_notice(Shown.FAULTED, wrong)
            self.failure.show()
            self.relayout()
            return
        self.finish((days_key(*first), days_key(*second) if any(second) else ""))
