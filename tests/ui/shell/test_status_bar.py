"""The status bar: what the server does, that it failed, that nothing is recorded."""

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.fleet.views import Changes, ServerView, Totals
from tests.ui.shell.probes import NOW_MS, PICTURE
from ui.shell.window import MainWindow


def test_the_status_bar_tells_what_the_server_does(window: MainWindow) -> None:
    bar = window.status_bar
    assert bar.text_of("server") == "Server: Server listening · 42 of 46 connected"
    assert bar.text_of("address") == "Address:  ws://192.168.40.12:9220"
    assert bar.text_of("protocols") == "Protocols:  OCPP 1.6J 29 · 2.0.1 13"
    assert bar.text_of("messages") == "Messages:  412 messages/min"
    assert bar.text_of("database") == "Database:  Database 1.84 GB"
    assert bar.text_of("backup") == "Backup:  Backup 02:32, verified"
    assert bar.text_of("clock") == "Time: 14:32:08 Thu 15 Oct 2026 · CEST (UTC+2)"
    bar.show_server(replace(window.workspace.picture.server, messages_per_minute=1), Totals(), 0)
    assert bar.text_of("messages") == "Messages:  1 message/min"


def test_no_line_divides_the_clock_from_nothing(window: MainWindow) -> None:
    """While it starts, nothing is known of the database and backups."""
    parts = window.status_bar._parts
    assert parts["clock"].rule
    window.status_bar.show_server(ServerView(), Totals(), NOW_MS)
    assert not parts["database"].says_something
    assert not parts["clock"].rule


def test_a_server_that_failed_says_why_and_offers_a_restart(window: MainWindow, qtbot: QtBot) -> None:
    window.workspace.bridge.failed.emit("Port 9220 is in use by another program.")
    assert window.status_bar.failed
    assert "Port 9220" in window.status_bar.text_of("server")
    with qtbot.waitSignal(window.workspace.bridge.started):
        qtbot.mouseClick(window.status_bar.restart, Qt.MouseButton.LeftButton)
    assert not window.status_bar.failed


def test_nothing_being_recorded_is_said_loudly(window: MainWindow) -> None:
    server = replace(PICTURE.server, recording=False, recording_cause="The disk is full.")
    window.workspace.bridge.feed(Changes(server=server))
    assert window.status_bar.text_of("recording") == "Recording: Not recording The disk is full."
