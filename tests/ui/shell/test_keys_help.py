"""The list of keys."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.shell.probes import press, sheet
from ui.shell import keys_help
from ui.shell.window import MainWindow
from ui.widgets.labels import KeyHint, Label


def test_the_list_of_keys_names_those_of_the_page(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, Qt.Key.Key_Question)
    said = [child.accessibleName() for child in sheet(window).findChildren(type(window.rail).__mro__[1])]
    assert any("tick" in name for name in said)


def test_the_list_of_keys_fits_a_laptop_and_names_none_twice(window: MainWindow, qtbot: QtBot) -> None:
    """24 rows below each other cut the caps of their keys."""
    window.resize(1280, 720)
    keys = [*[("Ctrl+Z", "undo")], *[(letter, f"does {letter}") for letter in "ABCDEFGHIJKLMN"]]
    sheet_ = keys_help.show(window, keys)
    qtbot.waitExposed(sheet_)
    caps = sheet_.findChildren(KeyHint)
    assert all(cap.height() >= cap.sizeHint().height() for cap in caps)
    said = [label.text() for label in sheet_.findChildren(Label)]
    assert said.count("undo") == 1
    assert {"Everywhere", "On this page"} <= set(said)
    sheet_.finish(None)
