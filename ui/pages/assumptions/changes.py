"""Every change of an assumption: when, who, which, to what, and why."""

from collections.abc import Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.analytics.costs.assumptions import known
from app.domain.entries import body_of
from app.domain.records import EntryRecord
from ui.models.cost_rates import value_words
from ui.theme.formats import count, stamp
from ui.theme.theme import px
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.panel import Rule
from ui.widgets.sheet import Sheet


def change_words(record: EntryRecord, zone: ZoneInfo, currency: str) -> tuple[str, str]:
    """A change as two lines: what became what, and who said so when and why."""
    one = known().get(record.entry)
    title = one.title if one is not None else record.entry
    value = str(body_of(record).get("value", ""))
    if record.gone:
        what = "back to the default"
    elif one is not None and value:
        what = value_words(one, Decimal(value), currency)
    else:
        what = value
    why = f": {record.why}" if record.why else ""
    return f"{title}: {what}", f"{stamp(record.at_ms, zone)}, {record.by}{why}"


class ChangesSheet(Sheet):
    """The list, newest first."""

    def __init__(self, host: QWidget, found: Sequence[EntryRecord], zone: ZoneInfo, currency: str) -> None:
        told = f"{count(len(found), 'change')}, each made a new numbered set" if found else ""
        super().__init__(host, "All changes of assumptions", told, 520)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        for record in found:
            what, who = change_words(record, zone, currency)
            column.addWidget(Label(what, "body", weight=500, wrap=True))
            column.addWidget(Label(who, "small", "text3", wrap=True))
            column.addWidget(Rule())
        if not found:
            column.addWidget(Label("Nobody has changed an assumption yet; every rate is its default.", "body",
                                   "text2", wrap=True))  # fmt: skip
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setMinimumHeight(px(90 if not found else min(420, 70 * len(found) + 20)))
        self.body_layout.addWidget(area, 1)
        close = self.add_button(Button("Close", keys="Esc"), default=True)
        close.clicked.connect(lambda: self.finish(None))
