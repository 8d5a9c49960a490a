"""Tabs that have little room stand closer together; the last of them stays in reach."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.widgets.segments import TabStrip

NAMES = ("Live", "Faults", "Uptime", "Configuration", "Firmware", "Files", "Card list", "About")


def test_the_last_tab_is_not_cut_off(dressed: QApplication, qtbot: QtBot) -> None:
    """At one and a half times the size of text "About" lay behind the panel beside."""
    strip = TabStrip([(name, name) for name in NAMES], gap=16)
    qtbot.addWidget(strip)
    whole = strip.sizeHint().width()
    strip.resize(whole - 60, 40)
    strip.show()
    assert strip.sizeHint().width() == whole
    assert sum(strip._widths()) <= strip.width() + 1
    told: list[str] = []
    strip.chosen.connect(told.append)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() - 12, 20))
    assert told == ["About"]
    strip.resize(whole, 40)
    assert round(sum(strip._widths())) == whole
