"""How far a long start is stays in view until it is over, well or not."""

from ui.shell.starting import Starting
from ui.shell.window import MainWindow

DOING = "Writing 90 days of a simulated past"


def test_a_page_that_opens_meanwhile_leaves_the_progress_in_view(window: MainWindow) -> None:
    bridge = window.workspace.bridge
    bridge.progressed.emit(0.1, DOING)
    window.open("stations/list")
    assert isinstance(window.stack.currentWidget(), Starting)
    bridge.started.emit()
    assert window.stack.currentWidget() is window.page
    assert window.route == "stations/list"


def test_a_start_that_fails_gives_way_to_the_page(window: MainWindow) -> None:
    bridge = window.workspace.bridge
    bridge.progressed.emit(0.1, DOING)
    bridge.failed.emit("The disk is full.")
    assert window.stack.currentWidget() is window.page
