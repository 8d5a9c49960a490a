"""The counts on the rail grow and shrink with the text."""

from pytestqt.qtbot import QtBot

from ui.shell.rail import RailItem
from ui.shell.window import MainWindow
from ui.theme.theme import theme


def test_a_count_takes_the_size_of_the_scale_in_force(window: MainWindow, qtbot: QtBot) -> None:
    """Back from larger text it stayed large, beside its icon."""
    window.rail.show_count("overview", 33)
    item = window.rail._items["overview"]
    assert isinstance(item, RailItem)
    usual = item._badge.size()
    theme().set_scale(1.5)
    window.rescale()
    assert item._badge.height() == round(usual.height() * 1.5)
    theme().set_scale(1.0)
    window.rescale()
    assert item._badge.size() == usual
