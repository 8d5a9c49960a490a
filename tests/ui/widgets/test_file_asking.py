"""Asking for a file: what was chosen is handed on, and an ending that was not typed is added."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import ForecourtError
from ui.widgets.file_asking import PICTURE, TABLE, ask_where, ask_which, text_of


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


def test_a_text_is_read_and_what_is_none_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("a,b\n", "utf-8")
    assert text_of(file, "a list") == "a,b\n"
    with pytest.raises(ForecourtError, match="too large for a list"):
        text_of(file, "a list", 3)
    file.write_bytes(b"\xff")
    with pytest.raises(ForecourtError, match=r"list\.csv is no UTF-8 text"):
        text_of(file, "a list")
    with pytest.raises(ForecourtError, match=r"gone\.csv cannot be read: No such file or directory"):
        text_of(tmp_path / "gone.csv", "a list")
