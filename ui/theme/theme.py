"""The theme in force: dark, light or high contrast, and the scale of text."""

from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication

from ui.theme.tokens import THEMES, tokens


class Theme(QObject):
    """Colours and sizes in force. Painted widgets ask at paint time and repaint on `changed`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choice = "system"
        self._name = "dark"
        self._scale = 1.0
        self._colours: dict[str, QColor] = {}
        self._reload()
        if QGuiApplication.instance() is not None:
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def name(self) -> str:
        """ "dark", "light" or "contrast"."""
        return self._name

    @property
    def choice(self) -> str:
        """What was chosen: "system" or a name."""
        return self._choice

    @property
    def dark(self) -> bool:
        """Whether the ground is dark."""
        return self._name == "dark"

    @property
    def scale(self) -> float:
        """Scale of text and of what is laid out around it, 0.9 to 2.0."""
        return self._scale

    def choose(self, choice: str) -> None:
        """Follow the system or take one of THEMES; anything else counts as "system"."""
        self._choice = choice if choice in THEMES else "system"
        self._system_changed()

    def set_scale(self, scale: float) -> None:
        """Set the scale of text, held between 0.9 and 2.0."""
        scale = min(2.0, max(0.9, scale))
        if scale != self._scale:
            self._scale = scale
            self.changed.emit()

    def colour(self, token: str) -> QColor:
        """A token's colour in the theme in force. Do not alter it."""
        return self._colours[token]

    def _system_changed(self) -> None:
        name = self._choice if self._choice in THEMES else self._of_system()
        if name != self._name:
            self._name = name
            self._reload()
            self.changed.emit()

    def _of_system(self) -> str:
        if QGuiApplication.instance() is None:
            return "dark"
        light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        return "light" if light else "dark"

    def _reload(self) -> None:
        self._colours = {token: QColor(value) for token, value in tokens().colours[self._name].items()}


@cache
def theme() -> Theme:
    """The one theme of the process."""
    return Theme()


def colour(token: str) -> QColor:
    """A token's colour now, e.g. colour("text2")."""
    return theme().colour(token)


def px(value: float) -> int:
    """A design length at the text scale in force, in whole logical pixels."""
    return round(value * theme().scale)


def size(name: str) -> int:
    """A named size of the design ("rowDense", "panelHeader", ...) at the text scale in force."""
    return px(tokens().sizes[name])


def radius(name: str) -> int:
    """A corner radius: "small" (tags), "control" or "panel"."""
    return tokens().radius[name]
