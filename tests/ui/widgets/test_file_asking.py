"""Asking for a file: what was chosen is handed on, and an ending that was not typed is added."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.file_asking import PICTURE, TABLE, ask_where, ask_which


@pytest.fixture
def before(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> QWidget:
    # The system's own dialog would wait for a person.
    monkeypatch.setattr(QFileDialog, "open", lambda self: None)
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_what_was_chosen_is_handed_on(before: QWidget) -> None:
    got: list[Path] = []
    ask_where(before, "Save", "a.csv", TABLE, got.append).fileSelected.emit("/x/b.csv")
    ask_which(before, "Open", TABLE, got.append).fileSelected.emit("/x/c.csv")
    assert got == [Path("/x/b.csv"), Path("/x/c.csv")]


def test_an_ending_follows_the_kind_that_is_chosen(before: QWidget) -> None:
    dialog = ask_where(before, "Save", "power.png", f"{PICTURE};;{TABLE}", lambda _path: None)
    assert dialog.defaultSuffix() == "png"
    dialog.filterSelected.emit(TABLE)
    assert dialog.defaultSuffix() == "csv"
    assert ask_where(before, "Save", "diagnostics", "", lambda _path: None).defaultSuffix() == ""
