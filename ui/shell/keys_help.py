"""The list of keys (?), of the window and of the page in view."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from ui.widgets.buttons import Button
from ui.widgets.labels import KeyHint, Label
from ui.widgets.sheet import Sheet

WINDOW = (
    ("Ctrl+K", "search and commands"),
    ("/", "filter on this page"),
    ("Alt+1 … 8", "pages"),
    ("Ctrl+PgUp PgDn", "tabs beside the title"),
    ("J K", "move in a list"),
    ("Enter", "open"),
    ("Esc", "back"),
    ("Ctrl+Z", "undo"),
    ("Ctrl+E", "export what is in view"),
    ("Ctrl+Shift+L", "light or dark"),
    ("F11", "full screen"),
    ("?", "this list"),
)


def show(host: QWidget, page: Sequence[tuple[str, str]]) -> Sheet:
    """Open the list as a sheet: what holds everywhere, and beside it what the page adds."""
    sheet = Sheet(
        host, "Keys", "Single letters work while no text field has the focus.", width=820 if page else 460
    )
    named = {keys for keys, _ in page}
    sides = QHBoxLayout()
    sides.setSpacing(32)
    everywhere = [pair for pair in WINDOW if pair[0] not in named]
    for title, pairs in (("Everywhere", everywhere), ("On this page", page)):
        if pairs:
            sides.addLayout(_listed(title if page else "", pairs), 1)
    sheet.body_layout.addLayout(sides)
    close = sheet.add_button(Button("Close", keys="Esc"), default=True)
    close.clicked.connect(lambda: sheet.finish(None))
    sheet.open()
    return sheet


def _listed(title: str, pairs: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    if title:
        grid.addWidget(Label(title, "bodyStrong"), 0, 0, 1, 2)
    for row, (keys, text) in enumerate(pairs, 1):
        grid.addWidget(KeyHint(keys), row, 0)
        grid.addWidget(Label(text, "body", "text2"), row, 1)
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(len(pairs) + 1, 1)
    return grid
