"""What a view shows while it reads."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.widgets.buttons import Button
from ui.widgets.notices import LoadingBlocks


@pytest.mark.parametrize("heard", [True, False])
def test_cancel_stands_only_where_it_does_something(dressed: QApplication, qtbot: QtBot, heard: bool) -> None:
    blocks = LoadingBlocks()
    qtbot.addWidget(blocks)
    stopped: list[bool] = []
    if heard:
        blocks.cancelled.connect(lambda: stopped.append(True))
    blocks.resize(600, 300)
    blocks.show()
    blocks._say_slow()
    cancel = blocks.findChild(Button)
    assert cancel is not None
    assert cancel.isVisible() == heard
    if heard:
        cancel.click()
        assert stopped
