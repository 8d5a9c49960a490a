"""The status bar before the first station is let in."""

from app.fleet.views import ServerView, Totals
from tests.ui.shell.probes import NOW_MS
from ui.shell.window import MainWindow


def test_chargers_that_wait_are_told(window: MainWindow) -> None:
    """ "No station yet" stood beside "OCPP 1.6J 3"."""
    bar = window.status_bar
    bar.show_server(ServerView(state="listening"), Totals(), NOW_MS)
    assert bar.text_of("server") == "Server: Server listening · no station yet"
    bar.show_server(ServerView(state="listening", connected=3, by_version=(("1.6", 3),)), Totals(), NOW_MS)
    assert bar.text_of("server") == "Server: Server listening · 3 chargers at the door"
