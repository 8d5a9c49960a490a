"""The sheet, the rows and the log of commands, as somebody uses them."""

import json
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.clock import ManualClock
from app.domain.operations import CommandState, Consequence, Reset, SetAvailability
from app.domain.status import LinkState
from tests.ui.desks import command, fake_room
from tests.ui.fakes import FakeBridge
from tests.ui.models.test_commands import ZONE, facts
from tests.ui.pictures import HOUR, NOW_MS, picture
from ui.models.command_kinds import kind_of, kinds
from ui.shell.page import Workspace
from ui.theme.theme import theme
from ui.widgets.code_view import CodeView
from ui.widgets.command_log import CommandLog
from ui.widgets.command_rows import CommandRows, Offer
from ui.widgets.command_sheet import CommandSheet

CUT = Consequence(
    "charging", "…7718 charges at connector 1: 65.1 kWh in 59 min. The session is cut.", asks_why=True,
    sessions=(48263,),
)  # fmt: skip


class Place:
    """A host for sheets over a room without a core."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.bridge = FakeBridge(picture(48))
        self.room = self.bridge.room = fake_room()
        self.host = QWidget()
        self.host.resize(900, 700)
        qtbot.addWidget(self.host)
        self.workspace = Workspace(self.bridge, ManualClock(NOW_MS), ZONE, self.host)
        self.toasts: list[str] = []
        self.undos: list[Any] = []
        self.workspace.toast_asked.connect(self._toast)
        self.host.show()
        qtbot.waitExposed(self.host)

    def _toast(self, text: str, undo: Any, _shown: Any) -> None:
        self.toasts.append(text)
        self.undos.append(undo)

    def sheet(self, key: str, known: Any = None, **preset: str) -> CommandSheet:
        """The sheet of a command, open."""
        sheet = CommandSheet(self.workspace, kind_of(key), known or facts(), preset)
        sheet.open()
        QApplication.processEvents()
        return sheet

    def click(self, widget: QWidget) -> None:
        """Click it."""
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def said(self, inside: QWidget) -> str:
        """All that is in view, in words."""
        return "\n".join(w.accessibleName() for w in inside.findChildren(QWidget) if w.isVisible())


@pytest.fixture
def place(qtbot: QtBot, dressed: QApplication) -> Place:
    """A host and a room."""
    return Place(qtbot)


def test_what_cuts_says_so_asks_why_and_rests_on_cancel(place: Place) -> None:
    """The facts stand in the sheet; without a reason nothing is sent; the reason goes with the wish."""
    place.room.desk.cuts["Reset"] = (CUT,)
    sheet = place.sheet("reset-hard")
    assert "The session is cut." in place.said(sheet)
    assert "65.1 kWh" in place.said(sheet)
    assert sheet.cancel.hasFocus()
    place.click(sheet.confirm)
    assert not place.room.desk.wishes
    assert "Say why" in place.said(sheet)
    sheet.why.setText("screen frozen")
    place.click(sheet.confirm)
    wish = place.room.desk.wishes[0]
    assert wish.operation == Reset(True)
    assert wish.why == "screen frozen"
    assert wish.agreed == ("charging",)
    assert wish.by == "operator"
    assert not sheet.isVisible()


def test_return_never_sends_what_cuts(place: Place) -> None:
    """Enter in a field goes to the button; only the button sends."""
    place.room.desk.cuts["StopSession"] = (Consequence("charging", "X. The session ends.", sessions=(1,)),)
    sheet = place.sheet("stop")
    place.qtbot.keyClick(sheet.edit("session"), Qt.Key.Key_Return)
    assert not place.room.desk.wishes


def test_return_sends_what_cuts_nothing_wherever_the_focus_is(place: Place) -> None:
    """Also from a choice, which does nothing with Return itself; once, not twice."""
    sheet = place.sheet("log")
    place.qtbot.keyClick(sheet.edit("what"), Qt.Key.Key_Return)
    QApplication.processEvents()
    assert len(place.room.desk.wishes) == 1
    assert not sheet.isVisible()


def test_what_the_station_cannot_do_is_not_sent(place: Place) -> None:
    """The reason is in view and the verb is dead."""
    place.room.desk.cuts["ClearCache"] = (
        Consequence("cannot", "Its version has no such thing.", blocks=True),
    )
    sheet = place.sheet("clear-cache")
    assert not sheet.confirm.isEnabled()
    assert "Its version has no such thing." in place.said(sheet)


def test_what_is_wrong_is_said_at_its_field(place: Place) -> None:
    """Nothing is asked of the desk until it can be read."""
    sheet = place.sheet("limit")
    sheet.edit("limit").setText("much")
    place.click(sheet.confirm)
    assert "much is not a number." in place.said(sheet)
    assert not place.room.desk.wishes
    sheet.edit("limit").setText("60")
    place.click(sheet.confirm)
    assert len(place.room.desk.wishes) == 1


def test_for_a_station_that_is_away_the_person_chooses(place: Place) -> None:
    """Refused by default; or it waits for so long."""
    away = facts(link=LinkState.OFFLINE)
    sheet = place.sheet("clear-cache", away)
    assert not sheet.confirm.isEnabled()
    place.qtbot.keyClick(sheet.wait, Qt.Key.Key_Right)
    assert sheet.confirm.isEnabled()
    place.click(sheet.confirm)
    assert place.room.desk.wishes[0].wait_until_ms == NOW_MS + HOUR
    assert "once it is back" in place.toasts[-1]


def test_a_refusal_of_the_desk_stays_in_the_sheet(place: Place) -> None:
    """The sentence is shown, what was filled in is kept."""
    sheet = place.sheet("clear-cache")
    place.room.desk.refuse = "UTM-02 is offline."
    place.click(sheet.confirm)
    assert sheet.isVisible()
    assert "UTM-02 is offline." in place.said(sheet)


def test_out_of_service_can_be_taken_back(place: Place) -> None:
    """While queued it is cancelled; once sent, its opposite is asked for."""
    sheet = place.sheet("service", to="out")
    place.click(sheet.confirm)
    undo = place.undos[-1]
    undo()
    assert place.room.desk.cancelled == [1]
    assert "taken back" in place.toasts[-1]
    place.room.desk.sent = True
    undo()
    assert place.room.desk.wishes[-1].operation == SetAvailability(True)
    reset = place.sheet("reset-soft")
    place.click(reset.confirm)
    assert place.undos[-1] is None, "a restart cannot be taken back"


def test_dead_rows_say_why(qtbot: QtBot, dressed: QApplication) -> None:
    """A command the station cannot do stands there, disabled, with its reason."""
    rows = CommandRows()
    qtbot.addWidget(rows)
    rows.resize(340, 600)
    asked: list[str] = []
    rows.asked.connect(asked.append)
    rows.show_offers([Offer(kind, "note", "OCPP 1.6 has no display." if kind.group == "driver" else "")
                      for kind in kinds()])  # fmt: skip
    rows.show()
    dead = rows.row("show-message")
    assert not dead.isEnabled()
    assert "OCPP 1.6 has no display." in dead.accessibleName()
    rows.row("reset-hard").click()
    assert asked == ["reset-hard"]
    rows.focus_first()
    qtbot.keyClick(rows.row("reset-soft"), Qt.Key.Key_Return)
    assert asked[-1] == "reset-soft"


def test_what_was_sent_takes_the_lines_it_has_also_in_larger_letters(qtbot: QtBot, place: Place) -> None:
    """Its height stayed as it was opened while its letters grew."""
    log = CommandLog(place.workspace)
    qtbot.addWidget(log)
    log.resize(900, 500)
    log.show()
    log.add([command(1, payload=json.dumps({f"key{n}": n for n in range(30)}))])
    log.entry(1).turn()
    long, short = log.entry(1).findChildren(CodeView)
    for scale in (1.0, 1.5):
        theme().set_scale(scale)
        QApplication.processEvents()
        line = short.fontMetrics().lineSpacing()
        assert [view.viewport().height() // line for view in (short, long)] == [3, 10]


def test_the_log_follows_a_command_to_its_end(qtbot: QtBot, place: Place) -> None:
    """Newest first; a new state takes the place of the old; opened, it shows what went over the wire."""
    log = CommandLog(place.workspace)
    qtbot.addWidget(log)
    log.resize(340, 500)
    log.show()
    cancelled: list[int] = []
    log.cancel_asked.connect(cancelled.append)
    log.add([command(1), command(2, state=CommandState.QUEUED)])
    assert [record.command for record in log.records] == [2, 1]
    QApplication.processEvents()
    entry = log.entry(2)
    assert entry.cancel.isVisible()
    entry.cancel.click()
    assert cancelled == [2]
    entry.turn()
    assert entry.is_open
    log.add([command(2, state=CommandState.PROVED, proof="It came back after 48 s.")])
    QApplication.processEvents()
    assert not entry.cancel.isVisible()
    assert "It came back after 48 s." in entry.head.accessibleName()
    assert '"type": "Soft"' in "".join(
        v.toPlainText() for v in entry.findChildren(QWidget) if hasattr(v, "toPlainText")
    )
    qtbot.keyClick(entry.head, Qt.Key.Key_Return)
    assert not entry.is_open
    log.clear()
    assert not log.records
