"""The bundled families, loaded once, and one font per role of the design."""

import logging
from functools import cache
from importlib.resources import files

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QGuiApplication

from ui.theme.theme import theme
from ui.theme.tokens import tokens

log = logging.getLogger("forecourt.ui.fonts")
FILES = (
    "Inter-Regular.ttf",
    "Inter-Medium.ttf",
    "Inter-SemiBold.ttf",
    "JetBrainsMono-Regular.ttf",
    "JetBrainsMono-SemiBold.ttf",
)
_cache: dict[tuple[str, int, float], QFont] = {}


@cache
def load() -> None:
    """Register the bundled fonts. Call once, after QApplication and before the first widget."""
    for name in FILES:
        data = files("resources").joinpath("fonts", name).read_bytes()
        if QFontDatabase.addApplicationFontFromData(data) < 0:
            log.warning("font %s could not be loaded; the system's is used", name)


def font(role: str, weight: int | None = None) -> QFont:
    """The font of a role ("display", "title", "body", "caption", "mono", ...) at the scale in force.

    Figures have equal widths. `weight` overrides the role's (400, 500 or 600).
    """
    spec = tokens().type_scale[role]
    key = (role, weight or spec.weight, theme().scale)
    if key not in _cache:
        _cache[key] = _make(role == "mono", spec.size * theme().scale, weight or spec.weight)
    return _cache[key]


def sized(pixels: float, weight: int = 400) -> QFont:
    """Inter at another size than a role's, for drawings (the "?" of a shape, a badge)."""
    return _make(False, pixels, weight)


def _make(mono: bool, pixels: float, weight: int) -> QFont:
    made = QFont("JetBrains Mono" if mono else "Inter")
    made.setStyleHint(QFont.StyleHint.Monospace if mono else QFont.StyleHint.SansSerif)
    made.setPixelSize(max(1, round(pixels)))
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if mono:
        made.setFeature(QFont.Tag("calt"), 0)
    else:
        for tag in ("tnum", "cv05", "ss03"):
            made.setFeature(QFont.Tag(tag), 1)
    return made


def metrics(role: str, weight: int | None = None) -> QFontMetricsF:
    """Metrics of a role's font."""
    return QFontMetricsF(font(role, weight))


def line_height(role: str) -> int:
    """The role's line height at the scale in force."""
    return round(tokens().type_scale[role].line * theme().scale)


def use_for_application() -> None:
    """Make body the font of every widget."""
    load()
    QGuiApplication.setFont(font("body"))
