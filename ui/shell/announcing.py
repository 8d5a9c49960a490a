"""Says a sentence to a screen reader, at once and once."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(window: QWidget, sentence: str) -> None:
    """Have `sentence` read out, whatever has the focus."""
    event = QAccessibleAnnouncementEvent(window, sentence)
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
