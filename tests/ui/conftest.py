"""Every window test runs dressed, dark, at scale 1, with preferences of its own."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from ui import preferences
from ui.theme.apply import apply
from ui.theme.theme import theme


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    """The application in the design's look."""
    preferences.use(preferences.Preferences())
    theme().choose("dark")
    theme().set_scale(1.0)
    apply(qapp)
    yield qapp
    theme().choose("dark")
    theme().set_scale(1.0)
