"""Puts theme, fonts and style on the application, and again whenever the theme changes."""

from PySide6.QtWidgets import QApplication, QToolTip

from ui.theme import fonts
from ui.theme.palette import palette
from ui.theme.style import ForecourtStyle
from ui.theme.theme import theme

_kept: list[ForecourtStyle] = []


def apply(app: QApplication) -> None:
    """Dress the application. Call once, before the first widget."""
    fonts.load()
    if not _kept:
        _kept.append(ForecourtStyle())
        theme().changed.connect(_dress)
    app.setStyle(_kept[0])
    _dress()


def _dress() -> None:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    made = palette(theme())
    app.setPalette(made)
    QToolTip.setPalette(made)
    QToolTip.setFont(fonts.font("small"))
    app.setFont(fonts.font("body"))
    for widget in app.allWidgets():
        rescale = getattr(widget, "rescale", None)
        if rescale is not None:
            rescale()
        widget.update()
