"""A core that could not start: what is asked of it is refused at once and not done later."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.intents import AdmitStation, Asked
from tests.ui.test_bridge import Room
from ui.bridge import Bridge

TAKEN = "Port 9220 is in use by another program."


def test_what_is_asked_after_a_failed_start_is_refused_with_its_cause(
    qapp: QApplication, qtbot: QtBot
) -> None:
    """A button did nothing that anybody saw, and all its clicks were carried out at the next start."""
    good = Room()
    rooms = [Room(TAKEN), good]
    bridge = Bridge(lambda _bridge: rooms.pop(0))
    with qtbot.waitSignals([bridge.failed, bridge.stopped]):
        bridge.start()
    told: list[str] = []
    bridge.do(AdmitStation("VTP-02"), "", failed=told.append)
    bridge.query("page", lambda _connection: "never", done=told.append, failed=told.append)
    qtbot.waitUntil(lambda: told == [TAKEN, TAKEN])
    assert bridge.idle
    with qtbot.waitSignal(bridge.started):
        bridge.start()
    bridge.do(AdmitStation("VTP-03"), "", done=lambda _: told.append("done"))
    qtbot.waitUntil(lambda: told[-1] == "done")
    assert good.done == [Asked(AdmitStation("VTP-03"), bridge.operator, "")]
    with qtbot.waitSignal(bridge.stopped):
        bridge.stop()
