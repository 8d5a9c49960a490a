"""A sheet that asks: what is typed is checked by what will read it, and what was refused is said."""

from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.prices import amount
from ui.widgets.ask_sheet import AskSheet, Field, read_by
from ui.widgets.notices import Banner

UNREAD = "'much' is no amount; write it as 0.49."


@pytest.fixture
def host(dressed: QApplication, qtbot: QtBot) -> QWidget:
    """What sheets lie over."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


@pytest.mark.parametrize(
    ("empty", "said"), [(None, "'' is no amount; write it as 0.49."), ("", ""), ("Needed.", "Needed.")]
)
def test_a_field_says_why_its_text_cannot_be_read(empty: str | None, said: str) -> None:
    """An empty one is a matter of the field, where it says so."""
    check = read_by(amount, empty=empty)
    assert (check("0,49"), check("much"), check("")) == ("", UNREAD, said)


def test_what_was_refused_is_said_above_the_buttons_and_can_be_tried_again(
    host: QWidget, qtbot: QtBot
) -> None:
    answers = ["The disk is full.", "Nothing can be recorded now.", ""]

    def submit(_values: object, done: object, failed: object) -> None:
        said = answers.pop(0)
        (failed if said else done)(said)  # type: ignore[operator]

    sheet = AskSheet(host, "Name a site", "", "", "Keep", submit, (Field("name", "Name", "Yard"),))
    sheet.open()
    high = sheet.card.height()
    for said in answers[:2]:
        sheet.confirm.click()
        QApplication.processEvents()
        (banner,) = [one for one in sheet.findChildren(Banner) if one.isVisible()]
        assert banner.accessibleName().startswith(said)
        places = [
            part.mapTo(sheet.card, QPoint()).y() for part in (sheet.edit("name"), banner, sheet.confirm)
        ]
        assert places == sorted(places)
        assert sheet.card.height() > high
        assert sheet.confirm.isEnabled()
    sheet.hide_refusal()
    assert not banner.isVisible()
    with qtbot.waitSignal(sheet.finished):
        sheet.confirm.click()


def test_an_answer_that_comes_after_a_sheet_was_left_does_no_harm(host: QWidget) -> None:
    """The log told of an error each time: a part of the sheet was gone."""
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
