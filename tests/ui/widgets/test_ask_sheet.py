"""A sheet that asks: what is typed is checked by what will read it, and what was refused is said."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.prices import amount
from ui.widgets.ask_sheet import AskSheet, Field, read_by
from ui.widgets.notices import Banner

UNREAD = "'much' is no amount; write it as 0.49."


@pytest.mark.parametrize(
    ("empty", "said"), [(None, "'' is no amount; write it as 0.49."), ("", ""), ("Needed.", "Needed.")]
)
def test_a_field_says_why_its_text_cannot_be_read(empty: str | None, said: str) -> None:
    """An empty one is a matter of the field, where it says so."""
    check = read_by(amount, empty=empty)
    assert (check("0,49"), check("much"), check("")) == ("", UNREAD, said)


def test_what_was_refused_is_said_above_the_buttons_and_can_be_tried_again(
    dressed: QApplication, qtbot: QtBot
) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 700)
    host.show()
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
