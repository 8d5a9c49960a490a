"""The palette that Qt's own widgets take their colours from."""

from PySide6.QtGui import QColor, QPalette

from ui.theme.theme import Theme

_ROLES = {
    QPalette.ColorRole.Window: "bg",
    QPalette.ColorRole.WindowText: "text1",
    QPalette.ColorRole.Base: "surface2",
    QPalette.ColorRole.AlternateBase: "surface1",
    QPalette.ColorRole.Text: "text1",
    QPalette.ColorRole.Button: "surface2",
    QPalette.ColorRole.ButtonText: "text1",
    QPalette.ColorRole.BrightText: "onAccentFill",
    QPalette.ColorRole.ToolTipBase: "surface3",
    QPalette.ColorRole.ToolTipText: "text1",
    QPalette.ColorRole.PlaceholderText: "text3",
    QPalette.ColorRole.Highlight: "accentFill",
    QPalette.ColorRole.HighlightedText: "onAccentFill",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Light: "surface3",
    QPalette.ColorRole.Midlight: "surface2",
    QPalette.ColorRole.Mid: "line2",
    QPalette.ColorRole.Dark: "line1",
    QPalette.ColorRole.Shadow: "line1",
    QPalette.ColorRole.Accent: "accent",
}
_DISABLED = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.PlaceholderText,
)


def palette(theme: Theme) -> QPalette:
    """The palette of a theme."""
    made = QPalette()
    for role, token in _ROLES.items():
        made.setColor(role, QColor(theme.colour(token)))
    for role in _DISABLED:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.colour("textDisabled")))
    return made
