"""What is higher than its place."""

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.theme import colour
from ui.widgets.panel import Panel
from ui.widgets.scrolling import scrolled


def test_what_scrolls_shows_the_ground_it_lies_on_and_never_moves_sideways(
    dressed: QApplication, qtbot: QtBot
) -> None:
    host, inside = Panel(), QWidget()
    qtbot.addWidget(host)
    inside.setMinimumSize(500, 900)
    area = scrolled(inside)
    host.body_layout.addWidget(area)
    host.resize(300, 200)
    host.show()
    QApplication.processEvents()
    image = host.grab().toImage()
    assert image.pixelColor(150, 100) == colour("surface1") != colour("bg")
    assert area.verticalScrollBar().isVisible()
    assert not area.horizontalScrollBar().isVisible()
