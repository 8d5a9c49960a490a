"""The head of a side panel that follows a list: its words, the neighbours above and below, and close."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.widgets.buttons import IconButton


def panel_head(
    words: tuple[QWidget, ...],
    names: tuple[str, str],
    step: Callable[[int], object],
    close: Callable[[], object],
    *,
    margin: int = 10,
) -> QHBoxLayout:
    """The head.

    Args:
        words: title and what stands under it.
        names: what the buttons up and down are called, with their keys.
        step: told −1 or 1.
        close: told that the panel is to go.
        margin: above and below, px.
    """
    up, down = IconButton("chevron-up", names[0]), IconButton("chevron-down", names[1])
    shut = IconButton("x", "Close this panel")
    up.clicked.connect(lambda: step(-1))
    down.clicked.connect(lambda: step(1))
    shut.clicked.connect(lambda: close())
    lines = QVBoxLayout()
    lines.setSpacing(2)
    for widget in words:
        lines.addWidget(widget)
    head = QHBoxLayout()
    head.setContentsMargins(14, margin, 8, margin)
    head.setSpacing(2)
    head.addLayout(lines, 1)
    for button in (up, down, shut):
        head.addWidget(button)
    return head
