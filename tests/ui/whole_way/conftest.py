"""The real window, before any charger called."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.whole_way.real import real_window


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, gui_loop: object, tmp_path: Path) -> Iterator[Any]:
    """The window over a core of its own."""
    with real_window(qtbot, tmp_path / "data") as made:
        yield made
