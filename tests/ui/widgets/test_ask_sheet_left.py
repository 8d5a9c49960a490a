"""A sheet that is left while its answer is under way."""

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.ask_sheet import AskSheet, Field


def test_an_answer_that_comes_after_a_sheet_was_left_does_no_harm(
    dressed: QApplication, qtbot: QtBot
) -> None:
    """The log told of an error each time: a part of the sheet was gone."""
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(800, 600)
    host.show()
    waiting: list[Any] = []
    sheet = AskSheet(
        host, "Name", "", "", "Keep", lambda _values, done, failed: waiting.extend((done, failed)),
        (Field("name", "Name", "A"),),
    )  # fmt: skip
    sheet.open()
    sheet.confirm.click()
    sheet.finish(None)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    done, failed = waiting
    failed("The disk is full.")
    done(None)
